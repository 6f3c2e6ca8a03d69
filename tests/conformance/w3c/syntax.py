"""Tests of syntax: a text that must be taken, or refused as no text of the language."""

from __future__ import annotations

import json

from conformance.w3c.endpoint import Failed, Response, Store
from conformance.w3c.suite import Case, Suite

_ANY = "*/*"


def query(suite: Suite, store: Store, case: Case) -> str:
    """Run a PositiveSyntaxTest11 or NegativeSyntaxTest11 of a query.

    Raises:
        Failed: It was judged otherwise.
    """
    store.hold({}, "nothing")
    answer = store.endpoint.ask(suite.text(case.action), _ANY)
    return _judge(answer, positive=case.kind.startswith("Positive"))


def update(suite: Suite, store: Store, case: Case) -> str:
    """Run a PositiveUpdateSyntaxTest11 or NegativeUpdateSyntaxTest11.

    An update may be right and still fail: there is no network for LOAD, and no graph to DROP. That
    its syntax was understood shows in that it is refused otherwise than the same text with one
    brace too many: by another status, or another type of problem (RFC 9457).

    Raises:
        Failed: It was judged otherwise.
    """
    store.hold({})
    text = suite.text(case.action)
    answer = store.endpoint.change(text)
    positive = case.kind.startswith("Positive")
    if positive and not _taken(answer):
        spoilt = store.endpoint.change(f"{text}\n}}")
        if spoilt.status == 400 and _kind(answer) != _kind(spoilt):
            return ""
    return _judge(answer, positive=positive)


def _kind(answer: Response) -> tuple[int, object]:
    """Return the status and, where it is said, the type of problem."""
    if answer.media_type != "application/problem+json":
        return answer.status, None
    return answer.status, json.loads(answer.body).get("type")


def _judge(answer: Response, *, positive: bool) -> str:
    if positive and not _taken(answer):
        raise Failed(f"refused: {answer}")
    if not positive and answer.status != 400:
        raise Failed(f"expected 400, found {answer}")
    return ""


def _taken(answer: Response) -> bool:
    return answer.status in (200, 204)
