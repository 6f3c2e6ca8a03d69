"""One request and its answer over a socket, however the two sides treat each other.

A usual client sends all before it reads; this one reads meanwhile, so that it sees the answer of
a server that refuses a body before its end.
"""

from __future__ import annotations

import http.client
import io
import json
import selectors
import socket
import time
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import Message
from typing import Any

_CHUNK = 256 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status (0: nothing that is an answer), headers, body, seconds it took.

    ``whole`` tells whether the body has the length that was announced.
    """

    status: int
    headers: Message = field(default_factory=Message)
    body: bytes = b""
    seconds: float = 0.0
    whole: bool = True

    def json(self) -> Any:
        """Return the body as JSON, None where it is none."""
        with suppress(ValueError):
            return json.loads(self.body)
        return None


def exchange(port: int, request: bytes, source: str, patience: float) -> Answer:
    """Send a request from the loopback address ``source`` and return what comes back.

    Args:
        port: Where the server listens on 127.0.0.1.
        request: The request, head and body.
        source: The address that the server sees as the client's.
        patience: Seconds after which the answer is given up.
    """
    started = time.monotonic()
    received = b""
    with suppress(OSError), socket.socket() as connection:
        connection.bind((source, 0))
        connection.settimeout(patience)
        connection.connect(("127.0.0.1", port))
        received = _converse(connection, request, started + patience)
    return _read(received, request, time.monotonic() - started)


def _converse(connection: socket.socket, request: bytes, until: float) -> bytes:
    """Send and receive at the same time until the answer is whole or the server closes."""
    connection.setblocking(False)
    unsent, received = memoryview(request), bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(connection, selectors.EVENT_READ | selectors.EVENT_WRITE)
        while (left := until - time.monotonic()) > 0:
            for _, events in selector.select(left):
                if events & selectors.EVENT_WRITE:
                    unsent = _send(connection, unsent)
                    if not unsent:
                        selector.modify(connection, selectors.EVENT_READ)
                if events & selectors.EVENT_READ and not _receive(connection, received):
                    return bytes(received)
    return bytes(received)


def _send(connection: socket.socket, unsent: memoryview) -> memoryview:
    try:
        return unsent[connection.send(unsent[:_CHUNK]) :]
    except BlockingIOError:
        return unsent
    except OSError:
        return unsent[:0]  # it closed its ears; it may have answered


def _receive(connection: socket.socket, received: bytearray) -> bool:
    """Take what came; tell whether more may come."""
    try:
        chunk = connection.recv(_CHUNK)
    except BlockingIOError:
        return True
    except OSError:
        return False
    received += chunk
    return bool(chunk)


class _Received:
    """What was received, in the form of a socket, for the reader of the standard library."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def makefile(self, mode: str) -> io.BytesIO:
        return io.BytesIO(self._content)


def _read(received: bytes, request: bytes, seconds: float) -> Answer:
    method = request.partition(b" ")[0].decode("latin-1")
    response = http.client.HTTPResponse(_Received(received), method=method)  # type: ignore[arg-type]
    try:
        response.begin()
    except (OSError, http.client.HTTPException):
        return Answer(0, body=received, seconds=seconds, whole=False)
    try:
        body, whole = response.read(), True
    except http.client.IncompleteRead as error:
        body, whole = error.partial, False
    return Answer(response.status, response.headers, body, seconds, whole)
