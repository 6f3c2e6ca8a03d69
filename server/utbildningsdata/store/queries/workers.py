"""A query worker: a program that answers queries over its pipes, and that may be killed.

``python -m utbildningsdata.store.queries.workers PARENT DATA MEBIBYTES`` gives up the network,
limits its memory, and then answers one frame after another (``store.processes.frames``) from the
current revision.

A question's header: ``store`` (which of the revision's: ``ports.StoreName``), ``base``,
``prefixes`` (name → IRI, those that stand in the query), ``results`` and ``graphs`` (media types,
or null where the client takes none), ``union`` (whether the default graph is all graphs where none
is chosen), ``records`` (whether each graph is a record, which DESCRIBE gives whole),
``default_graphs`` and ``named_graphs`` (IRIs, or null for all), ``rows`` (how many to give as
terms, or null), ``deadline`` (seconds), ``cap`` (bytes) and ``file`` (where a large answer goes);
the body is the query. An answer's header has ``media_type``, ``length``, ``file`` and ``seconds``,
or ``error`` (an ``Outcome``) and ``message``.

It imports no RDF library but Oxigraph, so that a killed worker is replaced within 0.1 seconds.
"""

from __future__ import annotations

import os
import select
import sys
import time
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from utbildningsdata.store import layout
from utbildningsdata.store.processes import frames, isolation, lifeline, pipes
from utbildningsdata.store.processes.outcomes import Outcome
from utbildningsdata.store.queries import (
    balance,
    csv_results,
    description,
    functions,
    rows,
    standard,
    tokens,
)
from utbildningsdata.store.queries.spool import Spool, TooMuch

_IDLE = 1.0  # seconds between two looks at the current revision while nothing is asked


class Reader:
    """The current revision's stores, opened for reading when they are asked for."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._folder: Path | None = None
        self._lock = -1
        self._stores: dict[str, ox.Store] = {}

    def follow(self, name: str = layout.STORE) -> ox.Store:
        """Move on to the current revision, if it is another one; let go of the one before.

        Returns:
            The current revision's store of that name.

        Raises:
            OSError: Nothing is published, or it cannot be read.
        """
        if self._folder is not None and self._folder == layout.current(self._data):
            if name not in self._stores:
                self._stores[name] = _opened(self._folder / name)
            return self._stores[name]
        folder, lock = layout.hold(self._data)
        try:
            stores = {name: _opened(folder / name)}
        except OSError:
            os.close(lock)
            raise
        self._stores, self._folder = stores, folder
        if self._lock >= 0:
            os.close(self._lock)
        self._lock = lock
        return stores[name]


def _opened(folder: Path) -> ox.Store:
    """Open a store; revisions of older software have no reports, which is the same as none yet."""
    if folder.name == layout.REPORTS and not folder.exists():
        return ox.Store()
    try:
        return ox.Store.read_only(str(folder))
    except RuntimeError as error:  # where it is corrupt
        raise OSError(str(error)) from error


def main() -> None:
    """Answer questions until the other end closes."""
    parent, data, memory = int(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    questions, answers = pipes.take()
    refusal = isolation.leave_network()
    lifeline.end_with(parent)
    isolation.limit_memory(memory)
    answers.write(frames.pack({"ready": True, "network": refusal}))
    pipes.fall_silent()
    reader = Reader(data)
    while True:
        while not select.select([questions], [], [], _IDLE)[0]:
            _follow_quietly(reader)
        question = frames.read(questions)
        if question is None:
            return
        header, text = question
        answers.write(frames.pack(*_answer(reader, header, text.decode(), bool(refusal))))


def _follow_quietly(reader: Reader) -> None:
    try:
        reader.follow()
    except OSError:
        return  # whoever asks next is told


def _answer(
    reader: Reader, header: frames.Header, text: str, networked: bool
) -> tuple[frames.Header, bytes]:
    """Answer one question; whatever the query does wrong becomes an ``error``."""
    started = time.perf_counter()
    if networked and (remote := tokens.read(text).remote):
        return {"error": Outcome.REFUSED, "message": remote}, b""
    isolation.limit_time(header["deadline"])
    try:
        store = reader.follow(header["store"])
        reply, body = _run(store, header, text)
    except SyntaxError as error:
        names = tokens.read(text).undeclared
        unknown = next((name for name in names if name not in header["prefixes"]), None)
        found = {"prefix": unknown, "fault": balance.fault(text, header["prefixes"])}
        return {"error": Outcome.MALFORMED, "message": str(error), **found}, b""
    except TooMuch:
        return {"error": Outcome.TOO_LARGE, "message": ""}, b""
    except MemoryError:
        return {"error": Outcome.OUT_OF_MEMORY, "message": ""}, b""
    except LookupError as error:
        return {"error": Outcome.NO_MEDIA_TYPE, "message": str(error.args[0])}, b""
    except (OSError, ValueError, RuntimeError) as error:
        return {"error": _outcome(error), "message": str(error), "prefix": None}, b""
    reply["seconds"] = time.perf_counter() - started
    return reply, body


def _outcome(error: Exception) -> Outcome:
    """Tell apart what wanted the network, what cannot be read, and what the engine cannot run."""
    if isinstance(error, ConnectionError | TimeoutError):
        return Outcome.REFUSED
    if isinstance(error, OSError):
        remote = "etwork" in str(error) or "HTTP" in str(error)
        return Outcome.REFUSED if remote else Outcome.UNREADABLE
    return Outcome.UNREADABLE if "orruption" in str(error) else Outcome.MALFORMED


def _run(store: ox.Store, header: frames.Header, text: str) -> tuple[frames.Header, bytes]:
    unknown = functions.Unknown()
    found = _found(store, header, text, unknown)
    if header["rows"] is not None:
        taken = rows.take(found, header["rows"])
        unknown.check()
        return {"media_type": "", "file": None, **taken}, b""
    spool = Spool(Path(header["file"]), header["cap"])
    media_type = _write(found, header, spool)
    unknown.check(spool.discard)
    file, body = spool.finish()
    return {"media_type": media_type, "length": spool.length, "file": file and str(file)}, body


def _found(
    store: ox.Store,
    header: frames.Header,
    text: str,
    unknown: functions.Unknown,
) -> rows.Found:
    said = text.upper()  # tokens are read only of a text that could hold the word
    chosen = header["default_graphs"] is not None or ("FROM" in said and tokens.read(text).dataset)
    union = header["union"] and not chosen

    def ask(text: str) -> rows.Found:
        return unknown.run(
            lambda stubs: store.query(
                text,
                base_iri=header["base"],
                prefixes=header["prefixes"],
                use_default_graph_as_union=union,
                default_graph=_nodes(header["default_graphs"]),
                named_graphs=_nodes(header["named_graphs"]),
                custom_functions=stubs,
            )
        )

    try:
        found = ask(standard.text(text, lambda question: bool(ask(question))))
    except SyntaxError:
        found = ask(text)  # which tells the place in what was written
    whole = union and header["records"] and "DESCRIBE" in said
    if isinstance(found, ox.QueryTriples) and whole and tokens.read(text).form == "DESCRIBE":
        return description.whole(store, found)
    return found


def _write(found: rows.Found, header: frames.Header, spool: Any) -> str:
    """Write the answer in the syntax that the client takes for its form.

    Raises:
        LookupError: It takes none.
    """
    if isinstance(found, ox.QuerySolutions | ox.QueryBoolean):
        media_type = str(header["results"] or "")
        csv_results.write(found, media_type, spool)
        return media_type
    media_type = str(header["graphs"] or "")
    syntax = ox.RdfFormat.from_media_type(media_type)
    if syntax is None:
        raise LookupError("graph")
    ox.serialize(found, spool, format=syntax, prefixes=header["prefixes"])
    return media_type


def _nodes(iris: list[str] | None) -> list[Any] | None:
    return None if iris is None else [ox.NamedNode(iri) for iri in iris]


if __name__ == "__main__":
    main()
