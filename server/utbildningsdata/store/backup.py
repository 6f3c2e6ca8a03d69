"""Backup: the current and the tagged revisions as one archive, and a data folder from it.

The archive is a tar file. Its first member lists the digest of each other member, and is named by
its own digest. Stores are not in it: they are made again from the documents and the change log.
"""

from __future__ import annotations

import io
import json
import re
import shutil
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from utbildningsdata.errors import NotFound, OperationError
from utbildningsdata.rdf import ntriples
from utbildningsdata.store import disk, layout, oxigraph, pruning, reports, verification
from utbildningsdata.store.packs import damaged
from utbildningsdata.store.publishing import Writer
from utbildningsdata.store.revision import StoredRevision
from utbildningsdata.store.revisions import DataFolder

_LISTING = re.compile(r"utbildningsdata-backup-1-([0-9a-f]{64})\.json\Z")
_MEMBER = re.compile(
    r"(objects/[0-9a-f]{64}|changes/\d{6,}\.json|revisions/\d{6,}/(revision\.json|manifest))\Z"
)
_STAGING = "restoring"


def save(data: DataFolder, file: Path) -> int:
    """Write the archive ``file``, whole or not at all, and return the number of the revision.

    Readers and writers go on meanwhile.

    Raises:
        OperationError: Nothing is published, something is damaged, or the archive cannot be
            written.
    """
    unfinished = file.with_name(file.name + disk.UNFINISHED)
    try:
        with _held(data) as revisions:
            _archive(data, revisions, unfinished)
            number = revisions[-1].number
        disk.sync(unfinished)
        unfinished.replace(file)
        disk.sync(file.absolute().parent)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        reason = error.strerror or str(error)
        raise OperationError(
            f"{file} cannot be written ({reason}).", sv=f"{file} kan inte skrivas ({reason})."
        ) from error
    return number


@contextmanager
def _held(data: DataFolder) -> Iterator[list[StoredRevision]]:
    """Open the current and the tagged revisions, so that they are not deleted meanwhile."""
    with ExitStack() as stack:
        current = stack.enter_context(data.current())
        others = sorted(set(data.tags().values()) - {current.number})
        yield [*(stack.enter_context(data.revision(number)) for number in others), current]


def _archive(data: DataFolder, revisions: list[StoredRevision], file: Path) -> None:
    names = sorted({f"{layout.OBJECTS}/{n}" for r in revisions for n in r.manifest.values()})
    for revision in revisions:
        folder = revision.folder.relative_to(data.path)
        names += [f"{folder}/revision.json", f"{folder}/manifest"]
    newest = revisions[-1].number
    logs = sorted(f for f in (data.path / layout.CHANGES).glob("*.json") if int(f.stem) <= newest)
    names += [f"{layout.CHANGES}/{log.name}" for log in logs]
    digests = {name: _digest(data.path / name) for name in names}
    kept = {revision.number for revision in revisions}
    tags = {name: number for name, number in data.tags().items() if number in kept}
    listing = json.dumps({"current": newest, "tags": tags, "digests": digests}).encode()
    with tarfile.open(file, "w") as archive:
        first = tarfile.TarInfo(f"utbildningsdata-backup-1-{ntriples.digest(listing)}.json")
        first.size = len(listing)
        archive.addfile(first, io.BytesIO(listing))
        for name in names:
            archive.add(data.path / name, name, recursive=False)


def _digest(file: Path) -> str:
    digest = ntriples.digest(file.read_bytes())
    if file.parent.name == layout.OBJECTS and digest != file.name:
        raise damaged(file)
    return digest


def restore(writer: Writer, file: Path) -> int:
    """Make the data folder from the archive ``file``, and return the number of the revision.

    Everything is compared with its digest, and with each other, before it is published.

    Raises:
        OperationError: The folder holds revisions already, the archive is foreign or damaged, or
            the disk is full.
    """
    data = writer.data
    staging = data.path / _STAGING
    with _opened(file) as archive, writer.alone():
        if data.numbers():
            raise OperationError(
                f"{data.path} holds revision {data.number()} already: name an empty folder.",
                sv=f"{data.path} har redan revision {data.number()}: ange en tom mapp.",
            )
        shutil.rmtree(staging, ignore_errors=True)
        try:
            number = _staged(archive, file, DataFolder(staging, data.base, plain=data.plain))
            for name in (layout.OBJECTS, layout.CHANGES, layout.TAGS, layout.REVISIONS):
                (staging / name).replace(data.path / name)
            disk.link(data.path / layout.CURRENT, f"{layout.REVISIONS}/{data.folder(number).name}")
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    return number


@contextmanager
def _opened(file: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(file, "r:") as archive:
            yield archive
    except FileNotFoundError as error:
        raise OperationError(f"There is no file {file}.", sv=f"Filen {file} finns inte.") from error
    except tarfile.TarError as error:
        raise _foreign(file) from error


def _staged(archive: tarfile.TarFile, file: Path, staging: DataFolder) -> int:
    listing = _listing(archive, file)
    for name in (layout.OBJECTS, layout.CHANGES, layout.TAGS, layout.REVISIONS):
        (staging.path / name).mkdir(parents=True)
    _extract(archive, file, listing["digests"], staging.path)
    number = int(listing["current"])
    for folder in (staging.path / layout.REVISIONS).iterdir():
        _build(folder)
    for name, tagged in listing["tags"].items():
        if not pruning.is_tag(name):
            raise _damaged(file, f"the tag '{name}'")
        disk.link(staging.path / layout.TAGS / name, f"../{layout.REVISIONS}/{tagged:06}")
    for name in (layout.OBJECTS, layout.CHANGES, layout.REVISIONS):
        disk.sync(staging.path / name)
    disk.link(staging.path / layout.CURRENT, f"{layout.REVISIONS}/{number:06}")
    try:
        for kept in staging.numbers():
            verification.verify(staging, kept)
    except (OperationError, NotFound) as error:
        raise _damaged(file, f"revision {number}") from error
    return number


def _listing(archive: tarfile.TarFile, file: Path) -> Mapping[str, Any]:
    first = archive.next()
    match = _LISTING.match(first.name) if first else None
    if first is None or match is None:
        raise _foreign(file)
    content = _content(archive, first, file)
    if ntriples.digest(content) != match[1]:
        raise _damaged(file, first.name)
    listing: Mapping[str, Any] = json.loads(content)
    return listing


def _extract(
    archive: tarfile.TarFile, file: Path, digests: Mapping[str, str], folder: Path
) -> None:
    missing = dict(digests)
    while (member := _next(archive, file)) is not None:
        expected = missing.pop(member.name, None)
        if expected is None or not _MEMBER.match(member.name):
            raise _damaged(file, member.name)
        content = _content(archive, member, file)
        if ntriples.digest(content) != expected:
            raise _damaged(file, member.name)
        target = folder / member.name
        target.parent.mkdir(exist_ok=True)
        disk.write(target, content)
    if missing:
        raise _damaged(file, min(missing))


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo, file: Path) -> bytes:
    stream = archive.extractfile(member) if member.isreg() else None
    if stream is None:
        raise _damaged(file, member.name)
    try:
        return stream.read()
    except tarfile.TarError as error:
        raise _damaged(file, member.name) from error


def _next(archive: tarfile.TarFile, file: Path) -> tarfile.TarInfo | None:
    try:
        return archive.next()
    except tarfile.TarError as error:
        raise _damaged(file, "its end") from error


def _build(folder: Path) -> None:
    """Make the stores and the lock of a revision that was extracted."""
    lock = folder / layout.LOCK
    lock.touch()
    with lock.open() as held:
        revision = StoredRevision(folder, held.fileno(), {})
        oxigraph.build(folder / layout.STORE, revision.graphs())
        reports.build(folder.parents[1] / layout.CHANGES, folder, revision.base)
    disk.sync_tree(folder / layout.STORE)
    disk.sync(folder)


def _foreign(file: Path) -> OperationError:
    return OperationError(
        f"{file} is not a backup that 'utbildningsdata backup' made.",
        sv=f"{file} är inte en säkerhetskopia som 'utbildningsdata backup' gjort.",
    )


def _damaged(file: Path, member: str) -> OperationError:
    return OperationError(
        f"{file} is damaged ({member}): use another backup. Nothing was restored.",
        sv=f"{file} är skadad ({member}): använd en annan säkerhetskopia. Inget återställdes.",
    )
