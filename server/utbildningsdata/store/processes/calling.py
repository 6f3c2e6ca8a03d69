"""Calling the broker: one question over its socket, and the answer."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import socket

from utbildningsdata.store.processes import frames, runtime

_PATIENCE = 3.0  # seconds in which a broker that was killed is back
_PAUSE = 0.05
_CHUNK = 64 * 1024


@contextmanager
def called(data: Path, patience: float) -> Iterator[socket]:
    """Give a connection to the broker for one question; see :func:`call`."""
    with call(data, patience) as connection:
        yield connection


def call(data: Path, patience: float) -> socket:
    """Return a connection to the broker, whose operations may each take ``patience`` seconds.

    Raises:
        ConnectionError: No broker listens, also not after a while.
    """
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            connection = _Connection(fileno=runtime.connect(data).detach())
        except OSError as error:
            if time.monotonic() > until:
                raise ConnectionError from error
            time.sleep(_PAUSE)
        else:
            connection.settimeout(patience)
            return connection


class Kept:
    """A connection for one question after another; each thread has its own, until it ends."""

    def __init__(self) -> None:
        self._thread = threading.local()

    def take(self) -> socket | None:
        """Take this thread's connection, for one question; None where there is none."""
        connection: socket | None = self._thread.__dict__.pop("connection", None)
        return connection

    def put_back(self, connection: socket) -> None:
        """Keep a connection, whose answer was read whole, for this thread's next question."""
        self._thread.connection = connection


class _Connection(socket):
    """A socket that closes without a warning when the thread that keeps it has ended."""

    def __del__(self) -> None:
        self.close()


def exchange(connection: socket, question: bytes) -> tuple[frames.Header, bytes] | None:
    """Send a question and receive its answer; None when the broker ended meanwhile.

    Raises:
        TimeoutError: There is no answer in time.
    """
    received = frames.Buffer()
    try:
        connection.sendall(question)
        while chunk := connection.recv(_CHUNK):
            for frame in received.feed(chunk):
                return frame
    except ConnectionError:
        pass
    return None
