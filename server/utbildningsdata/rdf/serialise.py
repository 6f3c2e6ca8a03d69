"""The one table of writers: from a syntax to what writes documents and feeds in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from rdflib import Graph

from utbildningsdata.rdf import jsonld, ntriples, rdfxml, turtle
from utbildningsdata.rdf.arrangement import require_named
from utbildningsdata.rdf.mediatypes import JSON_LD, N_TRIPLES, RDF_XML, TRIG, TURTLE, Syntax


@dataclass(frozen=True, slots=True)
class Feed:
    """How a feed is put together: ``opening(first) + block(…)* + closing`` is one document.

    ``opening`` takes the graph that comes first, which is never empty. No graph may hold blank
    nodes: ``block`` and ``opening`` raise ValueError then.
    """

    opening: Callable[[Graph], str]
    block: Callable[[Graph], str]
    closing: str


def _lines(graph: Graph) -> str:
    require_named(graph)
    return ntriples.document(graph).decode()


FEEDS: dict[Syntax, Feed] = {
    RDF_XML: Feed(rdfxml.opening, rdfxml.block, rdfxml.CLOSING),
    TURTLE: Feed(turtle.opening, turtle.block, ""),
    JSON_LD: Feed(jsonld.opening, jsonld.block, jsonld.CLOSING),
    N_TRIPLES: Feed(_lines, _lines, ""),
}
"""The syntaxes of feeds."""


class _Write(Protocol):
    def __call__(self, graph: Graph, *, labelled: bool) -> str: ...


_WRITERS: dict[Syntax, _Write] = {
    RDF_XML: rdfxml.write,
    TURTLE: turtle.write,
    JSON_LD: jsonld.write,
}


def document(graph: Graph, syntax: Syntax, name: str, *, labelled: bool = False) -> bytes:
    """Return ``graph`` as a document; ``name`` is its IRI where the syntax names graphs (TriG).

    ``labelled`` tells that its blank nodes always have the same labels, as those of a document
    that is kept: whatever that holds, it is written in time and memory in proportion to it.

    Raises:
        Malformed: RDF/XML has no way to write one of the properties.
        ValueError: A term cannot be written.
    """
    if syntax == N_TRIPLES:
        return ntriples.document(graph)
    if syntax == TRIG:
        return turtle.write_trig(graph, name, labelled=labelled).encode()
    return _WRITERS[syntax](graph, labelled=labelled).encode()
