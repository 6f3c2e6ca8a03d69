"""Measures the way of a query: ``python tests/benchmarks/queries.py`` prints milliseconds.

It makes a store of 100,000 triples in 10,000 graphs, and takes some seconds on two cores.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from utbildningsdata.settings import Settings
from utbildningsdata.store.processes.pool import Pool, Worker
from utbildningsdata.store.queries.client import BrokerClient

_ROUNDS = 1000
_RESPAWNS = 10
_QUERY = "SELECT ?o { <urn:s77> <urn:p1> ?o }"
_HEADER: dict[str, Any] = {
    "base": "https://catalogue.example/",
    "prefixes": {},
    "results": "application/sparql-results+json",
    "graphs": None,
    "default_graphs": None,
    "named_graphs": None,
    "store": "store",
    "union": True,
    "records": True,
    "rows": None,
    "deadline": 10.0,
    "cap": 1_000_000,
    "file": "/nonexistent",
}


def main() -> None:
    """Print each figure on a line of its own."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(base="https://catalogue.example/", data=Path(folder))
        _publish(settings.data)
        asyncio.run(_one_worker(settings))
        _through_the_broker(settings)


def _publish(data: Path) -> None:
    revision = data / "revisions/000001"
    revision.mkdir(parents=True)
    (revision / "lock").touch()
    store = ox.Store(revision / "store")
    store.bulk_extend(
        ox.Quad(
            ox.NamedNode(f"urn:s{i}"),
            ox.NamedNode(f"urn:p{j}"),
            ox.Literal(str(i * j)),
            ox.NamedNode(f"urn:g{i}"),
        )
        for i in range(10_000)
        for j in range(10)
    )
    store.optimize()
    store.flush()
    (data / "current").symlink_to("revisions/000001")


async def _one_worker(settings: Settings) -> None:
    pool = Pool(settings)

    async def respawn() -> None:
        worker = await pool.hire()
        await worker.ask(_HEADER, b"ASK {}")
        await worker.end()

    await _timed_async("a worker started, its first answer, killed", respawn, _RESPAWNS)
    worker = await pool.hire()
    await _timed_async("a query over a worker's pipes", _asking(worker), _ROUNDS)
    await worker.end()


def _asking(worker: Worker) -> Callable[[], Awaitable[object]]:
    return lambda: worker.ask(_HEADER, _QUERY.encode())


def _through_the_broker(settings: Settings) -> None:
    started = time.perf_counter()
    broker = subprocess.Popen(
        [sys.executable, "-m", "utbildningsdata.store.processes.broker", str(os.getpid())],
        env=os.environ | settings.to_environ(),
    )
    client = BrokerClient(settings, {})

    def ask() -> None:
        client.query(_QUERY, results="application/sparql-results+json", graphs=None)

    ask()
    _say("the broker started, its first answer", [time.perf_counter() - started])
    times = []
    for _ in range(_ROUNDS):
        started = time.perf_counter()
        ask()
        times.append(time.perf_counter() - started)
    _say("a query through the broker", times)
    broker.terminate()
    broker.wait()


async def _timed_async(name: str, work: Callable[[], Awaitable[object]], rounds: int) -> None:
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        await work()
        times.append(time.perf_counter() - started)
    _say(name, times)


def _say(name: str, times: list[float]) -> None:
    ordered = sorted(times)
    median, late = statistics.median(ordered), ordered[int(len(ordered) * 0.99)]
    print(f"{name:<45} p50 {median * 1000:7.2f} ms   p99 {late * 1000:7.2f} ms")


if __name__ == "__main__":
    main()
