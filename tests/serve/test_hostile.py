"""The quick ones of the hostile cases; ``make hostile`` sends all of them, with floods."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path

import pytest

from hostile.attack import source
from hostile.cases import Case, load
from hostile.exchange import Answer, exchange
from hostile.questions import query
from hostile.sink import Sink
from hostile.site import Site, served
from hostile.verdict import faults
from hostile.watch import Watch

CASES = [case for case in load() if case.quick]
DEADLINE = 1.5
SMALL = Path(__file__).parents[1] / "small"


@pytest.fixture(scope="module")
def sink() -> Iterator[Sink]:
    with Sink() as listening:
        yield listening


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, sink: Sink) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("hostile")
    environ = {"CATALOG": str(SMALL), "MEMORY": "256", "RESULT": "1"}
    with served(folder, sink, DEADLINE, "dataset/betyg", **environ) as running:
        yield running


@pytest.fixture(scope="module")
def watch(site: Site) -> Iterator[Watch]:
    with Watch(site) as looking:
        yield looking


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.group}: {case.name}")
def test_what_is_meant_to_harm_is_answered_in_time_beside_others_and_nobody_dies(
    case: Case, site: Site, watch: Watch, sink: Sink
) -> None:
    request, address = case.request(site.target), source(CASES.index(case))
    with ThreadPoolExecutor(1) as attacker:
        attack = attacker.submit(exchange, site.port, request, address, DEADLINE + 20)
        others = list(_meanwhile(attack, site))
    assert faults(case, attack.result(), DEADLINE, site.target.values) == []
    assert {answer.status for answer in others} <= {200}
    assert all(answer.seconds < 2 for answer in others)
    assert watch.deaths == []
    assert sink.visitors == []


def _meanwhile(attack: Future[Answer], site: Site) -> Iterator[Answer]:
    """Let another client ask as long as the attack is not answered."""
    while wait({attack}, timeout=0.2).not_done:
        yield exchange(site.port, query("ASK {}"), "127.0.0.2", 20)
