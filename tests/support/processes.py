"""Processes below another one: which they are, what they are called, and what they hold."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_PAGE = os.sysconf("SC_PAGE_SIZE")
_TICK = os.sysconf("SC_CLK_TCK")
_PROC = Path("/proc")


def below(pid: int) -> Iterator[int]:
    """Give every process that ``pid`` or one below it has started and that still runs."""
    parents: dict[int, list[int]] = {}
    for entry in _PROC.iterdir():
        if entry.name.isdigit() and (fields := _stat(int(entry.name))):
            parents.setdefault(int(fields[1]), []).append(int(entry.name))
    waiting = [pid]
    while waiting:
        children = parents.get(waiting.pop(), [])
        yield from children
        waiting += children


def command(pid: int) -> str:
    """Return the command line of a process, empty where it is gone."""
    with suppress(OSError):
        return (_PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode()
    return ""


def resident(pid: int) -> int:
    """Return the bytes of memory that a process has, those that it shares included."""
    with suppress(OSError):
        return int((_PROC / str(pid) / "statm").read_text().split()[1]) * _PAGE
    return 0


def seconds(pid: int) -> float:
    """Return the processor time of a process and of those below it that ended, in seconds."""
    fields = _stat(pid)
    return sum(map(int, fields[11:15])) / _TICK if fields else 0.0


def files(pid: int) -> int:
    """Return how many files and sockets a process has open."""
    with suppress(OSError):
        return len(list((_PROC / str(pid) / "fd").iterdir()))
    return 0


def _stat(pid: int) -> list[str]:
    """Return what the kernel tells of a process, from its state on."""
    with suppress(OSError):
        return (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    return []
