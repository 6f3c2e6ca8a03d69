"""The parameters of a query, as its record describes them (``sh:Parameter``), for one reader.

A parameter is called as SHACL says (SHACL, section 6.2): by the local name of its ``sh:path``. Its
values are the concepts of a scheme (``ud:valueScheme``), the things of a class that have records
here (``sh:class``), or literals of a datatype (``sh:datatype``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rdflib import RDF, XSD, Graph, Literal, URIRef
from rdflib.namespace import OWL, SH, SKOS

from utbildningsdata.model.labels import Text, choose, node_key, sort_key
from utbildningsdata.model.record import Entry
from utbildningsdata.rdf.namespaces import UD
from utbildningsdata.services.describe.memo import Memo
from utbildningsdata.services.describe.signpost import Signpost, codes

RESERVED = frozenset({"format"})
"""What no parameter may be called: the address of an answer means something else by it."""

DATATYPES = (XSD.string, XSD.integer, XSD.decimal, XSD.gYear, XSD.date, XSD.boolean)
"""The datatypes that literal values may have."""

MOST_VALUES = 50
"""Values that a reader may give for one parameter where its record does not say fewer."""

_NAME = re.compile(r"(?<=[/#])[A-Za-z]\w*\Z", re.ASCII)
_LAST = 1_000_000


@dataclass(frozen=True, slots=True)
class Option:
    """A value to choose: its IRI, how an address spells it, and what it is called.

    ``used`` tells whether something in the catalogue has it for the parameter's property.
    """

    iri: str
    code: str
    label: Text
    used: bool


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter: ``datatype`` is None where its values are ``options``.

    ``default`` are the values that it has where a reader gives none, ``most`` is how many of them
    a reader may give.
    """

    name: str
    label: Text
    help: Text | None
    datatype: URIRef | None
    options: Sequence[Option]
    required: bool
    most: int
    default: Sequence[str]


_PARAMETERS: Memo[tuple[Parameter, ...]] = Memo(256)


def parameters(entry: Entry, signpost: Signpost) -> tuple[Parameter, ...]:
    """Return the parameters of the query that a record describes, in their order."""
    key = (entry.path, entry.document, signpost.language)
    return _PARAMETERS.get(signpost.revision, key, lambda: _read(entry, signpost))


def _read(entry: Entry, signpost: Signpost) -> tuple[Parameter, ...]:
    graph = signpost.revision.document(entry.path)
    nodes = sorted(
        graph.objects(URIRef(entry.thing), SH.parameter),
        key=lambda node: (_number(graph.value(node, SH.order), _LAST), node_key(node)),
    )
    found: dict[str, Parameter] = {}
    for node in nodes:
        path = graph.value(node, SH.path)
        name = _NAME.search(str(path))
        if isinstance(path, URIRef) and name and name.group() not in RESERVED:
            made = _parameter(graph, URIRef(str(node)), path, name.group(), signpost)
            found.setdefault(made.name, made)
    return tuple(found.values())


def _parameter(
    graph: Graph, node: URIRef, path: URIRef, name: str, signpost: Signpost
) -> Parameter:
    options = sorted(
        _options(graph, node, path, signpost),
        key=lambda option: sort_key(option.label.text, signpost.language),
    )
    datatype = graph.value(node, SH.datatype)
    return Parameter(
        name=name,
        label=choose(_texts(graph, node, SH.name), signpost.language) or signpost.property(path),
        help=choose(_texts(graph, node, SH.description), signpost.language),
        datatype=None if options else URIRef(str(datatype or XSD.string)),
        options=options,
        required=str(graph.value(node, SH.optional)) != "true",
        most=_number(graph.value(node, SH.maxCount), MOST_VALUES),
        default=[str(value) for value in sorted(graph.objects(node, SH.defaultValue), key=str)],
    )


def _options(graph: Graph, node: URIRef, path: URIRef, signpost: Signpost) -> Iterator[Option]:
    for scheme in graph.objects(node, UD.valueScheme):
        yield from _concepts(str(scheme), path, signpost)
    for kind in graph.objects(node, SH["class"]):
        yield from _things(str(kind), path, signpost)


def _concepts(scheme: str, path: URIRef, signpost: Signpost) -> Iterator[Option]:
    """Give the concepts of a scheme; one is used where a narrower one is."""
    entry = signpost.revision.describing(scheme)
    if entry is None or entry.removed:
        return
    graph = signpost.revision.document(entry.path)
    used = {
        str(broader)
        for concept in graph.subjects(RDF.type, SKOS.Concept)
        if _is_used(signpost, str(concept), path)
        for broader in graph.transitive_objects(concept, SKOS.broader)
    }
    for iri, code in codes(signpost.revision, entry).items():
        deprecated = (URIRef(iri), OWL.deprecated, Literal(True)) in graph
        yield Option(iri, code, signpost.label(iri), iri in used and not deprecated)


def _things(kind: str, path: URIRef, signpost: Signpost) -> Iterator[Option]:
    """Give the things of a class that records describe, called by the slugs of their records."""
    for entry in signpost.revision.entries():
        if kind in entry.types and entry.kind:
            slug = entry.path.rpartition("/")[2]
            used = _is_used(signpost, entry.thing, path)
            yield Option(entry.thing, slug, signpost.title(entry), used)


def _is_used(signpost: Signpost, iri: str, path: URIRef) -> bool:
    return bool(signpost.revision.inbound_counts(iri).get(str(path)))


def _texts(graph: Graph, node: URIRef, predicate: URIRef) -> list[Literal]:
    return [text for text in graph.objects(node, predicate) if isinstance(text, Literal)]


def _number(node: object, otherwise: int) -> int:
    text = str(node)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else otherwise
