"""What starting costs: the way from a command to what it promises.

``python tests/benchmarks/start.py [ROUNDS]`` runs the real commands on the repository's catalogue
that many times (5 unless told), and prints medians of seconds, of processor time, and of the
memory of the largest process in MiB. *Cold load* publishes all files into an empty folder;
*nothing changed* loads the same files once more; *serve* is given loaded data, and timed until
its first page has come over a socket.
"""

from __future__ import annotations

import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

COMMAND = (sys.executable, "-m", "utbildningsdata")
PATIENCE = 60.0
PAUSE = 0.005

Figures = tuple[float, float, float]
"""Seconds, seconds of processor time, MiB of the largest process."""


def load(data: Path, *, empty: bool) -> Figures:
    """Return what ``load`` takes, into a folder that may be emptied first."""
    if empty:
        shutil.rmtree(data, ignore_errors=True)
    start = time.perf_counter()
    process = subprocess.Popen(
        [*COMMAND, "load", "--data", str(data)], stdout=subprocess.DEVNULL, env=environ()
    )
    return ended(process, start)


def serve(data: Path) -> Figures:
    """Return what ``serve`` takes until it answers; processor time and memory until it has ended.

    Raises:
        RuntimeError: It ended, or did not answer in time.
    """
    port = free_port()
    start = time.perf_counter()
    process = subprocess.Popen(
        [*COMMAND, "serve", "--data", str(data), "--port", port],
        stdout=subprocess.DEVNULL,
        env=environ(),
    )
    while not answers(port):
        if process.poll() is not None or time.perf_counter() - start > PATIENCE:
            process.kill()
            raise RuntimeError("serve did not answer")
        time.sleep(PAUSE)
    answered = time.perf_counter() - start
    process.terminate()
    _, cpu, peak = ended(process, start)
    return answered, cpu, peak


def answers(port: str) -> bool:
    """Tell whether somebody serves the first page there."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=PATIENCE) as page:
            return bool(page.read())
    except OSError:
        return False


def free_port() -> str:
    """Return a port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def environ() -> dict[str, str]:
    """Return the environment of a command: no settings but the base."""
    kept = {name: text for name, text in os.environ.items() if "UTBILDNINGSDATA" not in name}
    return kept | {"UTBILDNINGSDATA_BASE": "http://localhost:8000/"}


def ended(process: subprocess.Popen[bytes], start: float) -> Figures:
    """Wait for a process, and return its figures with those of the children it waited for.

    Raises:
        RuntimeError: It failed.
    """
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{process.args!r} ended with {process.returncode}")
    seconds = time.perf_counter() - start
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def measure(name: str, action: Callable[[], Figures], rounds: int) -> None:
    """Print a line of the table."""
    figures = zip(*(action() for _ in range(rounds)), strict=True)
    seconds, cpu, peak = (statistics.median(column) for column in figures)
    print(f"{name:<28} {seconds:>8.2f} {cpu:>8.2f} {peak:>8.0f}", flush=True)


def main() -> None:
    """Print the table."""
    rounds = int(sys.argv[1]) if sys.argv[1:] else 5
    print(f"{'':<28} {'seconds':>8} {'cpu (s)':>8} {'MiB':>8}")
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        measure("cold load", lambda: load(data, empty=True), rounds)
        measure("load with nothing changed", lambda: load(data, empty=False), rounds)
        measure("serve, until it answers", lambda: serve(data), rounds)


if __name__ == "__main__":
    main()
