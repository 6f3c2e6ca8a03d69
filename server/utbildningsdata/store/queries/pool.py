"""Processes as the broker sees them: started, asked, killed; and the query workers among them."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping, Sequence
from typing import cast

from utbildningsdata.settings import Settings
from utbildningsdata.store.queries import frames, isolation

_WORKER = "utbildningsdata.store.queries.workers"
_START_PATIENCE = 30.0  # seconds; a loaded machine may need some
_PAUSE = 1.0  # seconds before another try when a worker does not even start

_log = logging.getLogger("utbildningsdata.broker")


class Lost(Exception):
    """The process ended; ``returncode`` is negative for the signal that ended it."""

    def __init__(self, returncode: int) -> None:
        super().__init__(returncode)
        self.returncode = returncode


class Worker:
    """A running process that answers frames; ``network`` says why it still has one, if it does."""

    network = ""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._questions = cast(asyncio.StreamWriter, process.stdin)
        self._answers = cast(asyncio.StreamReader, process.stdout)

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
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", module, str(os.getpid()), *arguments),
            stdin=PIPE,
            stdout=PIPE,
            env=environ,
        )
        worker = cls(process)
        try:
            header, _ = await asyncio.wait_for(worker._receive(), _START_PATIENCE)
        except TimeoutError:
            raise Lost(await worker.end()) from None
        except asyncio.CancelledError:
            await worker.end()
            raise
        worker.network = header["network"]
        return worker

    @property
    def alive(self) -> bool:
        """Whether it has not ended; the kernel knows sooner than the event loop."""
        try:
            ended = os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:
            return False
        return ended is None

    async def ask(self, header: frames.Header, body: bytes) -> tuple[frames.Header, bytes]:
        """Ask one question and wait for its answer.

        Raises:
            Lost: The process ended instead.
        """
        self._questions.write(frames.pack(header, body))
        return await self._receive()

    async def ended(self) -> int:
        """Wait until the process has ended, and return its return code."""
        return await self._process.wait()

    async def end(self) -> int:
        """Kill the process, wait until nothing of it is left, and return its return code."""
        if self._process.returncode is None:
            self._process.kill()
        return await self._process.wait()

    async def _receive(self) -> tuple[frames.Header, bytes]:
        try:
            return await frames.receive(self._answers)
        except asyncio.IncompleteReadError:
            raise Lost(await self._process.wait()) from None


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
