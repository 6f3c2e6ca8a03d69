"""A query over a limit is an error in time, ends with its worker, and nobody else notices."""

from __future__ import annotations

import time
from typing import Any

import pytest

from support.asking import CROSS, JSON, Asking, ask, descendants, ready, staff, wait_until
from utbildningsdata.errors import (
    CatalogError,
    Malformed,
    Overloaded,
    RateLimited,
    TimedOut,
    TooLarge,
)
from utbildningsdata.settings import Settings
from utbildningsdata.store.processes import frames, runtime
from utbildningsdata.store.queries.client import BrokerClient

SORT_BOMB = "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY RAND() LIMIT 1"
NESTED = "ASK { FILTER(" + "STR(" * 2000 + "1" + ")" * 2000 + ") }"


def question(client: BrokerClient, text: str) -> bytes:
    """Return the frame of a query, for a client that goes away without its answer."""
    header = client._header("", "impatient", "store", None, None) | {"results": JSON}
    return frames.pack(header, text.encode())


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (CROSS, TimedOut),
        (SORT_BOMB, TooLarge),
        (NESTED, Malformed),
        ("ASK " + "{" * 50_000, Malformed),
        ("SELECT * { ?a ?b ?c . ?d ?e ?f }", TooLarge),
    ],
    ids=["cross product", "memory bomb", "nested functions", "nested braces", "large answer"],
)
def test_a_query_over_a_limit_is_an_error_and_others_go_on(
    client: BrokerClient, text: str, error: type[CatalogError]
) -> None:
    attacker = Asking(client, text, client="attacker")
    while attacker.is_alive():
        started = time.monotonic()
        ask(client, "ASK {}", client="reader")
        assert time.monotonic() - started < 1
        attacker.join(0.2)
    assert type(attacker.error) is error


def test_nothing_of_a_query_runs_on_after_its_deadline(
    settings: Settings, revise: Any, start_broker: Any
) -> None:
    revise(1, 3000)
    broker = start_broker()
    client = BrokerClient(settings, {})
    ask(client, "ASK {}")
    before = staff(broker, settings)
    started = time.monotonic()
    with pytest.raises(TimedOut):
        ask(client, CROSS)
    assert time.monotonic() - started < settings.deadline + 1
    wait_until(lambda: len(before - set(descendants(broker.pid))) == 1, 0.5)


def test_a_question_waits_at_most_half_the_deadline(
    settings: Settings, revise: Any, start_broker: Any
) -> None:
    revise(1, 3000)
    start_broker()
    client = ready(settings)
    busy = [Asking(client, CROSS, name) for name in ("one", "another")]
    time.sleep(0.2)
    started = time.monotonic()
    with pytest.raises(Overloaded) as caught:
        ask(client, "ASK {}", client="reader")
    assert type(caught.value) is Overloaded
    assert caught.value.retry_after == 1
    assert 0.7 < time.monotonic() - started < 1
    for other in busy:
        other.join()
        assert type(other.error) is TimedOut


def test_the_time_that_a_question_waits_is_part_of_its_deadline(
    settings: Settings, revise: Any, start_broker: Any
) -> None:
    revise(1, 3000)
    broker = start_broker(deadline=3.0, workers=1)
    patient = BrokerClient(settings.changed(deadline=3.0), {})
    ask(patient, "ASK {}")
    with runtime.connect(settings.data) as connection:
        connection.sendall(question(patient, CROSS))
        time.sleep(0.2)
        waiting = Asking(patient, CROSS)
        time.sleep(0.6)
        assert len(descendants(broker.pid)) == 2
    waiting.join()
    assert type(waiting.error) is TimedOut
    assert 2.8 < waiting.seconds < 3.5


def test_one_client_cannot_hold_every_worker(
    settings: Settings, revise: Any, start_broker: Any
) -> None:
    revise(1, 3000)
    start_broker()
    client = ready(settings)
    flood = [Asking(client, CROSS, "flood") for _ in range(5)]
    time.sleep(0.1)
    while any(thread.is_alive() for thread in flood):
        started = time.monotonic()
        ask(client, "ASK {}", client="reader")
        assert time.monotonic() - started < 0.25
        time.sleep(0.02)
    kinds = [type(thread.error) for thread in flood]
    assert kinds.count(TimedOut) == 1
    assert kinds.count(Overloaded) == 4
    assert all(thread.seconds < settings.deadline + 0.5 for thread in flood)


def test_a_fifth_question_of_one_client_that_would_wait_is_told_when_to_come_back(
    settings: Settings, revise: Any, start_broker: Any
) -> None:
    revise(1, 3000)
    start_broker()
    client = ready(settings)
    flood = [Asking(client, CROSS, "flood") for _ in range(7)]
    for thread in flood:
        thread.join()
    refused = [thread for thread in flood if isinstance(thread.error, RateLimited)]
    assert len(refused) == 2
    assert all(thread.seconds < 0.5 for thread in refused)
    assert [getattr(thread.error, "retry_after", 0) for thread in refused] == [1, 1]


def test_a_client_that_has_used_its_share_is_told_when_it_has_some_again(
    settings: Settings, revise: Any, start_broker: Any
) -> None:
    revise(1, 3000)
    start_broker(share=1.2)
    client = ready(settings)
    with pytest.raises(TimedOut):
        ask(client, CROSS, client="greedy")
    wait_until(lambda: client.health().workers == settings.workers)
    with pytest.raises(RateLimited) as caught:
        ask(client, "ASK {}", client="greedy")
    assert 10 <= caught.value.retry_after <= 60
    assert ask(client, "ASK {}", client="reader")


def test_many_clients_together_have_an_end_too(
    settings: Settings, revise: Any, start_broker: Any
) -> None:
    revise(1, 3000)
    start_broker()
    client = ready(settings)
    crowd = [Asking(client, CROSS, f"client {i}") for i in range(settings.workers + 16 + 4)]
    for thread in crowd:
        thread.join()
    assert [type(thread.error) for thread in crowd].count(TimedOut) == settings.workers
    assert [type(thread.error) for thread in crowd].count(Overloaded) == 20
    assert len([thread for thread in crowd if thread.seconds < 0.5]) == 4
    assert ask(client, "ASK {}")


def test_a_query_whose_answer_nobody_waits_for_runs_no_longer(
    settings: Settings, revise: Any, start_broker: Any
) -> None:
    revise(1, 3000)
    broker = start_broker(deadline=60.0)
    client = BrokerClient(settings, {})
    ask(client, "ASK {}")
    before = staff(broker, settings)
    with runtime.connect(settings.data) as connection:
        connection.sendall(question(client, CROSS))
        time.sleep(0.3)
    wait_until(lambda: len(before - set(descendants(broker.pid))) == 1)


def test_an_answer_that_nobody_waits_for_leaves_no_file(
    settings: Settings, revise: Any, start_broker: Any
) -> None:
    revise(1, 3000)
    start_broker()
    client = BrokerClient(settings, {})
    ask(client, "ASK {}")
    for _ in range(5):
        with runtime.connect(settings.data) as connection:
            connection.sendall(question(client, "SELECT * { ?s ?p ?o }"))
    ask(client, "ASK {}")
    time.sleep(0.5)
    assert list((settings.data / "run/spool").iterdir()) == []


def test_a_query_that_is_ended_while_it_answers_leaves_no_file(
    settings: Settings, revise: Any, start_broker: Any
) -> None:
    revise(1, 3000)
    start_broker(result=2000, deadline=1.0)
    client = ready(settings)
    with pytest.raises(TimedOut):
        ask(client, "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
    wait_until(lambda: not list((settings.data / "run/spool").iterdir()), 1)
