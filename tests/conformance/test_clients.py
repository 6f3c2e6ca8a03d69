"""Programs that others wrote read the catalogue: SPARQLWrapper, rdflib's SPARQLStore and pandas."""

from __future__ import annotations

import urllib.request
from typing import Any, Protocol
from urllib.parse import urlencode
from xml.dom.minidom import Document

import pandas as pd  # type: ignore[import-untyped]
import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, FOAF, RDF
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, GET, JSON, JSONLD, N3, POST, RDFXML, TSV, TURTLE, XML, SPARQLWrapper
from SPARQLWrapper.Wrapper import POSTDIRECTLY, URLENCODED

from utbildningsdata.rdf.mediatypes import RDF_XML
from utbildningsdata.rdf.namespaces import DCAT

DATASETS = """
    SELECT ?dataset ?title (STRLEN(?title) AS ?letters) {
      ?dataset a dcat:Dataset ; dcterms:title ?title FILTER(lang(?title) = "sv")
    } ORDER BY ?title
"""
SALSA = "id/dataset/skolverket-salsa"
TITLE = "SALSA – modellberäknat betygsresultat i årskurs 9"
WAYS = [(GET, URLENCODED), (POST, URLENCODED), (POST, POSTDIRECTLY)]


class Server(Protocol):
    base: str


def wrapper(live: Server, text: str, form: str, way: tuple[str, str] = WAYS[0]) -> SPARQLWrapper:
    endpoint = SPARQLWrapper(f"{live.base}sparql", returnFormat=form)
    endpoint.setMethod(way[0])
    endpoint.setRequestMethod(way[1])
    endpoint.setQuery(text)
    return endpoint


@pytest.mark.parametrize("way", WAYS, ids="-".join)
def test_sparqlwrapper_gets_the_same_rows_in_each_format(
    live: Server, way: tuple[str, str]
) -> None:
    said: Any = wrapper(live, DATASETS, JSON, way).queryAndConvert()
    rows = said["results"]["bindings"]
    assert {"type": "uri", "value": live.base + SALSA} in [row["dataset"] for row in rows]
    assert {"type": "literal", "xml:lang": "sv", "value": TITLE} in [row["title"] for row in rows]
    document = wrapper(live, DATASETS, XML, way).queryAndConvert()
    assert isinstance(document, Document)
    assert len(document.getElementsByTagName("result")) == len(rows)
    for form in (CSV, TSV):
        text = wrapper(live, DATASETS, form, way).queryAndConvert()
        assert isinstance(text, bytes)
        assert len(text.splitlines()) == 1 + len(rows)
        assert TITLE in text.decode()


@pytest.mark.parametrize("way", WAYS, ids="-".join)
@pytest.mark.parametrize(("what", "answer"), [("dcat:Dataset", True), ("dcat:Nothing", False)])
def test_sparqlwrapper_gets_yes_or_no(
    live: Server, what: str, answer: bool, way: tuple[str, str]
) -> None:
    said: Any = wrapper(live, f"ASK {{ ?x a {what} }}", JSON, way).queryAndConvert()
    assert said["boolean"] is answer
    document: Any = wrapper(live, f"ASK {{ ?x a {what} }}", XML, way).queryAndConvert()
    assert document.getElementsByTagName("boolean")[0].firstChild.data == str(answer).lower()


@pytest.mark.parametrize("way", WAYS, ids="-".join)
@pytest.mark.parametrize("form", ["CONSTRUCT { <%s> ?p ?o } { <%s> ?p ?o }", "DESCRIBE <%s>"])
def test_sparqlwrapper_gets_a_graph(live: Server, form: str, way: tuple[str, str]) -> None:
    text = form.replace("%s", live.base + SALSA)
    for syntax in (TURTLE, N3):
        content: Any = wrapper(live, text, syntax, way).queryAndConvert()
        graph = Graph().parse(content, format="turtle")
        assert (URIRef(live.base + SALSA), DCTERMS.title, Literal(TITLE, lang="sv")) in graph


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@pytest.mark.parametrize("syntax", [RDFXML, JSONLD, XML])
def test_sparqlwrapper_reads_a_graph_itself(live: Server, syntax: str) -> None:
    graph = wrapper(live, f"DESCRIBE <{live.base}{SALSA}>", syntax).queryAndConvert()
    assert isinstance(graph, Graph)
    assert (URIRef(live.base + SALSA), DCTERMS.title, Literal(TITLE, lang="sv")) in graph


@pytest.fixture(params=["GET", "POST", "POST_FORM"])
def store(live: Server, request: pytest.FixtureRequest) -> SPARQLStore:
    return SPARQLStore(f"{live.base}sparql", method=request.param)


def test_rdflib_reads_the_endpoint_as_a_graph(live: Server, store: SPARQLStore) -> None:
    graph, salsa = Graph(store=store), URIRef(live.base + SALSA)
    assert Literal(TITLE, lang="sv") in set(graph.objects(salsa, DCTERMS.title))
    assert (salsa, RDF.type, DCAT.Dataset) in graph
    assert len(graph) > 10_000
    name = graph.value(graph.value(salsa, DCTERMS.publisher), FOAF.name)
    assert isinstance(name, Literal)


def test_rdflib_reads_a_record_as_a_named_graph(live: Server, store: SPARQLStore) -> None:
    record = URIRef(f"{live.base}dataset/skolverket-salsa")
    graph = Graph(store=store, identifier=record)
    with urllib.request.urlopen(f"{record}.ttl") as page:
        told = Graph().parse(page.read(), format="turtle")
    assert len(graph) == len(list(graph)) == len(told)
    assert set(graph.subjects(FOAF.primaryTopic)) == {record}
    assert str(record) in {str(name) for name in store.contexts()}


def test_rdflib_asks_queries(live: Server, store: SPARQLStore) -> None:
    graph = Graph(store=store)
    rows = list(graph.query(DATASETS))
    assert (URIRef(live.base + SALSA), Literal(TITLE, lang="sv"), Literal(len(TITLE))) in rows
    assert graph.query("ASK { ?x a dcat:Dataset }").askAnswer is True
    made = graph.query("CONSTRUCT { ?d a dcat:Dataset } { ?d a dcat:Dataset }").graph
    assert made is not None
    assert len(made) == len(rows)


@pytest.mark.parametrize(
    ("form", "separator", "mark"), [("csv", ",", ""), ("tsv", "\t", "?")], ids=["csv", "tsv"]
)
def test_pandas_reads_the_address_of_a_query(
    live: Server, form: str, separator: str, mark: str
) -> None:
    address = f"{live.base}sparql?{urlencode({'query': DATASETS, 'format': form})}"
    frame = pd.read_csv(address, sep=separator)
    assert list(frame) == [f"{mark}dataset", f"{mark}title", f"{mark}letters"]
    assert frame[f"{mark}letters"].dtype == "int64"
    assert frame[f"{mark}letters"].max() > 10
    assert frame[f"{mark}title"].str.contains(TITLE, regex=False).sum() == 1


def test_pandas_may_ask_by_its_accept_header(live: Server) -> None:
    address = f"{live.base}sparql?{urlencode({'query': DATASETS})}"
    frame = pd.read_csv(address, storage_options={"Accept": "text/csv"})
    assert frame.notna().all(axis=None)
    assert TITLE in set(frame["title"])


@pytest.mark.parametrize("feed", ["datasets/dcat", "catalog.rdf"])
def test_udata_finds_an_identifier_of_its_own_for_each_dataset_and_service(
    live: Server, feed: str
) -> None:
    """It harvests by ``dcterms:identifier``, and takes two things with one for the same thing."""
    with urllib.request.urlopen(live.base + feed) as answer:
        assert answer.headers["Content-Type"] == RDF_XML.content_type
        graph = Graph().parse(answer.read(), format="xml")
    kinds = (DCAT.Dataset, DCAT.DataService, DCAT.DatasetSeries)
    things = {thing for kind in kinds for thing in graph.subjects(RDF.type, kind)}
    identifiers = [tuple(graph.objects(thing, DCTERMS.identifier)) for thing in things]
    assert things
    assert {len(found) for found in identifiers} == {1}
    assert len(set(identifiers)) == len(things)
