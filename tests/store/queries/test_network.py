"""Queries reach nothing outside, even those that nobody has read first."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support.asking import ask, staff
from utbildningsdata.errors import Malformed, Refused
from utbildningsdata.settings import Settings
from utbildningsdata.store.queries.client import BrokerClient


@pytest.fixture
def sink() -> Iterator[tuple[int, list[str]]]:
    """Listen on loopback; give the port and the addresses of whoever connected."""
    visitors: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.1)
        stop = threading.Event()

        def listen() -> None:
            while not stop.is_set():
                with contextlib.suppress(TimeoutError):
                    connection, address = listener.accept()
                    visitors.append(str(address))
                    connection.close()

        thread = threading.Thread(target=listen)
        thread.start()
        yield listener.getsockname()[1], visitors
        stop.set()
        thread.join()


@pytest.mark.parametrize(
    "pattern",
    [
        "SERVICE <{url}> {{ ?s ?p ?o }}",
        "SERVICE SILENT <{url}> {{ ?s ?p ?o }}",
        "SERVICESILENT<{url}>{{ ?s ?p ?o }}",
        "BIND('a' AS ?a) FILTER(?a<'x>')SERVICE<{url}>{{?s ?p ?o}}FILTER('x'='x')",
    ],
)
def test_a_worker_has_no_network_even_when_nobody_read_the_query_first(
    client: BrokerClient, sink: tuple[int, list[str]], pattern: str
) -> None:
    port, visitors = sink
    url = f"http://127.0.0.1:{port}/"
    with contextlib.suppress(Refused):
        ask(client, f"SELECT * {{ {pattern.format(url=url)} }}")
    with pytest.raises(Malformed):
        ask(client, f"LOAD <{url}>")
    time.sleep(0.3)
    assert visitors == []


def test_a_host_that_forbids_namespaces_is_named_once_and_service_is_still_refused(
    settings: Settings,
    revise: Any,
    start_broker: Any,
    tmp_path: Path,
    monkeypatch: Any,
    capfd: Any,
) -> None:
    # The kernel refuses a process that has a second thread: these get one before they begin.
    thread = "import threading, time\nthreading.Thread(target=time.sleep, args=(60,), daemon=True)"
    (tmp_path / "sitecustomize.py").write_text(f"{thread}.start()\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    revise(1, 1)
    broker = start_broker()
    client = BrokerClient(settings, {})
    with pytest.raises(Refused):
        ask(client, "SELECT * { SERVICE SILENT <http://127.0.0.1:9/> { ?s ?p ?o } }")
    assert ask(client, "ASK {}")
    staff(broker, settings)
    broker.terminate()
    broker.wait()
    assert capfd.readouterr().err.count("SERVICE and LOAD are refused") == 1
