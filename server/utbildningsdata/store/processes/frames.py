"""How the processes of a server talk: frames of a JSON header and bytes, each after its length.

A frame is two lengths of four bytes, most significant byte first, then the header as JSON in
UTF-8, then the body. The same frames go over a worker's pipes and the broker's socket.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any, BinaryIO

import orjson

Header = dict[str, Any]
"""What a frame says about its body; ``store.queries.workers`` names the keys."""

_LENGTHS = struct.Struct("!II")


def pack(header: Header, body: bytes = b"") -> bytes:
    """Return a frame as bytes."""
    text = orjson.dumps(header)
    return _LENGTHS.pack(len(text), len(body)) + text + body


def read(stream: BinaryIO) -> tuple[Header, bytes] | None:
    """Read one frame; None when the other end has closed, also in the midst of a frame."""
    start = stream.read(_LENGTHS.size)
    if len(start) < _LENGTHS.size:
        return None
    header_length, body_length = _LENGTHS.unpack(start)
    text, body = stream.read(header_length), stream.read(body_length)
    if len(text) < header_length or len(body) < body_length:
        return None
    return orjson.loads(text), body


class Buffer:
    """Takes bytes as they come, and gives the frames that are complete."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[Header, bytes]]:
        """Add bytes and give every frame that is complete now."""
        self._bytes += data
        while len(self._bytes) >= _LENGTHS.size:
            header_length, body_length = _LENGTHS.unpack_from(self._bytes)
            start = _LENGTHS.size + header_length
            end = start + body_length
            if len(self._bytes) < end:
                return
            header, body = self._bytes[_LENGTHS.size : start], bytes(self._bytes[start:end])
            del self._bytes[:end]
            yield orjson.loads(header), body
