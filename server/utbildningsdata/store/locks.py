"""Locks between processes: one writer, and revisions that are not deleted while they are read.

flock on files that are opened close-on-exec (Python's default), so that a started program never
keeps a lock, and a killed one loses it.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from utbildningsdata.errors import OperationError

PATIENCE = 10.0
"""Seconds that a writer waits for another one."""


@contextmanager
def writing(file: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Hold the writer's lock.

    Raises:
        OperationError: Another process held it for longer than ``patience`` seconds.
    """
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        deadline = time.monotonic() + patience
        while not exclusive(descriptor):
            if time.monotonic() > deadline:
                holder = os.pread(descriptor, 20, 0).decode(errors="replace").strip() or "unknown"
                raise OperationError(
                    f"Another process ({holder}) is writing; its lock is {file}. "
                    "Try again when it has finished.",
                    sv=f"En annan process ({holder}) skriver; dess lås är {file}. "
                    "Försök igen när den är klar.",
                )
            time.sleep(0.02)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(descriptor)


def exclusive(descriptor: int) -> bool:
    """Try to take an exclusive lock, and tell whether that worked."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def shared(file: Path) -> int | None:
    """Take a shared lock on ``file`` and return its descriptor; None where it is deleted."""
    try:
        descriptor = os.open(file, os.O_RDONLY)
    except FileNotFoundError:
        return None
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    if os.fstat(descriptor).st_nlink:
        return descriptor
    os.close(descriptor)
    return None
