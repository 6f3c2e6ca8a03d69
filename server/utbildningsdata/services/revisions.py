"""Revisions for the operator: which there are, what they hold, and the way back to one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from rdflib import URIRef

from utbildningsdata.errors import OperationError
from utbildningsdata.model import record
from utbildningsdata.model.changes import Change, diff
from utbildningsdata.model.derive import dated, tombstone
from utbildningsdata.model.record import Entry
from utbildningsdata.rdf import ntriples
from utbildningsdata.services.versions import Blocks, rendered, with_document
from utbildningsdata.store.ports import History, Publisher, Revision, Version


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


def not_whole(revision: Revision) -> Sequence[Entry]:
    """Return the entries of the records that rules keep out of feeds, in the order of paths.

    Where one has feeds all the same, they hold an earlier version of it.
    """
    return sorted((e for e in revision.entries() if e.lacks), key=lambda entry: entry.path)


def rollback(
    number: int,
    revisions: History,
    publisher: Publisher,
    blocks: Blocks,
    *,
    today: date | None = None,
) -> int:
    """Publish what revision ``number`` held as a new revision, and return the number of that.

    Records that change by it are modified ``today``: a reader who compares dates must see it.
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
        changes = diff(_versions(now), _versions(then))
        restored = (_restored(change, now, then, blocks, today) for change in changes)
        versions = [version for version in restored if version is not None]
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


def _restored(
    change: Change, now: Revision, then: Revision, blocks: Blocks, today: date
) -> Version | None:
    """Return a record as it was; None where it is so already, but for its dates."""
    later = now.state().get(change.path)
    if change.after is None:
        return _buried(later, today) if later and not later.removed else None
    version = then.version(change.path)
    entry = version.entry
    previous = now.document(change.path) if later else None
    graph = dated(then.document(change.path), URIRef(entry.iri), previous, today)
    document = ntriples.document(graph)
    if later and later.document == ntriples.digest(document):
        return None
    loaded = later.loaded if later else ""
    as_loaded = entry.loaded == loaded and not entry.edited
    entry = replace(
        entry,
        modified=record.modified(graph, URIRef(entry.iri)),
        document=ntriples.digest(document),
        loaded=loaded,
        edited=not as_loaded,
    )
    of_before = entry.feeds and entry.lacks  # feeds hold an earlier version, which stays there
    pieces = version.blocks if of_before else rendered(blocks(entry, graph))
    return with_document(entry, document, pieces)


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
    return with_document(buried, document, {})
