"""All cases of the suite against one endpoint, by category."""

from __future__ import annotations

import http.client
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from xml.sax import SAXException

from conformance.w3c import description, evaluation, exchanges, negotiation, syntax
from conformance.w3c.endpoint import Endpoint, Failed, Store
from conformance.w3c.suite import Case, Suite

# What a wrong answer may raise while it is read: it fails the test, and the run goes on.
_UNREADABLE = (
    OSError,
    http.client.HTTPException,
    ValueError,
    LookupError,
    SyntaxError,
    SAXException,
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result of one test: ``reason`` is empty when it passed.

    ``remark`` says what is spelled otherwise in an answer whose values are right.
    """

    category: str
    name: str
    reason: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Planned:
    """A test that is to be run."""

    category: str
    name: str
    work: Callable[[], str]


def plan(suite: Suite, store: Store) -> Iterator[Planned]:
    """Yield every test of the suite, and those of negotiation, in the order of the report."""
    runs: dict[str, Callable[[Suite, Store, Case], str]] = {
        "query": evaluation.query,
        "update": evaluation.update,
        "results": evaluation.query,
        "protocol": exchanges.run,
        "graphs": exchanges.run,
        "description": lambda _, store, case: description.run(store, case),
    }
    for part, cases in suite.cases.items():
        for case in sorted(cases, key=lambda case: "Syntax" in case.kind):
            run = runs[part]
            if "Syntax" in case.kind:
                run = syntax.update if "Update" in case.kind else syntax.query
            yield Planned(_category(part, case), case.name, partial(run, suite, store, case))
    for name, check in (("Accept", negotiation.accept), ("Vary", negotiation.vary)):
        for asked in negotiation.CASES:
            yield Planned(name, asked.name, partial(check, store, asked))


def _category(part: str, case: Case) -> str:
    match part:
        case "query" | "update":
            kind = "syntax" if "Syntax" in case.kind else "evaluation"
            return f"{part.capitalize()} {kind}"
        case "graphs":
            kind = "direct" if case.iri.endswith("_direct") else "indirect"
            return f"Graph Store Protocol, {kind}"
    return {
        "results": "Result formats (CSV, TSV, JSON)",
        "protocol": "Protocol",
        "description": "Service Description",
    }[part]


def run(suite: Suite, endpoint: Endpoint, only: str = "") -> Iterator[Verdict]:
    """Yield the verdict of every test whose category or name holds ``only``."""
    for planned in plan(suite, Store(endpoint)):
        if only.lower() in f"{planned.category} {planned.name}".lower():
            yield _verdict(planned)


def _verdict(planned: Planned) -> Verdict:
    try:
        return Verdict(planned.category, planned.name, "", planned.work())
    except Failed as error:
        return Verdict(planned.category, planned.name, str(error))
    except _UNREADABLE as error:
        said = f"{type(error).__name__}: {' '.join(str(error).split())[:160]}"
        return Verdict(planned.category, planned.name, said)


def table(verdicts: Sequence[Verdict]) -> str:
    """Return the number of tests in each category, of passed ones, and of those without remark."""
    categories = dict.fromkeys(verdict.category for verdict in verdicts)
    lines = ["| category | passed | of | term for term |", "|---|---|---|---|"]
    for category in categories:
        own = [verdict for verdict in verdicts if verdict.category == category]
        passed = [verdict for verdict in own if not verdict.reason]
        exact = sum(not verdict.remark for verdict in passed)
        lines.append(f"| {category} | {len(passed)} | {len(own)} | {exact} |")
    return "\n".join(lines)
