"""The broker: the one process that owns the query workers, the writer and the lines before them.

``python -m utbildningsdata.store.processes.broker PARENT`` reads the settings from the environment
and listens on its socket in ``data/run``. What the header of a question has says what it is
(``client`` is in each):

* ``health``: whether queries are answered. The answer has ``revision``, ``waiting`` (questions),
  ``workers`` (those that are there).
* ``write``: a write for the writer, see ``store.writes.wire``.
* else a query, with the keys that ``store.queries.workers`` names; ``waited`` are seconds that
  it has lost already, with a broker that ended.

Each may be answered with ``error`` (an ``Outcome``), ``message`` and perhaps ``retry_after``
(seconds). A query waits at most half the deadline, and is answered or given up at the deadline.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

import uvloop

from utbildningsdata.settings import Settings
from utbildningsdata.store import layout
from utbildningsdata.store.processes import frames, lifeline, runtime
from utbildningsdata.store.processes.connections import Connection
from utbildningsdata.store.processes.lanes import Lane
from utbildningsdata.store.processes.outcomes import Outcome
from utbildningsdata.store.processes.pool import Pool
from utbildningsdata.store.processes.queueing import Answer, Line, Question
from utbildningsdata.store.processes.shares import Shares
from utbildningsdata.store.processes.watch import Watch
from utbildningsdata.store.processes.writing import WritingLine

_MEBIBYTE = 1024 * 1024


class Broker:
    """The lines, those who work them off, and the folder for large answers."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._spool = runtime.spool(settings.data)
        pool = Pool(settings)
        self._line = Line(Shares(settings.share, settings.workers), settings.deadline / 2)
        self._lanes = [Lane(pool, self._line, settings.deadline) for _ in range(settings.workers)]
        self._watch = Watch(pool)
        self._writes = WritingLine(settings)
        self._names = itertools.count()

    async def run(self, stop: asyncio.Event) -> None:
        """Answer until ``stop`` is set; then leave no process behind."""
        runs = [lane.run() for lane in self._lanes]
        runs += [self._watch.run(), self._writes.run()]
        tasks = [asyncio.create_task(run) for run in runs]
        server = await asyncio.get_running_loop().create_unix_server(
            lambda: Connection(self._answer, self._spool / str(next(self._names))),
            sock=runtime.listen(self._settings.data),
        )
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({stopping, *tasks}, return_when=asyncio.FIRST_COMPLETED)
        server.close()
        for task in tasks:
            task.cancel()
        for result in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(result, Exception):
                raise result

    def _answer(self, header: frames.Header, body: bytes, file: Path) -> asyncio.Future[Answer]:
        """Let a question go where it belongs; the future gets its answer."""
        client = header.pop("client")
        if "health" in header:
            return asyncio.ensure_future(self._health())
        question = Question(client, header, body)
        if "write" in header:
            self._writes.put(question)
            return question.answer
        question.arrived -= header.pop("waited", 0.0)
        header |= {"cap": self._settings.result * _MEBIBYTE, "file": str(file.absolute())}
        self._line.put(question)
        return question.answer

    async def _health(self) -> Answer:
        if problem := await self._watch.ask():
            return problem, b""
        try:
            revision = int(layout.current(self._settings.data).name)
        except OSError as error:
            return {"error": Outcome.UNREADABLE, "message": str(error)}, b""
        workers = sum(lane.ready for lane in self._lanes)
        return {"revision": revision, "waiting": len(self._line), "workers": workers}, b""


def main() -> None:
    """Run the broker until SIGTERM or SIGINT, or until its parent is gone."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s: %(message)s")
    lifeline.end_with(int(sys.argv[1]))
    uvloop.run(_main(Settings.from_environ(os.environ)))


async def _main(settings: Settings) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    with suppress(asyncio.CancelledError):
        await Broker(settings).run(stop)


if __name__ == "__main__":
    main()
