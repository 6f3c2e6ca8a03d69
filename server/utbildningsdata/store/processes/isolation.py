"""What a process that runs foreign text gives up: the network, memory without end, core dumps."""

from __future__ import annotations

import ctypes
import math
import os
import resource
import time
from contextlib import suppress
from functools import cache
from pathlib import Path

_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_MEBIBYTE = 1024 * 1024
_PASSED_ON = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "HOME", "LANG", "TZ")


def environment() -> dict[str, str]:
    """Return the environment for such a process: nothing that it does not need."""
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return kept | {"MALLOC_ARENA_MAX": "1"}


def leave_network() -> str:
    """Move this process into a network namespace of its own, where there is nothing to reach.

    A user namespace comes with it, since only there may anybody make one; this user keeps its
    name there, so that a process that this one starts can do the same. Call it while the process
    has one thread: the kernel refuses it afterwards.

    Returns:
        Why the host refused, or an empty text when the network is gone.
    """
    user, group = os.geteuid(), os.getegid()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) != 0:
        return os.strerror(ctypes.get_errno())
    with suppress(OSError):
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    return ""


def limit_memory(mebibytes: int) -> None:
    """Let this process write to no more memory than that, and leave no core file when it ends.

    The limit is on data, not on address space: a large store reserves far more addresses than
    it uses, and could not be opened. It counts only with ``MALLOC_ARENA_MAX=1``.
    """
    size = mebibytes * _MEBIBYTE
    resource.setrlimit(resource.RLIMIT_DATA, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def limit_time(seconds: float) -> None:
    """Let the kernel end this process (SIGXCPU) after so much more processor time.

    It is for the case that the broker, which keeps the deadline by the clock, cannot.
    """
    soft = math.ceil(time.process_time() + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft, _hard_time()))


@cache
def _hard_time() -> int:
    return resource.getrlimit(resource.RLIMIT_CPU)[1]
