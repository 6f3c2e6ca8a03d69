"""The comparison of answers in the W3C run takes what SPARQL takes for the same, and no more."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rdflib import XSD, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from conformance.w3c.comparison import difference
from conformance.w3c.tables import Table, from_graph, read
from conformance.w3c.terms import isomorphic

A, B = URIRef("http://x/a"), URIRef("http://x/b")
XML, JSON = "application/sparql-results+xml", "application/sparql-results+json"
NOTHING: frozenset[str] = frozenset()


def table(*rows: tuple[Node | None, ...]) -> Table:
    """Return solutions of ?x, ?y, ?z."""
    filled = [{n: t for n, t in zip("xyz", row, strict=False) if t is not None} for row in rows]
    return Table(frozenset("xyz"), filled)


def number(text: str, datatype: URIRef) -> Literal:
    return Literal(text, datatype=datatype)


def test_bags_are_the_same_in_any_order_and_sequences_only_in_theirs() -> None:
    one, other = table((A,), (B,)), table((B,), (A,))
    assert difference(one, other) == ""
    assert difference(replace(one, ordered=True), other)


@pytest.mark.parametrize(
    "found",
    [
        table((A,), (A,), (B,)),
        table((A,), (B,)),
        table((A,), (B,), (B,)),
        table((A,), (A,), (B, A)),
        table((A,), (A,), (None,)),
        Table(frozenset("xy"), [{"x": A}, {"x": A}, {"x": B}]),
        True,
    ],
    ids=["same", "fewer", "another count", "one more value", "unbound", "variables", "boolean"],
)
def test_solutions_count_as_often_as_they_are_there(found: Table | bool) -> None:
    expected = table((A,), (B,), (A,))
    assert bool(difference(expected, found)) == (found != table((A,), (A,), (B,)))


def test_blank_nodes_may_have_other_names_but_stay_the_same_ones() -> None:
    p, q, r = BNode("p"), BNode("q"), BNode("r")
    expected = table((p, q), (q, p), (p, A))
    assert difference(expected, table((r, p), (p, A), (p, r))) == ""
    assert difference(expected, table((r, p), (p, q), (p, A)))
    assert difference(table((p, p)), table((p, q)))
    assert difference(table((p, q)), table((p, p)))
    assert difference(replace(expected, ordered=True), table((r, p), (p, r), (p, A)))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (number("1.0", XSD.decimal), number("1", XSD.decimal), True),
        (number("1e6", XSD.double), number("1000000", XSD.double), True),
        (number("-3", XSD.negativeInteger), number("-3", XSD.integer), True),
        (number("0", XSD.boolean), number("false", XSD.boolean), True),
        (number("1", XSD.decimal), number("1", XSD.integer), False),
        (number("1.0", XSD.double), number("1.0", XSD.float), False),
        (number("1.5", XSD.decimal), number("1.50001", XSD.decimal), False),
        (number("x", XSD.integer), number("y", XSD.integer), False),
        (Literal("1"), number("1", XSD.integer), False),
        (Literal("a", lang="sv"), Literal("a"), False),
        (Literal("a", lang="sv"), Literal("a", lang="SV"), True),
        (Literal("http://x/a"), A, False),
    ],
)
def test_numbers_are_compared_by_value_within_their_type(
    one: Literal, other: Node, same: bool
) -> None:
    assert (difference(table((one,)), table((other,))) == "") is same


def test_term_for_term_only_computed_variables_are_compared_by_value() -> None:
    one, other = number("1.0", XSD.decimal), number("1", XSD.decimal)
    assert difference(table((A, one)), table((A, other)), NOTHING)
    assert difference(table((A, one)), table((A, other)), frozenset("y")) == ""


def test_a_simple_literal_is_a_string() -> None:
    assert difference(table((Literal("a"),)), table((number("a", XSD.string),)), NOTHING) == ""


def test_every_syntax_of_results_is_read_to_the_same() -> None:
    xml = b"""<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head><variable name="x"/>
      <variable name="y"/><variable name="z"/></head><results><result>
      <binding name="x"><uri>http://x/a</uri></binding><binding name="y"><bnode>n</bnode></binding>
      </result><result><binding name="x"><literal datatype="http://www.w3.org/2001/XMLSchema#integer"
      >4</literal></binding><binding name="z"><literal xml:lang="sv">d, e</literal></binding>
      </result></results></sparql>"""
    json = b"""{"head":{"vars":["z","y","x"]},"results":{"bindings":[
      {"x":{"type":"literal","value":"4","datatype":"http://www.w3.org/2001/XMLSchema#integer"},
       "z":{"type":"literal","value":"d, e","xml:lang":"sv"}},
      {"x":{"type":"uri","value":"http://x/a"},"y":{"type":"bnode","value":"m"}}]}}"""
    tsv = b'?x\t?y\t?z\n<http://x/a>\t_:b\t\n4\t\t"d, e"@sv\n'
    expected = table((A, BNode()), (number("4", XSD.integer), None, Literal("d, e", lang="sv")))
    for content, media_type in ((xml, XML), (json, JSON), (tsv, "text/tab-separated-values")):
        assert difference(expected, read(content, media_type), NOTHING) == ""
    csv = read(b'x,y,z\r\nhttp://x/a,_:c,\r\n4,,"d, e"\r\n', "text/csv")
    texts = table((Literal("http://x/a"), BNode()), (Literal("4"), None, Literal("d, e")))
    assert difference(texts, csv, NOTHING) == ""


def test_an_answer_written_as_rdf_is_read_with_its_order() -> None:
    rows = """@prefix rs: <http://www.w3.org/2001/sw/DataAccess/tests/result-set#> .
      [] a rs:ResultSet ; rs:resultVariable "x", "y", "z" ;
        rs:solution [ rs:index 2 ; rs:binding [ rs:variable "x" ; rs:value <http://x/b> ] ],
                    [ rs:index 1 ; rs:binding [ rs:variable "x" ; rs:value <http://x/a> ] ] ."""
    answer = from_graph(Graph().parse(data=rows, format="turtle"))
    assert answer == replace(table((A,), (B,)), ordered=True)
    assert from_graph(Graph()) is None


def test_graphs_are_the_same_up_to_the_names_of_blank_nodes_and_no_further() -> None:
    def graph(turtle: str) -> Graph:
        return Graph().parse(data=f"@prefix : <http://x/> . {turtle} .", format="turtle")

    assert isomorphic(graph('_:a :p _:b . _:b :q "x"'), graph('_:b :p _:a . _:a :q "x"'))
    assert isomorphic(graph(':s :p "x"'), graph(f':s :p "x"^^<{XSD.string}>'))
    assert not isomorphic(graph(":s :p _:a, _:b"), graph(":s :p _:a"))
    assert not isomorphic(graph(":s :p 1.0"), graph(":s :p 1.00"))
