"""The evaluation process is killed when it must be, and nothing of it is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, cast

import pytest

from utbildningsdata.errors import Malformed, OperationError, TimedOut, TooLarge
from utbildningsdata.settings import Settings
from utbildningsdata.store.writes.evaluator import EvaluationProcess

INSERT = "INSERT DATA { GRAPH ex:g { ex:a ex:p 1 } }"
ROWS = " ".join(f"VALUES ?v{i} {{ 0 1 2 3 4 5 6 7 8 9 }}" for i in range(12))
RUNAWAY = (
    "INSERT { GRAPH ex:g { ex:a ex:p ?n } } WHERE { { SELECT (COUNT(*) AS ?n) {" + ROWS + "} } }"
)
TWICE = " ".join(f"BIND(CONCAT(?x{i}, ?x{i}) AS ?x{i + 1})" for i in range(31))
DOUBLING = "INSERT { GRAPH ex:g { ex:a ex:p ?x31 } } WHERE { BIND('aaaaaaaa' AS ?x0)" + TWICE + "}"
CALLS = "STR(" * 20_000 + "1" + ")" * 20_000
NESTED = "INSERT { GRAPH ex:g { ex:a ex:p ?x } } WHERE { BIND(" + CALLS + " AS ?x) }"
PARENT = """
import sys
from pathlib import Path
from utbildningsdata.settings import Settings
from utbildningsdata.store.writes.evaluator import EvaluationProcess
evaluator = EvaluationProcess(Settings(data=Path(sys.argv[1]), deadline=60), {"ex": "urn:"})
evaluator.update("CLEAR SILENT GRAPH ex:none", 1)
print("ready", flush=True)
evaluator.update(sys.argv[2], 1)
"""


@pytest.fixture
def quick(evaluated: Settings, prefixes: Mapping[str, str]) -> Iterator[EvaluationProcess]:
    """Give an evaluator with a deadline of a second."""
    process = EvaluationProcess(evaluated.changed(deadline=1.0), prefixes)
    yield process
    process.close()


@pytest.fixture
def evaluator(evaluated: Settings, prefixes: Mapping[str, str]) -> Iterator[EvaluationProcess]:
    """Give an evaluator of this test alone."""
    process = EvaluationProcess(evaluated, prefixes)
    yield process
    process.close()


def children(parent: int) -> list[int]:
    """Return the evaluation processes that a process has started."""
    found = subprocess.run(["pgrep", "-P", str(parent), "-f", "evaluation"], capture_output=True)
    return [int(line) for line in found.stdout.split()]


def clones(settings: Settings) -> list[Path]:
    return list((settings.data / "run/clones").iterdir())


def test_a_runaway_update_is_killed_at_the_deadline_and_leaves_nothing(
    quick: EvaluationProcess, evaluated: Settings
) -> None:
    quick.update(INSERT, 1)
    started = time.monotonic()
    with pytest.raises(TimedOut, match="longer than 1 seconds") as caught:
        quick.update(RUNAWAY, 1)
    assert time.monotonic() - started < 1.5
    assert caught.value.seconds == 1
    assert clones(evaluated) == []
    assert children(os.getpid()) == []


def test_an_update_that_wants_all_memory_is_too_large(
    evaluator: EvaluationProcess, evaluated: Settings
) -> None:
    with pytest.raises(TooLarge, match="512 MiB of memory"):
        evaluator.update(DOUBLING, 1)
    assert clones(evaluated) == []


def test_an_update_that_overflows_the_stack_nests_too_deep(evaluator: EvaluationProcess) -> None:
    with pytest.raises(Malformed, match="nests too deep"):
        evaluator.update(NESTED, 1)


def test_after_a_death_the_next_update_is_answered(evaluator: EvaluationProcess) -> None:
    with pytest.raises(Malformed):
        evaluator.update(NESTED, 1)
    edits, _ = evaluator.update(INSERT, 1)
    assert len(edits) == 1


def test_a_process_that_was_killed_from_outside_is_replaced_unseen(
    evaluator: EvaluationProcess,
) -> None:
    evaluator.update(INSERT, 1)
    (process,) = children(os.getpid())
    os.kill(process, signal.SIGKILL)
    edits, _ = evaluator.update(INSERT, 1)
    assert len(edits) == 1
    assert children(os.getpid()) != [process]


def test_a_process_that_is_killed_in_the_midst_of_an_update_is_replaced_too(
    quick: EvaluationProcess, evaluated: Settings
) -> None:
    quick.update(INSERT, 1)
    (process,) = children(os.getpid())
    threading.Timer(0.3, os.kill, (process, signal.SIGKILL)).start()
    started = time.monotonic()
    with pytest.raises(TimedOut):
        quick.update(RUNAWAY, 1)
    assert time.monotonic() - started > 1.3  # it had all its time once more
    assert clones(evaluated) == []


def test_a_process_that_is_stopped_is_killed_at_the_deadline(quick: EvaluationProcess) -> None:
    quick.update(INSERT, 1)
    (process,) = children(os.getpid())
    os.kill(process, signal.SIGSTOP)
    with pytest.raises(TimedOut):
        quick.update(INSERT + " # " + "x" * 1_000_000, 1)


def test_it_has_left_the_network(evaluator: EvaluationProcess) -> None:
    evaluator.update(INSERT, 1)
    (process,) = children(os.getpid())
    assert Path(f"/proc/{process}/ns/net").readlink() != Path("/proc/self/ns/net").readlink()


def test_a_revision_that_is_not_there_is_for_the_operator(evaluator: EvaluationProcess) -> None:
    with pytest.raises(OperationError, match="cannot be read"):
        evaluator.update(INSERT, 9)


def test_it_ends_with_its_writer_and_the_next_writer_removes_its_clone(
    evaluated: Settings, prefixes: Mapping[str, str]
) -> None:
    writer = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(evaluated.data), RUNAWAY], stdout=subprocess.PIPE
    )
    assert cast(BinaryIO, writer.stdout).readline() == b"ready\n"
    until = time.monotonic() + 5
    while not clones(evaluated):
        assert time.monotonic() < until
        time.sleep(0.01)
    (process,) = children(writer.pid)
    with writer:
        writer.kill()
    while Path(f"/proc/{process}").exists():
        assert time.monotonic() < until
        time.sleep(0.01)
    assert clones(evaluated)
    EvaluationProcess(evaluated, prefixes)
    assert clones(evaluated) == []
