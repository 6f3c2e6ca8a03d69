"""The line to the writer: one write after another, by a process that may die."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from support.asking import gone, wait_until
from support.loops import in_a_loop
from utbildningsdata.settings import Settings
from utbildningsdata.store.processes.queueing import Question
from utbildningsdata.store.processes.writing import DEADLINES, WAITING, WritingLine

WRITER = """
import os, sys, time
from utbildningsdata.store.processes import frames, lifeline
if os.path.exists(os.environ["BROKEN"]):
    sys.exit(3)
lifeline.end_with(int(sys.argv[1]))
questions, answers = os.fdopen(0, "rb"), os.fdopen(1, "wb", buffering=0)
answers.write(frames.pack({"ready": True, "network": ""}))
while (question := frames.read(questions)) is not None:
    time.sleep(question[0]["write"]["seconds"])
    done = {"at": time.monotonic(), "pid": os.getpid(), "base": os.environ["UTBILDNINGSDATA_BASE"]}
    answers.write(frames.pack({"written": done}, question[1]))
"""
"""Stands for the writer: it does nothing, for as many seconds as it is told."""

DEADLINE = 0.6

Work = Callable[[WritingLine], Awaitable[None]]


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """Return the file that makes the writer end at its start, while it exists."""
    return tmp_path / "broken"


@pytest.fixture
def carry_out(
    settings: Settings, tmp_path: Path, broken: Path, monkeypatch: Any
) -> Callable[[Work], None]:
    """Return what does some work with a line to a writer, and ends the line then."""
    (tmp_path / "stand_in.py").write_text(WRITER)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("BROKEN", str(broken))

    def run(work: Work) -> None:
        async def with_line() -> None:
            line = WritingLine(settings.changed(deadline=DEADLINE), "stand_in")
            running = asyncio.create_task(line.run())
            try:
                await asyncio.wait_for(work(line), 20)
            finally:
                running.cancel()
                await asyncio.wait({running})

        in_a_loop(with_line)

    return run


def put(line: WritingLine, seconds: float = 0.0, text: str = "") -> Question:
    write = Question("somebody", {"write": {"seconds": seconds}}, text.encode())
    line.put(write)
    return write


async def written(write: Question) -> dict[str, Any]:
    header, _ = await write.answer
    return dict(header["written"])


async def error(write: Question) -> str:
    header, _ = await write.answer
    return str(header.get("error", ""))


def test_the_writer_is_started_at_the_first_write_kept_and_ended_with_the_line(
    carry_out: Any, settings: Settings
) -> None:
    writers: set[int] = set()

    async def work(line: WritingLine) -> None:
        first = put(line, text="the text")
        writers.add((await written(first))["pid"])
        assert first.answer.result()[1] == b"the text"
        again = await written(put(line))
        assert {again["pid"]} == writers
        assert again["base"] == settings.base

    carry_out(work)
    assert gone(writers)


def test_writes_are_carried_out_one_after_another_in_their_order(carry_out: Any) -> None:
    async def work(line: WritingLine) -> None:
        writes = [put(line, 0.05) for _ in range(6)]
        times = [(await written(write))["at"] for write in writes]
        assert times == sorted(times)
        assert times[-1] - times[0] >= 0.25

    carry_out(work)


def test_a_write_whose_writer_is_killed_is_lost_and_the_next_one_gets_a_new_writer(
    carry_out: Any,
) -> None:
    async def work(line: WritingLine) -> None:
        first = (await written(put(line)))["pid"]
        lost, following = put(line, 1.0), put(line)
        await asyncio.sleep(0.1)
        os.kill(first, signal.SIGKILL)
        assert await error(lost) == "lost"
        assert (await written(following))["pid"] != first

    carry_out(work)


def test_an_idle_writer_that_is_killed_is_replaced_at_the_next_write(carry_out: Any) -> None:
    async def work(line: WritingLine) -> None:
        first = (await written(put(line)))["pid"]
        os.kill(first, signal.SIGKILL)
        await asyncio.sleep(0.3)
        assert (await written(put(line)))["pid"] != first

    carry_out(work)


def test_a_write_that_takes_too_long_ends_with_its_writer(carry_out: Any) -> None:
    async def work(line: WritingLine) -> None:
        first = (await written(put(line)))["pid"]
        started = time.monotonic()
        assert await error(put(line, 60.0)) == "timed-out"
        assert DEADLINES * DEADLINE <= time.monotonic() - started < DEADLINES * DEADLINE + 0.5
        await asyncio.to_thread(wait_until, lambda: gone({first}), 0.5)
        assert await written(put(line))

    carry_out(work)


def test_the_line_of_writes_has_an_end(carry_out: Any) -> None:
    async def work(line: WritingLine) -> None:
        await written(put(line))
        put(line, 0.5)
        await asyncio.sleep(0.1)
        writes = [put(line) for _ in range(WAITING + 1)]
        assert writes[-1].answer.result()[0]["error"] == "overloaded"
        for write in writes[:-1]:
            assert await written(write)

    carry_out(work)


def test_a_write_does_not_wait_longer_than_a_question_may_take(carry_out: Any) -> None:
    async def work(line: WritingLine) -> None:
        await written(put(line))
        first, late = put(line, 1.5), put(line)
        started = time.monotonic()
        assert await error(late) == "overloaded"
        assert time.monotonic() - started < DEADLINE + 0.3
        assert await error(first) == ""

    carry_out(work)


def test_a_writer_that_does_not_start_is_told_and_tried_again_for_the_next_write(
    carry_out: Any, broken: Path
) -> None:
    async def work(line: WritingLine) -> None:
        broken.touch()
        assert await error(put(line)) == "overloaded"
        broken.unlink()
        assert await written(put(line))

    carry_out(work)


def test_a_write_that_nobody_waits_for_any_longer_is_not_begun(carry_out: Any) -> None:
    async def work(line: WritingLine) -> None:
        busy, unwanted, after = put(line, 0.3), put(line, 1.0), put(line)
        unwanted.answer.cancel()
        assert (await written(after))["at"] - (await written(busy))["at"] < 0.5

    carry_out(work)


def test_a_write_goes_on_when_nobody_waits_for_it_any_longer(carry_out: Any) -> None:
    async def work(line: WritingLine) -> None:
        first = (await written(put(line)))["pid"]
        begun = put(line, 0.3)
        await asyncio.sleep(0.1)
        begun.answer.cancel()
        assert (await written(put(line)))["pid"] == first

    carry_out(work)
