"""Whatever is killed or damaged is replaced or told, and nothing is left behind."""

from __future__ import annotations

import os
import signal
import threading
import time
from typing import Any

import pytest

from support.asking import CROSS, Asking, ask, descendants, gone, ready, staff, wait_until
from utbildningsdata.errors import Malformed, OperationError, Overloaded, TimedOut
from utbildningsdata.settings import Settings
from utbildningsdata.store.queries.client import BrokerClient


@pytest.mark.parametrize(
    ("text", "graphs"),
    [("SELECT (<http://example.org/f>(1) AS ?x) {}", None), ("ASK {}", ["http://["])],
    ids=["custom function", "no IRI"],
)
def test_what_the_engine_refuses_is_the_fault_of_the_query_and_ends_no_worker(
    settings: Settings, revise: Any, start_broker: Any, text: str, graphs: list[str] | None
) -> None:
    revise(1, 1)
    broker = start_broker()
    client = BrokerClient(settings, {})
    ask(client, "ASK {}")
    before = staff(broker, settings)
    with pytest.raises(Malformed):
        ask(client, text, default_graphs=graphs, named_graphs=graphs)
    assert set(descendants(broker.pid)) == before


def test_a_damaged_store_is_an_operation_error_and_ends_no_worker(
    settings: Settings, start_broker: Any, revise: Any
) -> None:
    revise(1, 1)
    (settings.data / "revisions/000001/store/CURRENT").write_text("damaged\n")
    broker = start_broker()
    with pytest.raises(OperationError):
        ask(BrokerClient(settings, {}), "ASK {}")
    before = staff(broker, settings)
    time.sleep(1.5)  # longer than an idle worker waits before it looks at the revision
    assert set(descendants(broker.pid)) == before


def test_an_idle_worker_that_is_killed_is_replaced(
    settings: Settings, revise: Any, start_broker: Any
) -> None:
    revise(1, 1)
    broker = start_broker()
    client = BrokerClient(settings, {})
    ask(client, "ASK {}")
    before = staff(broker, settings)
    for worker in before:
        os.kill(worker, signal.SIGKILL)
    assert ask(client, "ASK {}")
    wait_until(lambda: gone(before))
    ready(settings)
    assert len(staff(broker, settings)) == settings.workers + 1


def test_a_query_whose_worker_is_killed_from_outside_is_asked_again(
    settings: Settings, revise: Any, start_broker: Any
) -> None:
    revise(1, 3000)
    broker = start_broker()
    client = BrokerClient(settings, {})
    ask(client, "ASK {}")
    slow = Asking(client, CROSS)
    time.sleep(0.5)
    for worker in staff(broker, settings):
        os.kill(worker, signal.SIGKILL)
    slow.join()
    assert type(slow.error) is TimedOut
    assert slow.seconds < settings.deadline + 0.5


def test_a_query_survives_a_broker_that_is_killed_and_replaced(
    settings: Settings, revise: Any, start_broker: Any
) -> None:
    revise(1, 1)
    first = start_broker()
    client = BrokerClient(settings, {})
    ask(client, "ASK {}")
    workers = staff(first, settings)
    first.kill()
    first.wait()
    threading.Timer(0.3, start_broker).start()
    assert ask(client, "ASK {}")
    wait_until(lambda: gone(workers))


def test_a_broker_that_is_told_to_stop_leaves_nothing(
    settings: Settings, revise: Any, start_broker: Any
) -> None:
    revise(1, 1)
    broker = start_broker()
    ask(BrokerClient(settings, {}), "ASK {}")
    workers = staff(broker, settings)
    broker.send_signal(signal.SIGTERM)
    assert broker.wait(5) == 0
    wait_until(lambda: gone(workers), 1)


def test_without_a_broker_the_client_says_to_come_back(settings: Settings) -> None:
    (settings.data / "run").mkdir()
    with pytest.raises(Overloaded):
        ask(BrokerClient(settings, {}), "ASK {}")
