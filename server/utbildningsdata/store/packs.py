"""Packs: the records of one bucket in one file that is named by the SHA-256 of its content.

The first line is an index in JSON: for each record, in the order of paths, its entry and a table
``name → [offset, size, length, CRC-32]`` of its blocks. The blocks follow, deflated; offsets count
from the end of the first line. A pack never changes, and revisions share those they agree on.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from utbildningsdata.errors import NotFound, OperationError
from utbildningsdata.model.record import Entry
from utbildningsdata.rdf import ntriples
from utbildningsdata.store import disk
from utbildningsdata.store.ports import Block, Version

_Table = Mapping[str, Sequence[int]]


class Pack:
    """A pack whose index was read; blocks are read from the file when they are asked for."""

    def __init__(self, file: Path) -> None:
        """Read the index of ``file``.

        Raises:
            OperationError: The file is missing or damaged.
        """
        self.file = file
        try:
            with file.open("rb") as stream:
                line = stream.readline()
            index = json.loads(line)
            self.entries = {r["entry"]["path"]: _entry(r["entry"]) for r in index}
            self._tables: dict[str, _Table] = {r["entry"]["path"]: r["blocks"] for r in index}
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise damaged(file) from error
        self._start = len(line)

    def block(self, path: str, name: str) -> Block | None:
        """Return a block of a record; None where it has none of that name.

        Raises:
            NotFound: The pack has no such record.
            OperationError: The file is damaged.
        """
        if path not in self._tables:
            raise NotFound(f"There is no record '{path}'.", sv=f"Posten '{path}' finns inte.")
        if name not in self._tables[path]:
            return None
        offset, size, length, crc = self._tables[path][name]
        deflated = self._read(offset, size)
        if len(deflated) != size:
            raise damaged(self.file)
        return Block(deflated, length, crc)

    def versions(self) -> dict[str, Version]:
        """Return path → record with all its blocks, for every record, in one reading."""
        content = self._read(0, -1)
        versions = {}
        for path, table in self._tables.items():
            blocks = {
                name: Block(content[offset : offset + size], length, crc)
                for name, (offset, size, length, crc) in table.items()
            }
            versions[path] = Version(self.entries[path], blocks)
        return versions

    def _read(self, offset: int, size: int) -> bytes:
        try:
            with self.file.open("rb") as stream:
                stream.seek(self._start + offset)
                return stream.read(size)
        except OSError as error:
            raise damaged(self.file) from error


def write(folder: Path, versions: Mapping[str, Version]) -> str:
    """Write a pack into ``folder``, whole or not at all, and return its name."""
    records, blocks, offset = [], [], 0
    for _, version in sorted(versions.items()):
        table = {}
        for name, block in sorted(version.blocks.items()):
            table[name] = [offset, len(block.deflated), block.length, block.crc]
            blocks.append(block.deflated)
            offset += len(block.deflated)
        records.append({"blocks": table, "entry": _fields(version.entry)})
    index = json.dumps(records, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    content = b"".join([index.encode(), b"\n", *blocks])
    name = ntriples.digest(content)
    if not (folder / name).exists():
        disk.write(folder / name, content)
    return name


def damaged(file: Path) -> OperationError:
    """Return the error that says that a file of the data folder is not what was written."""
    return OperationError(
        f"{file} is missing or damaged: restore the data folder from a backup.",
        sv=f"{file} saknas eller är skadad: återställ datamappen från en säkerhetskopia.",
    )


def _fields(entry: Entry) -> dict[str, Any]:
    """Return an entry's fields; unlike dataclasses.asdict, without copying what they hold."""
    return {field.name: getattr(entry, field.name) for field in dataclasses.fields(entry)}


def _entry(fields: dict[str, Any]) -> Entry:
    lists = {name: tuple(value) for name, value in fields.items() if isinstance(value, list)}
    return Entry(**{**fields, **lists})
