"""The change log: one file for each revision, which says what it changed; never rewritten."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from utbildningsdata.model.changes import Change
from utbildningsdata.store import disk
from utbildningsdata.store.packs import damaged


@dataclass(frozen=True, slots=True)
class Activity:
    """What published a revision: when (in UTC), who, at which request (empty: none), and what."""

    number: int
    published: datetime
    agent: str
    message: str
    request: str
    changes: tuple[Change, ...]


def append(folder: Path, activity: Activity) -> None:
    """Write the entry of a revision."""
    content = {
        "revision": activity.number,
        "published": activity.published.isoformat(),
        "agent": activity.agent,
        "message": activity.message,
        "request": activity.request,
        "changes": [dataclasses.asdict(change) for change in activity.changes],
    }
    text = json.dumps(content, indent=1, ensure_ascii=False)
    disk.write(_file(folder, activity.number), text.encode() + b"\n")
    disk.sync(folder)


def read(folder: Path, number: int) -> tuple[Change, ...]:
    """Return what revision ``number`` changed.

    Raises:
        OperationError: The entry is missing or damaged.
    """
    content = _content(_file(folder, number))
    return _changes(_file(folder, number), content)


def activities(folder: Path, newest: int) -> Iterator[Activity]:
    """Yield what published each revision up to ``newest``, the oldest first.

    The entries of software that did not write who and when are left out.

    Raises:
        OperationError: An entry is damaged.
    """
    numbers = sorted(int(file.stem) for file in folder.glob("*.json"))
    for number in (number for number in numbers if number <= newest):
        file = _file(folder, number)
        content = _content(file)
        if "published" in content:
            yield Activity(
                number=number,
                published=datetime.fromisoformat(content["published"]),
                agent=content["agent"],
                message=content["message"],
                request=content["request"],
                changes=_changes(file, content),
            )


def drop_above(folder: Path, number: int) -> None:
    """Remove the entries of revisions that were never published."""
    for file in folder.iterdir():
        if file.name.endswith(disk.UNFINISHED) or int(file.stem) > number:
            file.unlink()


def _file(folder: Path, number: int) -> Path:
    return folder / f"{number:06}.json"


def _content(file: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(file.read_bytes())
        return content
    except (OSError, ValueError) as error:
        raise damaged(file) from error


def _changes(file: Path, content: dict[str, Any]) -> tuple[Change, ...]:
    try:
        return tuple(Change(**change) for change in content["changes"])
    except (KeyError, TypeError) as error:
        raise damaged(file) from error
