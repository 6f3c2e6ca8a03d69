"""Large answers: few at a time, since a reader who takes one slowly keeps a thread so long.

What is smaller goes into the kernel's buffers at once, however slowly it is read.
"""

from __future__ import annotations

from threading import BoundedSemaphore

from flask import Response

from utbildningsdata.errors import Overloaded

LARGE = 1024 * 1024
"""Bytes from which an answer is large."""

SLOTS = 12
"""Large answers that a process sends at a time, of its 32 threads."""

_RETRY_AFTER = 10
_FREE = BoundedSemaphore(SLOTS)


def reserve(response: Response, length: int) -> None:
    """Keep a slot for an answer of ``length`` bytes until ``response`` is closed, if it is large.

    Raises:
        Overloaded: All slots are taken.
    """
    if length <= LARGE:
        return
    if not _FREE.acquire(blocking=False):
        raise Overloaded(
            "Too many large answers are being sent: try again in a moment.",
            _RETRY_AFTER,
            sv="För många stora svar skickas just nu: försök igen om en stund.",
        )
    response.call_on_close(_FREE.release)
