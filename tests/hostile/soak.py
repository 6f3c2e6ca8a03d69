"""A long mixed load: good clients whose answers are checked, a writer, and hostile requests."""

from __future__ import annotations

import random
import statistics
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from hostile.attack import source
from hostile.cases import Case
from hostile.exchange import Answer, exchange
from hostile.flood import started
from hostile.questions import Question, echo, known, query, values
from hostile.reader import percentile
from hostile.report import Demand, none_of
from hostile.sink import Sink
from hostile.site import RECORD, Site
from hostile.verdict import SLACK, faults
from hostile.watch import Sample, Watch

_CLIENTS = 12  # clients that ask once a second each
_PERIOD = 1.0
_HOSTILE = 0.1  # the share of requests that are hostile
_WRITES = 2.0  # seconds between two writes
_ANNOUNCED = (429, 503)
_PATIENCE = 15.0
_GROWTH, _ROOM = 1.05, 16 << 20  # how far memory may drift: five per cent and 16 MiB
_KEYWORD = "http://www.w3.org/ns/dcat#keyword"


@dataclass
class _Tally:
    """What has been answered so far; shared by the threads, which only append."""

    good: list[float] = field(default_factory=list)
    announced: list[int] = field(default_factory=list)
    hostile: list[int] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    amiss: list[str] = field(default_factory=list)
    writes: list[float] = field(default_factory=list)


def soak(site: Site, sink: Sink, cases: Sequence[Case], minutes: float) -> Iterator[Demand]:
    """Load the server for some minutes; give what was demanded, and whether it held."""
    tally, stop = _Tally(), threading.Event()
    _write(site, tally, 0)  # now it has the date of today, and no question depends on the rest
    questions = known(site)

    def ask(number: int) -> None:
        chance = random.Random(number)  # noqa: S311 the same requests every time
        while not stop.wait(chance.uniform(0, 2 * _PERIOD)):
            if chance.random() < _HOSTILE:
                _attack(site, tally, chance.choice(cases), chance.randrange(1000))
            else:
                _ask(site, tally, chance.choice((*questions, echo())), f"127.0.2.{number + 1}")

    def write() -> None:
        number = 0
        while not stop.wait(_WRITES):
            number += 1
            _write(site, tally, number)

    clients = [partial(ask, number) for number in range(_CLIENTS)]
    with Watch(site) as watch, started([*clients, write]):
        time.sleep(60 * minutes)
        stop.set()
    yield from _demands(site, sink, tally, watch)


def _demands(site: Site, sink: Sink, tally: _Tally, watch: Watch) -> Iterator[Demand]:
    asked = len(tally.good) + len(tally.announced) + len(tally.wrong)
    yield none_of(f"wrong answers of {asked} to good clients", tally.wrong)
    p50, p99 = statistics.median(tally.good), percentile(tally.good, 0.99)
    late = max(tally.good)
    yield Demand(
        f"right answers to good clients: {len(tally.good)}, p50 {p50 * 1000:.0f} ms,"
        f" p99 {p99 * 1000:.0f} ms, longest {late:.2f} s",
        late <= site.deadline + SLACK,
    )
    announced = Counter(tally.announced)
    yield Demand(f"told to come back: {dict(sorted(announced.items()))}", True)
    yield none_of(f"hostile requests amiss of {len(tally.hostile)}", tally.amiss)
    p50 = statistics.median(tally.writes or [0.0])
    yield Demand(
        f"writes read back: {len(tally.writes)}, p50 {p50 * 1000:.0f} ms", bool(tally.writes)
    )
    yield none_of("visitors at the sink", sink.visitors)
    yield watch.deaths_demand()
    yield watch.memory_demand()
    yield from _flat(watch.samples)
    yield none_of("files left in the folder for large answers and clones", _left(site.data))


def _flat(samples: Sequence[Sample]) -> Iterator[Demand]:
    """Compare the second fifth of the time, when all is warm, with the last."""
    fifth = len(samples) // 5
    early, late = samples[fifth : 2 * fifth], samples[-fifth:]
    for kind in late[-1].vital:
        before = statistics.median(sample.vital.get(kind, 0) for sample in early)
        after = statistics.median(sample.vital.get(kind, 0) for sample in late)
        yield Demand(
            f"memory of {kind}: {before / 2**20:.0f} MiB early, {after / 2**20:.0f} MiB late",
            after <= before * _GROWTH + _ROOM,
        )
    before = statistics.median(sample.files for sample in early)
    after = statistics.median(sample.files for sample in late)
    yield Demand(f"their open files: {before:.0f} early, {after:.0f} late", after <= before + 16)


def _left(data: Path) -> list[str]:
    time.sleep(1)
    return [str(path.relative_to(data)) for path in data.glob("run/*/*") if "." not in path.name]


def _exchanged(site: Site, request: bytes, address: str) -> Answer:
    return exchange(site.port, request, address, site.deadline + _PATIENCE)


def _judge(tally: _Tally, name: str, answer: Answer, *, right: bool) -> None:
    if right:
        tally.good.append(answer.seconds)
    elif answer.status in _ANNOUNCED and answer.headers.get("Retry-After", "").isdigit():
        tally.announced.append(answer.status)
    else:
        tally.wrong.append(f"{name}: {answer.status} {answer.body[:200]!r}")


def _ask(site: Site, tally: _Tally, question: Question, address: str) -> None:
    answer = _exchanged(site, question.request, address)
    _judge(tally, question.name, answer, right=answer.status == 200 and question.right(answer))


def _attack(site: Site, tally: _Tally, case: Case, number: int) -> None:
    """Send a hostile request; it may also be told to come back, as anybody."""
    calm = Case(case.group, {**case.said, "status": [*case.statuses, *_ANNOUNCED], "within": 1e9})
    answer = _exchanged(site, calm.request(site.target), source(number))
    tally.hostile.append(answer.status)
    found = faults(calm, answer, site.deadline, site.target.values)
    if answer.status in _ANNOUNCED:
        found = [fault for fault in found if "problem" not in fault and "lacks" not in fault]
    # A write waits for its turn too.
    turns = 2 if case.kind in ("update", "put", "post") else 1
    if answer.seconds > turns * site.deadline + SLACK:
        found.append(f"late: {answer.seconds:.2f} s")
    tally.amiss += [f"{case.group}: {case.name}: {fault}" for fault in found]


def _write(site: Site, tally: _Tally, number: int) -> None:
    """Give the record another keyword; whoever reads next must find it, and it alone."""
    graph, word = site.target.values["base"] + RECORD, f"soak {number}"
    where = f'?t <{_KEYWORD}> ?old . FILTER(STRSTARTS(?old, "soak "))'
    update = (
        f"DELETE {{ GRAPH <{graph}> {{ ?t <{_KEYWORD}> ?old }} }} "
        f'INSERT {{ GRAPH <{graph}> {{ ?thing <{_KEYWORD}> "{word}"@en }} }} WHERE {{ '
        f"GRAPH <{graph}> {{ <{graph}> foaf:primaryTopic ?thing OPTIONAL {{ {where} }} }} }}"
    )
    case = Case("writes", {"name": "write", "update": update, "status": [200, 204]})
    answer = _exchanged(site, case.request(site.target), "127.0.3.1")
    if answer.status not in case.statuses:
        _judge(tally, "write", answer, right=False)
        return
    read = query(f"SELECT ?old {{ GRAPH <{graph}> {{ {where} }} }}")
    reading = _exchanged(site, read, "127.0.3.1")
    if reading.status == 200 and values(reading) == [word]:
        tally.writes.append(answer.seconds)
    else:
        _judge(tally, "reading what was written", reading, right=False)
