"""The broker: the one process that owns the query workers and the line in front of them.

``python -m utbildningsdata.store.queries.broker PARENT`` reads the settings from the environment,
listens on its socket in ``data/run`` and hands each question to a worker. Web processes ask through
``client``; the frames are those of ``workers``, with ``client`` added to the header.

A worker that passes the deadline is killed, and so is one whose answer nobody waits for any longer;
one that a query brought down is replaced. The question gets an ``error`` and no other one notices.
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
from typing import Any

from utbildningsdata.settings import Settings
from utbildningsdata.store.queries import frames, lifeline, runtime
from utbildningsdata.store.queries.outcomes import Outcome, of_death
from utbildningsdata.store.queries.pool import Lost, Worker
from utbildningsdata.store.queries.queueing import Line, Question

WAITING = 16
"""Questions that may wait; fewer than a web process has threads, so that pages go on."""

_MEBIBYTE = 1024 * 1024
_MAX_LOSSES = 3  # workers killed from outside before a question is given up
_PAUSE = 1.0  # seconds before another try when a worker does not even start

_log = logging.getLogger("utbildningsdata.broker")


class Broker:
    """Workers, the line in front of them, and the folder for large answers."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._spool = runtime.spool(settings.data)
        self._line = Line(WAITING)
        self._names = itertools.count()
        self._network_said = False

    async def run(self, stop: asyncio.Event) -> None:
        """Answer until ``stop`` is set; then leave no worker behind."""
        lanes = [asyncio.create_task(self._lane()) for _ in range(self._settings.workers)]
        server = await asyncio.start_unix_server(
            self._connection, sock=runtime.listen(self._settings.data)
        )
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({stopping, *lanes}, return_when=asyncio.FIRST_COMPLETED)
        server.close()
        for lane in lanes:
            lane.cancel()
        for result in await asyncio.gather(*lanes, return_exceptions=True):
            if isinstance(result, Exception):
                raise result

    async def _lane(self) -> None:
        """Keep one worker, and give it one question after another."""
        while True:
            worker = await self._hire()
            try:
                while (question := await self._next(worker)) is not None:
                    if not await self._ask(worker, question):
                        break
            finally:
                await worker.end()

    async def _hire(self) -> Worker:
        while True:
            try:
                worker = await Worker.start(self._settings.data, self._settings.memory)
            except Lost as lost:
                _log.error("a query worker does not start (code %s); trying again", lost.returncode)
                await asyncio.sleep(_PAUSE)
                continue
            if worker.network and not self._network_said:
                self._network_said = True
                _log.warning(
                    "the host does not let query workers leave the network (%s); "
                    "SERVICE and LOAD are refused by reading the query alone",
                    worker.network,
                )
            return worker

    async def _next(self, worker: Worker) -> Question | None:
        """Wait for a question; None where the worker ended first."""
        ended = asyncio.ensure_future(worker.ended())
        try:
            while not ended.done():
                if (question := self._line.take()) is not None:
                    return question
                filled = asyncio.ensure_future(self._line.filled())
                await asyncio.wait({ended, filled}, return_when=asyncio.FIRST_COMPLETED)
                filled.cancel()
            return None
        finally:
            ended.cancel()

    async def _ask(self, worker: Worker, question: Question) -> bool:
        """Put a question to a worker; tell whether the worker can take another."""
        asking = asyncio.ensure_future(worker.ask(question.header, question.body))
        waited: set[asyncio.Future[Any]] = {asking, question.answer}
        try:
            await asyncio.wait(
                waited, timeout=self._settings.deadline, return_when=asyncio.FIRST_COMPLETED
            )
            if not asking.done():
                if not question.answer.done():
                    self._fail(question, Outcome.TIMED_OUT)
                return False
            header, body = asking.result()
        except Lost as lost:
            outcome = of_death(lost.returncode)
            question.losses += outcome is Outcome.LOST
            if outcome is Outcome.LOST and question.losses < _MAX_LOSSES:
                self._line.put_back(question)
            else:
                self._fail(question, outcome)
        else:
            if not question.settle(header, body):
                Path(question.header["file"]).unlink(missing_ok=True)
            return True
        finally:
            asking.cancel()
        return False

    def _fail(self, question: Question, outcome: Outcome) -> None:
        _log.warning("a query of %r ended its worker: %s", question.client, outcome)
        question.settle({"error": outcome, "message": ""})

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the one question of a connection; the client closes when it has the answer."""
        file = self._spool / str(next(self._names))
        try:
            header, body = await frames.receive(reader)
            question = self._question(header, body, file)
            gone = asyncio.ensure_future(reader.read())
            waited: set[asyncio.Future[Any]] = {question.answer, gone}
            await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
            if question.answer.done():
                writer.write(frames.pack(*question.answer.result()))
                await writer.drain()
            question.answer.cancel()
            await gone
        except (asyncio.IncompleteReadError, ConnectionError):
            _log.info("a client closed before its answer")
        finally:
            file.unlink(missing_ok=True)
            writer.close()

    def _question(self, header: frames.Header, body: bytes, file: Path) -> Question:
        limits = {
            "deadline": self._settings.deadline,
            "cap": self._settings.result * _MEBIBYTE,
            "file": str(file.absolute()),
        }
        question = Question(header.pop("client"), header | limits, body)
        overloaded = {"error": Outcome.OVERLOADED, "message": ""}
        if self._line.put(question):
            loop = asyncio.get_running_loop()
            patience = 2 * self._settings.deadline  # one to wait, one to run
            loop.call_later(patience, question.settle, overloaded)
        else:
            question.settle(overloaded)
        return question


def main() -> None:
    """Run the broker until SIGTERM or SIGINT, or until its parent is gone."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s: %(message)s")
    lifeline.end_with(int(sys.argv[1]))
    asyncio.run(_main(Settings.from_environ(os.environ)))


async def _main(settings: Settings) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    with suppress(asyncio.CancelledError):
        await Broker(settings).run(stop)


if __name__ == "__main__":
    main()
