"""Every write leaves an activity with an address of its own, on a running server."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rdflib import RDF, Graph, URIRef
from rdflib.namespace import DCTERMS, FOAF, PROV

BASE = "https://catalogue.example/skola/"
INSERT = "INSERT DATA { GRAPH <urn:g> { <urn:s> <urn:p> 1 } }"


@pytest.fixture(scope="module")
def written(
    start: Any, new_token: Callable[[Path], str], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Any, str]:
    """Serve a plain store that was written once; give the server, and the id of the request."""
    folder = tmp_path_factory.mktemp("plain") / "data"
    server = start(UTBILDNINGSDATA_DATA=str(folder), UTBILDNINGSDATA_SHAPES="none")
    answer = server.update(INSERT, new_token(folder))
    assert answer.status == 204
    return server, answer.headers["Request-Id"]


@pytest.mark.parametrize("path", ["activity/2", "revision/2"])
def test_an_activity_says_who_wrote_at_which_request(written: Any, path: str) -> None:
    server, request = written
    answer = server.request("GET", f"/skola/{path}", Accept="text/turtle")
    assert answer.headers["Content-Type"].startswith("text/turtle")
    assert "Accept" in answer.headers["Vary"]
    graph = Graph().parse(data=answer.body, format="turtle")
    activity = URIRef(f"{BASE}activity/2")
    assert (activity, RDF.type, PROV.Activity) in graph
    assert str(graph.value(activity, DCTERMS.identifier)) == request
    agent = graph.value(activity, PROV.wasAssociatedWith)
    assert "tests" in str(graph.value(agent, FOAF.name))
    assert (activity, PROV.generated, URIRef(f"{BASE}revision/2")) in graph


def test_an_activity_is_a_document_with_a_tag(written: Any) -> None:
    server, _ = written
    tag = server.request("GET", "/skola/activity/2", Accept="text/turtle").headers["ETag"]
    again = server.request("GET", "/skola/activity/2", Accept="text/turtle", If_None_Match=tag)
    assert (again.status, again.body) == (304, b"")


def test_what_never_happened_is_not_found(written: Any) -> None:
    server, _ = written
    assert server.request("GET", "/skola/activity/3", Accept="text/turtle").status == 404
    assert server.request("GET", "/skola/activity/x", Accept="text/turtle").status == 404


def test_a_syntax_that_there_is_not_is_not_acceptable(written: Any) -> None:
    server, _ = written
    assert server.request("GET", "/skola/activity/2", Accept="image/png").status == 406
