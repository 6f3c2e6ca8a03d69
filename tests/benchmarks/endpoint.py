"""What a simple SELECT over HTTP costs in processor time, here and in two other servers.

``PYTHONPATH=tests python tests/benchmarks/endpoint.py [REQUESTS]`` serves the repository's
catalogue, takes its triples into the other servers, asks all in turns about one dataset after
another, each on one connection, and prints milliseconds of processor time of all of a server's
processes, and what a client waits. No query is sent twice, for rdflib-endpoint remembers those that
it has parsed. The others are looked for where the environment says: ``OXIGRAPH`` (the binary) and
``RDFLIB_ENDPOINT`` (the command); what is not there is left out.
"""

from __future__ import annotations

import http.client
import itertools
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from support.processes import below, seconds

_REQUESTS = 3000
_ROUNDS = 3
_WARM = 300
_PATIENCE = 90.0
_numbers = itertools.count(1000)
_LIMITS = {"oxigraph": 4.0, "rdflib-endpoint": 0.1}
_QUERIES = {
    "titles of one": "SELECT ?title WHERE { DATASET <http://purl.org/dc/terms/title> ?title }",
    "all of one": "SELECT ?p ?o WHERE { DATASET ?p ?o FILTER(!isBlank(?o)) }",
    "those of its publisher": "SELECT ?d ?title WHERE { DATASET <http://purl.org/dc/terms/publisher>"
    " ?a . ?d <http://purl.org/dc/terms/publisher> ?a ; <http://purl.org/dc/terms/title> ?title }",
    "titles of all": "SELECT ?d ?title WHERE { ?d a <http://www.w3.org/ns/dcat#Dataset> ;"
    " <http://purl.org/dc/terms/title> ?title FILTER(?d != DATASET && lang(?title) = 'sv') }",
}
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
    """Print a row for each server that is there, and each query."""
    requests = int(sys.argv[1]) if len(sys.argv) > 1 else _REQUESTS
    with tempfile.TemporaryDirectory() as folder, ExitStack() as running:
        ours = running.enter_context(_ours(Path(folder)))
        datasets = [row["d"]["value"] for row in _rows(ours, _DATASETS)]
        _save(ours, Path(folder) / "catalogue.nt")
        servers = [ours, *(running.enter_context(it) for it in _others(Path(folder)))]
        print("| query | server | cpu (ms) | waited (ms) | ours, in times |\n|---|---|--:|--:|--:|")
        for name, text in _QUERIES.items():
            queries = [text.replace("DATASET", f"<{dataset}>") for dataset in datasets]
            _compare(name, servers, queries, requests)


def _compare(name: str, servers: Sequence[Server], queries: Sequence[str], requests: int) -> None:
    """Print the figures of each server: of the quietest of some rounds, taken in turns."""
    right = [_answer(servers[0], query) for query in queries]
    wrong = [server.name for server in servers if [_answer(server, q) for q in queries] != right]
    if wrong:
        raise RuntimeError(f"{wrong} answer otherwise: their figures mean nothing")
    rounds: dict[str, list[Figures]] = {server.name: [] for server in servers}
    for _ in range(_ROUNDS):
        for server in servers:
            _ask(server, queries, _WARM)
            rounds[server.name].append(_round(server, queries, requests))
    best = {other: min(found, key=lambda one: one.cpu) for other, found in rounds.items()}
    for other, figures in best.items():
        times = f"{best[servers[0].name].cpu / figures.cpu:.2f}"
        limit = f" (≤ {_LIMITS[other]:g})" if other in _LIMITS else ""
        print(f"| {name} | {other} | {figures.cpu:.2f} | {figures.waited:.2f} | {times}{limit} |")


def _round(server: Server, queries: Sequence[str], requests: int) -> Figures:
    before = server.spent()
    waited = _ask(server, queries, requests)
    cpu = server.spent() - before
    return Figures(cpu / requests * 1000, statistics.median(waited) * 1000)


def _ask(server: Server, queries: Sequence[str], requests: int) -> list[float]:
    """Ask on one connection that is kept; return the seconds of each answer."""
    paths = [f"{server.path}?query={quote(query)}%20LIMIT%20" for query in queries]
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    waited = []
    for number in range(requests):
        started = time.perf_counter()
        accept = {"Accept": "application/sparql-results+json"}
        path = f"{paths[number % len(paths)]}{next(_numbers)}"
        connection.request("GET", path, headers=accept)
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


def _answer(server: Server, query: str) -> list[str]:
    return sorted(json.dumps(row, sort_keys=True) for row in _rows(server, query))


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


def _others(folder: Path) -> Iterator[AbstractContextManager[Server]]:
    """Give what starts each other server on the same triples."""
    file, port = str(folder / "catalogue.nt"), _free_port()
    if oxigraph := os.environ.get("OXIGRAPH"):
        store = ("--location", str(folder / "oxigraph"))
        subprocess.run((oxigraph, "load", *store, "--file", file), check=True, capture_output=True)
        bind = f"127.0.0.1:{port}"
        serve: Sequence[str] = (oxigraph, "serve-read-only", *store, "--bind", bind)
        yield _running("oxigraph", serve, port, "/query")
    if endpoint := os.environ.get("RDFLIB_ENDPOINT"):
        port = _free_port()
        serve = (endpoint, "serve", file, "--host", "127.0.0.1", "--port", str(port))
        yield _running("rdflib-endpoint", serve, port, "/")


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
