"""Where things lie in a data folder, for processes that must start without reading RDF libraries.

::

    data/
      revisions/000042/   store/, reports/ (Oxigraph)  manifest  revision.json  lock
      current -> revisions/000042
      objects/            packs of records, shared by revisions
      changes/            the change log, one file for each revision
      tags/<name> -> ../revisions/000042
      tokens.json         who may write: see ``store.credentials``
      run/                what a running server needs: see ``store.processes.runtime``
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from utbildningsdata.store import locks

REVISIONS = "revisions"
CURRENT = "current"
OBJECTS = "objects"
CHANGES = "changes"
TAGS = "tags"
STORE = "store"
REPORTS = "reports"
LOCK = "lock"


def current(data: Path) -> Path:
    """Return the folder of the current revision, not resolved any further than ``current`` is.

    Raises:
        FileNotFoundError: Nothing is published yet.
    """
    return _below(data, os.readlink(f"{data}/{CURRENT}"))


@lru_cache(maxsize=16)
def _below(data: Path, link: str) -> Path:
    """Return the folder that a link names: it is asked for before every query."""
    return data / link


def hold(data: Path) -> tuple[Path, int]:
    """Take a shared lock on the current revision; return its folder and the locked descriptor.

    A revision is deleted only under the exclusive lock, so that it stays whole until the
    descriptor is closed. When it is deleted between reading the link and locking, the link has
    moved on and is read again.

    Raises:
        FileNotFoundError: Nothing is published yet, or the revision has no lock file.
    """
    while True:
        folder = current(data)
        descriptor = locks.shared(folder / LOCK)
        if descriptor is not None:
            return folder, descriptor
        if current(data) == folder:
            raise FileNotFoundError(folder / LOCK)
