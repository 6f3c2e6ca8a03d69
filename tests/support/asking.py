"""What tests of queries share: questions, and what becomes of the processes that get them."""

from __future__ import annotations

import contextlib
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from utbildningsdata.errors import CatalogError
from utbildningsdata.settings import Settings
from utbildningsdata.store.queries.client import BrokerClient

JSON = "application/sparql-results+json"
CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
"""A query that runs for days."""


def ask(engine: BrokerClient, text: str, **parameters: Any) -> bytes:
    """Return the whole answer to a query."""
    accepted = {"results": JSON, "graphs": "text/turtle"} | parameters
    answer = engine.query(text, **accepted)
    with answer.content as content:
        body = content.read()
    assert len(body) == answer.length
    return body


class Asking(threading.Thread):
    """A query that is asked beside the test: its ``error``, and the ``seconds`` it took."""

    def __init__(self, engine: BrokerClient, text: str, client: str = "") -> None:
        super().__init__()
        self.error: CatalogError | None = None
        self.seconds = 0.0
        self._question = (engine, text, client)
        self.start()

    def run(self) -> None:
        """Ask."""
        engine, text, client = self._question
        started = time.monotonic()
        try:
            ask(engine, text, client=client)
        except CatalogError as error:
            self.error = error
        self.seconds = time.monotonic() - started


def descendants(pid: int) -> list[int]:
    """Return the processes below ``pid``, by their parents in /proc."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                stat = (entry / "stat").read_text()
                parents[int(entry.name)] = int(stat.rpartition(")")[2].split()[1])
    found = [child for child, parent in parents.items() if parent == pid]
    return [*found, *(lower for child in found for lower in descendants(child))]


def wait_until(condition: Callable[[], object], seconds: float = 5.0) -> None:
    """Wait until something holds; fail when it does not in time."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.02)


def gone(processes: set[int]) -> bool:
    """Tell whether none of the processes is left."""
    return not any(Path(f"/proc/{pid}").exists() for pid in processes)


def ready(settings: Settings) -> BrokerClient:
    """Return a client of a broker as soon as all its workers are there."""
    client = BrokerClient(settings, {})

    def complete() -> bool:
        with contextlib.suppress(CatalogError):
            return client.health().workers == settings.workers
        return False

    wait_until(complete, 20)
    return client


def staff(broker: subprocess.Popen[bytes], settings: Settings) -> set[int]:
    """Return the broker's workers, the one for health too, as soon as all are there."""
    wait_until(lambda: len(descendants(broker.pid)) == settings.workers + 1)
    return set(descendants(broker.pid))
