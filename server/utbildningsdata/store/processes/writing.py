"""The broker's line to the writer: one write after another, in the order in which they came.

The writer is a process of its own, ``python -m utbildningsdata.writer PARENT``, with the settings
in its environment. It is started when there is something to write, and again when it has ended.
It answers frames as a query worker does. What is published is whole whatever kills it.
"""

from __future__ import annotations

import asyncio
import logging
import os
from contextlib import suppress

from utbildningsdata.settings import Settings
from utbildningsdata.store.processes.outcomes import Outcome
from utbildningsdata.store.processes.pool import Lost, Worker
from utbildningsdata.store.processes.queueing import Question

WAITING = 16
"""Writes that may wait; a document may have megabytes, and the broker holds them all."""

DEADLINES = 6
"""How many times as long as a query a write may take; what takes longer is stuck, and ended.

A write of records ends itself by one deadline; only a plain store takes what takes longer.
"""

_WRITER = "utbildningsdata.writer"

_log = logging.getLogger("utbildningsdata.broker")


class WritingLine:
    """The writes that wait, and the writer that they wait for."""

    def __init__(self, settings: Settings, program: str = _WRITER) -> None:
        self._settings = settings
        self._program = program
        self._patience = DEADLINES * settings.deadline
        self._turn = settings.deadline  # to wait for one's turn: whoever writes may try again
        self._writes: asyncio.Queue[Question] = asyncio.Queue(WAITING)
        self._writer: Worker | None = None

    def put(self, write: Question) -> None:
        """Let a write wait for its turn; it is answered at once where there is no room."""
        try:
            self._writes.put_nowait(write)
        except asyncio.QueueFull:
            write.fail(Outcome.OVERLOADED)
            return
        timer = asyncio.get_running_loop().call_later(self._turn, self._give_up, write)
        write.answer.add_done_callback(lambda _: timer.cancel())

    async def run(self) -> None:
        """Have one write after another carried out; leave no writer behind when cancelled."""
        try:
            while True:
                write = await self._writes.get()
                if not write.answer.done():
                    await self._carry_out(write)
        finally:
            await self._dismiss()

    async def _carry_out(self, write: Question) -> None:
        """Have one write carried out. It goes on when nobody waits for its answer any longer."""
        write.begun = True
        try:
            writer = await self._hire()
        except Lost as lost:
            _log.error("the writer does not start (code %s)", lost.returncode)
            write.fail(Outcome.OVERLOADED)
            return
        try:
            answer = await asyncio.wait_for(writer.ask(write.header, write.body), self._patience)
        except Lost as lost:
            _log.error("the writer ended in the midst of a write (code %s)", lost.returncode)
            write.fail(Outcome.LOST)
        except TimeoutError:
            _log.error("a write of %r took too long; its writer is ended", write.client)
            write.fail(Outcome.TIMED_OUT)
            await self._dismiss()
        else:
            if answer is not None:
                write.settle(*answer)

    async def _hire(self) -> Worker:
        """Return the writer, started if there is none.

        Raises:
            Lost: It ended before it was ready.
        """
        if self._writer is None or not self._writer.alive:
            await self._dismiss()
            environ = os.environ | self._settings.to_environ()
            self._writer = await Worker.start(self._program, (), environ)
        return self._writer

    async def _dismiss(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            with suppress(ProcessLookupError):
                await writer.end()

    def _give_up(self, write: Question) -> None:
        if not write.begun:
            write.fail(Outcome.OVERLOADED)
