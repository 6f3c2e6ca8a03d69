"""The graph store over HTTP: which graph is meant, what is sent, and what is answered."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from rdflib import Graph

from support.site import BASE
from support.writing import Writer
from utbildningsdata.errors import NotFound
from utbildningsdata.store.writes.ports import Part, Written

RECORD = f"{BASE}dataset/skolor"
INDIRECT = f"/sparql/graphs?graph={quote(RECORD, safe='')}"
TURTLE = "<urn:s> <urn:p> <urn:o> ."


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("", "text/turtle; charset=utf-8"),
        ("*/*", "text/turtle; charset=utf-8"),
        ("application/rdf+xml", "application/rdf+xml; charset=utf-8"),
        ("application/n-triples", "application/n-triples; charset=utf-8"),
        ("application/ld+json", "application/ld+json"),
        ("application/trig", "application/trig; charset=utf-8"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/turtle; charset=utf-8"),
    ],
)
def test_a_record_is_read_as_its_document(
    client: FlaskClient, accept: str, media_type: str
) -> None:
    answer = client.get(INDIRECT, headers={"Accept": accept})
    assert (answer.status_code, answer.content_type) == (200, media_type)
    page = client.get("/dataset/skolor", headers={"Accept": media_type.partition(";")[0]})
    assert answer.data == page.data
    assert answer.headers["ETag"] == page.headers["ETag"]
    assert "Accept" in answer.vary


def test_a_literal_is_read_as_it_was_written(client: FlaskClient) -> None:
    answer = client.get(INDIRECT, headers={"Accept": "application/n-triples"})
    assert '"0042"^^<http://www.w3.org/2001/XMLSchema#nonNegativeInteger>' in answer.text


def test_the_syntax_can_be_asked_for_in_the_address(client: FlaskClient) -> None:
    answer = client.get(f"{INDIRECT}&format=nt", headers={"Accept": "text/turtle"})
    assert answer.content_type == "application/n-triples; charset=utf-8"


def test_what_has_not_changed_is_not_sent_again(client: FlaskClient) -> None:
    tag = client.get(INDIRECT).headers["ETag"]
    again = client.get(INDIRECT, headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")


def test_head_says_what_get_would_without_the_content(client: FlaskClient) -> None:
    get, head = client.get(INDIRECT), client.head(INDIRECT)
    assert head.data == b""
    for name in ("Content-Type", "Content-Length", "ETag", "Vary"):
        assert head.headers[name] == get.headers[name]


def test_a_removed_record_says_that_it_is_gone(client: FlaskClient) -> None:
    path = f"/sparql/graphs?graph={BASE}dataset/borta"
    answer = client.get(path, headers={"Accept": "application/n-triples"})
    assert answer.status_code == 410
    assert "Tombstone" in answer.text


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400),
        ("?graph=", 400),
        ("?graph=dataset/skolor", 400),
        ("?graph=../../etc/passwd", 400),
        (f"?graph={RECORD}&default", 400),
        (f"?graph={RECORD}&graph={RECORD}", 400),
        ("?default=x", 400),
        ("?default&default", 400),
        ("?graph=urn:a%20b", 400),
        ("?graph=urn:%ff", 400),
        (f"?graph=urn:{'x' * 5000}", 400),
        ("?graph=javascript:alert(1)", 404),
        ("?graph=urn:x-arq:DefaultGraph", 404),
        (f"?graph={BASE}id/dataset/skolor", 404),
        (f"?graph={BASE}dataset/skolor.ttl", 404),
        (f"?graph={BASE}", 404),
        (f"?graph={BASE}activity/1", 404),
        ("/dataset/skolor", 404),
        (f"/x?graph={RECORD}", 400),
    ],
)
def test_what_names_no_graph_here_is_refused(client: FlaskClient, query: str, status: int) -> None:
    answer = client.get(f"/sparql/graphs{query}")
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    assert client.head(f"/sparql/graphs{query}").status_code == status


def test_an_answer_that_is_not_there_is_406(client: FlaskClient) -> None:
    assert client.get(INDIRECT, headers={"Accept": "image/png"}).status_code == 406
    assert client.get(f"{INDIRECT}&format=exe").status_code == 406


@pytest.mark.parametrize("path", [INDIRECT, "/dataset/skolor"])
@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_a_document_goes_to_the_engine_as_it_was_sent(
    writer: Writer, method: str, path: str
) -> None:
    writer.engine.answer = Written(8, updated=(RECORD,), document="0123456789abcdef" * 4)
    answer = writer.send(method, path, TURTLE, Content_Type="text/turtle; charset=UTF-8")
    assert (answer.status_code, answer.data) == (204, b"")
    assert "ETag" not in answer.headers
    asked = writer.engine.last
    assert (asked.operation, asked.graph) == (method.lower(), RECORD)
    assert asked.parts == (Part("text/turtle", TURTLE.encode()),)


def test_the_tag_of_the_new_version_is_told_as_json(writer: Writer) -> None:
    writer.engine.answer = Written(8, updated=(RECORD,), document="0123456789abcdef" * 4)
    answer = writer.send(
        "PUT", INDIRECT, TURTLE, Content_Type="text/turtle", Accept="application/json"
    )
    assert answer.status_code == 200
    assert json.loads(answer.text)["etag"] == '"0123456789abcdef0123456789abcdef"'


@pytest.mark.parametrize("path", [INDIRECT, "/dataset/skolor"])
def test_a_record_that_is_new_is_created(writer: Writer, path: str) -> None:
    writer.engine.answer = Written(8, added=(RECORD,))
    answer = writer.send("PUT", path, TURTLE, Content_Type="text/turtle")
    assert answer.status_code == 201
    assert answer.headers["Location"] == RECORD


@pytest.mark.parametrize("path", [INDIRECT, "/dataset/skolor"])
def test_a_record_is_deleted_under_the_condition_that_is_given(writer: Writer, path: str) -> None:
    answer = writer.send("DELETE", path, If_Match='"abc"')
    assert answer.status_code == 204
    asked = writer.engine.last
    assert (asked.operation, asked.graph, asked.parts) == ("delete", RECORD, ())
    assert asked.if_match == ("abc",)


def test_what_is_not_there_cannot_be_deleted(writer: Writer) -> None:
    writer.engine.answer = NotFound("There is no graph.")
    assert writer.send("DELETE", INDIRECT).status_code == 404


def test_a_record_is_only_created_where_the_client_says_so(writer: Writer) -> None:
    asked = {"Content_Type": "text/turtle"}
    writer.send("PUT", INDIRECT, TURTLE, **asked, If_None_Match="*")
    assert writer.engine.last.if_none_match
    assert writer.send("PUT", INDIRECT, TURTLE, **asked, If_None_Match='"a"').status_code == 400
    writer.send("PUT", INDIRECT, TURTLE, **asked)
    assert not writer.engine.last.if_none_match


BOUNDARY = "a6fe4cd636164618814be9f8d3d1a0de"


def form(*parts: tuple[str, str]) -> str:
    """Return a form of parts: headers and content."""
    texts = [f"--{BOUNDARY}\r\n{headers}\r\n\r\n{content}\r\n" for headers, content in parts]
    return "".join(texts) + f"--{BOUNDARY}--\r\n"


def test_a_form_of_several_documents_is_sent_as_parts(writer: Writer) -> None:
    turtle = TURTLE + "\n# " + "x" * 100_000
    body = form(
        (
            'Content-Disposition: form-data; name="a"; filename="a.ttl"\r\n'
            "Content-Type: text/turtle; charset=utf-8",
            turtle,
        ),
        (
            'Content-Disposition: form-data; name="b"\r\nContent-Type: application/rdf+xml',
            "<rdf/>",
        ),
        (
            'Content-Disposition: form-data; name="file"; filename="c.nt"\r\n'
            "Content-Type: application/octet-stream",
            TURTLE,
        ),
    )
    answer = writer.send(
        "POST", INDIRECT, body, Content_Type=f"multipart/form-data; boundary={BOUNDARY}"
    )
    assert answer.status_code == 204
    assert writer.engine.last.parts == (
        Part("text/turtle", turtle.encode()),
        Part("application/rdf+xml", b"<rdf/>"),
        Part("application/n-triples", TURTLE.encode()),
    )


PART = 'Content-Disposition: form-data; name="a"\r\nContent-Type: text/turtle'


@pytest.mark.parametrize(
    ("boundary", "body", "status"),
    [
        (f"; boundary={BOUNDARY}", "", 400),
        (f"; boundary={BOUNDARY}", "nonsense", 400),
        (f"; boundary={BOUNDARY}", form((PART, TURTLE))[:-40], 400),
        (f"; boundary={BOUNDARY}", f"--{BOUNDARY}--\r\n", 400),
        ("", form((PART, TURTLE)), 400),
        ("; boundary=" + "x" * 10_000, form((PART, TURTLE)), 400),
        (f"; boundary={BOUNDARY}", form((PART, TURTLE)).replace("text/turtle", "x/y"), 415),
        (
            f"; boundary={BOUNDARY}",
            form(('Content-Disposition: form-data; name="a"', TURTLE)),
            415,
        ),
        (f"; boundary={BOUNDARY}", form(*[(PART, "")] * 101), 413),
        (f"; boundary={BOUNDARY}", form(("No-Disposition: x", TURTLE)), 400),
    ],
)
def test_a_form_that_cannot_be_read_is_refused(
    writer: Writer, boundary: str, body: str, status: int
) -> None:
    answer = writer.send("POST", INDIRECT, body, Content_Type=f"multipart/form-data{boundary}")
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    assert writer.engine.asked == []


@pytest.mark.parametrize(
    ("headers", "size", "status"),
    [
        ({}, 0, 415),
        ({"Content_Type": "text/html"}, 10, 415),
        ({"Content_Type": "application/json"}, 10, 415),
        ({"Content_Type": "application/x-www-form-urlencoded"}, 10, 415),
        ({"Content_Type": "text/turtle; charset=iso-8859-1"}, 10, 415),
        ({"Content_Type": "text/turtle", "Content_Encoding": "gzip"}, 10, 415),
        ({"Content_Type": "text/turtle", "Content_Encoding": "br, gzip"}, 10, 415),
        ({"Content_Type": "text/turtle", "Content_Range": "bytes 0-9/20"}, 10, 400),
        ({"Content_Type": "text/turtle"}, 8 * 1024 * 1024 + 1, 413),
    ],
)
@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_a_document_that_is_not_taken_is_refused_before_it_is_read(
    writer: Writer, method: str, headers: dict[str, str], size: int, status: int
) -> None:
    answer = writer.send(method, INDIRECT, b"#" * size, **headers)
    assert answer.status_code == status
    assert writer.engine.asked == []


def test_eight_mebibytes_are_taken(writer: Writer) -> None:
    content = b"#" * (8 * 1024 * 1024)
    answer = writer.send("PUT", INDIRECT, content, Content_Type="text/turtle")
    assert answer.status_code == 204


@pytest.mark.parametrize(
    ("sent", "bare"),
    [
        ("application/xml", "application/rdf+xml"),
        ("text/n3", "text/turtle"),
        ("TEXT/TURTLE", "text/turtle"),
        ("application/n-quads", "application/n-quads"),
        ('application/ld+json; profile="x"', "application/ld+json"),
    ],
)
def test_older_names_of_media_types_are_known(writer: Writer, sent: str, bare: str) -> None:
    assert writer.send("PUT", INDIRECT, TURTLE, Content_Type=sent).status_code == 204
    assert writer.engine.last.parts[0].media_type == bare


def test_a_graph_below_the_store_has_its_address_as_its_name(writer: Writer) -> None:
    writer.send("PUT", "/sparql/graphs/a%20b/%C3%A5.ttl", TURTLE, Content_Type="text/turtle")
    assert writer.engine.last.graph == f"{BASE}sparql/graphs/a%20b/%C3%A5.ttl"


def test_a_catalogue_makes_no_names_up(writer: Writer) -> None:
    answer = writer.send("POST", "/sparql/graphs", TURTLE, Content_Type="text/turtle")
    assert answer.status_code == 422
    for method in ("PUT", "DELETE"):
        assert writer.send(method, "/sparql/graphs", TURTLE).status_code == 400
    assert writer.engine.asked == []


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PATCH", "/sparql/graphs", {"GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS"}),
        ("PATCH", "/sparql/graphs/x", {"GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS"}),
        ("PATCH", "/dataset/skolor", {"GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS"}),
        ("PUT", "/dataset/skolor.ttl", {"GET", "HEAD", "OPTIONS"}),
        ("DELETE", "/dataset/Skolor", {"GET", "HEAD", "OPTIONS"}),
        ("PUT", "/dataset", {"GET", "HEAD", "OPTIONS"}),
        ("POST", "/", {"GET", "HEAD", "OPTIONS"}),
        ("PUT", "/id/dataset/skolor", {"GET", "HEAD", "OPTIONS"}),
        ("DELETE", "/catalog.ttl", {"GET", "HEAD", "OPTIONS"}),
    ],
)
def test_what_cannot_be_done_there_is_405(
    writer: Writer, method: str, path: str, allowed: set[str]
) -> None:
    answer = writer.send(method, path, TURTLE, Content_Type="text/turtle")
    assert answer.status_code == 405
    assert {name.strip() for name in answer.headers["Allow"].split(",")} == allowed
    assert writer.engine.asked == []


@pytest.mark.parametrize("path", ["/sparql/graphs", "/sparql/graphs/x", "/dataset/skolor", "/ns"])
def test_options_say_what_may_be_sent_also_to_scripts_of_other_sites(
    client: FlaskClient, path: str
) -> None:
    answer = client.options(path)
    assert answer.status_code == 204
    assert answer.headers["Allow"] == "GET, HEAD, PUT, POST, DELETE, OPTIONS"
    assert answer.headers["Access-Control-Allow-Methods"] == answer.headers["Allow"]
    assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]
    assert "text/turtle" in answer.headers["Accept-Post"]
    assert "multipart/form-data" in answer.headers["Accept-Post"]
    assert client.options("/dataset/skolor.ttl").headers["Allow"] == "GET, HEAD, OPTIONS"


def test_under_a_base_with_a_path_records_have_their_own_iris(deep: FlaskClient) -> None:
    graph = quote("https://catalogue.example/skola/dataset/skolor", safe="")
    answer = deep.get(f"/skola/sparql/graphs?graph={graph}")
    assert answer.status_code == 200
    assert len(Graph().parse(data=answer.data, format="turtle")) > 5
    assert answer.headers["Content-Location"] == "/skola/dataset/skolor.ttl"
