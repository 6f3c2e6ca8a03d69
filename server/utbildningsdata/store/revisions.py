"""Published revisions, opened for reading.

A reader resolves ``current`` once, takes the shared lock of that revision, and keeps its store,
packs and manifest together until it lets go; a revision under a lock is never deleted.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from utbildningsdata.errors import NotFound, OperationError
from utbildningsdata.rdf.iris import Base
from utbildningsdata.store import disk, layout, locks, manifest
from utbildningsdata.store.manifest import About
from utbildningsdata.store.revision import StoredRevision

REBUILD = "utbildningsdata load --rebuild"
"""The command that makes all documents and blocks again, for another base."""


class DataFolder:
    """The published revisions of a data folder, for one base; see ``ports.Revisions``.

    Threads share one open revision, and move on together when ``current`` does.
    """

    def __init__(self, path: Path, base: Base, *, plain: bool = False) -> None:
        """Name the folder, and whether it is a plain store's; nothing is read yet."""
        self.path = path
        self.base = base
        self.plain = plain
        self._mutex = threading.Lock()
        self._open: StoredRevision | None = None

    @contextmanager
    def current(self) -> Iterator[StoredRevision]:
        """Open the current revision, for as long as the context lasts.

        Raises:
            OperationError: Nothing is published, the folder cannot be read, or its base or mode
                differs.
        """
        with self._mutex:
            revision = self._newest()
            self.check_mode(revision.about)
            self._check_base(revision.about)
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
            opened = self._open
            yield StoredRevision(folder, descriptor, opened.packs if opened else {})
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
        folder = self.path / layout.TAGS
        if not folder.is_dir():
            return {}
        whole = (tag for tag in sorted(folder.iterdir()) if tag.suffix != disk.UNFINISHED)
        return {tag.name: int(Path(os.readlink(tag)).name) for tag in whole}

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

    def check_mode(self, about: About) -> None:
        """Hold the folder to be a catalogue's, or a plain store's, as the settings say.

        Raises:
            OperationError: It is the other.
        """
        if about.plain != self.plain:
            kinds = ("a catalogue", "a plain store (UTBILDNINGSDATA_SHAPES=none)")
            sorter = ("en katalog", "en ren graflagring (UTBILDNINGSDATA_SHAPES=none)")
            raise OperationError(
                f"{self.path} holds {kinds[about.plain]}, and the settings are for "
                f"{kinds[self.plain]}: set UTBILDNINGSDATA_DATA to another folder.",
                sv=f"{self.path} innehåller {sorter[about.plain]}, och inställningarna är för "
                f"{sorter[self.plain]}: ange en annan mapp i UTBILDNINGSDATA_DATA.",
            )

    def _check_base(self, about: About) -> None:
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
