"""What a client has used, and when it may use more."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utbildningsdata.store.processes.shares import PERIOD, Shares


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Kept:
    """Shares with a clock of their own."""

    share: float = 30.0
    workers: int = 4
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.shares = Shares(self.share, self.workers, self.clock)

    def use(self, client: str, seconds: float) -> None:
        self.shares.begin(client)
        self.clock.now += seconds
        self.shares.end(client, seconds)


def test_a_whole_share_may_be_used_at_once_and_refills_in_a_minute() -> None:
    kept = Kept(share=30.0)
    kept.use("a", 29.0)
    assert not kept.shares.spent("a")
    kept.use("a", 61.0)
    assert kept.shares.spent("a")
    wait = kept.shares.wait("a")
    assert wait == pytest.approx(62.0)  # (61 - 30) seconds at half a second a second
    kept.clock.now += wait - 0.1
    assert kept.shares.spent("a")
    kept.clock.now += 0.2
    assert not kept.shares.spent("a")
    assert kept.shares.wait("a") == 0


def test_what_one_client_uses_is_no_concern_of_others() -> None:
    kept = Kept()
    kept.use("a", 100.0)
    assert kept.shares.spent("a")
    assert not kept.shares.spent("b")
    assert kept.shares.wait("b") == 0


def test_a_client_may_hold_all_workers_but_one() -> None:
    shares = Kept(workers=3).shares
    assert shares.free("a")
    shares.begin("a")
    shares.begin("a")
    assert not shares.free("a")
    assert shares.free("b")
    shares.end("a", 0.1)
    assert shares.free("a")


def test_where_there_is_one_worker_a_client_may_hold_it() -> None:
    shares = Kept(workers=1).shares
    assert shares.free("a")
    shares.begin("a")
    assert not shares.free("a")


@given(st.lists(st.floats(0.001, 10.0), min_size=1, max_size=200))
def test_clients_are_forgotten_when_what_they_used_is_refilled(seconds: list[float]) -> None:
    kept = Kept(share=60.0)
    for number, used in enumerate(seconds):
        kept.use(f"client {number}", used)
        assert len(kept.shares) <= 16  # each has to outlast all later ones together: 2**14 ms
    kept.clock.now += PERIOD
    kept.use("last", 1.0)
    assert len(kept.shares) == 1
