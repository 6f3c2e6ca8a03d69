"""A client's connection to the broker: one question after another, each with its answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import cast

from utbildningsdata.store.processes import frames
from utbildningsdata.store.processes.queueing import Answer

Answering = Callable[[frames.Header, bytes, Path], asyncio.Future[Answer]]
"""Takes a question, and the file where a large answer goes; the future gets the answer."""


class Connection(asyncio.Protocol):
    """Hands questions on and sends the answers.

    When the client closes, nobody waits for its answer any longer, and its file is removed: a
    client that gets an answer in a file opens that, closes the connection, and then reads.
    """

    def __init__(self, answering: Answering, file: Path) -> None:
        self._answering = answering
        self._file = file
        self._buffer = frames.Buffer()
        self._answer: asyncio.Future[Answer] | None = None
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """Hand a question on when all of it is there."""
        for header, body in self._buffer.feed(data):
            self._answer = self._answering(header, body, self._file)
            self._answer.add_done_callback(self._send)

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go of the question that nobody asks any longer."""
        if self._answer is not None:
            self._answer.cancel()
        self._file.unlink(missing_ok=True)

    def _send(self, answer: asyncio.Future[Answer]) -> None:
        if not (answer.cancelled() or self._transport.is_closing()):
            self._transport.write(frames.pack(*answer.result()))
