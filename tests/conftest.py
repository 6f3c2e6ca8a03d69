"""What tests share: the real catalogue, served by the real command over a real socket."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from support.kinds import FED, MEMBERSHIPS
from utbildningsdata.model.derive import Deriving
from utbildningsdata.rdf.iris import Base
from utbildningsdata.services.feed import blocks
from utbildningsdata.services.load import Loading, load
from utbildningsdata.services.publication import Making
from utbildningsdata.store.files import sources
from utbildningsdata.store.memory import FileMemory
from utbildningsdata.store.publishing import Writer
from utbildningsdata.store.revisions import DataFolder


@dataclass(frozen=True, slots=True)
class Server:
    """A running catalogue: its address, data folder, log and main process."""

    base: str
    data: Path
    log: Path
    process: subprocess.Popen[bytes]


def free_port() -> int:
    """Return a port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(data: Path, base_path: str = "/", **environ: str) -> Server:
    """Start ``utbildningsdata serve`` on a free port and wait until it answers."""
    port = free_port()
    base = f"http://localhost:{port}{base_path}"
    log = data.with_suffix(".log")
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "utbildningsdata", "serve", "--port", str(port)],
            env=os.environ
            | {"UTBILDNINGSDATA_BASE": base, "UTBILDNINGSDATA_DATA": str(data)}
            | environ,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    server = Server(base, data, log, process)
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise AssertionError(f"serve ended with {process.returncode}: {log.read_text()}")
        try:
            with urllib.request.urlopen(base, timeout=5):
                return server
        except OSError:
            time.sleep(0.1)
    stop(server)
    raise AssertionError("serve did not answer within 90 seconds")


def stop(server: Server) -> int:
    """End the server as an operator would, and return its exit code."""
    server.process.send_signal(signal.SIGTERM)
    try:
        return server.process.wait(timeout=20)
    finally:
        server.process.kill()
        server.process.wait()


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve the repository's catalogue for the whole run."""
    server = start(tmp_path_factory.mktemp("live"))
    yield server
    stop(server)


SMALL = Path(__file__).parent / "small"

Publish = Callable[[Path, str], DataFolder]


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Return a copy of the small catalogue under tests/small that a test may change."""
    return shutil.copytree(SMALL, tmp_path / "catalog")


@pytest.fixture
def publish(tmp_path: Path) -> Publish:
    """Return what loads a folder of records, unchecked, into a data folder of its base."""

    def load_folder(catalog: Path, base: str) -> DataFolder:
        path = tmp_path / "data" / hashlib.sha256(base.encode()).hexdigest()[:8]
        data = DataFolder(path, Base(base))
        loading = Loading(
            publisher=Writer(data, keep=10),
            making=Making(
                Deriving(Base(base), MEMBERSHIPS),
                lambda sources, documents, others: [],
                blocks,
                FED,
            ),
            memory=FileMemory(path / "loaded.json"),
            rules="tests",
        )
        load(sources(catalog, catalog / "no-ontology"), loading)
        return data

    return load_folder
