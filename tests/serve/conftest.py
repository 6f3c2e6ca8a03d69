"""What tests of the running server share: a small catalogue, and servers on it."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest

SMALL = Path(__file__).parents[1] / "small"
BASE = "https://catalogue.example/skola/"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, headers, body, and the seconds that it took."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes
    seconds: float


@dataclass(frozen=True, slots=True)
class Running:
    """A server in a process of its own: its port, log and main process."""

    port: int
    log: Path
    process: subprocess.Popen[bytes]

    def request(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        source: str = "127.0.0.1",
        **headers: str,
    ) -> Answer:
        """Send one request on a connection of its own, from an address of this machine."""
        started = time.monotonic()
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=30, source_address=(source, 0)
        )
        try:
            names = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, names)
            response = connection.getresponse()
            content = response.read()
        finally:
            connection.close()
        return Answer(response.status, response.headers, content, time.monotonic() - started)

    def query(self, text: str, source: str = "127.0.0.1", **headers: str) -> Answer:
        """Ask a query by a posted form."""
        headers = {"Content-Type": "application/x-www-form-urlencoded"} | headers
        form = urlencode({"query": text}).encode()
        return self.request("POST", "/skola/sparql", form, source, **headers)

    def update(self, text: str, token: str) -> Answer:
        """Send an update with a token."""
        headers = {"Content-Type": "application/sparql-update", "Authorization": f"Bearer {token}"}
        return self.request("POST", "/skola/sparql/update", text.encode(), **headers)

    def answers(self) -> bool:
        """Tell whether another reader is answered: a query and a page."""
        reader = "127.0.0.9"
        try:
            return (
                self.query("ASK {}", reader).body == b'{"head":{},"boolean":true}'
                and self.request("GET", "/skola/", source=reader).status == 200
            )
        except (OSError, http.client.HTTPException):
            return False

    def processes(self, name: str = "") -> set[int]:
        """Return the processes below the main one whose command line holds ``name``."""
        return {pid for pid in _below(self.process.pid) if name in _command(pid)}

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Send a signal to the main process and return the exit code that follows."""
        self.process.send_signal(number)
        return self.process.wait(10)


Start = Callable[..., Running]


def _below(pid: int) -> Iterator[int]:
    for entry in Path("/proc").iterdir():
        with suppress(OSError, ValueError):
            stat = (entry / "stat").read_text() if entry.name.isdigit() else ""
            if stat and int(stat.rpartition(")")[2].split()[1]) == pid:
                yield int(entry.name)
                yield from _below(int(entry.name))


def _command(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    return ""


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder that holds the small catalogue."""
    folder = tmp_path_factory.mktemp("served") / "data"
    environ = os.environ | _environ(folder)
    subprocess.run([sys.executable, "-m", "utbildningsdata", "load"], env=environ, check=True)
    return folder


def _environ(data: Path) -> dict[str, str]:
    return {
        "UTBILDNINGSDATA_BASE": BASE,
        "UTBILDNINGSDATA_CATALOG": str(SMALL),
        "UTBILDNINGSDATA_DATA": str(data),
        "UTBILDNINGSDATA_DEADLINE": "1.5",
        "UTBILDNINGSDATA_MEMORY": "256",
        "UTBILDNINGSDATA_RESULT": "1",
    }


@pytest.fixture
def copied(data: Path, tmp_path: Path) -> Path:
    """Return a data folder of this test alone, with the same content."""
    return shutil.copytree(
        data, tmp_path / "data", symlinks=True, ignore=shutil.ignore_patterns("run")
    )


@pytest.fixture(scope="session")
def new_token() -> Callable[[Path], str]:
    """Return what gives out a token for writing in a data folder."""

    def make(data: Path) -> str:
        command = [sys.executable, "-m", "utbildningsdata", "token", "new", "tests"]
        environ = os.environ | _environ(data)
        return subprocess.run(
            command, env=environ, check=True, capture_output=True, text=True
        ).stdout.strip()

    return make


def free_port() -> int:
    """Return a port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def launch(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """Return what starts ``utbildningsdata serve`` and does not wait for it."""
    started: list[Running] = []

    def start(port: int | None = None, **environ: str) -> Running:
        log = tmp_path_factory.mktemp("log") / "log"
        port = port or free_port()
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "utbildningsdata", "serve", "--port", str(port)],
                env=os.environ | _environ(data) | environ,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        started.append(Running(port, log, process))
        return started[-1]

    yield start
    for server in started:
        server.process.kill()
        server.process.wait()


@pytest.fixture(scope="session")
def start(launch: Start) -> Start:
    """Return what starts a server and waits until it says its address."""

    def ready(**environ: str) -> Running:
        server = launch(**environ)
        until = time.monotonic() + 60
        while "listening" not in server.log.read_text():
            assert server.process.poll() is None, server.log.read_text()
            assert time.monotonic() < until, server.log.read_text()
            time.sleep(0.05)
        return server

    return ready


@pytest.fixture(scope="module")
def server(start: Start) -> Iterator[Running]:
    """Return a running server that the tests of a module share."""
    running = start()
    yield running
    running.stop()
