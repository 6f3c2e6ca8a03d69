"""Turtle is canonical: one form for each graph, every spelling kept, small changes small."""

from __future__ import annotations

import difflib

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import RDF, XSD, BNode, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, FOAF

from utbildningsdata.rdf.arrangement import canonical
from utbildningsdata.rdf.namespaces import DCAT
from utbildningsdata.rdf.ntriples import document, parse
from utbildningsdata.rdf.turtle import block, opening, write, write_trig

BASES = ["https://catalogue.example/", "https://catalogue.example/skola/"]
BASE = BASES[0]
RECORD = """
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<id/dataset/x/csv> dcat:byteSize 010 ; a dcat:Distribution .
<dataset/x> dcterms:modified "2026-11-23"^^xsd:date ; foaf:primaryTopic <id/dataset/x> .
<id/dataset/x> dcat:keyword "school"@en, "skola"@sv ; dcat:distribution <id/dataset/x/csv> ;
  dcterms:subject <https://w3id.org/utbildningsdata/concept/school-form/GR> ;
  dcterms:title "Skolor"@sv, "Schools"@en ; a dcat:Dataset ; foaf:homepage <.> .
"""
CANONICAL = """\
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix school-form: <https://w3id.org/utbildningsdata/concept/school-form/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

<dataset/x> foaf:primaryTopic <id/dataset/x> ;
    dcterms:modified "2026-11-23"^^xsd:date .

<id/dataset/x> a dcat:Dataset ;
    dcterms:title "Skolor"@sv,
        "Schools"@en ;
    dcat:distribution <id/dataset/x/csv> ;
    dcat:keyword "skola"@sv,
        "school"@en ;
    dcterms:subject school-form:GR ;
    foaf:homepage <.> .

<id/dataset/x/csv> a dcat:Distribution ;
    dcat:byteSize "010"^^xsd:integer .
"""

iris = st.one_of(
    st.sampled_from([BASE, f"{BASE}.", f"{BASE}a.b", f"{BASE}x#y", f"{BASE}a:b", f"{BASE}?q=1"]),
    st.from_regex(
        r"https://catalogue\.example/(?:skola/)?[a-z0-9å?:/_-]{1,9}(?:#[a-z0-9]{0,2})?",
        fullmatch=True,
    ),
    st.from_regex(r"http://www\.w3\.org/ns/dcat#[A-Za-z0-9.-]{0,6}", fullmatch=True),
    st.from_regex(
        r"https://w3id\.org/utbildningsdata/concept/[a-z-]{1,5}/[A-Z]{1,3}", fullmatch=True
    ),
    st.sampled_from(["urn:uuid:0", "mailto:a@b.example", str(RDF.type), str(FOAF.primaryTopic)]),
).map(URIRef)
blanks = st.sampled_from([BNode(f"b{number}") for number in range(4)])
literals = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=12).map(Literal),
    st.builds(
        lambda text, language: Literal(text, lang=language),
        st.text(st.characters(codec="utf-8"), max_size=9),
        st.sampled_from(["sv", "en", "fi", "sv-SE"]),
    ),
    st.sampled_from(
        [
            Literal("01", datatype=XSD.integer),
            Literal("1.50", datatype=XSD.decimal),
            Literal("1", datatype=XSD.boolean),
            Literal("2020-01-01T00:00:00.000Z", datatype=XSD.dateTime),
            Literal("1.50", datatype=URIRef(f"{BASE}type")),
        ]
    ),
)
subjects = st.one_of(iris, blanks)
objects = st.one_of(iris, blanks, literals, st.just(RDF.nil))
predicates = st.one_of(iris, st.sampled_from([RDF.first, RDF.rest, RDF.type]))
rows = st.lists(st.tuples(subjects, predicates, objects), max_size=12)


def isomorphic(one: Graph, other: Graph) -> bool:
    return document(canonical(one)) == document(canonical(other))


def graph_of(triples: list[tuple[URIRef | BNode, URIRef, URIRef | BNode | Literal]]) -> Graph:
    graph = Graph()
    for triple in triples:
        graph.add(triple)
    return graph


@pytest.mark.parametrize("base", BASES)
def test_a_record_has_one_form(base: str) -> None:
    graph = parse(RECORD.encode(), base=base)
    assert write(graph, base) == CANONICAL
    assert write(parse(CANONICAL.encode(), base=base), base) == CANONICAL


@given(rows, st.sampled_from([None, *BASES]))
def test_what_is_written_reads_as_the_same_graph(
    triples: list[tuple[URIRef | BNode, URIRef, URIRef | BNode | Literal]], base: str | None
) -> None:
    graph = graph_of(triples)
    text = write(graph, base)
    again = parse(text.encode(), base=base)
    assert isomorphic(graph, again)
    assert write(again, base) == text


@given(rows)
def test_a_named_graph_reads_as_the_same_graph(
    triples: list[tuple[URIRef | BNode, URIRef, URIRef | BNode | Literal]],
) -> None:
    graph = graph_of(triples)
    text = write_trig(graph, f"{BASE}dataset/x")
    quads = list(ox.parse(text.encode(), ox.RdfFormat.TRIG))
    assert {str(quad.graph_name) for quad in quads} <= {f"<{BASE}dataset/x>"}
    assert len(quads) == len(graph)


def test_a_change_of_one_statement_changes_one_line() -> None:
    graph = parse(RECORD.encode(), base=BASE)
    changed = parse(RECORD.replace('"Schools"', '"All schools"').encode(), base=BASE)
    lines = difflib.ndiff(write(graph).splitlines(), write(changed).splitlines())
    assert sum(line.startswith("+ ") for line in lines) == 1


def test_a_blank_node_that_one_statement_points_to_stands_inside_it() -> None:
    text = write(parse(b"<a:s> <a:p> [ <a:q> 1 ], ( <a:x> 2 ) . _:c <a:p> _:c ."))
    assert "[\n        <a:q>" in text
    assert "( <a:x> " in text
    assert "_:c14n" in text


def test_blocks_after_an_opening_make_one_document() -> None:
    first = parse(RECORD.encode(), base=BASE)
    second = Graph().add((URIRef(f"{BASE}id/dataset/y"), DCTERMS.type, DCAT.Dataset))
    both = parse((opening(first) + block(second) + block(Graph())).encode())
    assert isomorphic(both, first + second)


def test_a_block_holds_no_blank_node() -> None:
    with pytest.raises(ValueError, match="blank nodes"):
        block(parse(b"<a:s> <a:p> [] ."))


@pytest.mark.parametrize("iri", ["dataset/x", "http://a b", "http://a>", "http://a/##"])
def test_what_is_not_an_absolute_iri_is_refused(iri: str) -> None:
    graph = Graph()
    graph.add((URIRef("a:s"), URIRef("a:p"), URIRef(iri)))
    with pytest.raises(ValueError, match="not an IRI"):
        write(graph)
