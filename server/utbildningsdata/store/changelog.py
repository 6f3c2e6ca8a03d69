"""The change log: one file for each revision, which says what it changed; never rewritten."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path

from utbildningsdata.model.changes import Change
from utbildningsdata.store import disk
from utbildningsdata.store.packs import damaged


def append(folder: Path, number: int, changes: Sequence[Change]) -> None:
    """Write the entry of revision ``number`` (its time, agent and message are the revision's)."""
    content = {"revision": number, "changes": [dataclasses.asdict(change) for change in changes]}
    disk.write(_file(folder, number), json.dumps(content, indent=1).encode() + b"\n")
    disk.sync(folder)


def read(folder: Path, number: int) -> tuple[Change, ...]:
    """Return what revision ``number`` changed.

    Raises:
        OperationError: The entry is missing or damaged.
    """
    file = _file(folder, number)
    try:
        return tuple(Change(**change) for change in json.loads(file.read_bytes())["changes"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise damaged(file) from error


def drop_above(folder: Path, number: int) -> None:
    """Remove the entries of revisions that were never published."""
    for file in folder.iterdir():
        if file.name.endswith(disk.UNFINISHED) or int(file.stem) > number:
            file.unlink()


def _file(folder: Path, number: int) -> Path:
    return folder / f"{number:06}.json"
