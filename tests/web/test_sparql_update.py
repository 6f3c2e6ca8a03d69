"""Updates over HTTP: SPARQL 1.1 Protocol, section 2.2. What they do is tested where it is done."""

from __future__ import annotations

import json
from urllib.parse import quote, urlencode

import pytest

from support.writing import UPDATE, Writer
from utbildningsdata.errors import (
    Invalid,
    Overloaded,
    PreconditionFailed,
    RateLimited,
    TimedOut,
)
from utbildningsdata.store.writes.ports import Part, Written
from utbildningsdata.validation.report import Finding

FORM = "application/x-www-form-urlencoded"
INSERT = 'INSERT DATA { GRAPH <urn:g> { <urn:s> <urn:p> "åäö+&%" } }'
WITH = "WITH <urn:g> INSERT { ?s ?p ?o } WHERE { ?s ?p ?o }"


def test_an_update_is_sent_as_itself(writer: Writer) -> None:
    answer = writer.update(INSERT, Content_Type=f"{UPDATE}; charset=UTF-8")
    assert (answer.status_code, answer.data) == (204, b"")
    assert "Content-Type" not in answer.headers
    asked = writer.engine.last
    assert asked.parts == (Part(UPDATE, INSERT.encode()),)
    assert (asked.operation, asked.agent, asked.graph) == ("update", "Skolverket", None)


def test_an_update_is_sent_as_a_form(writer: Writer) -> None:
    body = urlencode({"update": INSERT, "using-graph-uri": "urn:g"})
    assert writer.send("POST", "/sparql/update", body, Content_Type=FORM).status_code == 204
    assert writer.engine.last.parts == (Part(UPDATE, INSERT.encode()),)
    assert writer.engine.last.using_graphs == ("urn:g",)


def test_the_graphs_of_where_stand_in_the_address_of_a_direct_update(writer: Writer) -> None:
    path = "/sparql/update?using-graph-uri=urn:a&using-graph-uri=urn:b&using-named-graph-uri=urn:c"
    text = "INSERT { GRAPH <urn:g> { ?s ?p ?o } } WHERE { ?s ?p ?o }"
    assert writer.send("POST", path, text, Content_Type=UPDATE).status_code == 204
    assert writer.engine.last.using_graphs == ("urn:a", "urn:b")
    assert writer.engine.last.using_named_graphs == ("urn:c",)


@pytest.mark.parametrize(
    ("path", "media_type", "body", "status"),
    [
        ("", "text/plain", INSERT, 415),
        ("", "application/sparql-query", INSERT, 415),
        ("", None, urlencode({"update": INSERT}), 415),
        ("", f"{UPDATE}; charset=utf-16", INSERT.encode("utf-16"), 415),
        ("", UPDATE, INSERT.encode("latin-1"), 400),
        ("", FORM, b"update=%ff", 400),
        ("", FORM, "", 400),
        ("", FORM, urlencode([("update", INSERT), ("update", INSERT)]), 400),
        ("", FORM, urlencode([("update", INSERT), ("query", "ASK {}")]), 400),
        ("", FORM, urlencode({"query": "ASK {}"}), 400),
        (f"?update={quote(INSERT)}", FORM, "", 400),
        (f"?update={quote(INSERT)}", UPDATE, INSERT, 400),
        ("?using-graph-uri=relative", UPDATE, INSERT, 400),
        ("?using-graph-uri=", UPDATE, INSERT, 400),
        ("?" + "using-graph-uri=urn:x&" * 101, UPDATE, INSERT, 400),
        ("?using-graph-uri=urn:g", UPDATE, WITH, 400),
        ("", FORM, "&".join(["a=1"] * 2000), 400),
        ("", UPDATE, "INSERT DATA { <urn:s> <urn:p> 1 }", 400),
        ("", UPDATE, "LOAD <http://127.0.0.1/>", 400),
        ("", UPDATE, "#" * 1_100_000, 413),
        ("", UPDATE, "#" * 9_000_000, 413),
    ],
)
def test_what_cannot_be_an_update_is_refused_before_it_is_tried(
    writer: Writer, path: str, media_type: str | None, body: bytes | str, status: int
) -> None:
    headers = {"Content_Type": media_type} if media_type else {}
    answer = writer.send("POST", f"/sparql/update{path}", body, **headers)
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    assert writer.engine.asked == []


def test_a_compressed_update_is_refused(writer: Writer) -> None:
    assert writer.update(INSERT, Content_Encoding="gzip").status_code == 415
    assert writer.update(INSERT, Content_Encoding="identity").status_code == 204


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH"])
def test_an_update_is_only_posted(writer: Writer, method: str) -> None:
    answer = writer.send(method, f"/sparql/update?update={quote(INSERT)}")
    assert answer.status_code == 405
    assert {"POST", "OPTIONS"} == {name.strip() for name in answer.headers["Allow"].split(",")}
    assert writer.engine.asked == []


def test_a_script_of_another_site_may_send_a_token(writer: Writer) -> None:
    answer = writer.client.options("/sparql/update")
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]
    assert answer.headers["Access-Control-Allow-Methods"] == answer.headers["Allow"]
    assert UPDATE in answer.headers["Accept-Post"]
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_what_changed_is_told_where_accept_asks_for_json(writer: Writer) -> None:
    writer.engine.answer = Written(9, ("urn:new",), ("urn:changed",), ("urn:gone",))
    answer = writer.update(INSERT, Accept="application/json")
    assert answer.status_code == 200
    assert answer.content_type == "application/json"
    changes = json.loads(answer.text)
    assert changes["revision"] == 9
    assert (changes["added"], changes["updated"], changes["removed"]) == (
        ["urn:new"],
        ["urn:changed"],
        ["urn:gone"],
    )
    assert answer.headers["ETag"] == '"revision-9"'
    assert "Accept" in answer.vary


@pytest.mark.parametrize(
    "accept", ["*/*", "", "text/html", "image/png", "application/json-seq", "x" * 70_000]
)
def test_a_write_is_never_refused_for_what_accept_says(writer: Writer, accept: str) -> None:
    assert writer.update(INSERT, Accept=accept).status_code == 204


@pytest.mark.parametrize(
    ("header", "tags"),
    [
        ('"revision-7"', ("revision-7",)),
        ('"a", "b"', ("a", "b")),
        ("*", ("*",)),
        ('W/"revision-7"', ()),
        ("", ()),
    ],
)
def test_if_match_goes_with_the_update(writer: Writer, header: str, tags: tuple[str, ...]) -> None:
    writer.update(INSERT)
    assert writer.engine.last.if_match is None
    writer.update(INSERT, If_Match=header)
    assert writer.engine.last.if_match == tags


@pytest.mark.parametrize(
    ("error", "status", "retry"),
    [
        (PreconditionFailed("Changed."), 412, None),
        (TimedOut("Too long.", 10.0), 503, "5"),
        (RateLimited("Wait.", 17), 429, "17"),
        (Overloaded("Full.", 3), 503, "3"),
    ],
)
def test_a_write_that_fails_says_how(
    writer: Writer, error: Exception, status: int, retry: str | None
) -> None:
    writer.engine.answer = error  # type: ignore[assignment]
    answer = writer.update(INSERT)
    assert (answer.status_code, answer.headers.get("Retry-After")) == (status, retry)
    assert answer.content_type == "application/problem+json"


def test_what_violates_the_shapes_comes_with_its_findings(writer: Writer) -> None:
    finding = Finding(
        severity="violation",
        messages={"en": "Title is missing.", "sv": "Titel saknas."},
        record="dataset/x",
        focus="https://catalogue.example/id/dataset/x",
        path="http://purl.org/dc/terms/title",
    )
    writer.engine.answer = Invalid("It violates the shapes.", [finding])
    answer = writer.send("POST", "/en/sparql/update", INSERT, Content_Type=UPDATE)
    assert answer.status_code == 422
    (told,) = json.loads(answer.text)["findings"]
    assert told["message"] == "Title is missing."
    assert told["record"] == "dataset/x"
    assert told["path"] == finding.path
