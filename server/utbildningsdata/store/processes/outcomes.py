"""How a query or a write can fail, in the words that workers, the broker and its clients share."""

from __future__ import annotations

import signal
from enum import StrEnum


class Outcome(StrEnum):
    """Why there is no answer."""

    MALFORMED = "malformed"
    """It cannot be parsed."""
    REFUSED = "refused"
    """It wanted the network."""
    NO_MEDIA_TYPE = "no-media-type"
    """The client takes no media type for the form of this query."""
    TOO_LARGE = "too-large"
    """Its answer went over the cap."""
    OUT_OF_MEMORY = "out-of-memory"
    """It needed more memory than a worker has."""
    TOO_DEEP = "too-deep"
    """It nests so deep that the engine's stack overflowed."""
    TIMED_OUT = "timed-out"
    """It took longer than the deadline."""
    RATE_LIMITED = "rate-limited"
    """Its client has used its share, or has too many waiting; ``retry_after`` says until when."""
    OVERLOADED = "overloaded"
    """Too many wait already, or its turn did not come in time."""
    LOST = "lost"
    """Its worker was killed from outside; a write's outcome is then not known."""
    UNREADABLE = "unreadable"
    """Nothing is published, or it cannot be read."""


_DEATHS = {
    -signal.SIGSEGV: Outcome.TOO_DEEP,
    -signal.SIGBUS: Outcome.TOO_DEEP,
    -signal.SIGABRT: Outcome.OUT_OF_MEMORY,
    -signal.SIGXCPU: Outcome.TIMED_OUT,
}


def of_death(returncode: int) -> Outcome:
    """Tell why a worker ended in the midst of a query, by its return code.

    >>> str(of_death(-11)), str(of_death(-9))
    ('too-deep', 'lost')
    """
    return _DEATHS.get(returncode, Outcome.LOST)
