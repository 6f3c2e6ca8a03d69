"""What a harvester's visit costs, and whether memory grows with the catalogue.

``python tests/benchmarks/feeds.py [RECORDS ...]`` loads the repository's catalogue, copies its
records under other addresses until there are that many (5,000 unless told), and prints medians of
processor time in milliseconds, for the catalogue as it is and for each larger one. *Plain* and
*gzip* are whole answers, *HEAD* and *304* have no body. *First* is the first plain answer after a
revision was published: opening it and planning the feed. *Memory* is the most that one gzip answer
takes at any moment beside what was there before, in KiB. Nothing goes over a socket: the
application is called, and its answer read to the end.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import count, islice
from pathlib import Path

from flask import Flask
from werkzeug.test import EnvironBuilder

from utbildningsdata import bootstrap
from utbildningsdata.rdf import ntriples
from utbildningsdata.settings import Settings
from utbildningsdata.store.ports import DOCUMENT, Block, Revision, Version
from utbildningsdata.store.publishing import Writer
from utbildningsdata.web.app import create_app

FEEDS = ("datasets/dcat", "catalog.rdf", "catalog.ttl", "catalog.jsonld", "catalog.nt")
ROUNDS = 15
EDITS = 5
EDITED = "dataset/skolverket-salsa"

Headers = dict[str, str]


def ask(app: Flask, feed: str, method: str = "GET", **headers: str) -> tuple[float, int, Headers]:
    """Return the milliseconds of processor time of an answer, its bytes and its headers."""
    names = [(name.replace("_", "-"), value) for name, value in headers.items()]
    environ = EnvironBuilder(f"/{feed}", method=method, headers=names).get_environ()
    told: Headers = {}

    def begin(status: str, sent: Sequence[tuple[str, str]], error: object = None) -> None:
        if not status.startswith(("200", "304")):
            raise RuntimeError(f"/{feed} answers {status}")
        told.update(sent)

    start = time.process_time()
    body = app(environ, begin)  # type: ignore[arg-type]  # nothing is written but by iterating
    length = sum(len(chunk) for chunk in body)
    body.close()  # type: ignore[attr-defined]  # werkzeug's answers have it
    return (time.process_time() - start) * 1000, length, told


def copies(revision: Revision) -> Iterator[Version]:
    """Yield copies of records under other addresses, without end; their texts stay the same."""
    entries = [entry for entry in revision.entries() if entry.kind not in ("", "concept")]
    for turn in count(1):
        for entry in entries:
            version = revision.version(entry.path)
            mark = f"-copy-{turn}"
            path, iri, thing = entry.path + mark, entry.iri + mark, entry.thing + mark
            yield replace(version, entry=replace(entry, path=path, iri=iri, thing=thing))


def grow(writer: Writer, records: int) -> None:
    """Publish copies until the catalogue has that many records."""
    with writer.data.current() as revision:
        versions = list(islice(copies(revision), records - len(revision.entries())))
        number = revision.number
    writer.publish(versions, parent=number, message="Benchmark", agent="benchmark")


def edit(writer: Writer, turn: int) -> None:
    """Publish a revision in which one record changed."""
    with writer.data.current() as revision:
        version, number = revision.version(EDITED), revision.number
    entry = version.entry
    text = version.blocks[DOCUMENT].text() + f'<{entry.iri}> <urn:turn> "{turn}" .\n'.encode()
    changed = Version(
        replace(entry, document=ntriples.digest(text)),
        {**version.blocks, DOCUMENT: Block.of(text)},
    )
    writer.publish([changed], parent=number, message="Benchmark", agent="benchmark")


def median(action: Callable[[], float], rounds: int = ROUNDS) -> float:
    """Return the median of what an action measures."""
    return statistics.median(action() for _ in range(rounds))


def memory(action: Callable[[], object]) -> float:
    """Return the most KiB that an action takes at any moment."""
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    action()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return (peak - before) / 1024


def first(app: Flask, feed: str, writer: Writer) -> float:
    """Return what the first answer after publishing costs, in milliseconds."""
    turns = iter(range(EDITS))

    def once() -> float:
        edit(writer, next(turns))
        return ask(app, feed)[0]

    return median(once, EDITS)


def measure(app: Flask, feed: str, writer: Writer) -> str:
    """Return a feed's line of the table."""
    fresh = first(app, feed, writer)
    _, size, _ = ask(app, feed)
    _, packed, told = ask(app, feed, Accept_Encoding="gzip")
    known = {"Accept_Encoding": "gzip", "If_None_Match": told["ETag"]}
    plain = median(lambda: ask(app, feed)[0])
    gzip = median(lambda: ask(app, feed, Accept_Encoding="gzip")[0])
    head = median(lambda: ask(app, feed, "HEAD", Accept_Encoding="gzip")[0])
    same = median(lambda: ask(app, feed, **known)[0])
    most = memory(lambda: ask(app, feed, Accept_Encoding="gzip"))
    return (
        f"{feed:<15} {size / 1e6:>8.2f} {packed / 1e6:>8.2f} {plain:>8.1f} {gzip:>8.1f} "
        f"{head:>8.2f} {same:>8.2f} {fresh:>8.0f} {most:>8.0f}"
    )


def table(settings: Settings, writer: Writer) -> None:
    """Print the lines of all feeds of a catalogue."""
    app = create_app(bootstrap.services(settings))
    with writer.data.current() as revision:
        records = len(revision.entries())
    for feed in FEEDS:
        print(f"{records:>7,} {measure(app, feed, writer)}", flush=True)


def main() -> None:
    """Print the table."""
    counts = [int(text) for text in sys.argv[1:]] or [5_000]
    print(
        f"{'records':>7} {'feed':<15} {'MB':>8} {'gzip MB':>8} {'plain':>8} {'gzip':>8} "
        f"{'HEAD':>8} {'304':>8} {'first':>8} {'memory':>8}"
    )
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(base="https://catalogue.example/", data=Path(folder))
        bootstrap.load(settings)
        writer = bootstrap.writer(settings)
        table(settings, writer)
        for records in sorted(counts):
            grow(writer, records)
            table(settings, writer)


if __name__ == "__main__":
    main()
