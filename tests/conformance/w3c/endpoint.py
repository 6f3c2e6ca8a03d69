"""A SPARQL service as its clients see it: three addresses, spoken to over a socket."""

from __future__ import annotations

import http.client
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from rdflib import Graph

PATIENCE = 60.0
"""Seconds without an answer after which a test has failed."""

UPDATE = "application/sparql-update"
QUERY = "application/sparql-query"

Dataset = Mapping[str, Sequence[Graph]]
"""The graphs to merge into each named graph; the empty name is the default graph."""


class Failed(Exception):
    """A test has failed; the message says what was expected and what happened."""


@dataclass(frozen=True, slots=True)
class Response:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def media_type(self) -> str:
        """Return the media type without parameters; empty where there is none."""
        return (self.headers["Content-Type"] or "").partition(";")[0].strip().lower()

    def __str__(self) -> str:
        """Return the status and the beginning of the body, in one line."""
        return f"{self.status} {' '.join(self.body[:160].decode(errors='replace').split())}".strip()


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The addresses for queries, updates and graphs, and the token that writing needs.

    ``graphs`` is empty where there is no graph store.
    """

    query: str
    update: str
    graphs: str
    token: str = ""

    def send(
        self, method: str, address: str, body: bytes | None = None, **headers: str
    ) -> Response:
        """Send one request, with nothing in it that is not said here, and read the answer."""
        parts = urlsplit(address)
        connection = http.client.HTTPConnection(parts.netloc, timeout=PATIENCE)
        try:
            path = parts.path + (f"?{parts.query}" if parts.query else "")
            connection.putrequest(method, path, skip_accept_encoding=True)
            for name, value in headers.items():
                connection.putheader(name.replace("_", "-"), value)
            if self.token and not address.startswith(f"{self.query}?") and address != self.query:
                connection.putheader("Authorization", f"Bearer {self.token}")
            if body is not None or method in ("POST", "PUT"):
                connection.putheader("Content-Length", str(len(body or b"")))
            connection.endheaders(body)
            response = connection.getresponse()
            return Response(response.status, response.headers, response.read())
        finally:
            connection.close()

    def ask(self, text: str, accept: str) -> Response:
        """Send a query as it is (SPARQL 1.1 Protocol, section 2.1.3)."""
        return self.send("POST", self.query, text.encode(), Content_Type=QUERY, Accept=accept)

    def change(self, text: str) -> Response:
        """Send an update as it is (SPARQL 1.1 Protocol, section 2.2.2)."""
        return self.send("POST", self.update, text.encode(), Content_Type=UPDATE)

    def graph(self, name: str) -> str:
        """Return the address of a graph; the empty name is the default graph."""
        return f"{self.graphs}?graph={quote(name, safe='')}" if name else f"{self.graphs}?default"

    def put(self, name: str, graph: Graph) -> None:
        """Replace a graph; where there is no graph store, add it to an empty one by an update.

        Raises:
            Failed: The server did not.
        """
        body = graph.serialize(format="nt", encoding="utf-8")
        if self.graphs:
            answer = self.send("PUT", self.graph(name), body, Content_Type="application/n-triples")
        else:
            template = f"GRAPH <{name}> {{ {body.decode()} }}" if name else body.decode()
            answer = self.change(f"INSERT {{ {template} }} WHERE {{}}")
        if answer.status not in (200, 201, 204):
            raise Failed(f"the data was not taken: {answer}")


class Store:
    """What an endpoint holds now, so that the same data is not sent twice."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self._held: object = None

    def hold(self, dataset: Dataset, name: object = None) -> None:
        """Let the store hold these graphs and nothing else; ``name`` is the same for the same data.

        Raises:
            Failed: The server did not take them.
        """
        if name is not None and name == self._held:
            return
        self._held = None
        cleared = self.endpoint.change("DROP ALL")
        if cleared.status not in (200, 204):
            raise Failed(f"DROP ALL: {cleared}")
        for graph, parts in dataset.items():
            merged = Graph()
            for part in parts:
                merged += part
            self.endpoint.put(graph, merged)
        self._held = name
