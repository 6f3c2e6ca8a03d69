"""What happens to the server's processes meanwhile: who dies, and how much memory all have."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from hostile.report import Demand, none_of
from hostile.site import BROKER, WEB, WRITER, Site
from support.processes import below, command, files, resident

_MEMORY = 2 * 1024**3  # bytes that the whole process tree may have
_PAUSE = 0.1  # seconds between two looks


@dataclass(frozen=True, slots=True)
class Sample:
    """Bytes of memory of all processes; of those that must not die by kind, and their files."""

    whole: int
    vital: Mapping[str, int]
    files: int


class Watch:
    """Looks at the processes of a server while it is entered.

    ``deaths`` are the command lines of processes that must never die and did; ``peak`` is the most
    memory in bytes that all processes had together, pages that they share counted in each.
    """

    def __init__(self, site: Site) -> None:
        self._site = site
        self._alive = {pid: command(pid) for pid in site.vital()}
        self._seen = set(self._alive)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look_on, daemon=True)
        self.deaths: list[str] = []
        self.samples: list[Sample] = []

    def deaths_demand(self) -> Demand:
        """Demand that nobody died who must not; what the log says of it goes with each death."""
        told = self._site.log.read_text(errors="replace").splitlines() if self.deaths else []
        why = [line for line in told if "Traceback" in line or "writer" in line or " code " in line]
        return none_of("deaths of main, broker, web and writer", [*self.deaths, *why])

    def memory_demand(self) -> Demand:
        """Demand that all processes together stayed under the limit."""
        said = f"most memory of all processes: {self.peak >> 20} MiB (< {_MEMORY >> 20})"
        return Demand(said, self.peak < _MEMORY)

    @property
    def peak(self) -> int:
        """The most memory in bytes that all processes had together."""
        return max((sample.whole for sample in self.samples), default=0)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        self._look()

    def _look_on(self) -> None:
        while not self._stop.wait(_PAUSE):
            self._look()

    def _look(self) -> None:
        everything = {self._site.process.pid, *below(self._site.process.pid)}
        for pid in everything - self._seen:  # the writer starts with the first write
            self._seen.add(pid)
            if WRITER in (line := command(pid)):
                self._alive[pid] = line
        for pid in set(self._alive) - everything:
            self.deaths.append(self._alive.pop(pid))
        vital = Counter[str]()
        for pid, line in self._alive.items():
            vital[_kind(line)] += resident(pid)
        self.samples.append(
            Sample(
                sum(map(resident, everything)),
                vital,
                sum(map(files, self._alive)),
            )
        )


def _kind(line: str) -> str:
    """Return what a process is, from its command line."""
    return next((name for name in (BROKER, WEB, WRITER) if name in line), "main")
