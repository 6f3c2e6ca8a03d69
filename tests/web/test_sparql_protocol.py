"""SPARQL 1.1 Protocol at the edges: methods, tags, stores, negotiation and what is refused."""

from __future__ import annotations

import json
import time
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from support.site import BASE
from utbildningsdata.rdf.mediatypes import GRAPHS

DATASETS = "SELECT ?dataset { ?dataset a dcat:Dataset } ORDER BY ?dataset"
GRAPH = "CONSTRUCT { ?d dcterms:title ?t } { ?d a dcat:Dataset ; dcterms:title ?t }"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
ENDPOINTS = ("/sparql", "/sparql/reports")


@pytest.mark.parametrize("path", ENDPOINTS)
def test_the_method_query_answers_as_post_does(asking: FlaskClient, path: str) -> None:
    for body in (
        {"data": DATASETS, "content_type": "application/sparql-query"},
        {"data": {"query": DATASETS}},
    ):
        posted = asking.open(path, method="POST", **body)
        asked = asking.open(path, method="QUERY", **body)
        assert (asked.status_code, asked.data) == (200, posted.data)


@pytest.mark.parametrize("path", ENDPOINTS)
def test_every_answer_says_what_it_varies_by_and_how_to_query(
    asking: FlaskClient, path: str
) -> None:
    for answer in (
        asking.get(path),
        asking.get(path, headers={"Accept": BROWSER}),
        asking.get(f"{path}?query=ASK%7B%7D"),
        asking.get(f"{path}?query=ASK%7B"),
        asking.get(f"{path}?query=ASK%7B%7D", headers={"Accept": "image/png"}),
        asking.post(path, data="x", content_type="text/plain"),
        asking.options(path),
    ):
        assert "Accept" in answer.vary
        assert answer.headers["Accept-Query"].split(", ")[0] == "application/sparql-query"
    assert "Accept" in asking.put(path).vary


@pytest.mark.parametrize("path", ENDPOINTS)
def test_options_names_every_method(asking: FlaskClient, path: str) -> None:
    answer = asking.options(path)
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "POST", "QUERY", "OPTIONS"}
    refused = asking.delete(path)
    assert refused.status_code == 405
    assert set(refused.headers["Allow"].split(", ")) == set(answer.headers["Allow"].split(", "))


def test_who_has_the_answer_is_told_so(asking: FlaskClient) -> None:
    path = f"/sparql?query={quote(DATASETS)}"
    first = asking.get(path, headers={"Accept": "text/csv"})
    tag = first.headers["ETag"]
    again = asking.get(path, headers={"Accept": "text/csv", "If-None-Match": tag})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    assert "Accept" in again.vary
    other = asking.get(path, headers={"Accept": "application/json", "If-None-Match": tag})
    assert other.status_code == 200
    assert other.headers["ETag"] != tag
    graph = quote(f"{BASE}dataset/d1")
    less = asking.get(f"{path}&default-graph-uri={graph}", headers={"Accept": "text/csv"})
    assert less.headers["ETag"] not in (tag, other.headers["ETag"])


@pytest.mark.parametrize("text", ["SELECT (NOW() AS ?x) {}", "SELECT (rand() AS ?x) {}"])
def test_what_is_another_answer_each_time_has_no_tag(asking: FlaskClient, text: str) -> None:
    assert "ETag" not in asking.get(f"/sparql?query={quote(text)}").headers


def test_a_posted_query_has_no_tag(asking: FlaskClient) -> None:
    assert "ETag" not in asking.post("/sparql", data={"query": "ASK {}"}).headers


def test_the_second_store_is_asked_apart(asking: FlaskClient) -> None:
    answer = asking.get(f"/sparql/reports?query={quote(DATASETS)}&format=csv")
    assert (answer.status_code, answer.data.strip()) == (200, b"dataset")
    page = asking.get("/sparql/reports", headers={"Accept": BROWSER})
    assert 'action="/sparql/reports"' in page.text
    assert "prov:Activity" in page.text


@pytest.mark.parametrize("iri", ["id/dataset/d1", "dataset/d1"])
def test_describe_gives_the_thing_and_its_record(asking: FlaskClient, iri: str) -> None:
    described = asking.get(f"/sparql?query={quote(f'DESCRIBE <{iri}>')}&format=nt")
    record = asking.get("/dataset/d1.nt")
    assert described.data.count(b"\n") == record.data.count(b"\n") > 3
    subjects = {str(q.subject) for q in ox.parse(described.data, ox.RdfFormat.N_TRIPLES)}
    assert {f"<{BASE}dataset/d1>", f"<{BASE}id/dataset/d1>"} <= subjects


def test_describe_of_chosen_graphs_gives_what_they_say(asking: FlaskClient) -> None:
    graph = quote(f"{BASE}dataset/d2")
    query = quote("DESCRIBE <id/dataset/d1>")
    answer = asking.get(f"/sparql?query={query}&format=nt&default-graph-uri={graph}")
    assert (answer.status_code, answer.data) == (200, b"")


def test_relative_iris_resolve_against_the_base(asking: FlaskClient) -> None:
    answer = asking.get(f"/sparql?query={quote('SELECT (<dataset/x> AS ?x) {}')}&format=csv")
    assert answer.text.split() == ["x", f"{BASE}dataset/x"]


def test_a_page_is_negotiated_among_what_there_is_of_the_answer(asking: FlaskClient) -> None:
    accept = {"Accept": "text/csv, text/html;q=0.5"}
    assert asking.get(f"/sparql?query={quote(DATASETS)}", headers=accept).mimetype == "text/csv"
    assert asking.get(f"/sparql?query={quote(GRAPH)}", headers=accept).mimetype == "text/html"


@pytest.mark.parametrize(
    "accept",
    [
        ",".join(f"application/x-{number};q=0.{number % 10}" for number in range(5000)),
        "text/csv" + ";a=b" * 16_000,
        "*/*;q=" + "1" * 60_000,
        ";" * 64_000,
        "," * 64_000,
        "application/json" * 4000,
        "text/csv;q=NaN",
        "text/csv;q=1e999",
        "text/csv;q=-1",
    ],
    ids=lambda accept: f"{accept[:12]}…{len(accept)}",
)
def test_an_accept_header_can_be_anything(asking: FlaskClient, accept: str) -> None:
    path = f"/sparql?query={quote('SELECT * {}')}"
    asking.get(path)
    started = time.process_time()
    answer = asking.get(path, headers={"Accept": accept})
    assert answer.status_code in (200, 406)
    assert time.process_time() - started < 0.05


@pytest.mark.parametrize(
    ("request_", "status", "kind"),
    [
        ({"query_string": {"query": "ASK {"}}, 400, "malformed"),
        ({"query_string": {"query": "ASK {}", "default-graph-uri": "x"}}, 400, "malformed"),
        ({"query_string": "query=ASK%7B%7D&query=ASK%7B%7D"}, 400, "malformed"),
        ({"query_string": "query=%FF"}, 400, "malformed"),
        ({"query_string": {"query": "SELECT * { SERVICE <http://x/> {} }"}}, 400, "refused"),
        ({"query_string": {"query": "CLEAR ALL"}}, 400, "refused"),
        ({"query_string": {"update": "CLEAR ALL"}}, 400, "refused"),
        ({"query_string": {"query": "ASK {}", "format": "pdf"}}, 406, "not-acceptable"),
        ({"method": "PATCH"}, 405, "method-not-allowed"),
        ({"method": "POST", "data": b"ASK {}"}, 415, "unsupported"),
        ({"method": "POST", "data": {"query": "#" * 100_001}}, 413, "too-large"),
        (
            {
                "method": "POST",
                "data": b"ASK {}",
                "content_type": "application/sparql-query",
                "headers": {"Content-Encoding": "gzip"},
            },
            415,
            "unsupported",
        ),
        (
            {
                "method": "POST",
                "data": b"x" * 2_200_000,
                "content_type": "application/sparql-query",
            },
            413,
            "too-large",
        ),
    ],
)
def test_what_is_refused_is_a_problem_of_a_stable_type(
    asking: FlaskClient, request_: dict[str, object], status: int, kind: str
) -> None:
    answer = asking.open("/sparql", **request_)  # type: ignore[arg-type]
    problem = json.loads(answer.data)
    assert (answer.status_code, problem["status"]) == (status, status)
    assert problem["type"] == f"https://w3id.org/utbildningsdata/problem/{kind}"


@pytest.mark.parametrize(
    ("text", "member", "value"),
    [
        ("SELECT * { SERVICE <http://x/> {} }", "feature", "SERVICE"),
        ("DELETE WHERE { ?s ?p ?o }", "feature", "DELETE"),
        ("#" * 100_001, "limit", 100_000),
    ],
)
def test_a_problem_names_the_feature_or_the_limit(
    asking: FlaskClient, text: str, member: str, value: object
) -> None:
    assert json.loads(asking.post("/sparql", data={"query": text}).data)[member] == value


def test_a_media_type_that_is_not_taken_is_answered_with_those_that_are(
    asking: FlaskClient,
) -> None:
    answer = asking.post("/sparql", data="CLEAR ALL", content_type="application/sparql-update")
    assert "application/sparql-query" in json.loads(answer.data)["accepted"]


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?x (COUNT(?x) AS ?x) { ?x ?y ?z }",
        "SELECT * { ?s ?p ?o } GROUP BY ?s",
        "SELECT (<urn:f>(?x) AS ?y) { VALUES ?x { 1 } }",
        "ASK { ?s ?p '\\uD800' }",
        "ASK { VALUES (?a ?b) { (1) } }",
        "ASK { ?s ?p 'x'@e--n }",
    ],
)
def test_a_fault_is_told_without_the_engines_words(asking: FlaskClient, text: str) -> None:
    answer = asking.get(f"/en/sparql?query={quote(text)}")
    detail = json.loads(answer.data)["detail"]
    assert answer.status_code == 400
    assert not any(word in detail for word in ("[", "'..=", "unreported", "oxigraph", "authorized"))


def test_well_known_void_leads_to_the_description(asking: FlaskClient) -> None:
    answer = asking.get("/.well-known/void")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sparql")


def test_the_description_is_rdf_in_every_syntax(asking: FlaskClient) -> None:
    endpoint = "http://www.w3.org/ns/sparql-service-description#endpoint"
    told = []
    for syntax in GRAPHS:
        answer = asking.get("/sparql", headers={"Accept": syntax.media_type})
        assert answer.mimetype == syntax.media_type
        read = ox.RdfFormat.from_media_type(syntax.media_type)
        assert read is not None
        told.append({quad.triple for quad in ox.parse(answer.data, read)})
    service = ox.NamedNode(f"{BASE}sparql")
    assert all(triples == told[0] for triples in told)
    assert ox.Triple(service, ox.NamedNode(endpoint), service) in told[0]
