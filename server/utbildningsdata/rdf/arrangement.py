"""The order in which every syntax writes a graph: who is described first, and in what words.

Subjects: the record, the thing it describes, then everything else by IRI. Predicates: the type,
what names the subject, what describes it, then by name. Objects: IRIs, then texts with Swedish
first. Blank nodes carry the labels of RDFC-1.0 (RDF Dataset Canonicalization, W3C 2024), so that
isomorphic graphs are arranged alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import pyoxigraph as ox
from rdflib import RDF, BNode, Graph, Literal
from rdflib.namespace import DCTERMS, FOAF, RDFS, SKOS
from rdflib.term import Node

from utbildningsdata.rdf.graphs import Triple
from utbildningsdata.rdf.ntriples import to_oxigraph, triple_of
from utbildningsdata.rdf.qnames import qname

_LEADING = {
    str(predicate): place
    for place, predicate in enumerate(
        (
            RDF.type,
            FOAF.primaryTopic,
            DCTERMS.title,
            FOAF.name,
            SKOS.prefLabel,
            RDFS.label,
            DCTERMS.description,
            SKOS.definition,
            RDFS.comment,
        )
    )
}
_LANGUAGES = {None: 0, "sv": 1, "en": 2}


class Statement(NamedTuple):
    """One predicate of a subject with all its objects, in order."""

    predicate: str
    objects: tuple[Node, ...]


class Description(NamedTuple):
    """A subject with all that is said of it, in order."""

    subject: Node
    statements: tuple[Statement, ...]


def arrange(graph: Iterable[Triple], *, labelled: bool = False) -> list[Description]:
    """Return the descriptions of ``graph`` in the order in which they are written.

    ``labelled`` tells that the labels of its blank nodes are always the same, as in a document
    that is kept. Then they are only numbered: canonical labels can take any time and memory.

    Raises:
        ValueError: A term stands where RDF does not allow it, or an IRI is not absolute.
    """
    triples = (_numbered if labelled else canonical)(_valid(graph))
    records = {s for s, p, _ in triples if p == FOAF.primaryTopic}
    things = {o for s, p, o in triples if p == FOAF.primaryTopic}
    by_subject: dict[Node, dict[str, set[Node]]] = {}
    for subject, predicate, value in triples:
        by_subject.setdefault(subject, {}).setdefault(str(predicate), set()).add(value)

    def place(subject: Node) -> tuple[bool, int, str]:
        rank = 0 if subject in records else 1 if subject in things else 2
        return isinstance(subject, BNode), rank, str(subject)

    return [
        Description(subject, _statements(by_subject[subject]))
        for subject in sorted(by_subject, key=place)
    ]


def canonical(graph: Iterable[Triple]) -> list[Triple]:
    """Return the triples of ``graph`` with canonical labels on its blank nodes, in no order."""
    triples = list(graph)
    if not any(isinstance(term, BNode) for triple in triples for term in triple):
        return triples
    dataset = ox.Dataset(
        ox.Quad(*(to_oxigraph(term) for term in triple))  # type: ignore[arg-type]
        for triple in triples
    )
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return [triple_of(quad) for quad in dataset]


def _numbered(graph: Iterable[Triple]) -> list[Triple]:
    """Return triples with blank nodes numbered in the order of their labels.

    A label of N-Triples can be what no name in XML is.
    """
    triples = list(graph)
    nodes = {term for triple in triples for term in triple if isinstance(term, BNode)}
    labels: dict[Node, Node] = {
        node: BNode(f"b{number}") for number, node in enumerate(sorted(nodes))
    }
    return [(labels.get(s, s), p, labels.get(o, o)) for s, p, o in triples]


def require_named(graph: Graph) -> None:
    """Refuse blank nodes where blocks of several records stand in one document.

    Raises:
        ValueError: There is a blank node; its label could meet the same label of another record.
    """
    if any(isinstance(term, BNode) for triple in graph for term in triple):
        raise ValueError("a block of a feed cannot hold blank nodes")


def _valid(graph: Iterable[Triple]) -> Iterator[Triple]:
    for triple in graph:
        subject, predicate, _ = triple
        if isinstance(subject, Literal) or isinstance(predicate, Literal | BNode):
            raise ValueError(f"{subject} {predicate} is not RDF: a term is out of place")
        for term in triple:
            try:
                to_oxigraph(term)
            except ValueError as error:
                raise ValueError(f"<{term}> is not an IRI that can be written: {error}") from error
        yield triple


def _statements(predicates: dict[str, set[Node]]) -> tuple[Statement, ...]:
    def place(predicate: str) -> tuple[int, str]:
        return _LEADING.get(predicate, len(_LEADING)), str(qname(predicate) or predicate)

    return tuple(
        Statement(predicate, tuple(sorted(predicates[predicate], key=_object_place)))
        for predicate in sorted(predicates, key=place)
    )


def _object_place(term: Node) -> tuple[int, int, str, str, str]:
    if isinstance(term, Literal):
        language = _LANGUAGES.get(term.language, len(_LANGUAGES))
        return 2, language, term.language or "", str(term), str(term.datatype or "")
    if isinstance(term, BNode):
        return 1, 0, "", str(term), ""
    return 0, 0, "", str(qname(str(term)) or term), ""
