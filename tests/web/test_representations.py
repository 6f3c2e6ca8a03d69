"""Negotiation, tags, conditions and the headers that name other representations."""

from __future__ import annotations

import json
import re

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from rdflib.compare import isomorphic

from support.workshop import Workshop
from utbildningsdata.rdf import ntriples
from utbildningsdata.rdf.mediatypes import GRAPHS, HTML, Syntax

RECORD = "/dataset/skolor"
SYNTAXES = pytest.mark.parametrize("syntax", GRAPHS, ids=lambda syntax: syntax.suffix)


@SYNTAXES
def test_every_graph_syntax_says_the_whole_record(
    client: FlaskClient, shop: Workshop, syntax: Syntax
) -> None:
    answer = client.get(RECORD, headers={"Accept": syntax.media_type})
    assert answer.status_code == 200
    assert answer.content_type == syntax.content_type
    known = ox.RdfFormat.from_media_type(syntax.media_type)
    assert known is not None
    graph = ntriples.parse(answer.data, known)
    assert isomorphic(graph, shop.document("dataset/skolor"))


@SYNTAXES
def test_the_suffix_form_is_the_same_document(client: FlaskClient, syntax: Syntax) -> None:
    negotiated = client.get(RECORD, headers={"Accept": syntax.media_type})
    named = client.get(f"{RECORD}.{syntax.suffix}", headers={"Accept": "text/html"})
    assert named.data == negotiated.data
    assert named.headers["ETag"] == negotiated.headers["ETag"]
    assert negotiated.headers["Content-Location"] == f"{RECORD}.{syntax.suffix}"
    assert "Accept" in negotiated.vary
    assert "Content-Location" not in named.headers


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("", "text/html; charset=utf-8"),
        ("*/*", "text/html; charset=utf-8"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html; charset=utf-8"),
        ("text/turtle;q=0.3, application/ld+json;q=0.8", "application/ld+json"),
        ("text/html;q=0, */*", "text/turtle; charset=utf-8"),
        ("application/xml", "application/rdf+xml; charset=utf-8"),
    ],
)
def test_the_client_weighs(client: FlaskClient, accept: str, content_type: str) -> None:
    assert client.get(RECORD, headers={"Accept": accept}).content_type == content_type


def test_what_is_not_offered_is_406_with_what_is(client: FlaskClient) -> None:
    answer = client.get(RECORD, headers={"Accept": "image/png"})
    assert answer.status_code == 406
    assert answer.content_type == "application/problem+json"
    problem = json.loads(answer.data)
    assert problem["available"] == [HTML.media_type, *(syntax.media_type for syntax in GRAPHS)]
    assert "Accept" in answer.vary


@pytest.mark.parametrize("path", [RECORD, f"{RECORD}.ttl", "/", "/dataset", "/concept", "/ns"])
def test_a_client_that_has_it_gets_304(client: FlaskClient, path: str) -> None:
    first = client.get(path, headers={"Accept": "text/html"})
    tag = first.headers["ETag"]
    for known in (tag, f'"x", W/{tag}', "*"):
        again = client.get(path, headers={"Accept": "text/html", "If-None-Match": known})
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == tag
        assert again.headers.get("Vary") == first.headers.get("Vary")
    other = client.get(path, headers={"Accept": "text/html", "If-None-Match": '"x"'})
    assert other.status_code == 200


def test_each_representation_has_its_own_tag(client: FlaskClient) -> None:
    paths = [RECORD, f"/en{RECORD}", *(f"{RECORD}.{syntax.suffix}" for syntax in GRAPHS)]
    tags = [client.get(path).headers["ETag"] for path in paths]
    assert len(set(tags)) == len(tags)


@pytest.mark.parametrize("path", [RECORD, f"{RECORD}.rdf", "/", "/method", "/nowhere"])
def test_head_is_get_without_its_body(client: FlaskClient, path: str) -> None:
    got, head = client.get(path), client.head(path)
    assert head.status_code == got.status_code
    assert head.data == b""
    assert dict(head.headers) == dict(got.headers)
    assert int(head.headers["Content-Length"]) == len(got.data)


def test_a_page_names_its_other_forms(client: FlaskClient) -> None:
    links = client.get(RECORD).headers.get_all("Link")
    assert f'<{RECORD}.ttl>; rel="alternate"; type="text/turtle"' in links
    assert f'<{RECORD}.ttl>; rel="describedby"; type="text/turtle"' in links
    assert f'</en{RECORD}>; rel="alternate"; hreflang="en"' in links
    assert f'<{RECORD}>; rel="canonical"' in links


def test_a_document_names_its_page(client: FlaskClient) -> None:
    links = client.get(f"{RECORD}.ttl").headers.get_all("Link")
    assert f'<{RECORD}>; rel="alternate"; type="text/html"' in links


def test_a_tag_changes_with_what_others_say(client: FlaskClient) -> None:
    # A page shows who links to it: its tag holds the revision, a document's only its content.
    page, document = client.get(RECORD), client.get(f"{RECORD}.nt")
    assert re.match(r'"\d+-', page.headers["ETag"])
    assert re.match(r'"[0-9a-f]{32}-[0-9a-f]{8}-nt"', document.headers["ETag"])


@pytest.mark.parametrize(
    "accept", ["q=NaN", "text/turtle;q=1e999", "a/b," * 5000, "/;;,,;q=", "text/html;q=-1"]
)
def test_no_header_makes_the_server_fail(client: FlaskClient, accept: str) -> None:
    assert client.get(RECORD, headers={"Accept": accept}).status_code in {200, 406}


def test_documents_may_be_read_by_other_sites(client: FlaskClient) -> None:
    for path in (f"{RECORD}.ttl", RECORD, "/id/dataset/skolor", "/dataset/nowhere"):
        assert client.get(path).headers["Access-Control-Allow-Origin"] == "*"
