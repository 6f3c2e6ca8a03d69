"""A process that ends when its parent does, however the parent ended."""

from __future__ import annotations

import ctypes
import os
import signal
import threading
import time

_PR_SET_PDEATHSIG = 1
_INTERVAL = 0.5  # seconds; the kernel's signal comes at once, this is for where it is lost


def end_with(parent: int) -> None:
    """Make the kernel kill this process when ``parent`` dies, and watch over it ourselves too.

    The kernel forgets the wish when credentials change, so call this after a namespace was
    unshared; and it starts a thread, which unsharing does not allow before. The signal follows
    the *thread* that started this process, so parents start their children in the main thread.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it died before the kernel knew what we wish
        os._exit(1)
    threading.Thread(target=_watch, args=(parent,), name="lifeline", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_INTERVAL)
    os._exit(1)
