"""The revision that a request reads: opened once, and known to the frame around each page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from flask import g

from utbildningsdata.model.profile import Kind, Profile
from utbildningsdata.services.describe.lists import folders
from utbildningsdata.store.ports import Revision, Revisions


@contextmanager
def reading(revisions: Revisions) -> Iterator[Revision]:
    """Open the current revision for the rest of the request.

    Raises:
        OperationError: There is none.
    """
    with revisions.current() as revision:
        g.folders = folders(revision)
        yield revision


def kinds_in_use(profile: Profile) -> Sequence[Kind]:
    """Return the kinds that have records; all kinds where the request reads no revision."""
    known: frozenset[str] | None = g.get("folders")
    return [kind for kind in profile.kinds.values() if known is None or kind.folder in known]
