"""Deleting what no reader and no revision needs: old revisions, and packs that none names."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from utbildningsdata.errors import OperationError
from utbildningsdata.store import changelog, disk, layout, locks, manifest
from utbildningsdata.store.revisions import CHANGES, OBJECTS, TAGS, DataFolder


def sweep(data: DataFolder) -> None:
    """Remove what an interrupted writer left: everything above ``current``.

    The revision's folder is the first thing that a writer makes and the last that is removed
    here, so that where there is none above ``current``, nothing else was left either.

    Raises:
        OperationError: There are revisions, but ``current`` is lost.
    """
    newest = data.number()
    left = [f for f in (data.path / layout.REVISIONS).iterdir() if int(f.name) > newest]
    if left and not newest and any(int(folder.name) > 1 for folder in left):
        latest = max(folder.name for folder in left)
        raise OperationError(
            f"{data.path} has revisions, but lost its link '{layout.CURRENT}': make it again with "
            f"'ln -s {layout.REVISIONS}/{latest} {data.path / layout.CURRENT}'.",
            sv=f"{data.path} har revisioner, men länken '{layout.CURRENT}' är borta: gör om den "
            f"med 'ln -s {layout.REVISIONS}/{latest} {data.path / layout.CURRENT}'.",
        )
    if left:
        changelog.drop_above(data.path / CHANGES, newest)
        collect(data)
        for folder in left:
            shutil.rmtree(folder)


def prune(data: DataFolder, keep: int) -> list[int]:
    """Delete all but the current, the last ``keep`` and the tagged revisions; return which.

    A revision that is being read is left for the next time.
    """
    numbers = data.numbers()
    kept = {*numbers[max(0, len(numbers) - keep) :], data.number(), *data.tags().values()}
    gone = [n for n in numbers if n not in kept and _delete(data.folder(n))]
    if gone:
        collect(data)
    return gone


def tag(data: DataFolder, name: str, number: int) -> None:
    """Let the tag ``name`` keep revision ``number``."""
    folder = data.path / TAGS
    folder.mkdir(exist_ok=True)
    disk.link(folder / name, f"../{layout.REVISIONS}/{data.folder(number).name}")


def collect(data: DataFolder) -> None:
    """Delete the packs that no published revision names."""
    folders = (data.folder(number) for number in data.numbers())
    named = {name for folder in folders for name in manifest.manifest(folder).values()}
    _delete_others(data.path / OBJECTS, named)


def _delete_others(folder: Path, names: Iterable[str]) -> None:
    kept = set(names)
    for file in folder.iterdir():
        if file.name not in kept:
            file.unlink()


def _delete(folder: Path) -> bool:
    lock = folder / layout.LOCK
    descriptor = os.open(lock, os.O_RDONLY)
    try:
        if not locks.exclusive(descriptor):
            return False
        shutil.rmtree(folder)
        return True
    finally:
        os.close(descriptor)
