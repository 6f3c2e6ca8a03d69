"""A limit on the time that work in this process may take."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

from utbildningsdata.errors import TimedOut

_AGAIN = 0.5  # seconds; a library may have caught the first one


@contextmanager
def within(left: float, deadline: float) -> Iterator[None]:
    """Break off the work of the context after ``left`` seconds; for the main thread.

    It is for work in Python, which can be broken off anywhere: not for what must be whole.

    Raises:
        TimedOut: The time is over; the message names ``deadline``, which ``left`` is the rest of.
    """

    def expire(*_: object) -> None:
        raise TimedOut(
            f"The write took longer than {deadline:g} seconds: write less at a time. "
            "Nothing was changed.",
            deadline,
            sv=f"Skrivningen tog längre tid än {deadline:g} sekunder: skriv mindre åt gången. "
            "Inget ändrades.",
        )

    before = signal.signal(signal.SIGALRM, expire)
    signal.setitimer(signal.ITIMER_REAL, max(left, 0.001), _AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
