"""The description of the services and of the data says what is true of them."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from rdflib import DCTERMS, RDF, Graph, Literal, Namespace, URIRef
from rdflib.namespace import SH, VOID

from support.site import BASE
from utbildningsdata.rdf.namespaces import PREFIXES, UD

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
DCAT = "http://www.w3.org/ns/dcat#"
DATASET = URIRef(f"{BASE}sparql#dataset")


@pytest.fixture
def described(asking: FlaskClient) -> Graph:
    return Graph().parse(data=asking.get("/sparql").data, format="turtle")


def test_every_service_is_described_with_its_specification(described: Graph) -> None:
    for path in ("sparql", "sparql/reports", "sparql/update", "sparql/graphs"):
        assert described.value(URIRef(BASE + path), DCTERMS.conformsTo)
    services = set(described.subjects(RDF.type, SD.Service))
    assert services == {
        URIRef(BASE + path) for path in ("sparql", "sparql/reports", "sparql/update")
    }
    languages = dict(described.subject_objects(SD.supportedLanguage))
    assert languages[URIRef(f"{BASE}sparql/update")] == SD.SPARQL11Update


def test_every_result_format_that_is_told_is_answered(
    asking: FlaskClient, described: Graph
) -> None:
    formats = {str(name) for name in described.objects(URIRef(f"{BASE}sparql"), SD.resultFormat)}
    names = {"Turtle": "turtle", "RDF_XML": "rdf", "N-Triples": "nt", "TriG": "trig"}
    for iri in formats:
        name = iri.rsplit("/", 1)[1]
        if name.startswith("SPARQL_Results_"):
            suffix, text = name.rsplit("_", 1)[1].lower(), "SELECT * {}"
        else:
            suffix, text = names.get(name, "jsonld"), "CONSTRUCT WHERE { ?s ?p ?o }"
        answer = asking.get("/sparql", query_string={"query": text, "format": suffix})
        assert answer.status_code == 200, iri


def test_the_prefixes_that_are_told_are_known(asking: FlaskClient, described: Graph) -> None:
    declared = {
        str(described.value(node, SH.prefix)): str(described.value(node, SH.namespace))
        for node in described.objects(URIRef(f"{BASE}sparql"), SH.declare)
    }
    assert PREFIXES.items() <= declared.items()
    names = " ".join(f"{prefix}:x" for prefix in declared)
    text = f"SELECT ?x {{ VALUES ?x {{ {names} }} }}"
    found = asking.get("/sparql", query_string={"query": text, "format": "csv"}).text.split()[1:]
    assert sorted(found) == sorted(f"{namespace}x" for namespace in declared.values())


def test_the_data_are_counted(asking: FlaskClient, described: Graph) -> None:
    def number(text: str) -> int:
        query = {"query": f"SELECT (COUNT(DISTINCT {text}", "format": "csv"}
        return int(asking.get("/sparql", query_string=query).text.split()[1])

    counts = {
        VOID.triples: number("*) AS ?n) { ?s ?p ?o }"),
        VOID.entities: number("?s) AS ?n) { ?s a ?c }"),
        VOID.classes: number("?c) AS ?n) { ?s a ?c }"),
        VOID.properties: number("?p) AS ?n) { ?s ?p ?o }"),
        VOID.documents: number("?g) AS ?n) { GRAPH ?g {} }"),
    }
    for relation, expected in counts.items():
        assert described.value(DATASET, relation) == Literal(expected), relation
        assert expected > 1
    parts = {
        described.value(part, VOID["class"]): described.value(part, VOID.entities)
        for part in described.objects(DATASET, VOID.classPartition)
    }
    assert parts[URIRef(f"{DCAT}Dataset")] == Literal(3)
    assert URIRef(DCAT) in set(described.objects(DATASET, VOID.vocabulary))


def test_the_parts_by_property_add_up(described: Graph) -> None:
    parts = list(described.objects(DATASET, VOID.propertyPartition))
    triples = [described.value(part, VOID.triples) for part in parts]
    total = described.value(DATASET, VOID.triples)
    assert sum(int(str(number)) for number in triples) == int(str(total))


def test_dumps_that_are_told_are_feeds(asking: FlaskClient, described: Graph) -> None:
    addresses = asking.application.url_map.bind("catalogue.example")
    dumps = [str(dump).removeprefix(BASE) for dump in described.objects(DATASET, VOID.dataDump)]
    assert sorted(dumps) == ["catalog.jsonld", "catalog.nt", "catalog.rdf", "catalog.ttl"]
    assert {addresses.match(f"/{dump}")[0].partition(".")[0] for dump in dumps} == {"feeds"}


def test_limits_are_told_as_numbers(described: Graph) -> None:
    endpoint = URIRef(f"{BASE}sparql")
    assert str(described.value(endpoint, UD.timeLimit)) == "PT5S"
    assert described.value(endpoint, UD.queryLimit) == Literal(100_000)
    assert described.value(endpoint, UD.answerLimit) == Literal(64 * 1024 * 1024)


def test_the_description_is_the_same_each_time(asking: FlaskClient) -> None:
    assert asking.get("/sparql").data == asking.get("/sparql").data
