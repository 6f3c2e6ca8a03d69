"""One worker as the broker sees it: started, asked, killed."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path
from typing import cast

from utbildningsdata.store.queries import frames

_PASSED_ON = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "HOME", "LANG", "TZ")
_START_PATIENCE = 30.0  # seconds; a loaded machine may need some


class Lost(Exception):
    """The worker ended; ``returncode`` is negative for the signal that ended it."""

    def __init__(self, returncode: int) -> None:
        super().__init__(returncode)
        self.returncode = returncode


class Worker:
    """A running query worker; ``network`` says why it still has one, if it does."""

    network = ""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._questions = cast(asyncio.StreamWriter, process.stdin)
        self._answers = cast(asyncio.StreamReader, process.stdout)

    @classmethod
    async def start(cls, data: Path, memory: int) -> Worker:
        """Start a worker on a data folder with so many mebibytes, and wait until it is ready.

        It is given nothing of the environment that it does not need.

        Raises:
            Lost: It ended before it was ready.
        """
        environ = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "utbildningsdata.store.queries.workers"),
            *(str(os.getpid()), str(data.absolute()), str(memory)),
            stdin=PIPE,
            stdout=PIPE,
            env=environ | {"MALLOC_ARENA_MAX": "1"},
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

    async def ask(self, header: frames.Header, body: bytes) -> tuple[frames.Header, bytes]:
        """Ask one question and wait for its answer.

        Raises:
            Lost: The worker ended instead.
        """
        self._questions.write(frames.pack(header, body))
        return await self._receive()

    async def ended(self) -> int:
        """Wait until the worker has ended, and return its return code."""
        return await self._process.wait()

    async def end(self) -> int:
        """Kill the worker, wait until nothing of it is left, and return its return code."""
        if self._process.returncode is None:
            self._process.kill()
        return await self._process.wait()

    async def _receive(self) -> tuple[frames.Header, bytes]:
        try:
            return await frames.receive(self._answers)
        except asyncio.IncompleteReadError:
            raise Lost(await self._process.wait()) from None
