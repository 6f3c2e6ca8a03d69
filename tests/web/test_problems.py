"""Errors as answers: statuses, problem documents, pages and headers."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape
from rdflib import Graph, URIRef
from rdflib.namespace import SKOS

from support.site import application
from support.workshop import Workshop
from utbildningsdata import errors
from utbildningsdata.validation.report import Finding
from utbildningsdata.web.problem_types import PROBLEM_TYPES, ProblemType
from utbildningsdata.web.problems import type_of
from utbildningsdata.web.security import CONTENT_SECURITY_POLICY


def _leaves(kind: type[errors.CatalogError]) -> list[type[errors.CatalogError]]:
    found = [leaf for child in kind.__subclasses__() for leaf in _leaves(child)]
    return found or [kind]


@pytest.mark.parametrize("leaf", _leaves(errors.CatalogError))
def test_every_error_has_a_status(leaf: type[errors.CatalogError]) -> None:
    error = leaf("x", 1.0) if leaf is errors.TimedOut else leaf("x")
    kind = type_of(error)
    assert 400 <= kind.status < 600
    assert kind.name != "internal"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/dataset/skolor.ttl",
        "/nowhere",
        "/dataset/borta",
        "/id/dataset/skolor",
        "/resolve",
        "/static/site.css",
    ],
)
def test_security_headers_are_on_every_answer(client: FlaskClient, path: str) -> None:
    headers = client.get(path, buffered=True).headers
    assert headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert "script" not in CONTENT_SECURITY_POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"]
    assert "Set-Cookie" not in headers


def test_a_program_gets_a_problem_document(client: FlaskClient) -> None:
    answer = client.get("/nowhere")
    assert answer.content_type == "application/problem+json"
    problem = json.loads(answer.data)
    assert problem["status"] == 404
    assert problem["type"].startswith("https://w3id.org/utbildningsdata/problem/")
    assert set(problem) == {"type", "title", "status", "detail"}


def test_a_browser_gets_a_page_in_its_language(client: FlaskClient) -> None:
    swedish = client.get("/nowhere", headers={"Accept": "text/html"})
    english = client.get("/en/nowhere", headers={"Accept": "text/html"})
    assert "Sidan finns inte" in swedish.text
    assert "There is no such page" in english.text


def test_a_wrong_method_names_the_right_ones(client: FlaskClient) -> None:
    answer = client.post("/dataset/skolor.ttl", data={"x": "y"})
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize("number", ["0", "-1", "x", "1e9", "99999999999", "٣"])
def test_a_page_number_that_is_none_is_refused(client: FlaskClient, number: str) -> None:
    assert client.get("/dataset", query_string={"page": number}).status_code == 400


def test_a_page_beyond_the_last_is_the_last(client: FlaskClient) -> None:
    assert client.get("/dataset?page=9999").status_code == 200


def test_what_nobody_foresaw_is_500_without_a_trace(
    shop: Workshop, caplog: pytest.LogCaptureFixture
) -> None:
    app: Flask = application(shop)

    def fail() -> str:
        raise RuntimeError("/secret/path")

    app.add_url_rule("/fail", "fail", fail)
    with caplog.at_level(logging.CRITICAL):
        answer = app.test_client().get("/fail")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text


def test_a_catalogue_that_is_not_published_is_503(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.CRITICAL):
        answer = application(Workshop(tmp_path)).test_client().get("/")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert str(tmp_path) not in answer.text


@pytest.mark.parametrize("kind", PROBLEM_TYPES.values(), ids=list(PROBLEM_TYPES))
def test_the_type_of_a_problem_has_a_page_and_a_document(
    client: FlaskClient, kind: ProblemType
) -> None:
    for path, language in (("/problem/", "sv"), ("/en/problem/", "en")):
        page = client.get(path + kind.name, headers={"Accept": "text/html"})
        assert (page.status_code, page.mimetype) == (200, "text/html")
        assert str(escape(kind.meaning[language])) in page.text
    graph = Graph().parse(data=client.get(f"/problem/{kind.name}.ttl").data, format="turtle")
    assert str(graph.value(URIRef(kind.iri), SKOS.notation)) == kind.name


def test_a_problem_that_there_is_not_has_no_page(client: FlaskClient) -> None:
    assert client.get("/problem/bad-luck").status_code == 404


@pytest.mark.parametrize(
    ("error", "members"),
    [
        (
            errors.Malformed("x", line=2, column=7, expected=("}",)),
            {"line": 2, "column": 7, "expected": ["}"]},
        ),
        (errors.Malformed("x"), {}),
        (errors.TooLarge("x", 1024), {"limit": 1024}),
        (errors.TimedOut("x", 2.5), {"limit": 2.5}),
        (errors.Refused("x", "SERVICE"), {"feature": "SERVICE"}),
        (errors.Unsupported("x", ["text/turtle"]), {"accepted": ["text/turtle"]}),
        (errors.NotAcceptable("x", ["text/csv"]), {"available": ["text/csv"]}),
        (
            errors.Invalid("x", [Finding(severity="violation", messages={"sv": "y"}, path="z")]),
            {"findings": [{"severity": "violation", "message": "y", "path": "z"}]},
        ),
    ],
)
def test_a_problem_says_what_a_program_can_use(
    shop: Workshop, error: errors.CatalogError, members: dict[str, object]
) -> None:
    app = application(shop)

    def fail() -> str:
        raise error

    app.add_url_rule("/fail", "fail", fail)
    problem = json.loads(app.test_client().get("/fail").data)
    assert problem["type"] == type_of(error).iri
    told = {name: problem[name] for name in set(problem) - {"type", "title", "status", "detail"}}
    assert told == members
    assert set(told) <= set(type_of(error).members)


@pytest.mark.parametrize(
    ("error", "name", "value"),
    [
        (errors.RateLimited("x", 17), "Retry-After", "17"),
        (errors.TimedOut("x", 1.0), "Retry-After", "5"),
        (errors.Unauthenticated("x"), "WWW-Authenticate", "Bearer"),
    ],
)
def test_a_problem_says_in_headers_what_to_do(
    shop: Workshop, error: errors.CatalogError, name: str, value: str
) -> None:
    app = application(shop)

    def fail() -> str:
        raise error

    app.add_url_rule("/fail", "fail", fail)
    assert app.test_client().get("/fail").headers[name] == value
