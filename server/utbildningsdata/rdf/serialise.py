"""The one table of writers: from a syntax to what writes documents and feeds in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

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

_DOCUMENTS: dict[Syntax, Callable[[Graph], str]] = {
    RDF_XML: rdfxml.write,
    TURTLE: turtle.write,
    JSON_LD: jsonld.write,
    N_TRIPLES: lambda graph: ntriples.document(graph).decode(),
}


def document(graph: Graph, syntax: Syntax, name: str) -> bytes:
    """Return ``graph`` as a document; ``name`` is its IRI where the syntax names graphs (TriG).

    Raises:
        Malformed: RDF/XML has no way to write one of the properties.
        ValueError: A term cannot be written.
    """
    if syntax == TRIG:
        return turtle.write_trig(graph, name).encode()
    return _DOCUMENTS[syntax](graph).encode()
