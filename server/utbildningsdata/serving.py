"""Serve: load, then keep the broker and the web processes running until told to stop.

Loading takes memory that a process does not give back, so a process of its own does it.

The broker starts first, since web processes ask it; whatever ends by itself is started again.
Every process ends with its parent (``store.processes.lifeline``): killing this one leaves nothing.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import subprocess
import sys
from asyncio.subprocess import DEVNULL, Process
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from utbildningsdata.errors import OperationError
from utbildningsdata.rdf.iris import Base
from utbildningsdata.settings import Settings
from utbildningsdata.store.processes import runtime

BROKER = "utbildningsdata.store.processes.broker"
WEB = "utbildningsdata.web.wsgi"

# Memory that a thread has used once is kept for it: many threads would keep what few of them need.
_ENVIRON = {"MALLOC_ARENA_MAX": "2"}
_GRACE = 6.0  # seconds that a process has to end by itself
_POLL = 0.05
_PATIENCE = 60.0  # seconds until the server must answer
_ENDINGS, _WITHIN = 5, 20.0  # a process that ends so often in so many seconds is given up

_log = logging.getLogger("utbildningsdata.serve")


def serve(settings: Settings, *, say: Callable[[str], object]) -> None:
    """Serve the catalogue until SIGTERM or SIGINT.

    What is new in the files is published first, when the port and the data folder are ours; where
    that fails, what is published already is served. ``say`` gets the address when the server
    answers.

    Raises:
        OperationError: The port or the data folder is taken, or a process cannot be kept running.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s: %(message)s")
    with runtime.claimed(settings.data), _port(settings) as address, _stoppable():
        _load(settings)
        asyncio.run(_Supervisor(settings.changed(host=address), say).run())


def _load(settings: Settings) -> None:
    """Run the ``load`` command, which says itself what is wrong.

    Raises:
        SystemExit: It failed, and nothing that could be served is published.
    """
    command = (sys.executable, "-m", "utbildningsdata", "load")
    environ = os.environ | settings.to_environ()
    # In a session of its own it does not see Ctrl-C; run() kills it when this process is stopped.
    done = subprocess.run(command, env=environ, start_new_session=True, check=False)  # noqa: S603
    if done.returncode:
        # Imported here: the process that only keeps others running stays small and starts at once.
        from utbildningsdata.store.revisions import DataFolder

        data = DataFolder(settings.data, Base(settings.base), plain=settings.plain)
        number = data.number()
        about = data.about(number) if number else None
        if about is None or (about.base, about.plain) != (settings.base, settings.plain):
            raise SystemExit(1)
        _log.warning("the files could not be loaded as they are: revision %s is served", number)


@contextmanager
def _port(settings: Settings) -> Iterator[str]:
    """Claim the port, and give the address that the host's name stands for.

    The claim is made alone (without SO_REUSEPORT), which fails if anybody is there; then it is
    opened to those who share, which are our own web processes. No other program gets the port.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        claim = socket.socket(family, kind, protocol)
        claim.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        claim.bind(address)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        raise OperationError(
            f"Port {settings.port} on {settings.host} cannot be used ({reason}): stop what uses "
            "it, or give another one with --port."
        ) from error
    with claim:
        claim.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        yield str(address[0])


@contextmanager
def _stoppable() -> Iterator[None]:
    """Let SIGTERM end this process in order while it loads, with exit code 0; SIGINT too."""

    def stop(*_: object) -> None:
        raise SystemExit(0)

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _Supervisor:
    """The broker and the web server, each kept by a task of its own."""

    def __init__(self, settings: Settings, say: Callable[[str], object]) -> None:
        self._settings = settings
        self._say = say
        self._stop = asyncio.Event()

    async def run(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, self._stop.set)
        broker = asyncio.create_task(self._keep(BROKER))
        web = asyncio.create_task(self._keep(WEB))
        tasks = {broker, web, asyncio.create_task(self._announce())}
        try:
            stopping = asyncio.create_task(self._stop.wait())
            while tasks and not self._stop.is_set():
                done, _ = await asyncio.wait(
                    {stopping, *tasks}, return_when=asyncio.FIRST_COMPLETED
                )
                tasks -= done
                for task in done:
                    task.result()
        finally:
            await _cancel(web)
            await _cancel(broker)

    async def _keep(self, module: str) -> None:
        """Run a module as a program, again whenever it ends; end it when cancelled.

        Raises:
            OperationError: It ends again and again.
        """
        endings: deque[float] = deque(maxlen=_ENDINGS)
        clock = asyncio.get_running_loop().time
        while True:
            process = await self._start(module)
            try:
                code = await process.wait()
            finally:
                await _end(process)
            _log.error("%s ended with code %s; it is started again", module, code)
            endings.append(clock())
            if len(endings) == _ENDINGS and endings[-1] - endings[0] < _WITHIN:
                raise OperationError(f"{module} ends again and again: see what it says above.")

    async def _start(self, module: str) -> Process:
        """Start a module in a session of its own, so that Ctrl-C reaches this process alone."""
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", module, str(os.getpid())),
            env=_ENVIRON | os.environ | self._settings.to_environ(),
            stdin=DEVNULL,
            start_new_session=True,
        )

    async def _announce(self) -> None:
        """Say the address as soon as the server answers."""
        settings = self._settings
        deadline = asyncio.get_running_loop().time() + _PATIENCE
        while not await _answers(settings):
            if asyncio.get_running_loop().time() > deadline:
                raise OperationError("The server does not answer: see what it says above.")
            await asyncio.sleep(_POLL)
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        self._say(f"Utbildningsdata: {settings.base} (listening on {host}:{settings.port})")


async def _answers(settings: Settings) -> bool:
    try:
        _, writer = await asyncio.open_connection(settings.host, settings.port)
    except OSError:
        return False
    writer.close()
    return True


async def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError, OperationError):
        await task


async def _end(process: Process) -> None:
    """End a process: ask, wait, kill."""
    if process.returncode is not None:
        return
    process.terminate()
    try:
        await asyncio.wait_for(process.wait(), _GRACE)
    except TimeoutError:
        process.kill()
        await process.wait()
