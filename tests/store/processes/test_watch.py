"""Whether queries are answered is told by a worker of its own, and in time."""

from __future__ import annotations

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from support.asking import CROSS, Asking, gone, ready, staff, wait_until
from utbildningsdata.errors import OperationError, Overloaded
from utbildningsdata.settings import Settings
from utbildningsdata.store.ports import Health
from utbildningsdata.store.processes.watch import PATIENCE
from utbildningsdata.store.queries.client import BrokerClient


@pytest.fixture
def stopped(settings: Settings, revise: Any, start_broker: Any) -> set[int]:
    """Stop every worker, that for health too: they are alive and answer nothing."""
    revise(1, 3000)
    broker = start_broker()
    ready(settings)
    workers = staff(broker, settings)
    for worker in workers:
        os.kill(worker, signal.SIGSTOP)
    return workers


def test_it_is_told_at_once_while_every_other_worker_is_busy(
    settings: Settings, revise: Any, start_broker: Any
) -> None:
    revise(7, 3000)
    start_broker()
    client = ready(settings)
    crowd = [Asking(client, CROSS, f"client {i}") for i in range(settings.workers + 3)]
    time.sleep(0.3)
    started = time.monotonic()
    assert client.health() == Health(revision=7, waiting=3, workers=settings.workers)
    assert time.monotonic() - started < 0.25
    for thread in crowd:
        thread.join()


def test_many_who_ask_at_once_are_all_told(
    settings: Settings, revise: Any, start_broker: Any
) -> None:
    revise(1, 1)
    start_broker()
    client = ready(settings)
    with ThreadPoolExecutor(50) as threads:
        told = [threads.submit(client.health) for _ in range(500)]
    assert {health.result().revision for health in told} == {1}


def test_a_worker_that_does_not_answer_is_no_health_and_is_replaced(
    settings: Settings, stopped: set[int]
) -> None:
    client = BrokerClient(settings, {})
    started = time.monotonic()
    with pytest.raises(Overloaded):
        client.health()
    assert time.monotonic() - started < PATIENCE + 0.5
    assert client.health().revision == 1
    assert not gone(stopped)  # the others are asked nothing, and nobody knows yet


def test_a_worker_that_is_killed_is_replaced(
    settings: Settings, revise: Any, start_broker: Any
) -> None:
    revise(1, 1)
    broker = start_broker()
    client = ready(settings)
    workers = staff(broker, settings)
    for worker in workers:
        os.kill(worker, signal.SIGKILL)
    wait_until(lambda: gone(workers))
    assert client.health().revision == 1


def test_without_a_revision_there_is_no_health(settings: Settings, start_broker: Any) -> None:
    start_broker()
    with pytest.raises(OperationError):
        BrokerClient(settings, {}).health()
