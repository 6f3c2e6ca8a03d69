"""Whether an answer is the one that a case demands, and every answer a decent one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from hostile.cases import Case
from hostile.exchange import Answer
from hostile.texts import render

SLACK = 0.5
"""Seconds after the deadline by which every answer is there."""

_BARE = frozenset({204, 304})
_ALWAYS = {"X-Content-Type-Options": "nosniff", "Access-Control-Allow-Origin": "*"}
_INWARD = re.compile(
    rb"Traceback|site-packages|\.py\b|panicked|yoxigraph|RocksDB|/proc/|File \"|/run/spool"
)


def faults(case: Case, answer: Answer, deadline: float, values: Mapping[str, str]) -> list[str]:
    """Say what is wrong with an answer; empty where nothing is."""
    limit = case.said.get("within", deadline + SLACK)
    found = [f"late: {answer.seconds:.2f} s"] if answer.seconds > limit else []
    if not answer.status:
        return [*found, "no answer"]
    if answer.status not in case.statuses:
        wanted = " or ".join(map(str, case.statuses))
        found.append(f"{answer.status} instead of {wanted}: {answer.body[:160]!r}")
    if case.said.get("bare") and not answer.headers.get("Content-Type", "").endswith("json"):
        return found
    return [*found, *_demanded(case, answer, values), *_decent(answer)]


def _demanded(case: Case, answer: Answer, values: Mapping[str, str]) -> Iterator[str]:
    """Check what the case alone demands."""
    problem = answer.json() if answer.status >= 400 else None
    wanted = case.said.get("problem")
    if wanted and (not problem or problem.get("type", "").rpartition("/")[2] not in wanted):
        yield f"not the problem {wanted}"
    for text in _texts(case, "holds"):
        if text not in answer.body:
            yield f"lacks {text!r}"
    for text in _texts(case, "lacks"):
        if text in answer.body:
            yield f"holds {text!r}"
    for name, value in case.said.get("answered", {}).items():
        if render(value, values).decode() not in answer.headers.get(name, ""):
            yield f"{name} is {answer.headers.get(name)!r}"


def _texts(case: Case, key: str) -> Iterator[bytes]:
    texts = case.said.get(key, [])
    yield from (text.encode() for text in ([texts] if isinstance(texts, str) else texts))


def _decent(answer: Answer) -> Iterator[str]:
    """Check what every answer must be: whole, safe to show, and an error that tells enough."""
    if not answer.whole:
        yield "the body is shorter than announced"
    if "Content-Length" not in answer.headers and answer.status not in _BARE:
        yield "no Content-Length"
    for name, value in _ALWAYS.items():
        if answer.headers.get(name) != value:
            yield f"{name} is {answer.headers.get(name)!r}"
    if answer.status >= 400:
        yield from _told(answer)


def _told(answer: Answer) -> Iterator[str]:
    """Check that an error is a problem or a page, and says nothing of the inside."""
    if leak := _INWARD.search(answer.body):
        yield f"tells of its inside: {leak.group()!r}"
    kind, problem = answer.headers.get("Content-Type", ""), answer.json()
    if kind == "application/problem+json" and problem:
        if problem.get("status") != answer.status or not problem.get("detail"):
            yield "the problem does not say status and detail"
    elif not kind.startswith("text/html"):
        yield f"an error as {kind}"
    if answer.status in (429, 503) and not answer.headers.get("Retry-After", "").isdigit():
        yield "no Retry-After"
