"""The endpoint: SPARQL 1.1 Protocol for programs, a page for people."""

from __future__ import annotations

import json
import re
from io import BytesIO
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from support.site import BASE

DATASETS = "SELECT ?dataset { ?dataset a dcat:Dataset } ORDER BY ?dataset"
GRAPH = "CONSTRUCT { ?d dcterms:title ?t } { ?d a dcat:Dataset ; dcterms:title ?t }"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def get(asking: FlaskClient, text: str, accept: str = "*/*", more: str = "") -> TestResponse:
    return asking.get(f"/sparql?query={quote(text)}{more}", headers={"Accept": accept})


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", "application/sparql-results+json"),
        ("application/json", "application/sparql-results+json"),
        ("Application/JSON", "application/sparql-results+json"),
        ("application/json-seq, text/csv;q=0.1", "text/csv; charset=utf-8"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("application/xml", "application/sparql-results+xml"),
        ("text/csv", "text/csv; charset=utf-8"),
        ("text/tab-separated-values;q=0.5, image/png", "text/tab-separated-values; charset=utf-8"),
    ],
)
def test_a_selection_comes_in_the_syntax_that_is_asked_for(
    asking: FlaskClient, accept: str, media_type: str
) -> None:
    answer = get(asking, DATASETS, accept)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, media_type)
    assert "Accept" in answer.vary
    assert answer.content_length == len(answer.data)
    assert b"dataset/d1" in answer.data


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", "text/turtle"),
        ("application/ld+json", "application/ld+json"),
        ("application/json", "application/ld+json"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("application/n-triples", "application/n-triples"),
        ("application/trig", "application/trig"),
    ],
)
def test_a_graph_comes_in_the_syntax_that_is_asked_for(
    asking: FlaskClient, accept: str, media_type: str
) -> None:
    answer = get(asking, GRAPH, accept)
    assert (answer.status_code, answer.mimetype) == (200, media_type)
    syntax = ox.RdfFormat.from_media_type(media_type)
    assert syntax is not None
    assert len(list(ox.parse(answer.data, syntax))) == 3


@pytest.mark.parametrize(
    ("text", "accept"),
    [(DATASETS, "text/turtle"), (GRAPH, "text/csv"), ("ASK {}", "text/csv"), (DATASETS, "image/*")],
)
def test_what_there_is_not_is_not_acceptable(asking: FlaskClient, text: str, accept: str) -> None:
    answer = get(asking, text, accept)
    assert answer.status_code == 406
    assert json.loads(answer.data)["available"]
    assert "Accept" in answer.vary


@pytest.mark.parametrize(
    ("name", "text", "media_type"),
    [
        ("csv", DATASETS, "text/csv"),
        ("json", DATASETS, "application/sparql-results+json"),
        ("json", GRAPH, "application/ld+json"),
        ("xml", DATASETS, "application/sparql-results+xml"),
        ("rdf+xml", GRAPH, "application/rdf+xml"),
        ("turtle", GRAPH, "text/turtle"),
        ("html", DATASETS, "text/html"),
        ("text/csv", DATASETS, "text/csv"),
    ],
)
def test_the_parameter_format_goes_before_accept(
    asking: FlaskClient, name: str, text: str, media_type: str
) -> None:
    answer = get(asking, text, BROWSER, f"&format={quote(name)}")
    assert (answer.status_code, answer.mimetype) == (200, media_type)


def test_a_query_is_posted_as_a_form_or_as_itself(asking: FlaskClient) -> None:
    direct = asking.post("/sparql", data=DATASETS, content_type="application/sparql-query")
    form = asking.post("/sparql", data={"query": DATASETS})
    assert direct.status_code == form.status_code == 200
    assert direct.data == form.data == get(asking, DATASETS).data


def test_any_text_survives_the_way_there_and_back(asking: FlaskClient) -> None:
    text = 'SELECT ("%41+å&=\\n 𝛿" AS ?x) {}'
    for answer in (
        get(asking, text),
        asking.post("/sparql", data={"query": text}),
        asking.post("/sparql", data=text.encode(), content_type="application/sparql-query"),
    ):
        (row,) = json.loads(answer.data)["results"]["bindings"]
        assert row["x"]["value"] == "%41+å&=\n 𝛿"


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("text/plain", b"ASK {}", 415),
        ("application/sparql-update", b"CLEAR ALL", 415),
        ("multipart/form-data; boundary=x", b"--x--", 415),
        ("application/sparql-query; charset=utf-16", "ASK {}".encode("utf-16"), 415),
        ("application/sparql-query", b"ASK { \xff }", 400),
        ("application/x-www-form-urlencoded", b"query=ASK%20%7B%FF%7D", 400),
        ("application/x-www-form-urlencoded", b"query=ASK%7B%7D&query=ASK%7B%7D", 400),
        ("application/x-www-form-urlencoded", b"", 400),
        ("application/x-www-form-urlencoded", b"update=CLEAR%20ALL", 400),
        ("application/x-www-form-urlencoded", b"query=", 400),
        ("application/x-www-form-urlencoded", b"a=b&" * 2000, 400),
    ],
)
def test_a_post_that_is_no_query_is_refused(
    asking: FlaskClient, content_type: str, body: bytes, status: int
) -> None:
    answer = asking.post(
        "/sparql", input_stream=BytesIO(body), content_length=len(body), content_type=content_type
    )
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_not_allowed(asking: FlaskClient, method: str) -> None:
    answer = asking.open("/sparql", method=method)
    assert answer.status_code == 405
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))


def test_an_update_by_get_is_refused(asking: FlaskClient) -> None:
    assert asking.get("/sparql?update=CLEAR%20ALL").status_code == 400


def test_a_fault_is_a_problem_with_line_and_column(asking: FlaskClient) -> None:
    answer = get(asking, "SELECT * {\n?s foo:bar ?o }")
    problem = json.loads(answer.data)
    assert answer.status_code == 400
    assert (problem["line"], problem["column"] > 1) == (2, True)
    assert "foo:" in problem["detail"]


def test_graphs_are_chosen_by_parameters(asking: FlaskClient) -> None:
    graph = quote(f"{BASE}dataset/d1")
    for name, count in (("default-graph-uri", 1), ("named-graph-uri", 0)):
        answer = get(asking, DATASETS, "text/csv", f"&{name}={graph}")
        assert answer.data.count(b"dataset/d") == count
    within = DATASETS.replace("{ ?", "{ GRAPH ?g { ?").replace("}", "} }")
    answer = get(asking, within, "text/csv", f"&named-graph-uri={graph}")
    assert answer.data.count(b"dataset/d") == 1
    assert get(asking, DATASETS, more="&default-graph-uri=relative").status_code == 400


def test_head_has_the_headers_of_get_and_no_body(asking: FlaskClient) -> None:
    path = f"/sparql?query={quote(DATASETS)}"
    head, whole = asking.head(path), asking.get(path)
    assert head.data == b""
    assert head.content_length == whole.content_length == len(whole.data)
    assert head.headers["Content-Type"] == whole.headers["Content-Type"]


def test_scripts_of_any_site_may_ask(asking: FlaskClient) -> None:
    preflight = asking.options("/sparql", headers={"Origin": "https://other.example"})
    assert preflight.status_code == 204
    assert "Content-Type" in preflight.headers["Access-Control-Allow-Headers"]
    for answer in (preflight, get(asking, "ASK {}"), get(asking, "ASK {"), asking.get("/sparql")):
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_without_a_query_the_endpoint_describes_itself(asking: FlaskClient) -> None:
    answer = asking.get("/sparql")
    assert (answer.status_code, answer.mimetype) == (200, "text/turtle")
    service = "http://www.w3.org/ns/sparql-service-description#"
    quads = [(q.predicate.value, str(q.object)) for q in ox.parse(answer.data, ox.RdfFormat.TURTLE)]
    assert (f"{service}endpoint", f"<{BASE}sparql>") in quads
    assert (f"{service}feature", f"<{service}UnionDefaultGraph>") in quads
    formats = {value for name, value in quads if name == f"{service}resultFormat"}
    assert len(formats) == 9
    assert asking.get("/sparql", headers={"Accept": "application/rdf+xml"}).data.startswith(
        b"<?xml"
    )


def test_a_browser_gets_a_page_to_write_a_query_in_with_examples(asking: FlaskClient) -> None:
    for path, question in (
        ("/sparql", "Vilka data finns?"),
        ("/en/sparql", "Which data are there?"),
    ):
        answer = asking.get(path, headers={"Accept": BROWSER})
        assert (answer.status_code, answer.mimetype) == (200, "text/html")
        assert "Accept" in answer.vary
        assert "<textarea" in answer.text
        assert question in answer.text
        assert quote("SELECT ?d { ?d a dcat:Dataset }") in answer.text


def test_a_browser_gets_a_table_with_names_and_links(asking: FlaskClient) -> None:
    answer = get(asking, DATASETS, BROWSER)
    assert answer.status_code == 200
    assert '<a href="/dataset/d1">Data &lt;1&gt;</a>' in answer.text
    assert 'format=csv"' in answer.text


def test_columns_stand_as_the_query_has_them(asking: FlaskClient) -> None:
    answer = get(asking, "SELECT * { ?z ?b ?a } LIMIT 1", BROWSER)
    assert re.findall(r'<th scope="col"[^>]*>(\w+)<', answer.text) == ["z", "b", "a"]


def test_yes_or_no_is_said_in_words(asking: FlaskClient) -> None:
    assert ">Ja<" in get(asking, "ASK {}", BROWSER).text
    assert ">Nej<" in get(asking, "ASK { <urn:x> ?p ?o }", BROWSER).text


def test_names_and_numbers_are_drawn_as_bars_beside_their_table(asking: FlaskClient) -> None:
    text = 'SELECT ?n ?c { VALUES (?n ?c) { ("a<b" 1) ("c" 3) } }'
    answer = get(asking, text, BROWSER)
    assert answer.text.count("<rect") == 2
    assert "a&lt;b" in answer.text
    assert "style=" not in answer.text
    assert "<rect" not in get(asking, 'SELECT ?n { VALUES ?n { "a" "b" } }', BROWSER).text


def test_a_page_says_when_there_is_more_than_it_shows(asking: FlaskClient) -> None:
    digits = "VALUES ?a { 0 1 2 3 4 5 6 7 8 9 }"
    text = "SELECT * { " + " ".join(digits.replace("?a", f"?{name}") for name in "abc") + " }"
    answer = get(asking, text, BROWSER)
    assert answer.text.count("<tr>") == 1 + 500
    assert "500" in re.findall(r'class="note">([^<]*)<', answer.text)[0]
    assert get(asking, text, "text/csv").data.count(b"\n") == 1001


@pytest.mark.parametrize(
    ("text", "status"),
    [("SELECT * {\n  ?s ; }", 400), ("CLEAR ALL", 400), ("ASK {} #" + "x" * 100_000, 413)],
)
def test_a_browser_gets_the_query_back_with_what_is_wrong(
    asking: FlaskClient, text: str, status: int
) -> None:
    answer = asking.post("/sparql", data={"query": text}, headers={"Accept": BROWSER})
    assert (answer.status_code, answer.mimetype) == (status, "text/html")
    assert 'role="alert"' in answer.text
    assert text.partition("\n")[0][:20] in answer.text


def test_hostile_text_is_only_text(asking: FlaskClient) -> None:
    script = "<script>alert(1)</script>"
    text = f'SELECT ("{script}" AS ?x) (<javascript:alert(1)> AS ?y) {{}}'
    for answer in (get(asking, text, BROWSER), get(asking, f"{script}", BROWSER)):
        assert "<script" not in answer.text
        assert 'href="javascript' not in answer.text
    assert get(asking, "ASK {}", more=f"&format={quote(script)}").mimetype == (
        "application/problem+json"
    )
