"""A plain store over a real socket: any graphs, as they were sent, and a default graph."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

import pyoxigraph as ox
import pytest

from utbildningsdata.rdf.mediatypes import GRAPHS

BASE = "https://catalogue.example/skola/"
STORE = "/skola/sparql/graphs"
TRIPLE = '<urn:s> <https://example.org/p> "0042"^^<http://www.w3.org/2001/XMLSchema#integer> .\n'


@dataclass(frozen=True, slots=True)
class Store:
    """A served plain store, and a token for it."""

    server: Any
    token: str

    def send(self, method: str, path: str, body: str = "", **headers: str) -> Any:
        """Send a request with the token, Turtle unless the headers say otherwise."""
        named = {"Authorization": f"Bearer {self.token}", "Content_Type": "text/turtle"} | headers
        return self.server.request(method, STORE + path, body.encode(), **named)

    def lines(self, path: str) -> str:
        """Return a graph as N-Triples."""
        answer = self.server.request("GET", STORE + path, Accept="application/n-triples")
        assert answer.status == 200, answer
        return str(answer.body.decode())


@pytest.fixture(scope="module")
def store(start: Any, new_token: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Serve an empty plain store for the tests of this module."""
    data = tmp_path_factory.mktemp("plain") / "data"
    server = start(
        UTBILDNINGSDATA_DATA=str(data),
        UTBILDNINGSDATA_SHAPES="none",
        UTBILDNINGSDATA_DEFAULT_GRAPH="own",
        UTBILDNINGSDATA_DEADLINE="8",
    )
    yield Store(server, new_token(data))
    server.stop()


def test_the_default_graph_is_always_there(store: Store) -> None:
    assert store.send("DELETE", "?default").status == 204
    assert store.lines("?default") == ""
    assert store.send("PUT", "?default", TRIPLE).status == 204
    assert store.lines("?default") == TRIPLE
    assert store.server.query("ASK { <urn:s> ?p 42 }").body.endswith(b"true}")
    assert store.server.update("CLEAR DEFAULT", store.token).status == 204
    assert store.lines("?default") == ""


@pytest.mark.parametrize("name", ["urn:any", "https://example.org/å?q=1#f", f"{BASE}dataset/x"])
def test_any_iri_names_a_graph_that_is_kept_as_it_was_sent(store: Store, name: str) -> None:
    path = f"?graph={quote(name, safe='')}"
    assert store.send("GET", path).status == 404
    made = store.send("PUT", path, TRIPLE)
    assert made.status == 201
    assert store.lines(path) == TRIPLE
    address = urlsplit(made.headers["Location"])
    if address.path.startswith(STORE):
        found = f"{address.path}?{address.query}"
        assert store.server.request("GET", found).status == 200
    assert store.send("POST", path, "<urn:s> <urn:p> <urn:o> .").status == 204
    assert store.lines(path).count("\n") == 2
    assert store.send("DELETE", path).status == 204
    assert store.send("GET", path).status == 404
    assert store.send("DELETE", path).status == 404


def test_a_graph_without_a_name_gets_one_at_which_it_is_read(store: Store) -> None:
    first, second = store.send("POST", "", TRIPLE), store.send("POST", "", TRIPLE)
    assert (first.status, second.status) == (201, 201)
    name = first.headers["Location"]
    assert name != second.headers["Location"]
    assert store.lines(name.removeprefix(f"{BASE}sparql/graphs")) == TRIPLE
    assert store.lines(f"?graph={quote(name, safe='')}") == TRIPLE
    assert store.server.query(f"ASK {{ GRAPH <{name}> {{ ?s ?p 42 }} }}").body.endswith(b"true}")


def test_a_graph_may_be_empty(store: Store) -> None:
    assert store.send("PUT", "?graph=urn:empty", "").status == 201
    assert store.lines("?graph=urn:empty") == ""
    assert store.send("DELETE", "?graph=urn:empty").status == 204


def test_documents_in_quads_hold_the_default_graph_alone(store: Store) -> None:
    trig = {"Content_Type": "application/trig"}
    assert store.send("PUT", "?graph=urn:trig", TRIPLE, **trig).status == 201
    other = store.send("PUT", "?graph=urn:trig", f"<urn:h> {{ {TRIPLE} }}", **trig)
    assert other.status == 400
    assert store.lines("?graph=urn:trig") == TRIPLE


DEEP = 4000
HOSTILE = {
    "nodes": "<urn:s> <urn:p> " + "[ <urn:q> " * DEEP + "1" + " ]" * DEEP + " .",
    "lists": "<urn:s> <urn:p> " + "( " * DEEP + "1" + " )" * DEEP + " .",
    "clique": "".join(
        f"_:n{one} <urn:p> _:n{other} .\n" for one in range(12) for other in range(12)
    ),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_no_graph_harms_who_reads_it(store: Store, kind: str) -> None:
    path = f"?graph=urn:{kind}"
    text = HOSTILE[kind].replace("urn:p", "urn:x-p").replace("urn:q", "urn:x-q")
    assert store.send("PUT", path, text).status == 201
    web = store.server.processes("web.wsgi")
    counts = set()
    for syntax in GRAPHS:
        answer = store.server.request("GET", STORE + path, Accept=syntax.media_type)
        assert answer.status == 200, (syntax.label, answer.body[:200])
        form = ox.RdfFormat.from_media_type(syntax.media_type)
        counts.add(sum(1 for _ in ox.parse(answer.body, form)))
    assert len(counts) == 1
    assert store.server.processes("web.wsgi") == web


def test_what_rdf_xml_cannot_say_is_refused_and_the_rest_is_there(store: Store) -> None:
    store.send("PUT", "?graph=urn:odd", "<urn:s> <https://example.org/1/> <urn:o> .")
    path = f"{STORE}?graph=urn:odd"
    refused = store.server.request("GET", path, Accept="application/rdf+xml")
    assert refused.status in (400, 406)
    assert store.server.request("GET", path, Accept="application/ld+json").status == 200
