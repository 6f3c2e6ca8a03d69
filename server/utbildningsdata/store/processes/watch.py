"""Whether queries can be answered: asked of a worker that no reader's question ever gets.

However busy the others are, its answer is a matter of milliseconds; so when it does not come,
something is broken. Those who ask at the same time share one answer.
"""

from __future__ import annotations

import asyncio

from utbildningsdata.store.processes import frames
from utbildningsdata.store.processes.outcomes import Outcome
from utbildningsdata.store.processes.pool import Lost, Pool, Worker
from utbildningsdata.store.processes.queueing import Answer

PATIENCE = 2.0
"""Seconds in which the worker must answer, or is replaced."""

_PAUSE = 0.02  # seconds before another try when the worker has ended
_QUESTION = b"ASK {}"
_HEADER: frames.Header = {
    "base": "http://localhost/",
    "prefixes": {},
    "store": "store",
    "union": True,
    "records": True,
    "default_graphs": None,
    "named_graphs": None,
    "results": None,
    "graphs": None,
    "rows": 1,
    "deadline": PATIENCE,
    "cap": 0,
    "file": "",
}


class Watch:
    """The reserved worker, and the question that is put to it."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._worker: asyncio.Future[Worker] = asyncio.get_running_loop().create_future()
        self._asking: asyncio.Task[frames.Header] | None = None

    async def run(self) -> None:
        """Keep a worker until cancelled; then leave none behind."""
        while True:
            worker = await self._pool.hire()
            self._worker.set_result(worker)
            try:
                await asyncio.shield(worker.ended)
            finally:
                self._worker = asyncio.get_running_loop().create_future()
                await worker.end()

    async def ask(self) -> frames.Header:
        """Return an empty header where all is well, else one with ``error`` and ``message``."""
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask())
        return await asyncio.shield(self._asking)

    async def _ask(self) -> frames.Header:
        try:
            async with asyncio.timeout(PATIENCE):
                while (answer := await self._answer()) is None:
                    await asyncio.sleep(_PAUSE)
        except TimeoutError:
            if self._worker.done():
                await self._worker.result().end()
            return {"error": Outcome.TIMED_OUT, "message": ""}
        return {name: answer[0][name] for name in ("error", "message") if name in answer[0]}

    async def _answer(self) -> Answer | None:
        """Ask the worker; None where it has ended, so that another one comes."""
        worker = await asyncio.shield(self._worker)
        try:
            return await worker.ask(_HEADER, _QUESTION)
        except Lost:
            return None
