"""Files that are whole or absent: written beside, synced, renamed; folders synced too."""

from __future__ import annotations

import os
from pathlib import Path

UNFINISHED = ".unfinished"
"""The suffix of a file that is being written; one that is found later was left by a crash."""


def write(file: Path, content: bytes, *, mode: int | None = None) -> None:
    """Write ``file`` so that a crash leaves either nothing or all of ``content`` under its name.

    ``mode`` is who may read and write it, from before there is anything to read; None leaves that
    to the process (umask).
    """
    unfinished = file.with_name(file.name + UNFINISHED)
    try:
        with unfinished.open("wb") as stream:
            if mode is not None:
                os.fchmod(stream.fileno(), mode)
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.replace(file)
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise


def link(name: Path, target: str) -> None:
    """Let the symbolic link ``name`` point to ``target``, in one step, and sync its folder."""
    unfinished = name.with_name(name.name + UNFINISHED)
    unfinished.unlink(missing_ok=True)
    unfinished.symlink_to(target)
    unfinished.replace(name)
    sync(name.parent)


def sync(path: Path) -> None:
    """Make a folder's names, or a file's content, survive a loss of power."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_tree(folder: Path) -> None:
    """Sync every file of ``folder`` (which has no subfolders), then the folder."""
    for file in folder.iterdir():
        sync(file)
    sync(folder)
