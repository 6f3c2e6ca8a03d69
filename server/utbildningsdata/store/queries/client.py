"""The query engine as web processes see it: questions to the broker over its socket."""

from __future__ import annotations

import io
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from rdflib import BNode, Literal, URIRef

from utbildningsdata.settings import Settings
from utbildningsdata.store.ports import Answer, Health, Rows, StoreName, Term
from utbildningsdata.store.processes import calling, frames
from utbildningsdata.store.queries import errors

_SLACK = 5.0  # seconds beyond the deadline, at which the broker answers or gives up
_TRIES = 3  # the first may be on a connection whose broker ended long ago


class BrokerClient:
    """Fulfils ``ports.QueryEngine``; safe to share between threads."""

    def __init__(self, settings: Settings, prefixes: Mapping[str, str]) -> None:
        self._settings = settings
        self._prefixes = dict(prefixes)
        self._patience = settings.deadline + _SLACK
        self._kept = calling.Kept()

    def query(
        self,
        text: str,
        *,
        results: str | None,
        graphs: str | None,
        client: str = "",
        default_graphs: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
        store: StoreName = "store",
    ) -> Answer:
        """Answer a query whole, as bytes; see ``ports.QueryEngine``."""
        header = self._header(text, client, store, default_graphs, named_graphs)
        reply, content = self._ask(header | {"results": results, "graphs": graphs}, text)
        return Answer(reply["media_type"], content, reply["length"], reply["seconds"])

    def rows(
        self,
        text: str,
        *,
        limit: int,
        client: str = "",
        default_graphs: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
        store: StoreName = "store",
    ) -> Rows:
        """Answer a query with its first rows as terms; see ``ports.QueryEngine``."""
        header = self._header(text, client, store, default_graphs, named_graphs)
        reply, _ = self._ask(header | {"rows": limit}, text)
        if "boolean" in reply:
            return Rows((), (), False, reply["seconds"], reply["boolean"])
        rows = tuple(tuple(_term(cell) for cell in row) for row in reply["rows"])
        return Rows(tuple(reply["columns"]), rows, reply["more"], reply["seconds"], None)

    def health(self) -> Health:
        """Ask whether queries are answered; see ``ports.QueryEngine``."""
        reply, _ = self._ask({"client": "", "health": True}, "")
        return Health(reply["revision"], reply["waiting"], reply["workers"])

    def _header(
        self,
        text: str,
        client: str,
        store: StoreName,
        default: Sequence[str] | None,
        named: Sequence[str] | None,
    ) -> frames.Header:
        return {
            "client": client,
            "store": store,
            "union": store == "reports" or self._settings.default_graph == "union",
            "records": not self._settings.plain,
            "base": self._settings.base,
            "prefixes": {name: iri for name, iri in self._prefixes.items() if f"{name}:" in text},
            "results": None,
            "graphs": None,
            "rows": None,
            "default_graphs": None if default is None else list(default),
            "named_graphs": None if named is None else list(named),
        }

    def _ask(self, header: frames.Header, text: str) -> tuple[frames.Header, BinaryIO]:
        """Ask the broker, again if it is killed meanwhile: a query changes nothing.

        The seconds that are lost with it count, so that the deadline stays what it is.
        """
        started = time.monotonic()
        for _ in range(_TRIES):
            waited = time.monotonic() - started
            received = self._exchange(frames.pack(header | {"waited": waited}, text.encode()))
            if received is not None:
                reply, content = received
                if "error" in reply:
                    content.close()
                    raise errors.error(reply, self._settings)
                return reply, content
        raise errors.unavailable()

    def _exchange(self, question: bytes) -> tuple[frames.Header, BinaryIO] | None:
        """Send a question and receive its answer; None when the broker ended meanwhile.

        The connection is kept for this thread's next question. But a large answer lies in a file,
        which is opened here, and which the broker removes when the connection is closed then; it
        stays readable until it is closed too.
        """
        try:
            connection = self._kept.take() or calling.call(self._settings.data, self._patience)
            received = None
            try:
                received = calling.exchange(connection, question)
                if received is not None and received[0].get("file"):
                    return received[0], Path(received[0]["file"]).open("rb")
            finally:
                if received is None or received[0].get("file"):
                    connection.close()
        except (ConnectionError, TimeoutError) as error:
            raise errors.unavailable() from error
        if received is None:
            return None
        self._kept.put_back(connection)
        return received[0], io.BytesIO(received[1])


def _term(cell: list[str] | None) -> Term | None:
    if cell is None:
        return None
    kind, text, *rest = cell
    if kind == "iri":
        return URIRef(text)
    if kind == "bnode":
        return BNode(text)
    language, datatype = rest
    plain = language or datatype in {"", "http://www.w3.org/2001/XMLSchema#string"}
    return Literal(text, lang=language or None, datatype=None if plain else URIRef(datatype))
