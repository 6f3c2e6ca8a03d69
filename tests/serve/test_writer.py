"""The writer may be ended like any other process: nothing is half done, and writing goes on."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from support.asking import gone, wait_until

WRITER, EVALUATION, BROKER = "utbildningsdata.writer", "writes.evaluation", "processes.broker"
INSERT = "INSERT DATA { GRAPH <urn:g> { <urn:s> <urn:p> %d } }"
PRODUCT = " ".join(f"GRAPH ?g{n} {{ ?a{n} ?b{n} ?i{n} }}" for n in range(9))
RUNAWAY = f"INSERT {{ GRAPH <urn:x> {{ ?a0 ?b1 ?i2 }} }} WHERE {{ {PRODUCT} }}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the plain store."""
    return tmp_path_factory.mktemp("plain") / "data"


@pytest.fixture(scope="module")
def plain(
    start: Any, folder: Path, new_token: Callable[[Path], str]
) -> Iterator[tuple[Any, Callable[[str], Any]]]:
    """Serve a plain store with some triples; give the server, and what sends it an update."""
    server = start(UTBILDNINGSDATA_DATA=str(folder), UTBILDNINGSDATA_SHAPES="none")
    token = new_token(folder)
    filling = " ".join(f"<urn:s{n}> <urn:p> {n} ." for n in range(300))
    assert (
        server.update(f"INSERT DATA {{ GRAPH <urn:filled> {{ {filling} }} }}", token).status < 300
    )
    yield server, lambda text: server.update(text, token)
    server.process.kill()
    server.process.wait()


def count(server: Any) -> bytes:
    query = "SELECT (COUNT(*) AS ?n) { GRAPH <urn:g> { ?s ?p ?o } }"
    return bytes(server.query(query, Accept="text/csv").body)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_an_idle_writer_that_is_ended_is_replaced_by_the_next_write(
    plain: Any, number: int
) -> None:
    server, update = plain
    (writer,) = server.processes(WRITER)
    others = server.processes(BROKER)
    os.kill(writer, number)
    wait_until(lambda: gone({writer}))
    assert update(INSERT % 1).status < 300
    assert count(server) == b"n\r\n1\r\n"
    assert server.processes(BROKER) == others


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("name", [WRITER, EVALUATION, BROKER])
def test_a_write_under_way_is_told_when_a_process_is_ended_and_leaves_nothing(
    plain: Any, folder: Path, name: str, number: int
) -> None:
    server, update = plain
    answers: list[Any] = []
    writing = threading.Thread(target=lambda: answers.append(update(RUNAWAY)))
    writing.start()
    wait_until(lambda: list((folder / "run").glob("clones/*/*")), 5)
    time.sleep(0.3)
    victims = server.processes(name)
    assert victims
    for victim in victims:
        os.kill(victim, number)
    writing.join(20)
    assert [answer.status for answer in answers] == [503], answers[0].body
    wait_until(lambda: gone(victims))
    wait_until(lambda: update(INSERT % 1).status < 300, 10)
    assert count(server) == b"n\r\n1\r\n"
    wait_until(lambda: not list((folder / "run").glob("clones/*/*")))
    wait_until(lambda: len(server.processes(EVALUATION)) <= 1)


def test_a_runaway_update_is_ended_and_others_write_and_read_on(plain: Any) -> None:
    server, update = plain
    started = time.monotonic()
    assert update(RUNAWAY).status == 503
    assert time.monotonic() - started < 1.5 + 1.5
    assert update(INSERT % 1).status < 300
    assert count(server) == b"n\r\n1\r\n"


def test_being_told_to_stop_in_the_midst_of_a_write_ends_everything(plain: Any) -> None:
    server, update = plain
    writing = threading.Thread(target=lambda: update(RUNAWAY), daemon=True)
    writing.start()
    time.sleep(0.5)
    everything = server.processes()
    assert server.stop() == 0
    wait_until(lambda: gone(everything), 1)
