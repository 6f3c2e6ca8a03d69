"""What a simple SELECT over HTTP costs in processor time, here and in two other servers.

``PYTHONPATH=tests python tests/benchmarks/endpoint.py [REQUESTS]`` serves the repository's
catalogue, takes its triples into the other servers, asks each for the titles of one dataset after
another on one connection, and prints milliseconds of processor time of all of a server's processes,
and what a client waits. The others are looked for where the environment says: ``OXIGRAPH`` (the
binary) and ``RDFLIB_ENDPOINT`` (the command); what is not there is left out.
"""

from __future__ import annotations

import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from support.processes import below, seconds

_REQUESTS = 3000
_ROUNDS = 3
_WARM = 300
_PATIENCE = 90.0
_LIMITS = {"oxigraph": 4.0, "rdflib-endpoint": 0.1}
_TITLES = "SELECT ?title WHERE { <%s> <http://purl.org/dc/terms/title> ?title }"
_DATASETS = "SELECT DISTINCT ?d { ?d a <http://www.w3.org/ns/dcat#Dataset> } ORDER BY ?d LIMIT 50"


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its name, main process, port, and the path of its endpoint."""

    name: str
    pid: int
    port: int
    path: str

    def spent(self) -> float:
        """Return the processor time of all its processes so far, in seconds."""
        return sum(map(seconds, {self.pid, *below(self.pid)}))


@dataclass(frozen=True, slots=True)
class Figures:
    """Milliseconds of processor time per request, and what a client waits, at the median."""

    cpu: float
    waited: float


def main() -> None:
    """Print a row for each server that is there."""
    requests = int(sys.argv[1]) if len(sys.argv) > 1 else _REQUESTS
    with tempfile.TemporaryDirectory() as folder:
        with _ours(Path(folder)) as server:
            datasets = [row["d"]["value"] for row in _rows(server, _DATASETS)]
            answers = [_sorted(server, _TITLES % dataset) for dataset in datasets]
            figures = {server.name: _measure(server, datasets, requests)}
            _save(server, Path(folder) / "catalogue.nt")
        for server in _others(Path(folder) / "catalogue.nt"):
            if [_sorted(server, _TITLES % dataset) for dataset in datasets] != answers:
                print(f"{server.name} answers otherwise: its figures mean nothing")
            figures[server.name] = _measure(server, datasets, requests)
    print("| server | cpu (ms) | waited (ms) | ours, in times |\n|---|--:|--:|--:|")
    ours = figures["utbildningsdata"].cpu
    for name, found in figures.items():
        limit = f" (≤ {_LIMITS[name]:g})" if name in _LIMITS else ""
        print(f"| {name} | {found.cpu:.2f} | {found.waited:.2f} | {ours / found.cpu:.2f}{limit} |")


def _measure(server: Server, datasets: Sequence[str], requests: int) -> Figures:
    """Return the figures of the quietest of some rounds."""
    paths = [f"{server.path}?query={quote(_TITLES % dataset)}" for dataset in datasets]
    _ask(server, paths, _WARM)
    return min((_round(server, paths, requests) for _ in range(_ROUNDS)), key=lambda one: one.cpu)


def _round(server: Server, paths: Sequence[str], requests: int) -> Figures:
    before = server.spent()
    waited = _ask(server, paths, requests)
    cpu = server.spent() - before
    return Figures(cpu / requests * 1000, statistics.median(waited) * 1000)


def _ask(server: Server, paths: Sequence[str], requests: int) -> list[float]:
    """Ask on one connection that is kept; return the seconds of each answer."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    waited = []
    for number in range(requests):
        started = time.perf_counter()
        accept = {"Accept": "application/sparql-results+json"}
        connection.request("GET", paths[number % len(paths)], headers=accept)
        response = connection.getresponse()
        response.read()
        if response.status != 200:
            raise RuntimeError(f"{server.name} answers {response.status}")
        waited.append(time.perf_counter() - started)
    connection.close()
    return waited


def _rows(server: Server, query: str) -> list[dict[str, dict[str, str]]]:
    content = _get(server, f"{server.path}?query={quote(query)}", "application/sparql-results+json")
    rows: list[dict[str, dict[str, str]]] = json.loads(content)["results"]["bindings"]
    return rows


def _sorted(server: Server, query: str) -> list[str]:
    return sorted(row["title"]["value"] for row in _rows(server, query))


def _save(server: Server, file: Path) -> None:
    query = quote("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }")
    path = f"{server.path}?query={query}"
    file.write_bytes(_get(server, path, "application/n-triples"))


def _get(server: Server, path: str, accept: str) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request("GET", path, headers={"Accept": accept})
    content = connection.getresponse().read()
    connection.close()
    return content


@contextmanager
def _ours(folder: Path) -> Iterator[Server]:
    port = _free_port()
    environ = {"DATA": str(folder / "data"), "BASE": f"http://localhost:{port}/"}
    # One client asks here for as long as it takes: it is not to be told to wait.
    environ |= {"SHARE": "100000"}
    command = (sys.executable, "-m", "utbildningsdata", "serve", "--port", str(port))
    extended = {f"UTBILDNINGSDATA_{name}": text for name, text in environ.items()}
    with _running("utbildningsdata", command, port, "/sparql", extended) as server:
        yield server


def _others(file: Path) -> Iterator[Server]:
    """Start one server after another on the same triples."""
    if oxigraph := os.environ.get("OXIGRAPH"):
        store, port = str(file.parent / "oxigraph"), _free_port()
        load: Sequence[str] = (oxigraph, "load", "--location", store, "--file", str(file))
        subprocess.run(load, check=True, capture_output=True)
        serve: Sequence[str] = (oxigraph, "serve-read-only", "--location", store, "--bind", f"127.0.0.1:{port}")
        with _running("oxigraph", serve, port, "/query") as server:
            yield server
    if endpoint := os.environ.get("RDFLIB_ENDPOINT"):
        port = _free_port()
        serve = (endpoint, "serve", str(file), "--host", "127.0.0.1", "--port", str(port))
        with _running("rdflib-endpoint", serve, port, "/") as server:
            yield server


@contextmanager
def _running(
    name: str, command: Sequence[str], port: int, path: str, environ: dict[str, str] | None = None
) -> Iterator[Server]:
    process = subprocess.Popen(
        command,
        env=os.environ | (environ or {}),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    server = Server(name, process.pid, port, path)
    try:
        _wait(server)
        yield server
    finally:
        process.terminate()
        process.wait(15)


def _wait(server: Server) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        with suppress(OSError, ValueError, http.client.HTTPException, KeyError):
            _rows(server, "SELECT * { } LIMIT 1")
            return
        time.sleep(0.2)
    raise RuntimeError(f"{server.name} does not answer")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()
