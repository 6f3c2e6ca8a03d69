"""A lane: one query worker at a time, and one question after another put to it.

A worker that passes the deadline is killed, and so is one whose answer nobody waits for any longer;
one that a query brought down is replaced. The question gets an ``error`` and no other one notices.
"""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from pathlib import Path
from typing import Any

from utbildningsdata.store.processes.outcomes import Outcome, of_death
from utbildningsdata.store.processes.pool import Lost, Pool, Worker
from utbildningsdata.store.processes.queueing import Line, Question

_MAX_LOSSES = 3  # workers killed from outside before a question is given up

_log = logging.getLogger("utbildningsdata.broker")


class Lane:
    """Keeps one worker and gives it questions; ``ready`` tells whether it has one just now."""

    def __init__(self, pool: Pool, line: Line, deadline: float) -> None:
        self._pool = pool
        self._line = line
        self._deadline = deadline
        self.ready = False

    async def run(self) -> None:
        """Work until cancelled; then leave no worker behind."""
        clock = asyncio.get_running_loop().time
        worker = await self._pool.hire()
        try:
            while True:
                self.ready = True
                question = await self._next(worker)
                if question is None:
                    worker = await self._replace(worker)
                    continue
                began = clock()
                if not await self._ask(worker, question):
                    worker = await self._replace(worker)
                self._line.release(question, clock() - began)
        finally:
            await worker.end()

    async def _replace(self, worker: Worker) -> Worker:
        self.ready = False
        await worker.end()
        return await self._pool.hire()

    async def _next(self, worker: Worker) -> Question | None:
        """Wait for a question; None where the worker ended first."""
        turn = self._line.next()
        forgo = partial(_settle, turn)
        worker.ended.add_done_callback(forgo)
        try:
            return await turn
        finally:
            worker.ended.remove_done_callback(forgo)

    async def _ask(self, worker: Worker, question: Question) -> bool:
        """Put a question to a worker; tell whether the worker can take another.

        The deadline counts from the question's arrival, so that who asks knows when to hear.
        """
        left = self._left(question)
        reply = worker.ask(question.header | {"deadline": left}, question.body)
        forgo = partial(_settle, reply)
        timer = asyncio.get_running_loop().call_later(left, forgo)
        question.answer.add_done_callback(forgo)
        try:
            answer = await reply
        except Lost as lost:
            _remove_file(question)
            self._mourn(question, of_death(lost.returncode))
            return False
        finally:
            timer.cancel()
            question.answer.remove_done_callback(forgo)
        if answer is None:
            if not question.answer.done():
                self._fail(question, Outcome.TIMED_OUT)
            await worker.end()
            _remove_file(question)
            return False
        if not question.settle(*answer):
            _remove_file(question)
        return True

    def _mourn(self, question: Question, outcome: Outcome) -> None:
        """Ask again what was lost from outside; answer what the question did to its worker."""
        question.losses += outcome is Outcome.LOST
        if outcome is Outcome.LOST and question.losses < _MAX_LOSSES:
            self._line.put_back(question, self._left(question))
        else:
            self._fail(question, outcome)

    def _fail(self, question: Question, outcome: Outcome) -> None:
        _log.warning("a query of %r ended its worker: %s", question.client, outcome)
        question.fail(outcome)

    def _left(self, question: Question) -> float:
        elapsed = asyncio.get_running_loop().time() - question.arrived
        return max(0.0, self._deadline - elapsed)


def _settle(waiting: asyncio.Future[Any], *_: object) -> None:
    """Let whoever waits for something go on without it."""
    if not waiting.done():
        waiting.set_result(None)


def _remove_file(question: Question) -> None:
    """Remove the answer that nobody will read, when no worker writes to it any longer."""
    Path(question.header["file"]).unlink(missing_ok=True)
