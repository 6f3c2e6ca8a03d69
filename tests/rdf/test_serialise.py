"""Every syntax says the same, to rdflib and to Oxigraph alike; feeds grow by concatenation."""

from __future__ import annotations

import io
import json
import warnings
import xml.etree.ElementTree as ET

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import RDF, XSD, BNode, Dataset, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, FOAF

from utbildningsdata.errors import Malformed
from utbildningsdata.rdf.arrangement import canonical
from utbildningsdata.rdf.mediatypes import GRAPHS, JSON_LD, N_TRIPLES, RDF_XML, TRIG, TURTLE, Syntax
from utbildningsdata.rdf.namespaces import DCAT
from utbildningsdata.rdf.ntriples import document as n_triples
from utbildningsdata.rdf.ntriples import from_oxigraph, parse
from utbildningsdata.rdf.serialise import FEEDS, document

Rows = list[tuple[URIRef | BNode, URIRef, URIRef | BNode | Literal]]

BASE = "https://catalogue.example/skola/"
NAME = f"{BASE}dataset/x"
FORMATS = {
    TURTLE: (ox.RdfFormat.TURTLE, "turtle"),
    JSON_LD: (ox.RdfFormat.JSON_LD, "json-ld"),
    RDF_XML: (ox.RdfFormat.RDF_XML, "xml"),
    N_TRIPLES: (ox.RdfFormat.N_TRIPLES, "nt"),
    TRIG: (ox.RdfFormat.TRIG, "trig"),
}

things = st.from_regex(r"https://catalogue\.example/[a-z0-9åäö?&':/-]{1,9}", fullmatch=True)
terms = st.sampled_from(
    [
        str(DCAT.Dataset),
        str(RDF.nil),
        "urn:uuid:0",
        "mailto:a@b.example",
        f"{BASE}ns/1a",
        f"{BASE}å",
    ]
)
iris = st.one_of(things, terms).map(URIRef)
predicates = st.one_of(
    st.sampled_from([DCTERMS.title, RDF.type, RDF.first, FOAF.primaryTopic, URIRef("urn:x-y")]),
    st.from_regex(r"https://catalogue\.example/ns/[a-zå][a-z0-9.-]{0,3}", fullmatch=True).map(
        URIRef
    ),
)
# What XML 1.0 can hold.
texts = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc"], exclude_characters="\ufffe\uffff")
    | st.sampled_from("\t\n\r\x85<>&\"'\\]"),
    max_size=12,
)
literals = st.one_of(
    texts.map(Literal),
    texts.map(lambda text: Literal(text, lang="sv-SE")),
    st.sampled_from(
        [
            Literal("01", datatype=XSD.integer),
            Literal("1.50", datatype=XSD.decimal),
            Literal("1", datatype=XSD.boolean),
            Literal("1e0", datatype=XSD.double),
            Literal("2020-01-01T00:00:00.000Z", datatype=XSD.dateTime),
            Literal("5", datatype=XSD.nonNegativeInteger),
        ]
    ),
)
blanks = st.sampled_from([BNode("a"), BNode("b")])
rows = st.lists(
    st.tuples(st.one_of(iris, blanks), predicates, st.one_of(iris, blanks, literals)), max_size=9
)
named_rows = st.lists(
    st.tuples(iris, predicates, st.one_of(iris, literals)), min_size=1, max_size=6
)


def graph_of(triples: Rows) -> Graph:
    graph = Graph()
    for triple in triples:
        graph.add(triple)
    return graph


def by_oxigraph(text: bytes, syntax: Syntax) -> bytes:
    graph = Graph()
    for quad in ox.parse(text, FORMATS[syntax][0]):
        terms = (from_oxigraph(term) for term in (quad.subject, quad.predicate, quad.object))
        graph.add(tuple(terms))  # type: ignore[arg-type]
    return n_triples(canonical(graph))


def by_rdflib(text: bytes, syntax: Syntax) -> bytes:
    dataset = Dataset()
    with warnings.catch_warnings():  # rdflib's own parsers use its deprecated ConjunctiveGraph
        warnings.simplefilter("ignore", DeprecationWarning)
        dataset.parse(io.BytesIO(text), format=FORMATS[syntax][1])
    graph = Graph()
    for subject, predicate, value, _ in dataset.quads():
        graph.add((subject, predicate, value))
    return n_triples(canonical(graph))


@pytest.mark.parametrize("syntax", GRAPHS, ids=lambda syntax: syntax.suffix)
@settings(max_examples=40)
@given(triples=rows)
def test_oxigraph_reads_the_same_graph_from_every_syntax(syntax: Syntax, triples: Rows) -> None:
    graph = graph_of(triples)
    text = document(graph, syntax, NAME)
    assert by_oxigraph(text, syntax) == n_triples(canonical(graph))
    assert document(graph_of(list(reversed(triples))), syntax, NAME) == text


@pytest.mark.parametrize("syntax", GRAPHS, ids=lambda syntax: syntax.suffix)
@settings(max_examples=40)
@given(triples=rows)
def test_rdflib_reads_the_same_graph_from_every_syntax(syntax: Syntax, triples: Rows) -> None:
    graph = graph_of(triples)
    assert by_rdflib(document(graph, syntax, NAME), syntax) == n_triples(canonical(graph))


@pytest.mark.parametrize("syntax", FEEDS, ids=lambda syntax: syntax.suffix)
@settings(max_examples=40)
@given(first=named_rows, others=st.lists(named_rows, max_size=3))
def test_the_blocks_of_a_feed_make_one_document(
    syntax: Syntax, first: Rows, others: list[Rows]
) -> None:
    feed = FEEDS[syntax]
    blocks = [feed.block(graph_of(triples)) for triples in [*others, []]]
    text = (feed.opening(graph_of(first)) + "".join(blocks) + feed.closing).encode()
    together = n_triples(graph_of([*first, *(row for triples in others for row in triples)]))
    assert by_oxigraph(text, syntax) == together
    assert by_rdflib(text, syntax) == together


@pytest.mark.parametrize("syntax", FEEDS, ids=lambda syntax: syntax.suffix)
def test_no_syntax_takes_blank_nodes_into_a_feed(syntax: Syntax) -> None:
    graph = graph_of([(BNode(), DCTERMS.title, Literal("x"))])
    for write in (FEEDS[syntax].opening, FEEDS[syntax].block):
        with pytest.raises(ValueError, match="blank nodes"):
            write(graph)


def test_a_control_character_never_breaks_an_xml_document() -> None:
    graph = graph_of([(URIRef("urn:s"), DCTERMS.title, Literal("a\x00\x0b\ufffeb"))])
    text = document(graph, RDF_XML, NAME)
    assert "a\ufffd\ufffd\ufffdb" in text.decode()
    assert ET.fromstring(text) is not None  # noqa: S314
    assert n_triples(graph) == by_oxigraph(document(graph, JSON_LD, NAME), JSON_LD)


@pytest.mark.parametrize(
    "predicate", ["https://example.org/2020", f"{RDF}li", f"{RDF}about", "urn:"]
)
def test_a_property_that_xml_cannot_name_is_refused_by_name(predicate: str) -> None:
    graph = graph_of([(URIRef("urn:s"), URIRef(predicate), Literal("x"))])
    with pytest.raises(Malformed, match=r"<.*> cannot be written in RDF/XML"):
        document(graph, RDF_XML, NAME)


def test_a_property_without_a_known_prefix_brings_its_own() -> None:
    graph = graph_of([(URIRef("urn:s"), URIRef("https://example.org/?a&b"), Literal("x"))])
    assert 'xmlns:x="https://example.org/?a&amp;"' in document(graph, RDF_XML, NAME).decode()


def test_xml_subjects_stand_under_the_name_of_their_class() -> None:
    graph = parse(b"<urn:d> a <http://www.w3.org/ns/dcat#Dataset> .")
    assert b'  <dcat:Dataset rdf:about="urn:d">' in document(graph, RDF_XML, NAME)


def test_json_needs_no_remote_context() -> None:
    graph = parse(b'<urn:d> a <http://www.w3.org/ns/dcat#Dataset> ; <urn:p> "x"@sv, 01 .')
    read = json.loads(document(graph, JSON_LD, NAME))
    assert read["@context"] == {"dcat": str(DCAT)}
    assert read["@graph"] == [
        {
            "@id": "urn:d",
            "@type": "dcat:Dataset",
            "urn:p": [
                {"@value": "01", "@type": str(XSD.integer)},
                {"@value": "x", "@language": "sv"},
            ],
        }
    ]
