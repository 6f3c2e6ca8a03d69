"""Sends every case, one after another and each from an address of its own, and judges."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hostile.cases import Case
from hostile.exchange import exchange
from hostile.reader import Reader
from hostile.report import Demand, Result, attended, none_of, print_results
from hostile.sink import Sink
from hostile.site import ROOT, Site
from hostile.verdict import SLACK, faults
from hostile.watch import Watch

_READER = "127.0.0.2"
_PATIENCE = 15.0  # seconds after the deadline in which a late answer is still waited for
_ASK = f"{ROOT}/sparql?query=ASK%7B%7D"
_COUNT = b"SELECT (COUNT(*) AS ?n) (COUNT(DISTINCT ?g) AS ?graphs) { GRAPH ?g { ?s ?p ?o } }"


def attack(site: Site, sink: Sink, cases: Sequence[Case]) -> Iterator[Demand]:
    """Send the cases and print a table; give what was demanded, and whether it held."""
    before = state(site)
    with Reader(site.port, _ASK, _READER) as reader, Watch(site) as watch:
        results = [_sent(site, number, case) for number, case in enumerate(cases)]
    print_results(results)
    right = sum(not result.faults for result in results)
    longest = max(result.answer.seconds for result in results)
    yield Demand(
        f"right answers within {site.deadline + SLACK:g} s: {right} of {len(results)},"
        f" the longest after {longest:.2f} s",
        right == len(results),
    )
    yield attended("another client's ASK{} meanwhile", reader.glances)
    yield none_of("visitors at the sink", sink.visitors)
    yield Demand("what is published is what was before", state(site) == before)
    yield watch.deaths_demand()
    yield watch.memory_demand()
    log = site.log.read_bytes()
    yield Demand("nothing unforeseen and no control characters in the log", _is_clean(log))


def source(number: int) -> str:
    """Return a loopback address for client ``number``.

    >>> source(0), source(700)
    ('127.1.0.1', '127.1.2.201')
    """
    return f"127.1.{number // 250}.{number % 250 + 1}"


def state(site: Site) -> bytes:
    """Return what the server says of the number of its triples and graphs."""
    request = (
        f"POST {ROOT}/sparql HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAccept: text/csv\r\n"
        f"Content-Type: application/sparql-query\r\nContent-Length: {len(_COUNT)}\r\n\r\n"
    )
    return exchange(site.port, request.encode() + _COUNT, _READER, _PATIENCE).body


def _sent(site: Site, number: int, case: Case) -> Result:
    request = case.request(site.target)
    answer = exchange(site.port, request, source(number), site.deadline + _PATIENCE)
    return Result(case, answer, faults(case, answer, site.deadline, site.target.values))


def _is_clean(log: bytes) -> bool:
    return b"\x1b[" not in log and b"Traceback" not in log
