"""Publishing a revision: clone, change, and then let ``current`` point to it.

The order is what makes a crash harmless: packs, store, manifest and change entry are written and
synced first; renaming ``current`` is the one step that publishes. Whatever a crash leaves behind
has a higher number than ``current``, and the next writer sweeps it away.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from utbildningsdata.errors import Conflict, OperationError
from utbildningsdata.model.changes import Change, between
from utbildningsdata.model.record import Entry
from utbildningsdata.store import (
    buckets,
    changelog,
    disk,
    layout,
    locks,
    manifest,
    oxigraph,
    packs,
    pruning,
    reports,
)
from utbildningsdata.store.changelog import Activity
from utbildningsdata.store.manifest import About, Manifest
from utbildningsdata.store.oxigraph import Document
from utbildningsdata.store.ports import DOCUMENT, Version
from utbildningsdata.store.revision import StoredRevision, stays
from utbildningsdata.store.revisions import DataFolder

_WRITER = "writer.lock"
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@dataclass(frozen=True, slots=True)
class _Draft:
    """A revision to be: ``origin`` is what it is cloned from, ``parent`` what it follows."""

    number: int
    versions: Sequence[Version]
    parent: StoredRevision | None
    origin: StoredRevision | None
    message: str
    agent: str
    request: str
    rules: str


class Writer:
    """Writes into a data folder; see :class:`utbildningsdata.store.ports.Publisher`."""

    def __init__(self, data: DataFolder, keep: int, patience: float = locks.PATIENCE) -> None:
        """Keep ``keep`` revisions, and wait at most ``patience`` seconds for another writer."""
        self.data = data
        self._keep = keep
        self._patience = patience

    @contextmanager
    def parent(self, *, any_base: bool = False) -> Iterator[StoredRevision | None]:
        """Open the revision that the next one follows; None where nothing is published yet.

        What an interrupted writer left is swept away first.

        Raises:
            OperationError: It cannot be read, or is of another base and ``any_base`` is false.
        """
        if pruning.left_over(self.data):
            with self.alone():
                pass  # entering sweeps
        number = self.data.number()
        if not number:
            yield None
            return
        opened = self.data.revision(number) if any_base else self.data.current()
        with opened as revision:
            self.data.check_mode(revision.about)
            yield revision

    def publish(
        self,
        versions: Sequence[Version],
        *,
        parent: int,
        message: str,
        agent: str,
        request: str = "",
        rules: str | None = None,
        anew: bool = False,
    ) -> int:
        """Publish a revision with new versions of some records, and return its number.

        Raises:
            Conflict: Another revision than ``parent`` is current now: begin again from that.
            OperationError: Another writer holds the lock, or the disk is full or unreadable.
        """
        with self.alone():
            if self.data.number() != parent:
                raise Conflict(f"Revision {parent} is no longer the current one.")
            pruning.prune(self.data, self._keep - 1)
            with ExitStack() as stack:
                old = stack.enter_context(self.data.revision(parent)) if parent else None
                draft = _Draft(
                    number=parent + 1,
                    versions=versions,
                    parent=old,
                    origin=None if anew else old,
                    message=message,
                    agent=agent,
                    request=request,
                    rules=(old.rules if old else "") if rules is None else rules,
                )
                self._make(draft)
            return parent + 1

    def prune(self, keep: int) -> list[int]:
        """Delete all but the last ``keep`` and the tagged revisions; return which were deleted.

        Raises:
            OperationError: Another writer holds the lock, or the folder cannot be written.
        """
        with self.alone():
            return pruning.prune(self.data, keep)

    def tag(self, name: str, number: int) -> None:
        """Keep a revision for good under a name; an existing tag of that name moves.

        Raises:
            NotFound: There is no such revision.
            OperationError: Another writer holds the lock, or the folder cannot be written.
        """
        with self.alone(), self.data.revision(number):
            pruning.tag(self.data, name, number)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the writer's lock on a folder that is free of what a crash left.

        Raises:
            OperationError: Another process writes, or the folder cannot be written.
        """
        path = self.data.path
        try:
            for name in (layout.REVISIONS, layout.OBJECTS, layout.CHANGES):
                (path / name).mkdir(parents=True, exist_ok=True)
            with locks.writing(path / _WRITER, self._patience):
                pruning.sweep(self.data)
                yield
        except OSError as error:
            raise _refused(path, error) from error

    def _make(self, draft: _Draft) -> None:
        path, folder = self.data.path, self.data.folder(draft.number)
        try:
            folder.mkdir()
            (folder / layout.LOCK).touch()
            changes = _changes(draft)
            about = self._about(draft, changes)
            activity = _activity(about, draft.request, changes)
            with ThreadPoolExecutor(1) as pool:  # both stores wait for the disk most of the time
                reporting = pool.submit(self._report, folder, draft, activity)
                content = _packed(path / layout.OBJECTS, draft)
                _stored(folder / layout.STORE, draft)
                reporting.result()
            manifest.write(folder, about, content)
            disk.sync(folder)
            disk.sync(folder.parent)
            changelog.append(path / layout.CHANGES, activity)
            disk.link(path / layout.CURRENT, f"{layout.REVISIONS}/{folder.name}")
        except (OSError, OperationError):
            pruning.sweep(self.data)
            raise

    def _report(self, folder: Path, draft: _Draft, activity: Activity) -> None:
        if draft.origin:
            reports.add(draft.origin.folder, folder, self.data.base, activity)
        else:  # the first revision, or one for another base
            reports.build(self.data.path / layout.CHANGES, folder, self.data.base, activity)

    def _about(self, draft: _Draft, changes: Sequence[Change]) -> About:
        old = draft.parent.about if draft.parent else None
        new = sum(1 for change in changes if change.before is None)
        buried = sum(1 for change in changes if change.operation == "removed")
        risen = sum(1 for c in changes if c.operation == "added" and c.before is not None)
        return About(
            number=draft.number,
            base=self.data.base.iri,
            published=datetime.now(UTC),
            agent=draft.agent,
            message=draft.message,
            parent=draft.number - 1,
            records=(old.records if old else 0) + new,
            removed=(old.removed if old else 0) + buried - risen,
            rules=draft.rules,
            plain=self.data.plain,
        )


def _packed(objects: Path, draft: _Draft) -> Manifest:
    """Write the packs of the buckets that change, and return where all records lie."""
    content = dict(draft.origin.manifest) if draft.origin else {"": ""}
    changed = {version.entry.path: version for version in draft.versions}
    for name, paths in buckets.grouped(changed, content).items():
        members: dict[str, Version] = {}
        if draft.origin:
            members = draft.origin.pack(name).versions()
        members.update((path, changed[path]) for path in paths)
        del content[name]
        for part, versions in buckets.split(name, members).items():
            content[part] = packs.write(objects, versions)
    if content == {"": ""}:
        content[""] = packs.write(objects, {})
    disk.sync(objects)
    return content


def _stored(folder: Path, draft: _Draft) -> None:
    """Make the Oxigraph store: a clone whose changed graphs are replaced, or a new one."""
    old = draft.origin
    documents = (
        Document(version.entry.iri, version.blocks[DOCUMENT].text(), stays(version.entry))
        for version in draft.versions
        if old is None or not _same(old.find(version.entry.path), version.entry)
    )
    if old is None:
        oxigraph.build(folder, documents)
    else:
        oxigraph.change(old.folder / layout.STORE, folder, documents)
    disk.sync_tree(folder)


def _changes(draft: _Draft) -> Sequence[Change]:
    found = (
        between(draft.parent.find(version.entry.path) if draft.parent else None, version.entry)
        for version in draft.versions
    )
    return [change for change in found if change is not None]


def _activity(about: About, request: str, changes: Sequence[Change]) -> Activity:
    return Activity(
        about.number, about.published, about.agent, about.message, request, tuple(changes)
    )


def _same(before: Entry | None, after: Entry) -> bool:
    return before is not None and (before.document, before.removed) == (
        after.document,
        after.removed,
    )


def _refused(path: Path, error: OSError) -> OperationError:
    if error.errno in _FULL or "No space left" in str(error):
        return OperationError(
            f"The disk of {path} is full: nothing was changed. Free some space and try again.",
            sv=f"Disken som {path} ligger på är full: inget ändrades. "
            "Frigör utrymme och försök igen.",
        )
    reason = error.strerror or str(error)
    return OperationError(
        f"The data folder {path} cannot be written ({reason}): nothing was changed.",
        sv=f"Datamappen {path} kan inte skrivas ({reason}): inget ändrades.",
    )
