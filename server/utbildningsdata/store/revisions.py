"""Published revisions, opened for reading.

A reader resolves ``current`` once, takes the shared lock of that revision, and keeps its store,
packs and manifest together until it lets go; a revision under a lock is never deleted.
"""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from pathlib import Path

from rdflib import Graph, Literal

from utbildningsdata.errors import NotFound, OperationError
from utbildningsdata.model.record import Entry
from utbildningsdata.rdf import ntriples
from utbildningsdata.rdf.iris import Base
from utbildningsdata.store import layout, locks, manifest
from utbildningsdata.store.buckets import bucket
from utbildningsdata.store.manifest import About, Manifest
from utbildningsdata.store.oxigraph import Links
from utbildningsdata.store.packs import Pack, damaged
from utbildningsdata.store.ports import DOCUMENT, Block, Link, Version

OBJECTS = "objects"
CHANGES = "changes"
TAGS = "tags"
REBUILD = "utbildningsdata load --rebuild"
"""The command that makes all documents and blocks again, for another base."""


class StoredRevision:
    """A revision on disk; see :class:`utbildningsdata.store.ports.Revision`."""

    def __init__(self, folder: Path, descriptor: int, known: Mapping[str, Pack]) -> None:
        """Open the revision in ``folder``; ``descriptor`` holds its lock and is closed with it.

        ``known`` are packs that another revision has read: those that this one shares are used.

        Raises:
            OperationError: It is damaged.
        """
        self.folder = folder
        self.about: About = manifest.about(folder)
        self.manifest: Manifest = manifest.manifest(folder)
        self.base = Base(self.about.base)
        self._objects = folder.parents[1] / OBJECTS
        self._descriptor = descriptor
        names = set(self.manifest.values())
        self._packs = {name: pack for name, pack in list(known.items()) if name in names}
        self._kinds: dict[str | None, Sequence[Entry]] = {}
        self.users = 0

    @property
    def number(self) -> int:
        """The revision's number, from 1."""
        return self.about.number

    @property
    def published(self) -> datetime:
        """When it was published, in UTC."""
        return self.about.published

    @property
    def rules(self) -> str:
        """The digest of the shapes, settings and software that its documents went through."""
        return self.about.rules

    @property
    def packs(self) -> Mapping[str, Pack]:
        """The packs that were read so far, by name."""
        return self._packs

    def pack(self, bucket_name: str) -> Pack:
        """Return the pack of a bucket."""
        name = self.manifest[bucket_name]
        if name not in self._packs:
            self._packs[name] = Pack(self._objects / name)
        return self._packs[name]

    def state(self) -> Mapping[str, Entry]:
        """Return path → entry of every record, removed ones too, in the order of feeds."""
        return self._state

    @cached_property
    def _state(self) -> Mapping[str, Entry]:
        return {
            path: entry for name in self.manifest for path, entry in self.pack(name).entries.items()
        }

    def entries(self, kind: str | None = None) -> Sequence[Entry]:
        """Return the entries of a kind (or all) that are not removed, in the order of feeds."""
        if kind not in self._kinds:
            self._kinds[kind] = tuple(
                entry
                for entry in self._state.values()
                if not entry.removed and (kind is None or entry.kind == kind)
            )
        return self._kinds[kind]

    def entry(self, path: str) -> Entry:
        """Return the entry of the record at ``path``, removed ones too.

        Raises:
            NotFound: There is and was no such record.
        """
        found = self.find(path)
        if found is None:
            raise NotFound(f"There is no record '{path}'.", sv=f"Posten '{path}' finns inte.")
        return found

    def find(self, path: str) -> Entry | None:
        """Return the entry of the record at ``path``, or None where there is and was none."""
        return self.pack(bucket(path, self.manifest)).entries.get(path)

    def document(self, path: str) -> Graph:
        """Return the record document: the exact literals that were validated.

        Raises:
            NotFound: There is no such record.
        """
        return ntriples.read(self.text(path))

    def text(self, path: str) -> bytes:
        """Return the record document as canonical N-Triples."""
        block = self.block(path, DOCUMENT)
        if block is None:
            raise damaged(self.folder)
        return block.text()

    def block(self, path: str, name: str) -> Block | None:
        """Return a prepared block of the record, such as ``full.rdf``; None where it has none."""
        return self.pack(bucket(path, self.manifest)).block(path, name)

    def version(self, path: str) -> Version:
        """Return the record with all its blocks.

        Raises:
            NotFound: There is no such record.
        """
        entry = self.entry(path)
        return self.pack(bucket(entry.path, self.manifest)).versions()[entry.path]

    def describing(self, iri: str) -> Entry | None:
        """Return the entry of the record that describes ``iri``: a thing, a part or a record."""
        own = self.base.path(iri)
        found = self.find(own) if own is not None else None
        if found is not None:
            return found
        path = self._links.describing(iri)
        return None if path is None else self.entry(path)

    def labels(self, iri: str) -> Sequence[Literal]:
        """Return the names of ``iri`` in all languages, by the best naming property it has."""
        return self._links.labels(iri)

    def inbound(
        self, iri: str, *, predicate: str | None = None, limit: int, offset: int = 0
    ) -> Sequence[Link]:
        """Return who points to ``iri``, in the order of property, subject and record."""
        return self._links.inbound(iri, predicate)[offset : offset + limit]

    def inbound_counts(self, iri: str) -> Mapping[str, int]:
        """Return property → how many times it points to ``iri``."""
        return Counter(link.predicate for link in self._links.inbound(iri, None))

    @cached_property
    def _links(self) -> Links:
        return Links(self.folder / layout.STORE, self.base)

    def close(self) -> None:
        """Let the revision be deleted."""
        os.close(self._descriptor)


class DataFolder:
    """The published revisions of a data folder, for one base; see ``ports.Revisions``.

    Threads share one open revision, and move on together when ``current`` does.
    """

    def __init__(self, path: Path, base: Base) -> None:
        """Name the folder; nothing is read yet."""
        self.path = path
        self.base = base
        self._mutex = threading.Lock()
        self._open: StoredRevision | None = None

    @contextmanager
    def current(self) -> Iterator[StoredRevision]:
        """Open the current revision, for as long as the context lasts.

        Raises:
            OperationError: Nothing is published, the folder cannot be read, or its base differs.
        """
        with self._mutex:
            revision = self._newest()
            self._check(revision.about)
            revision.users += 1
        try:
            yield revision
        finally:
            with self._mutex:
                self._leave(revision)

    @contextmanager
    def revision(self, number: int) -> Iterator[StoredRevision]:
        """Open any revision that is kept, for as long as the context lasts.

        Raises:
            NotFound: It was never published, or was pruned.
        """
        folder = self.folder(number)
        descriptor = None
        if number <= self.number():
            descriptor = locks.shared(folder / layout.LOCK)
        if descriptor is None:
            raise NotFound(
                f"Revision {number} is not kept in {self.path}.",
                sv=f"Revision {number} finns inte kvar i {self.path}.",
            )
        try:
            yield StoredRevision(folder, descriptor, {})
        finally:
            os.close(descriptor)

    def number(self) -> int:
        """Return the number of the current revision, 0 where nothing is published."""
        try:
            return int(layout.current(self.path).name)
        except FileNotFoundError:
            return 0
        except (OSError, ValueError) as error:
            raise unreadable(self.path, error) from error

    def numbers(self) -> Sequence[int]:
        """Return the numbers of the published revisions that are kept, the oldest first."""
        newest = self.number()
        if not newest:
            return ()
        folders = (self.path / layout.REVISIONS).iterdir()
        kept = (int(folder.name) for folder in folders if (folder / layout.LOCK).exists())
        return sorted(number for number in kept if number <= newest)

    def tags(self) -> Mapping[str, int]:
        """Return the name of each tag → the number of the revision that it keeps."""
        folder = self.path / TAGS
        if not folder.is_dir():
            return {}
        return {tag.name: int(Path(os.readlink(tag)).name) for tag in sorted(folder.iterdir())}

    def about(self, number: int) -> About:
        """Return what a kept revision says of itself."""
        return manifest.about(self.folder(number))

    def folder(self, number: int) -> Path:
        """Return the folder of a revision."""
        return self.path / layout.REVISIONS / f"{number:06}"

    def _newest(self) -> StoredRevision:
        opened = self._open
        if opened is None or opened.number != self.number():
            try:
                folder, descriptor = layout.hold(self.path)
            except FileNotFoundError as error:
                raise nothing(self.path) from error
            except OSError as error:
                raise unreadable(self.path, error) from error
            self._open = self._opened(folder, descriptor, opened)
            if opened:
                self._leave(opened)
            return self._open
        return opened

    def _opened(
        self, folder: Path, descriptor: int, previous: StoredRevision | None
    ) -> StoredRevision:
        try:
            revision = StoredRevision(folder, descriptor, previous.packs if previous else {})
        except OperationError:
            os.close(descriptor)
            raise
        revision.users = 1
        return revision

    def _leave(self, revision: StoredRevision) -> None:
        revision.users -= 1
        if not revision.users:
            revision.close()

    def _check(self, about: About) -> None:
        if about.base != self.base.iri:
            raise OperationError(
                f"{self.path} was made for the base {about.base}, but UTBILDNINGSDATA_BASE is "
                f"{self.base.iri}: set it back, or run '{REBUILD}'.",
                sv=f"{self.path} gjordes för basen {about.base}, men UTBILDNINGSDATA_BASE är "
                f"{self.base.iri}: ställ tillbaka den, eller kör '{REBUILD}'.",
            )


def nothing(path: Path) -> OperationError:
    """Return the error that says that nothing is published yet."""
    return OperationError(
        f"Nothing is published in {path}: run 'utbildningsdata load'.",
        sv=f"Inget är publicerat i {path}: kör 'utbildningsdata load'.",
    )


def unreadable(path: Path, error: Exception) -> OperationError:
    """Return the error that says that a data folder cannot be read."""
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return OperationError(
        f"The data folder {path} cannot be read ({reason}).",
        sv=f"Datamappen {path} kan inte läsas ({reason}).",
    )
