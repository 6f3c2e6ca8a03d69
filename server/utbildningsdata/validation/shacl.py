"""Validation: pySHACL judges a data graph by the shapes.

pySHACL runs on a plain rdflib graph in memory, never on the store, and without its filters by
focus node or shape: both skip nested shapes and then report that a faulty graph conforms. Who
wants the results of a few nodes picks them from the answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

import rdflib
from rdflib import RDF, Graph, URIRef
from rdflib.namespace import RDFS, SH, SKOS
from rdflib.term import Node

from utbildningsdata.errors import OperationError
from utbildningsdata.rdf.graphs import Triple, graph_of
from utbildningsdata.validation.shapes import SEVERITIES, Shapes

_KNOWLEDGE = (RDF.type, SKOS.inScheme)
_SEVERITIES = ("violation", "warning", "info")
_REQUIREMENTS = ("mandatory", "recommended", "optional", "")


@dataclass(frozen=True, slots=True)
class Result:
    """What one shape says of one node (SHACL 3.6.2).

    ``path`` is None for a shape of the node itself or of what points to it; ``value`` is None
    where something is missing. ``component`` is the constraint component that failed.
    ``messages`` are by language. ``requirement`` is the level of the
    property in the profile: a mandatory one that fails keeps the record out of feeds even where
    the severity is only a warning.
    """

    focus: Node
    path: URIRef | None
    value: Node | None
    severity: str
    shape: URIRef
    component: URIRef
    messages: Mapping[str, str]
    requirement: str


def validate(data: Graph, shapes: Shapes, background: Graph) -> list[Result]:
    """Return what the shapes say of the nodes that ``data`` describes, in a stable order.

    ``background`` is what else is known: ontology, concepts, the other records. Its own faults are
    not reported, nor those of a node that ``data`` only has derived statements about, such as the
    catalogue that lists a dataset. What is read of the background is what the shapes ask of a
    neighbour: its classes, its scheme, and whether it points here (tests hold the shapes to that).

    Raises:
        OperationError: The shapes are not valid SHACL.
    """
    derived = shapes.derived()
    described = {subject for subject, predicate, _ in data if predicate not in derived}
    graph = data + _knowledge(data, described, shapes, background) if len(background) else data
    report = _report(graph, shapes)
    found = [_result(report, node, shapes) for node in report.objects(None, SH.result)]
    return sorted(_distinct(result for result in found if result.focus in described), key=_order)


def _report(graph: Graph, shapes: Shapes) -> Graph:
    # Imported here: it costs a third of a second, and only who validates should pay it.
    import pyshacl
    from pyshacl.errors import ReportableRuntimeError

    try:
        _, report, text = pyshacl.validate(
            graph, shacl_graph=shapes.judged, inplace=True, inference="none", advanced=False
        )
    except ReportableRuntimeError as error:
        raise OperationError(f"The shapes cannot be used: {error.message}") from error
    finally:
        # pySHACL switches it on, and every literal made afterwards would lose its spelling.
        rdflib.NORMALIZE_LITERALS = False
    if not isinstance(report, Graph):
        raise OperationError(f"The shapes cannot be used: {text}")
    return report


def _knowledge(data: Graph, described: set[Node], shapes: Shapes, background: Graph) -> Graph:
    """Return what the background says of the nodes that ``data`` describes or points to."""
    known = graph_of(_pointing(described, shapes, background))
    neighbours = {*data.objects(), *known.objects()}.difference(described)
    for node, predicate in product(neighbours, _KNOWLEDGE):
        known += background.triples((node, predicate, None))
    known += background.triples((None, RDFS.subClassOf, None))
    return known


def _pointing(described: set[Node], shapes: Shapes, background: Graph) -> Iterator[Triple]:
    """Yield what other records say of described nodes: derived statements, and links to them."""
    for predicate in shapes.derived():
        yield from (t for t in background.triples((None, predicate, None)) if t[0] in described)
    for predicate in shapes.inverse():
        yield from (t for t in background.triples((None, predicate, None)) if t[2] in described)


def _result(report: Graph, node: Node, shapes: Shapes) -> Result:
    shape = report.value(node, SH.sourceShape)
    focus = report.value(node, SH.focusNode)
    component = report.value(node, SH.sourceConstraintComponent)
    if not isinstance(shape, URIRef) or not isinstance(component, URIRef) or focus is None:
        raise OperationError(f"The shapes hold one without a name, which says nothing: {shape}")
    return Result(
        focus=focus,
        path=shapes.path(shape),
        value=report.value(node, SH.value),
        severity=SEVERITIES.get(report.value(node, SH.resultSeverity) or SH.Violation, "violation"),
        shape=shape,
        component=component,
        messages=_messages(shapes, shape, component),
        requirement=shapes.requirement(shape),
    )


def _messages(shapes: Shapes, shape: URIRef, component: URIRef) -> dict[str, str]:
    """Return the messages of a shape, the rule narrowed to what is wrong where that is a count.

    The first sentence of a message says the whole rule, the others what to do.
    """
    lowest, highest = shapes.counts(shape)
    if component == SH.MinCountConstraintComponent and lowest == "1":
        wrong = {"sv": "”{}” saknas.", "en": "“{}” is missing."}
    elif component == SH.MaxCountConstraintComponent and highest == "1" and shapes.path(shape):
        wrong = {"sv": "”{}” anges mer än en gång.", "en": "“{}” is given more than once."}
    else:
        return shapes.messages(shape)
    names = shapes.labels(shape)
    return {
        language: f"{wrong[language].format(_capital(names[language]))} {text.split('. ', 1)[-1]}"
        for language, text in shapes.messages(shape).items()
        if language in wrong and language in names
    }


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def _distinct(results: Iterable[Result]) -> Iterable[Result]:
    """Keep the gravest of what is said of one value: a fault of form makes advice on it idle."""
    first: dict[tuple[object, ...], Result] = {}
    for result in sorted(results, key=_order):
        first.setdefault((result.focus, result.path or result.shape, result.value), result)
    return first.values()


def _order(result: Result) -> tuple[str, ...]:
    return (
        str(result.focus),
        str(_SEVERITIES.index(result.severity)),
        str(_REQUIREMENTS.index(result.requirement)),
        str(result.path or ""),
        str(result.shape),
        str(result.value or ""),
    )
