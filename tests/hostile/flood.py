"""Many requests at once: from one client, who may only slow itself, and from many together."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from socket import create_connection

from hostile.cases import Case
from hostile.exchange import Answer, exchange
from hostile.reader import Glance, Reader, percentile
from hostile.report import Demand, attended
from hostile.site import ROOT, Site
from hostile.verdict import SLACK

_ASK = f"{ROOT}/sparql?query=ASK%7B%7D"
_HEALTH = f"{ROOT}/health"
_FLOODER, _READER, _PROBE = "127.0.0.3", "127.0.0.2", "127.0.0.4"
_AT_ONCE = 64  # requests of the client that floods
_SLOW = 200  # connections that send one byte now and then
_MANY = 60  # clients that come together
_PATIENCE = 20.0

_CROSS = {"name": "cross", "query": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"}
_CHEAP = {"name": "cheap", "query": "ASK {}"}
_WRONG = {"name": "wrong", "query": "ASK { ?s ?p"}
_FORGED = {"name": "forged", "update": "DROP ALL", "token": "false"}


def floods(site: Site, seconds: float) -> Iterator[Demand]:
    """Flood in each way for some seconds; give what was demanded, and whether it held."""
    for name, said in (
        ("expensive queries", _CROSS),
        ("cheap queries", _CHEAP),
        ("queries that cannot be read", _WRONG),
        ("updates with a false token", _FORGED),
    ):
        with _watched(site) as glances, _flooded(site, Case("floods", said), seconds) as answers:
            pass
        yield attended(f"{name} from one client, {_told(answers)}; another's ASK{{}}", glances)
    with _watched(site) as glances, _trickled(site):
        time.sleep(seconds)
    yield attended(f"{_SLOW} connections that send a byte a second; another's ASK{{}}", glances)
    yield from _together(site)


@contextmanager
def _watched(site: Site) -> Iterator[list[Glance]]:
    """Let another client ask meanwhile; its glances are complete afterwards."""
    glances: list[Glance] = []
    with Reader(site.port, _ASK, _READER) as reader:
        yield glances
    glances += reader.glances


@contextmanager
def _flooded(site: Site, case: Case, seconds: float) -> Iterator[list[Answer]]:
    """Send the same request on many connections, again and again, from one address."""
    request = case.request(site.target)
    until = time.monotonic() + seconds
    answers: list[Answer] = []

    def send() -> None:
        while time.monotonic() < until:
            answers.append(exchange(site.port, request, _FLOODER, site.deadline + _PATIENCE))

    with started([send] * _AT_ONCE):
        yield answers


@contextmanager
def _trickled(site: Site) -> Iterator[None]:
    """Open connections that never finish what they say."""
    head = (
        f"POST {ROOT}/sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
        "Content-Length: 1000\r\n\r\nASK"
    )
    stop = threading.Event()

    def send() -> None:
        with suppress(OSError), create_connection(("127.0.0.1", site.port), 5) as connection:
            connection.sendall(head.encode())
            while not stop.wait(1):
                connection.sendall(b" ")

    with started([send] * _SLOW):
        yield
        stop.set()


@contextmanager
def started(works: Sequence[Callable[[], None]]) -> Iterator[None]:
    """Run each work in a thread of its own until the block ends and they all do."""
    threads = [threading.Thread(target=work, daemon=True) for work in works]
    for thread in threads:
        thread.start()
    yield
    for thread in threads:
        thread.join()


def _together(site: Site) -> Iterator[Demand]:
    """Let many clients ask for the impossible at once: each is told in time, and health is well."""
    limit = site.deadline + SLACK
    request = Case("floods", _CROSS).request(site.target)

    def ask(number: int) -> Answer:
        return exchange(site.port, request, f"127.0.1.{number + 1}", limit + _PATIENCE)

    with (
        ThreadPoolExecutor(_MANY) as pool,
        Reader(site.port, _HEALTH, _PROBE) as probe,
        _watched(site) as glances,
    ):
        answers = list(pool.map(ask, range(_MANY)))
    longest = max(answer.seconds for answer in answers)
    announced = all(answer.status == 503 and "Retry-After" in answer.headers for answer in answers)
    yield Demand(
        f"{_MANY} clients together, {_told(answers)}: longest {longest:.2f} s (≤ {limit:g})",
        announced and longest <= limit,
    )
    late = max(glance.seconds for glance in glances)
    yield Demand(
        f"an ASK{{}} among them: longest {late:.2f} s (≤ {limit:g}), {_statuses(glances)}",
        late <= limit and {glance.status for glance in glances} <= {200, 503},
    )
    p99 = percentile([glance.seconds for glance in probe.glances], 0.99)
    yield Demand(
        f"/health among them: p99 {p99 * 1000:.0f} ms, {_statuses(probe.glances)}",
        p99 < 1.0 and {glance.status for glance in probe.glances} == {200},
    )


def _told(answers: Sequence[Answer]) -> str:
    return _counted(Counter(answer.status for answer in answers))


def _statuses(glances: Sequence[Glance]) -> str:
    return _counted(Counter(glance.status for glance in glances))


def _counted(counts: Counter[int]) -> str:
    return ", ".join(f"{times} × {status}" for status, times in sorted(counts.items()))
