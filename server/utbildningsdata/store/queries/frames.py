"""How the processes of a server talk: frames of a JSON header and bytes, each after its length.

A frame is two lengths of four bytes, most significant byte first, then the header as JSON in
UTF-8, then the body. The same frames go over a worker's pipes and the broker's socket.
"""

from __future__ import annotations

import asyncio
import json
import struct
from typing import Any, BinaryIO

Header = dict[str, Any]
"""What a frame says about its body; ``store.queries.workers`` names the keys."""

_LENGTHS = struct.Struct("!II")


def pack(header: Header, body: bytes = b"") -> bytes:
    """Return a frame as bytes."""
    text = json.dumps(header).encode()
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
    return json.loads(text), body


async def receive(stream: asyncio.StreamReader) -> tuple[Header, bytes]:
    """Read one frame in an event loop.

    Raises:
        asyncio.IncompleteReadError: The other end has closed.
    """
    header_length, body_length = _LENGTHS.unpack(await stream.readexactly(_LENGTHS.size))
    text = await stream.readexactly(header_length)
    return json.loads(text), await stream.readexactly(body_length)
