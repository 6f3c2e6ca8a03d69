"""Whatever is killed, the service goes on or ends whole; nothing hangs and nothing is left."""

from __future__ import annotations

import http.client
import os
import re
import signal
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

BROKER, WORKER, WEB = "store.processes.broker", "store.queries.workers", "web.wsgi"
SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
WORKERS = 2 + 1  # those for readers' queries, and the one for health


def wait_until(condition: Callable[[], Any], seconds: float) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.05)


def complete(server: Any, name: str, count: int) -> bool:
    return len(server.processes(name)) == count


def gone(processes: set[int]) -> bool:
    return not any(Path(f"/proc/{pid}").exists() for pid in processes)


@pytest.fixture
def fresh(start: Any, copied: Path) -> Iterator[Any]:
    server = start(UTBILDNINGSDATA_DATA=str(copied))
    yield server
    server.process.kill()
    server.process.wait()


def test_it_says_its_address_when_it_answers(server: Any) -> None:
    assert "https://catalogue.example/skola/" in server.log.read_text()
    assert server.answers()


def test_there_are_one_broker_its_workers_and_two_web_processes(server: Any) -> None:
    wait_until(lambda: len(server.processes(WORKER)) == WORKERS, 5)
    assert len(server.processes(BROKER)) == 1
    assert len(server.processes(WEB)) == 1 + 2  # granian's own and those that it keeps


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_being_told_to_stop_ends_everything(fresh: Any, number: int) -> None:
    assert fresh.answers()
    everything = fresh.processes()
    started = time.monotonic()
    assert fresh.stop(number) == 0
    assert time.monotonic() - started < 8
    wait_until(lambda: gone(everything), 1)


def test_being_told_to_stop_does_not_wait_for_a_query(fresh: Any) -> None:
    threading.Thread(target=_ignore, args=(fresh.query, SLOW)).start()
    time.sleep(0.5)
    everything = fresh.processes()
    assert fresh.stop() == 0
    wait_until(lambda: gone(everything), 1)


def test_being_told_to_stop_while_starting_ends_everything(launch: Any, copied: Path) -> None:
    server = launch(UTBILDNINGSDATA_DATA=str(copied))
    time.sleep(0.8)
    assert server.stop() in (0, -signal.SIGTERM)  # the latter before Python has begun
    wait_until(lambda: not server.processes(), 1)


def test_when_the_main_process_is_killed_nothing_is_left(fresh: Any) -> None:
    everything = fresh.processes()
    assert len(everything) >= 6
    fresh.process.kill()
    fresh.process.wait()
    wait_until(lambda: gone(everything), 3)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("name", [BROKER, WORKER, WEB])
def test_a_process_that_is_ended_is_replaced_and_the_service_goes_on(
    server: Any, name: str, number: int
) -> None:
    wait_until(lambda: len(server.processes(WORKER)) == WORKERS, 5)
    before = server.processes(name)
    for victim in sorted(before, reverse=True):  # each alone: the last is granian's own process
        count = len(server.processes(name))
        below = server.processes()
        os.kill(victim, number)
        wait_until(partial(gone, {victim}), 8)
        wait_until(server.answers, 10)
        wait_until(partial(complete, server, name, count), 10)
        wait_until(lambda: len(server.processes()) == len(below), 5)  # noqa: B023


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("name", [BROKER, WORKER, WEB])
def test_a_query_under_way_is_answered_or_told_in_time_when_a_process_is_ended(
    server: Any, name: str, number: int
) -> None:
    wait_until(lambda: len(server.processes(WORKER)) == WORKERS, 5)
    answers: list[Any] = []
    asking = threading.Thread(target=_ignore, args=(lambda: answers.append(server.query(SLOW)),))
    started = time.monotonic()
    asking.start()
    time.sleep(0.4)
    for victim in server.processes(name):
        os.kill(victim, number)
    asking.join()
    assert time.monotonic() - started < 1.5 + 5
    assert [answer.status for answer in answers] in ([503], [])  # no answer where web was ended
    wait_until(server.answers, 10)


def test_a_host_may_be_given_by_name(start: Any, copied: Path) -> None:
    server = start(UTBILDNINGSDATA_DATA=str(copied), UTBILDNINGSDATA_HOST="localhost")
    assert re.search(r"listening on (127\.0\.0\.1|\[::1\]):", server.log.read_text())
    assert server.stop() == 0


def test_faulty_files_are_told_and_what_is_published_is_served(
    start: Any, copied: Path, small: Path
) -> None:
    with (small / "dataset/betyg.ttl").open("a") as file:
        file.write("not turtle")
    changed = {"UTBILDNINGSDATA_DATA": str(copied), "UTBILDNINGSDATA_CATALOG": str(small)}
    server = start(**changed)
    assert "betyg.ttl" in server.log.read_text()
    assert "revision 1 is served" in server.log.read_text()
    assert server.answers()
    assert server.stop() == 0


def test_faulty_files_and_nothing_published_end_it(
    launch: Any, small: Path, tmp_path: Path
) -> None:
    (small / "dataset/betyg.ttl").write_text("not turtle")
    changed = {"UTBILDNINGSDATA_DATA": str(tmp_path / "no"), "UTBILDNINGSDATA_CATALOG": str(small)}
    server = launch(**changed)
    assert server.process.wait(30) == 1
    assert "betyg.ttl" in server.log.read_text()


def test_a_second_server_on_the_same_data_is_told_so_in_one_line(server: Any, launch: Any) -> None:
    second = launch()
    assert second.process.wait(20) == 1
    assert re.fullmatch(r"utbildningsdata: Another server .+\n", second.log.read_text())
    assert server.answers()


def test_a_port_in_use_is_told_in_one_line(server: Any, launch: Any, tmp_path: Path) -> None:
    second = launch(port=server.port, UTBILDNINGSDATA_DATA=str(tmp_path / "other"))
    assert second.process.wait(20) == 1
    assert re.fullmatch(
        rf"utbildningsdata: Port {server.port} on 127.0.0.1 .+--port\.\n", second.log.read_text()
    )


def test_data_that_cannot_be_used_are_told_in_one_line(launch: Any, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    server = launch(UTBILDNINGSDATA_DATA=str(tmp_path / "file"))
    assert server.process.wait(20) == 1
    assert re.fullmatch(r"utbildningsdata: The data folder .+\n", server.log.read_text())


def _ignore(work: Callable[..., Any], *arguments: Any) -> None:
    try:
        work(*arguments)
    except (OSError, http.client.HTTPException):
        return
