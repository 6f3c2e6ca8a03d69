"""Check records: what the shapes say of each, at the line of its file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from rdflib import RDF, Graph, URIRef
from rdflib.namespace import FOAF
from rdflib.term import Node

from utbildningsdata.errors import Malformed
from utbildningsdata.model.derive import Deriving, derive
from utbildningsdata.model.record import is_tombstone, primary_topic
from utbildningsdata.rdf import ntriples
from utbildningsdata.rdf.graphs import graph_of
from utbildningsdata.rdf.iris import CONCEPT_FOLDER
from utbildningsdata.store.ports import SourceFile
from utbildningsdata.validation.lines import LineIndex
from utbildningsdata.validation.report import Finding, finding
from utbildningsdata.validation.shacl import validate
from utbildningsdata.validation.shapes import Shapes


def parse(sources: Iterable[SourceFile], rules: Deriving) -> tuple[dict[str, Graph], list[Finding]]:
    """Return the complete document of each record by its path, and what could not be parsed."""
    documents: dict[str, Graph] = {}
    findings: list[Finding] = []
    for source in sources:
        try:
            graph = ntriples.parse(source.content, base=rules.base.iri)
            documents[source.path] = derive(graph, source.path, rules)
        except Malformed as error:
            findings.append(_unreadable(source, error))
    return documents, findings


def examine(
    sources: Sequence[SourceFile],
    documents: Mapping[str, Graph],
    shapes: Shapes,
    background: Graph,
) -> list[Finding]:
    """Return what the shapes say of the documents, which are by the path of their record.

    ``sources`` are the files that the documents came from: a finding names file and line where the
    record has one. ``background`` is what is known besides, see :func:`validation.shacl.validate`.
    """
    files = {source.path: source for source in sources}
    data = graph_of(chain.from_iterable(documents.values()))
    owners = _owners(documents)
    indexes: dict[str, LineIndex] = {}
    findings = list(_misplaced(files, documents, shapes))
    for result in validate(data, shapes, background):
        path = owners[result.focus]
        source = files.get(path)
        if source is not None and path not in indexes:
            indexes[path] = LineIndex(source.content, _base(documents[path], path))
        findings.append(
            finding(
                result,
                shapes,
                record=path,
                file=str(source.file) if source else "",
                line=indexes[path].line(result.focus, result.path, result.value) if source else 1,
            )
        )
    return findings


def _owners(documents: Mapping[str, Graph]) -> dict[Node, str]:
    """Return node → the record that answers for it: the one that it is the topic of goes first."""
    owners: dict[Node, str] = {}
    for path, graph in documents.items():
        for subject in graph.subjects(unique=True):
            owners.setdefault(subject, path)
    for path, graph in documents.items():
        for record, thing in graph.subject_objects(FOAF.primaryTopic):
            owners[record] = owners[thing] = path
    return owners


def _misplaced(
    files: Mapping[str, SourceFile], documents: Mapping[str, Graph], shapes: Shapes
) -> Iterator[Finding]:
    """Yield the records whose folder says another kind than their thing's class."""
    classes = shapes.classes()
    for path, graph in documents.items():
        folder = path.rpartition("/")[0]
        wanted = classes.get(folder, frozenset())
        if not wanted or folder == CONCEPT_FOLDER:
            continue
        record = URIRef(_base(graph, path) + path)
        thing = primary_topic(graph, record)
        if thing is None or is_tombstone(graph, record):
            continue
        if wanted.isdisjoint(graph.objects(thing, RDF.type)):
            source = files.get(path)
            named = ", ".join(f"<{name}>" for name in sorted(map(str, wanted)))
            yield Finding(
                severity="violation",
                record=path,
                file=str(source.file) if source else "",
                focus=str(thing),
                rule="folder",
                messages={
                    "sv": f"Mappen {folder} är för klassen {named}, men <{thing}> är av en"
                    " annan. Rätta klassen eller flytta posten.",
                    "en": f"The folder {folder} is for the class {named}, but <{thing}> is of"
                    " another one. Mend the class or move the record.",
                },
            )


def _base(graph: Graph, path: str) -> str:
    """Return the base that the document's IRIs begin with."""
    records = (str(record) for record in graph.subjects(FOAF.primaryTopic))
    return next((iri.removesuffix(path) for iri in records if iri.endswith(path)), "")


def _unreadable(source: SourceFile, error: Malformed) -> Finding:
    return Finding(
        severity="violation",
        record=source.path,
        file=str(source.file),
        line=error.line or 1,
        rule="syntax",
        messages={
            "sv": f"Filen går inte att läsa som Turtle ({error.sv}). Rätta skrivningen här.",
            "en": f"The file cannot be read as Turtle ({error.message}). Mend the syntax here.",
        },
    )
