"""Demands and whether they are met, printed one a line; the table of the cases."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hostile.cases import Case
from hostile.exchange import Answer
from hostile.reader import Glance, percentile

READERS_LIMIT = 0.25
"""Seconds in which 99 of 100 questions of another client are answered, whatever one client does."""


@dataclass(frozen=True, slots=True)
class Result:
    """A case, its answer, and what is wrong with it."""

    case: Case
    answer: Answer
    faults: Sequence[str]


@dataclass(frozen=True, slots=True)
class Demand:
    """What is demanded, with the figure that was measured, and whether it holds."""

    said: str
    met: bool


def attended(said: str, glances: Sequence[Glance]) -> Demand:
    """Demand that another client was answered every time, and soon."""
    times = [glance.seconds for glance in glances]
    p99 = percentile(times, 0.99)
    answered = sum(glance.status == 200 for glance in glances)
    others = sorted({glance.status for glance in glances} - {200})
    instead = f" (else {others})" if others else ""
    return Demand(
        f"{said}: {answered} of {len(glances)} answered{instead}, p50"
        f" {statistics.median(times) * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms,"
        f" longest {max(times) * 1000:.0f} ms",
        answered == len(glances) and p99 < READERS_LIMIT,
    )


def none_of(said: str, found: Sequence[object]) -> Demand:
    """Demand that nothing was found; say what was."""
    counts = Counter(str(one) for one in found)
    what = "".join(f"\n    {times} × {one}" for one, times in counts.items())
    return Demand(f"{said}: {len(found)}{what}", not found)


def all_met(demands: Iterable[Demand]) -> bool:
    """Print each demand when it is known; tell whether all are met."""
    met = True
    for demand in demands:
        print(f"{'✓' if demand.met else '✗'} {demand.said}", flush=True)
        met = met and demand.met
    return met


def print_results(results: Sequence[Result]) -> None:
    """Print a row for each class of cases, and then what is wrong with each answer."""
    print(f"| {'class':<32} | cases | right | longest (s) | statuses |")
    print(f"|{'-' * 34}|------:|------:|------------:|----------|")
    for group in dict.fromkeys(result.case.group for result in results):
        of_group = [result for result in results if result.case.group == group]
        statuses = ", ".join(map(str, sorted({result.answer.status for result in of_group})))
        right = sum(not result.faults for result in of_group)
        longest = max(result.answer.seconds for result in of_group)
        print(f"| {group:<32} | {len(of_group):5} | {right:5} | {longest:11.2f} | {statuses} |")
    for result in results:
        for fault in result.faults:
            print(f"  {result.case.group}: {result.case.name}: {fault}")
