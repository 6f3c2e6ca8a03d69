"""Revisions for the operator: which there are, what they hold, and the way back to one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from rdflib import URIRef

from utbildningsdata.errors import OperationError
from utbildningsdata.model import record
from utbildningsdata.model.changes import Change, diff
from utbildningsdata.model.derive import tombstone
from utbildningsdata.model.record import Entry
from utbildningsdata.rdf import ntriples
from utbildningsdata.store.ports import DOCUMENT, Block, History, Publisher, Revision, Version


@dataclass(frozen=True, slots=True)
class Row:
    """A kept revision in a list; ``published`` is in UTC."""

    number: int
    published: datetime
    agent: str
    message: str
    tags: tuple[str, ...]
    current: bool


def history(revisions: History) -> list[Row]:
    """Return the kept revisions, the newest first.

    Raises:
        OperationError: The data folder cannot be read.
    """
    tags = revisions.tags()
    newest = revisions.number()
    rows = []
    for number in reversed(revisions.numbers()):
        about = revisions.about(number)
        names = tuple(name for name, tagged in tags.items() if tagged == number)
        rows.append(
            Row(number, about.published, about.agent, about.message, names, number == newest)
        )
    return rows


def info(revision: Revision) -> Mapping[str, object]:
    """Return what a revision holds: name → value, for people."""
    kinds = Counter(entry.kind or entry.path for entry in revision.entries())
    return {
        "revision": revision.number,
        "published": f"{revision.published:%Y-%m-%d %H:%M:%SZ}",
        "base": revision.base.iri,
        "records": sum(kinds.values()),
        "removed": sum(1 for entry in revision.state().values() if entry.removed),
        **{kind: kinds[kind] for kind in sorted(kinds)},
    }


def rollback(
    number: int,
    revisions: History,
    publisher: Publisher,
    *,
    today: date | None = None,
) -> int:
    """Publish what revision ``number`` held as a new revision, and return the number of that.

    Records that came later get tombstones. What files last gave is not rolled back: a later load
    leaves the records as they are now, until their file changes, and then reports a conflict.
    Where nothing differs, nothing is published and the current number is returned.

    Raises:
        NotFound: The revision was never published, or was pruned.
        OperationError: It is of another base, or cannot be read or written.
    """
    today = today or datetime.now(UTC).date()
    with revisions.current() as now, revisions.revision(number) as then:
        if then.base != now.base:
            raise OperationError(
                f"Revision {number} was made for the base {then.base.iri}, not {now.base.iri}.",
                sv=f"Revision {number} gjordes för basen {then.base.iri}, inte {now.base.iri}.",
            )
        versions = [
            _restored(change, now, then, today)
            for change in diff(_versions(now), _versions(then))
            if not _stays(change, now)
        ]
        if not versions:
            return now.number
        return publisher.publish(
            versions,
            parent=now.number,
            message=f"Rolled back to revision {number}.",
            agent="rollback",
        )


def _versions(revision: Revision) -> Mapping[str, str]:
    return {path: entry.document for path, entry in revision.state().items()}


def _stays(change: Change, now: Revision) -> bool:
    """Tell whether a record that came later is removed already."""
    return change.after is None and now.entry(change.path).removed


def _restored(change: Change, now: Revision, then: Revision, today: date) -> Version:
    later = now.state().get(change.path)
    loaded = later.loaded if later else ""
    if change.after is None:
        return _buried(now.entry(change.path), today)
    version = then.version(change.path)
    as_loaded = version.entry.loaded == loaded and not version.entry.edited
    entry = replace(version.entry, loaded=loaded, edited=not as_loaded)
    return Version(entry, version.blocks)


def _buried(entry: Entry, today: date) -> Version:
    document = ntriples.document(tombstone(URIRef(entry.iri), URIRef(entry.thing), today))
    buried = record.describe(
        ntriples.read(document),
        path=entry.path,
        kind=entry.kind,
        iri=entry.iri,
        document=ntriples.digest(document),
        origin=entry.origin,
        loaded=entry.loaded,
        edited=True,
    )
    return Version(buried, {DOCUMENT: Block.of(document)})
