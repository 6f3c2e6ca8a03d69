"""Deleting what no reader and no revision needs: old revisions, and packs that none names.

A revision is deleted the moment its lock file is; its folder goes last. So a folder above
``current`` or without a lock file tells that a writer was interrupted, and what it left is found.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from utbildningsdata.errors import OperationError
from utbildningsdata.store import changelog, disk, layout, locks, manifest
from utbildningsdata.store.revisions import DataFolder

_TAG = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\Z")


def sweep(data: DataFolder) -> None:
    """Remove what an interrupted writer left: everything above ``current``, or half deleted.

    Raises:
        OperationError: There are revisions, but ``current`` is lost.
    """
    newest, left = data.number(), left_over(data)
    if not newest and any(int(folder.name) > 1 for folder in left):
        raise _lost(data.path, left[-1].name)
    if left:
        changelog.drop_above(data.path / layout.CHANGES, newest)
        _clear(data, left)


def left_over(data: DataFolder) -> list[Path]:
    """Return the folders of revisions that are not published, or half deleted."""
    folder, kept = data.path / layout.REVISIONS, set(data.numbers())
    folders = sorted(folder.iterdir()) if folder.is_dir() else []
    return [revision for revision in folders if int(revision.name) not in kept]


def prune(data: DataFolder, keep: int) -> list[int]:
    """Delete all but the current, the last ``keep`` and the tagged revisions; return which.

    A revision that is being read is left for the next time.
    """
    numbers = data.numbers()
    kept = {*numbers[max(0, len(numbers) - keep) :], data.number(), *data.tags().values()}
    gone = [n for n in numbers if n not in kept and _unlock(data.folder(n) / layout.LOCK)]
    if gone:
        _clear(data, [data.folder(number) for number in gone])
    return gone


def tag(data: DataFolder, name: str, number: int) -> None:
    """Let the tag ``name`` keep revision ``number``.

    Raises:
        OperationError: The name cannot be the name of a tag.
    """
    if not is_tag(name):
        raise OperationError(
            f"'{name}' cannot be a tag: use the letters a-z, digits, hyphens and dots.",
            sv=f"'{name}' kan inte vara en tagg: använd a–z, siffror, bindestreck och punkter.",
        )
    folder = data.path / layout.TAGS
    folder.mkdir(exist_ok=True)
    disk.link(folder / name, f"../{layout.REVISIONS}/{data.folder(number).name}")


def is_tag(name: str) -> bool:
    """Tell whether ``name`` can be the name of a tag, which is the name of a file."""
    return bool(_TAG.match(name)) and not name.endswith(disk.UNFINISHED)


def _clear(data: DataFolder, folders: Iterable[Path]) -> None:
    """Delete the packs that no kept revision names, and then the folders."""
    kept = (data.folder(number) for number in data.numbers())
    named = {name for folder in kept for name in manifest.manifest(folder).values()}
    for file in (data.path / layout.OBJECTS).iterdir():
        if file.name not in named:
            file.unlink()
    for folder in folders:
        shutil.rmtree(folder)


def _unlock(lock: Path) -> bool:
    """Delete a revision's lock file, unless somebody reads the revision."""
    descriptor = os.open(lock, os.O_RDONLY)
    try:
        free = locks.exclusive(descriptor)
        if free:
            lock.unlink()
        return free
    finally:
        os.close(descriptor)


def _lost(path: Path, latest: str) -> OperationError:
    cure = f"ln -s {layout.REVISIONS}/{latest} {path / layout.CURRENT}"
    return OperationError(
        f"{path} has revisions, but lost its link '{layout.CURRENT}': make it again: '{cure}'.",
        sv=f"{path} har revisioner, men länken '{layout.CURRENT}' är borta: gör om den: '{cure}'.",
    )
