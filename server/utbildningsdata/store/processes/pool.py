"""Processes as the broker sees them: started, asked, killed; and the query workers among them."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import cast

from utbildningsdata.settings import Settings
from utbildningsdata.store.processes import frames, isolation

_WORKER = "utbildningsdata.store.queries.workers"
_START_PATIENCE = 30.0  # seconds; a loaded machine may need some
_PAUSE = 1.0  # seconds before another try when a worker does not even start

_log = logging.getLogger("utbildningsdata.broker")


Reply = asyncio.Future[tuple[frames.Header, bytes] | None]
"""An answer to come; None where nobody waits for it any longer."""


class Lost(Exception):
    """The process ended; ``returncode`` is negative for the signal that ended it."""

    def __init__(self, returncode: int) -> None:
        super().__init__(returncode)
        self.returncode = returncode


class Worker(asyncio.SubprocessProtocol):
    """A running process that answers frames; ``network`` says why it still has one, if it does.

    ``ended`` is done when nothing of it is left, with its return code.
    """

    network = ""

    def __init__(self) -> None:
        self.ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._buffer = frames.Buffer()
        self._reply: Reply = asyncio.get_running_loop().create_future()
        self._transport: asyncio.SubprocessTransport

    @classmethod
    async def start(
        cls, module: str, arguments: Sequence[str], environ: Mapping[str, str]
    ) -> Worker:
        """Start a module as a program, and wait until it says that it is ready.

        Its first argument is this process, with which it is to end; then come ``arguments``. Its
        first frame says ``network``: why the host did not let it leave the network, or nothing.

        Raises:
            Lost: It ended before it was ready.
        """
        _, worker = await asyncio.get_running_loop().subprocess_exec(
            cls,
            *(sys.executable, "-m", module, str(os.getpid()), *arguments),
            stdin=PIPE,
            stdout=PIPE,
            stderr=None,
            env=environ,
        )
        try:
            ready = await asyncio.wait_for(worker._reply, _START_PATIENCE)
        except TimeoutError:
            raise Lost(await worker.end()) from None
        except asyncio.CancelledError:
            await worker.end()
            raise
        worker.network = ready[0]["network"] if ready else ""
        return worker

    @property
    def alive(self) -> bool:
        """Whether it has not ended; the kernel knows sooner than the event loop."""
        if self.ended.done():
            return False
        try:
            pid = self._transport.get_pid()
            ended = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:
            return False
        return ended is None

    def ask(self, header: frames.Header, body: bytes) -> Reply:
        """Ask one question; the future gets its answer.

        Who waits for it may set it to None before, and has to end the worker then.

        Raises:
            Lost: The process ended instead (raised by the future).
        """
        self._reply = asyncio.get_running_loop().create_future()
        if self.ended.done():
            self._reply.set_exception(Lost(self.ended.result()))
            return self._reply
        pipe = cast(asyncio.WriteTransport, self._transport.get_pipe_transport(0))
        if not pipe.is_closing():  # else it is about to have ended, and that is told then
            pipe.write(frames.pack(header, body))
        return self._reply

    async def end(self) -> int:
        """Kill the process, wait until nothing of it is left, and return its return code."""
        with suppress(ProcessLookupError):
            self._transport.kill()
        return await asyncio.shield(self.ended)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast(asyncio.SubprocessTransport, transport)

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        """Give the answer to who waits for it."""
        for frame in self._buffer.feed(data):
            if not self._reply.done():
                self._reply.set_result(frame)

    def connection_lost(self, exc: Exception | None) -> None:
        """Say that the process has ended, and that all that it wrote was read."""
        returncode = self._transport.get_returncode() or 0
        self._transport.close()
        if not self._reply.done():
            self._reply.set_exception(Lost(returncode))
        self.ended.set_result(returncode)


class Pool:
    """Starts query workers, all alike; they get of the environment only what they need."""

    def __init__(self, settings: Settings) -> None:
        self._arguments = (str(settings.data.absolute()), str(settings.memory))
        self._environ = isolation.environment()
        self._network_said = False

    async def hire(self) -> Worker:
        """Start a worker, however often that must be tried."""
        while True:
            try:
                worker = await Worker.start(_WORKER, self._arguments, self._environ)
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
