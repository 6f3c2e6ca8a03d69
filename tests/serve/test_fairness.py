"""One client's flood is its own affair, and many together are told in time."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
DEADLINE = 1.5
READER = "127.0.0.3"


@contextmanager
def flooding(ask: Callable[[], Any], connections: int) -> Iterator[list[Any]]:
    """Ask on so many connections again and again; the answers are complete afterwards."""
    stop = threading.Event()
    answers: list[Any] = []

    def flood() -> None:
        while not stop.is_set():
            answers.append(ask())

    with ThreadPoolExecutor(connections) as threads:
        floods = [threads.submit(flood) for _ in range(connections)]
        try:
            yield answers
        finally:
            stop.set()
    assert all(done.result() is None for done in floods)


def name(answer: Any) -> str:
    """Return the name of the problem that an answer is."""
    return str(json.loads(answer.body)["type"].rpartition("/")[2])


@pytest.mark.parametrize(
    ("text", "expected"),
    [(CROSS, {429, 503}), ("ASK {}", {200, 429, 503}), ("ASK {", {400, 429, 503})],
    ids=["expensive", "cheap", "unreadable"],
)
def test_while_one_client_floods_another_is_answered_as_if_nothing_were(
    server: Any, text: str, expected: set[int]
) -> None:
    glances = []
    with flooding(lambda: server.query(text, "127.0.0.2"), 12) as answers:
        until = time.monotonic() + 2 * DEADLINE
        while time.monotonic() < until:
            glances.append(server.query("ASK {}", READER))
            time.sleep(0.02)
    assert {glance.status for glance in glances} == {200}
    late = sorted(glance.seconds for glance in glances)[int(len(glances) * 0.95)]
    assert late < 0.25
    assert {answer.status for answer in answers} <= expected
    assert max(answer.seconds for answer in answers) < DEADLINE + 0.5
    refused = [answer for answer in answers if answer.status == 429]
    assert refused
    assert {name(answer) for answer in refused} == {"rate-limited"}
    assert all(int(answer.headers["Retry-After"]) >= 1 for answer in refused)


def test_when_many_clients_fill_the_pool_each_is_told_in_time(server: Any) -> None:
    def ask(number: int) -> Any:
        return server.query(CROSS, f"127.0.1.{number}")

    with ThreadPoolExecutor(24) as threads:
        asked = [threads.submit(ask, number) for number in range(1, 25)]
        time.sleep(0.3)
        health = server.request("GET", "/skola/health", source=READER)
        page = server.request("GET", "/skola/", source=READER)
        late = server.query("ASK {}", READER)
    assert (health.status, health.seconds < 0.5) == (200, True)
    assert json.loads(health.body)["workers"] == 2
    assert (page.status, page.seconds < 1) == (200, True)
    assert (late.status, name(late)) == (503, "overloaded")
    assert int(late.headers["Retry-After"]) >= 1
    answers = [answer.result() for answer in asked]
    assert {answer.status for answer in answers} == {503}
    assert max(answer.seconds for answer in answers) < DEADLINE + 0.5
    assert [name(answer) for answer in answers].count("timed-out") == 2
    assert server.answers()


def test_who_has_used_its_share_comes_back_later_and_others_do_not_notice(
    start: Any, copied: Path
) -> None:
    server = start(
        UTBILDNINGSDATA_DATA=str(copied),
        UTBILDNINGSDATA_SHARE="1",
        UTBILDNINGSDATA_PROXIES="127.0.0.1",
    )

    def ask(text: str, forwarded: str) -> Any:
        return server.query(text, X_Forwarded_For=forwarded)

    assert ask(CROSS, "198.51.100.1").status == 503
    time.sleep(0.5)
    spent = ask("ASK {}", "203.0.113.9, 198.51.100.1")
    assert (spent.status, name(spent)) == (429, "rate-limited")
    assert 10 <= int(spent.headers["Retry-After"]) <= 90
    assert ask("ASK {}", "198.51.100.1, 198.51.100.2").status == 200
    assert server.query("ASK {}", "127.0.0.2", X_Forwarded_For="198.51.100.1").status == 200
    assert server.stop() == 0
