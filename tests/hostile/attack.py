"""Sends every case, one after another and each from an address of its own, and judges."""

from __future__ import annotations

import json
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from hostile.cases import Case
from hostile.exchange import Answer, exchange
from hostile.reader import Glance, Reader, percentile
from hostile.sink import Sink
from hostile.site import ROOT, Site
from hostile.verdict import SLACK, faults
from hostile.watch import Watch

READER = "127.0.0.2"
"""The address of the other client."""

READERS_LIMIT = 0.25
"""Seconds in which 99 of 100 of the other client's questions are answered while one floods."""

MEMORY = 2 * 1024**3
"""Bytes that the whole process tree may have."""

_PATIENCE = 15.0  # seconds after the deadline in which a late answer is still waited for
_ASK = f"{ROOT}/sparql?query=ASK%7B%7D"
_COUNT = b"SELECT (COUNT(*) AS ?n) (COUNT(DISTINCT ?g) AS ?graphs) { GRAPH ?g { ?s ?p ?o } }"


@dataclass(frozen=True, slots=True)
class Result:
    """A case, its answer, and what is wrong with it."""

    case: Case
    answer: Answer
    faults: Sequence[str]


def source(number: int) -> str:
    """Return a loopback address for client ``number``.

    >>> source(0), source(700)
    ('127.1.0.1', '127.1.2.201')
    """
    return f"127.1.{number // 250}.{number % 250 + 1}"


def attack(site: Site, sink: Sink, cases: Sequence[Case]) -> bool:
    """Send the cases, print a table and what went wrong; tell whether all demands are met."""
    before = state(site)
    with Reader(site.port, _ASK, READER) as reader, Watch(site) as watch:
        results = [_sent(site, number, case) for number, case in enumerate(cases)]
    _print_table(results)
    for result in results:
        for fault in result.faults:
            print(f"  ✗ {result.case.group}: {result.case.name}: {fault}")
    return _all_met(
        [
            (f"cases answered rightly and in time ({site.deadline + SLACK:g} s)", _right(results)),
            ("deaths of main, broker, web or writer: none", _none(watch.deaths)),
            _quick_enough(reader.glances),
            (f"memory of all processes: {watch.peak >> 20} MiB", watch.peak < MEMORY),
            ("visitors at the sink: none", _none(sink.visitors)),
            ("what is published: unchanged", state(site) == before),
            ("control characters in the log: none", b"\x1b[" not in site.log.read_bytes()),
        ]
    )


def state(site: Site) -> bytes:
    """Return what the server says of the number of its triples and graphs."""
    request = (
        f"POST {ROOT}/sparql HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAccept: text/csv\r\n"
        f"Content-Type: application/sparql-query\r\nContent-Length: {len(_COUNT)}\r\n\r\n"
    )
    return exchange(site.port, request.encode() + _COUNT, READER, _PATIENCE).body


def _sent(site: Site, number: int, case: Case) -> Result:
    request = case.request(site.target)
    answer = exchange(site.port, request, source(number), site.deadline + _PATIENCE)
    return Result(case, answer, faults(case, answer, site.deadline, site.target.values))


def _right(results: Sequence[Result]) -> bool:
    good = sum(not result.faults for result in results)
    print(f"\n{good} of {len(results)} cases")
    return good == len(results)


def _none(found: Sequence[object]) -> bool:
    for one, times in Counter(map(repr, found)).items():
        print(f"  ✗ {times} × {one}")
    return not found


def _quick_enough(glances: Sequence[Glance]) -> tuple[str, bool]:
    times = [glance.seconds for glance in glances]
    p99 = percentile(times, 0.99)
    answered = sum(glance.status == 200 for glance in glances)
    said = (
        f"another client's ASK{{}}: {answered} of {len(glances)} answered, "
        f"p50 {statistics.median(times) * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms, "
        f"longest {max(times) * 1000:.0f} ms"
    )
    return said, answered == len(glances) and p99 < READERS_LIMIT


def _all_met(demands: Iterable[tuple[str, bool]]) -> bool:
    met = True
    for said, holds in demands:
        print(f"{'✓' if holds else '✗'} {said}")
        met = met and holds
    return met


def _print_table(results: Sequence[Result]) -> None:
    print(f"| {'class':<32} | cases | right | longest (s) | statuses |")
    print(f"|{'-' * 34}|------:|------:|------------:|----------|")
    for group, of_group in _grouped(results):
        statuses = json.dumps(sorted({result.answer.status for result in of_group}))[1:-1]
        right = sum(not result.faults for result in of_group)
        longest = max(result.answer.seconds for result in of_group)
        print(f"| {group:<32} | {len(of_group):5} | {right:5} | {longest:11.2f} | {statuses} |")


def _grouped(results: Sequence[Result]) -> Iterator[tuple[str, list[Result]]]:
    for group in dict.fromkeys(result.case.group for result in results):
        yield group, [result for result in results if result.case.group == group]
