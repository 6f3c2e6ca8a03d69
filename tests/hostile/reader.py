"""Another client, which only wants to know whether the server answers: ``ASK {}`` all the while.

``python -m hostile.reader PORT PATH SOURCE`` asks until its standard input is closed, and prints a
line ``time status seconds`` for each answer. It is a process of its own, so that an attacker's
Python does not slow it down.
"""

from __future__ import annotations

import select
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Self

from hostile.exchange import exchange

_PAUSE = 0.05  # seconds between two questions
_PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class Glance:
    """One answer: when it was asked for, its status (0: none), and the seconds it took."""

    at: float
    status: int
    seconds: float


class Reader:
    """The other client, asking while it is entered; ``glances`` are complete afterwards."""

    def __init__(self, port: int, path: str, source: str) -> None:
        self._command = (sys.executable, "-m", "hostile.reader", str(port), path, source)
        self.glances: list[Glance] = []

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        return self

    def __exit__(self, *_: object) -> None:
        output, _errors = self._process.communicate()
        for line in output.splitlines():
            at, status, seconds = line.split()
            self.glances.append(Glance(float(at), int(status), float(seconds)))


def percentile(times: list[float], share: float) -> float:
    """Return the time under which ``share`` of the times are; infinite where there are none."""
    ordered = sorted(times)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else float("inf")


def main() -> None:
    """Ask and print until standard input is closed."""
    port, path, source = int(sys.argv[1]), sys.argv[2], sys.argv[3]
    request = f"GET {path} HTTP/1.1\r\nHost: reader\r\nConnection: close\r\n\r\n".encode()
    lines = []
    while not select.select([sys.stdin], [], [], _PAUSE)[0]:
        answer = exchange(port, request, source, _PATIENCE)
        lines.append(f"{time.monotonic() - answer.seconds} {answer.status} {answer.seconds}")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
