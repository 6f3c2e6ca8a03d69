"""What stands inside what in Turtle, also where a document is made to be unwritable."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import pairwise

import pyoxigraph as ox
import pytest
from rdflib import RDF, BNode, Graph, Literal, URIRef
from rdflib.compare import isomorphic

from utbildningsdata.rdf import ntriples
from utbildningsdata.rdf.graphs import Triple, graph_of
from utbildningsdata.rdf.mediatypes import GRAPHS, RDF_XML, Syntax
from utbildningsdata.rdf.nesting import MAX_DEPTH
from utbildningsdata.rdf.serialise import document
from utbildningsdata.rdf.turtle import write

S, P = URIRef("https://example.org/s"), URIRef("https://example.org/p")


def chain(length: int) -> list[Triple]:
    """Return a chain of blank nodes, each inside the one before."""
    nodes = [BNode(f"n{number}") for number in range(length)]
    inner = [(before, P, after) for before, after in pairwise(nodes)]
    return [(S, P, nodes[0]), *inner, (nodes[-1], P, Literal("end"))]


def lists(depth: int) -> list[Triple]:
    """Return a list of one list of one list."""
    nodes = [BNode(f"n{number}") for number in range(depth)]
    inside = [*nodes[1:], Literal("end")]
    firsts = [(node, RDF.first, value) for node, value in zip(nodes, inside, strict=True)]
    return [(S, P, nodes[0]), *firsts, *((node, RDF.rest, RDF.nil) for node in nodes)]


def row(length: int) -> list[Triple]:
    """Return one long list."""
    nodes = [BNode(f"n{number}") for number in range(length)]
    rests = zip(nodes, [*nodes[1:], RDF.nil], strict=True)
    values = [(node, RDF.first, Literal(str(number))) for number, node in enumerate(nodes)]
    return [(S, P, nodes[0]), *values, *((node, RDF.rest, rest) for node, rest in rests)]


def clique(size: int) -> list[Triple]:
    """Return blank nodes that all point to each other: canonical labels would take for ever."""
    nodes = [BNode(f"n{number}") for number in range(size)]
    return [(one, P, other) for one in nodes for other in nodes if one != other]


@pytest.mark.parametrize(
    ("made", "size"), [(chain, 3000), (lists, 3000), (row, 3000), (clique, 40)]
)
@pytest.mark.parametrize("syntax", GRAPHS, ids=lambda syntax: syntax.label)
def test_a_kept_document_is_written_whatever_it_holds(
    made: Callable[[int], list[Triple]], size: int, syntax: Syntax
) -> None:
    graph = graph_of(made(size))
    started = time.monotonic()
    text = document(graph, syntax, "https://example.org/g", labelled=True)
    assert time.monotonic() - started < 10
    form = ox.RdfFormat.from_media_type(syntax.media_type)
    assert sum(1 for _ in ox.parse(text, form)) == len(graph)


def test_a_chain_is_nested_only_so_deep() -> None:
    text = write(graph_of(chain(2 * MAX_DEPTH + 2)))
    assert text.count("[") == 2 * MAX_DEPTH
    assert max(line.count("    ") for line in text.splitlines()) <= MAX_DEPTH + 1
    read = ntriples.parse(text.encode())
    assert isomorphic(read, graph_of(chain(2 * MAX_DEPTH + 2)))


def test_a_list_stands_in_one_line_however_long_it_is() -> None:
    text = write(graph_of(row(4 * MAX_DEPTH)))
    assert text.count("(") == text.count(")") == 1
    assert "rdf:rest" not in text


@pytest.mark.parametrize(
    "more",
    [
        [(BNode("a"), P, BNode("b")), (BNode("b"), P, BNode("a"))],
        [(BNode("a"), P, BNode("a"))],
        [(BNode("a"), P, BNode("b")), (BNode("b"), P, BNode("a")), (BNode("b"), P, BNode("c"))],
        [(BNode("a"), RDF.rest, BNode("b")), (BNode("b"), RDF.rest, BNode("a"))],
        [
            (BNode("a"), RDF.first, BNode("b")),
            (BNode("a"), RDF.rest, RDF.nil),
            (BNode("b"), P, BNode("a")),
        ],
        [
            (S, P, BNode("a")),
            (BNode("a"), RDF.first, BNode("b")),
            (BNode("a"), RDF.rest, BNode("b")),
            (BNode("b"), RDF.first, Literal("x")),
            (BNode("b"), RDF.rest, RDF.nil),
        ],
        [
            (S, P, BNode("a")),
            (BNode("a"), RDF.first, Literal("1")),
            (BNode("a"), RDF.first, Literal("2")),
            (BNode("a"), RDF.rest, RDF.nil),
        ],
        [(S, P, BNode("a")), (BNode("a"), RDF.first, Literal("1")), (BNode("a"), RDF.rest, S)],
    ],
)
def test_circles_and_broken_lists_keep_all_they_say(more: list[Triple]) -> None:
    graph = graph_of([*more, (BNode("c"), P, Literal("c"))])
    read = ntriples.parse(write(graph).encode())
    assert isomorphic(read, graph)


def test_labels_that_no_xml_name_can_be_are_written() -> None:
    graph = graph_of([(S, P, BNode("0.1")), (BNode("0.1"), P, Literal("x"))])
    for syntax in GRAPHS:
        document(graph, syntax, str(S), labelled=True)
    xml = document(graph, RDF_XML, str(S), labelled=True)
    assert isomorphic(Graph().parse(data=xml, format="xml"), graph)
