"""Calling the broker: one question over its socket, and the answer."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import socket

from utbildningsdata.store.queries import frames, runtime

_PATIENCE = 3.0  # seconds in which a broker that was killed is back
_PAUSE = 0.05


@contextmanager
def called(data: Path, patience: float) -> Iterator[socket]:
    """Give a connection to the broker, whose operations may each take ``patience`` seconds.

    Raises:
        ConnectionError: No broker listens, also not after a while.
    """
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            connection = runtime.connect(data)
            break
        except OSError as error:
            if time.monotonic() > until:
                raise ConnectionError from error
        time.sleep(_PAUSE)
    with connection:
        connection.settimeout(patience)
        yield connection


def exchange(connection: socket, question: bytes) -> tuple[frames.Header, bytes] | None:
    """Send a question and receive its answer; None when the broker ended meanwhile.

    Raises:
        TimeoutError: There is no answer in time.
    """
    try:
        connection.sendall(question)
        with connection.makefile("rb") as stream:
            return frames.read(stream)
    except ConnectionError:
        return None
