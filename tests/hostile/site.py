"""A server to attack: the real command on a copy of the real catalogue, with tokens."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hostile.cases import Target
from hostile.sink import Sink
from support.processes import below, command

ROOT = "/skola"
RECORD = "dataset/skolverket-salsa"
"""A record that cases would change, and that the soak does change."""

BROKER, WEB, WORKER = "store.processes.broker", "web.wsgi", "store.queries.workers"
WRITER = "utbildningsdata.writer"

_PATIENCE = 90.0  # seconds until a server that loads the whole catalogue answers
_TOKEN = re.compile(r"ud_\w+_[\w-]+")


@dataclass(frozen=True, slots=True)
class Site:
    """A running server: its port, deadline, data folder, log and main process."""

    port: int
    deadline: float
    data: Path
    log: Path
    process: subprocess.Popen[bytes]
    target: Target

    def processes(self, *names: str) -> set[int]:
        """Return the processes below the main one that run one of the modules (none: all)."""
        found = below(self.process.pid)
        return {pid for pid in found if not names or any(n in command(pid) for n in names)}

    def vital(self) -> set[int]:
        """Return the processes that must never die: all but workers and those that evaluate."""
        return {self.process.pid, *self.processes(BROKER, WEB, WRITER)}


@contextmanager
def served(
    folder: Path, sink: Sink, deadline: float, record: str = RECORD, **environ: str
) -> Iterator[Site]:
    """Serve the repository's catalogue on a free port until the block ends.

    ``record`` is one that cases name; ``environ`` are further settings.

    Raises:
        RuntimeError: It does not answer.
    """
    port = _free_port()
    base = f"http://127.0.0.1:{port}{ROOT}/"
    settings = {"BASE": base, "DATA": str(folder / "data"), "PORT": str(port)}
    settings |= {"DEADLINE": str(deadline), **environ}
    environment = os.environ | {f"UTBILDNINGSDATA_{name}": text for name, text in settings.items()}
    _run("load", environment)
    tokens = _tokens(environment)
    log = folder / "log"
    with log.open("wb") as output:
        command = (sys.executable, "-m", "utbildningsdata", "serve")
        process = subprocess.Popen(
            command, env=environment, stdout=output, stderr=output, start_new_session=True
        )
    values = {"base": base, "host": f"127.0.0.1:{port}", "root": ROOT, "record": record}
    values |= {"sink": sink.address, "writer": tokens["writer"]}
    target = Target(ROOT, values, tokens)
    try:
        _wait(port, process, log)
        yield Site(port, deadline, folder / "data", log, process, target)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        finally:
            process.kill()


def _tokens(environment: Mapping[str, str]) -> dict[str, str]:
    """Return a token that may write all, one for organisations alone, and one that is none."""
    tokens = {"false": f"ud_{'0' * 8}_{'A' * 43}"}
    for name, scope in (("writer", "write"), ("narrow", "write:organisation")):
        said = _run("token", environment, "new", name, "--scope", scope)
        match = _TOKEN.search(said)
        if match is None:
            raise RuntimeError(f"There is no token in: {said}")
        tokens[name] = match.group()
    return tokens


def _run(name: str, environment: Mapping[str, str], *arguments: str) -> str:
    """Run a command of the server and return what it says."""
    done = subprocess.run(
        (sys.executable, "-m", "utbildningsdata", name, *arguments),
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _PATIENCE
    while "listening" not in log.read_text():
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"The server does not answer: {log.read_text()[-2000:]}")
        time.sleep(0.1)
    socket.create_connection(("127.0.0.1", port), 5).close()
