"""The W3C suite of SPARQL 1.1, run on our own server as a plain store.

The suite is not ours to pass on: ``UTBILDNINGSDATA_W3C`` names a checkout of
https://github.com/w3c/rdf-tests. What fails is known, test by test, and so is why
(docs/conformance.md): one that begins to pass must be taken off the list.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from conformance.w3c import known
from conformance.w3c.run import Verdict, run
from conformance.w3c.server import plain_store
from conformance.w3c.suite import Suite

SUITE = os.environ.get("UTBILDNINGSDATA_W3C", "")
SIZES = {
    "Query evaluation": 225,
    "Query syntax": 103,
    "Update evaluation": 94,
    "Update syntax": 63,
    "Result formats (CSV, TSV, JSON)": 10,
    "Protocol": 34,
    "Graph Store Protocol, direct": 4,
    "Graph Store Protocol, indirect": 9,
    "Service Description": 3,
    "Accept": 22,
    "Vary": 22,
}

pytestmark = pytest.mark.skipif(
    not SUITE, reason="UTBILDNINGSDATA_W3C names no checkout of https://github.com/w3c/rdf-tests"
)


@pytest.fixture(scope="module")
def verdicts() -> Sequence[Verdict]:
    with plain_store() as endpoint:
        return list(run(Suite(Path(SUITE)), endpoint))


def test_every_test_of_the_suite_is_run(verdicts: Sequence[Verdict]) -> None:
    assert Counter(verdict.category for verdict in verdicts) == SIZES


def test_what_fails_is_what_the_documentation_says(verdicts: Sequence[Verdict]) -> None:
    assert {verdict.name for verdict in verdicts if verdict.reason} == known.failures()
