"""Where an answer is written until it is whole: memory, then a file, up to a cap."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

IN_MEMORY = 256 * 1024
"""Bytes up to which an answer travels inside a frame."""


class TooMuch(Exception):
    """The answer went over the cap; raised to the engine in the midst of its writing."""


class Spool:
    """A sink of bytes that keeps them in memory, and from :data:`IN_MEMORY` on in ``file``.

    Nothing of a ``file`` remains when the cap is passed.
    """

    def __init__(self, file: Path, cap: int) -> None:
        self._file, self._cap = file, cap
        self._chunks: list[bytes] = []
        self._stream: BinaryIO | None = None
        self.length = 0

    def write(self, chunk: bytes) -> int:
        """Add bytes.

        Raises:
            TooMuch: There are now more than the cap.
        """
        self.length += len(chunk)
        if self.length > self._cap:
            self.discard()
            raise TooMuch
        if self._stream is None and self.length > IN_MEMORY:
            self._stream = self._file.open("wb")
            self._stream.writelines(self._chunks)
            self._chunks.clear()
        if self._stream is None:
            self._chunks.append(bytes(chunk))
        else:
            self._stream.write(chunk)
        return len(chunk)

    def flush(self) -> None:
        """Do nothing: what asks for it does not wait for a disk."""

    def finish(self) -> tuple[Path | None, bytes]:
        """Return the file with the answer, or None and the answer itself."""
        if self._stream is None:
            return None, b"".join(self._chunks)
        self._stream.close()
        return self._file, b""

    def discard(self) -> None:
        """Remove what was written so far."""
        self._chunks.clear()
        if self._stream is not None:
            self._stream.close()
            self._file.unlink(missing_ok=True)
