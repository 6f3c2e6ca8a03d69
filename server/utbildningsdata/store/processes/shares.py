"""Fair shares: how many seconds of workers' time each client has used, and how many it holds.

A client may use so many seconds in a minute, all at once if it likes (a bucket that refills in
:data:`PERIOD`). A worker is used from the moment when it gets a question until it can take
another: also while one that a query brought down is replaced.

What is remembered is what is used and not refilled yet. All clients together use at most one second
per worker and second, and each refills meanwhile, so only a handful are ever remembered, however
many ask.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

PERIOD = 60.0
"""Seconds in which an empty bucket refills."""


@dataclass(slots=True)
class _Use:
    """What a client used: seconds that were not refilled at the time ``at``, workers held now."""

    seconds: float
    at: float
    held: int = 0


class Shares:
    """The use of each client that has used something lately."""

    def __init__(
        self, share: float, workers: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._share = share
        self._limit = max(1, workers - 1)
        self._clock = clock
        self._uses: dict[str, _Use] = {}

    def __len__(self) -> int:
        return len(self._uses)

    def wait(self, client: str) -> float:
        """Return the seconds until a client has something left of its share: 0.0 where it has."""
        if client not in self._uses:
            return 0.0
        over = self._refilled(self._uses[client]).seconds - self._share
        return max(0.0, over * PERIOD / self._share) if over >= 0 else 0.0

    def spent(self, client: str) -> bool:
        """Tell whether a client has nothing left of its share."""
        return client in self._uses and self._refilled(self._uses[client]).seconds >= self._share

    def free(self, client: str) -> bool:
        """Tell whether a client may hold one worker more: all but one, so that others get one."""
        return client not in self._uses or self._uses[client].held < self._limit

    def begin(self, client: str) -> None:
        """Let a client hold a worker."""
        use = self._uses.setdefault(client, _Use(0.0, self._clock()))
        use.held += 1

    def end(self, client: str, seconds: float) -> None:
        """Let go of a worker that a client has held for so many seconds."""
        use = self._refilled(self._uses[client])
        use.held -= 1
        use.seconds += seconds
        self._forget()

    def _refilled(self, use: _Use) -> _Use:
        now = self._clock()
        use.seconds = max(0.0, use.seconds - (now - use.at) * self._share / PERIOD)
        use.at = now
        return use

    def _forget(self) -> None:
        """Forget those who hold nothing and whose bucket is full again."""
        for client, use in list(self._uses.items()):
            if not use.held and not self._refilled(use).seconds:
                del self._uses[client]
