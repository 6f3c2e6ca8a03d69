"""What files gave when they were last read: a file that may be deleted at any time.

It spares parsing hundreds of files of which one changed. Nothing is ever wrong without it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from utbildningsdata.store import disk


class FileMemory:
    """See :class:`utbildningsdata.store.ports.Memory`."""

    def __init__(self, file: Path) -> None:
        """Name the file that it is kept in."""
        self._file = file

    def read(self) -> Mapping[str, str]:
        """Return what is remembered; nothing where the file is missing or damaged."""
        try:
            return dict(json.loads(self._file.read_bytes()))
        except (OSError, ValueError, TypeError):
            return {}

    def write(self, content: Mapping[str, str]) -> None:
        """Remember ``content`` instead; where there is no room for it, remember nothing."""
        try:
            disk.write(self._file, json.dumps(content).encode())
        except OSError:
            with suppress(OSError):
                self._file.unlink()
