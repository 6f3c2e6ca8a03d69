"""A worker by itself: what it gives up, and when it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

import pytest

from utbildningsdata.settings import Settings
from utbildningsdata.store.processes import frames, outcomes
from utbildningsdata.store.queries import errors

PARENT = """
import json, os, subprocess, sys, time
from utbildningsdata.store.processes import frames
worker = subprocess.Popen(
    [sys.executable, "-m", "utbildningsdata.store.queries.workers",
     str(os.getpid()), sys.argv[1], "256"],
    stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={"PATH": os.environ["PATH"]},
)
frames.read(worker.stdout)
worker.stdin.write(frames.pack(json.loads(sys.argv[2]), sys.argv[3].encode()))
worker.stdin.flush()
time.sleep(0.2)
print(worker.pid, flush=True)
time.sleep(60)
"""
CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
HEADER: dict[str, Any] = {
    "base": "https://catalogue.example/",
    "prefixes": {},
    "results": "text/csv",
    "graphs": None,
    "default_graphs": None,
    "named_graphs": None,
    "store": "store",
    "union": True,
    "records": True,
    "rows": None,
    "deadline": 1.0,
    "cap": 1000,
    "file": "/nonexistent",
}

Start = Callable[[], subprocess.Popen[bytes]]


@pytest.fixture
def start(settings: Settings, revise: Any) -> Iterator[Start]:
    revise(1, 3000)
    started = []

    def run() -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "utbildningsdata.store.queries.workers"),
                *(str(os.getpid()), str(settings.data), "256"),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={"MALLOC_ARENA_MAX": "1", "PATH": os.environ["PATH"]},
        )
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        with process:  # closes its pipes too
            pass


def receive(worker: subprocess.Popen[bytes]) -> tuple[frames.Header, bytes] | None:
    return frames.read(cast(BinaryIO, worker.stdout))


def ask(worker: subprocess.Popen[bytes], text: str, **header: Any) -> Any:
    stdin = cast(BinaryIO, worker.stdin)
    stdin.write(frames.pack(HEADER | header, text.encode()))
    stdin.flush()
    return receive(worker)


def test_it_leaves_the_network_and_says_whether_it_could(start: Start) -> None:
    worker = start()
    received = receive(worker)
    assert received is not None
    namespace = Path(f"/proc/{worker.pid}/ns/net").readlink()
    left = namespace != Path("/proc/self/ns/net").readlink()
    assert left == (received[0]["network"] == "")


def test_it_writes_no_core_and_has_little_memory(start: Start) -> None:
    worker = start()
    receive(worker)
    limits = Path(f"/proc/{worker.pid}/limits").read_text()
    lines = {line[:25].strip(): line[25:].split() for line in limits.splitlines()}
    assert lines["Max data size"][:2] == [str(256 * 1024 * 1024)] * 2
    assert lines["Max core file size"][:2] == ["0", "0"]


def test_the_kernel_ends_a_query_that_nobody_watches(start: Start) -> None:
    worker = start()
    receive(worker)
    assert ask(worker, CROSS) is None
    assert outcomes.of_death(worker.wait()) is outcomes.Outcome.TIMED_OUT


def test_it_ends_when_nobody_can_ask_any_more(start: Start) -> None:
    worker = start()
    receive(worker)
    cast(BinaryIO, worker.stdin).close()
    assert worker.wait(5) == 0


def test_it_ends_in_the_midst_of_a_query_when_its_parent_is_killed(
    settings: Settings, revise: Any
) -> None:
    revise(1, 3000)
    header = json.dumps(HEADER | {"deadline": 60})
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(settings.data), header, CROSS], stdout=subprocess.PIPE
    )
    worker = int(cast(BinaryIO, parent.stdout).readline())
    assert Path(f"/proc/{worker}").exists()
    with parent:
        parent.kill()
    until = time.monotonic() + 3
    while Path(f"/proc/{worker}").exists():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_a_reason_that_is_a_list_of_everything_is_left_out() -> None:
    reply = {
        "error": "malformed",
        "message": "error at 1:2: expected one of A, B, C, D, E, F, G",
        "prefix": None,
    }
    assert "something else is expected" in str(errors.error(reply, Settings()))


def test_a_revision_without_reports_answers_as_if_there_were_none(start: Start) -> None:
    worker = start()
    receive(worker)
    header, body = ask(worker, "SELECT ?s { ?s ?p ?o }", store="reports")
    assert (header["media_type"], body) == ("text/csv", b"s\r\n")


def test_the_default_graph_is_the_union_only_where_the_question_says_so(start: Start) -> None:
    worker = start()
    receive(worker)
    for union, answer in ((True, b"true"), (False, b"false")):
        _, body = ask(
            worker, "ASK { ?s ?p ?o }", union=union, results="application/sparql-results+json"
        )
        assert answer in body
