"""Verification: whether what lies on the disk is what was published."""

from __future__ import annotations

import zlib

from utbildningsdata.errors import Conflict, NotFound
from utbildningsdata.model.changes import apply
from utbildningsdata.rdf import ntriples
from utbildningsdata.store import changelog, layout, oxigraph, reports
from utbildningsdata.store.packs import damaged
from utbildningsdata.store.ports import DOCUMENT, Version
from utbildningsdata.store.revision import StoredRevision
from utbildningsdata.store.revisions import DataFolder


def verify(data: DataFolder, number: int) -> None:
    """Read all of a revision, and compare its parts with each other.

    Packs are what their names say, blocks are whole, documents are the versions that the entries
    name, the store holds exactly the documents, the reports are what the change log says, and that
    leads here from the revision before, where it is kept.

    Raises:
        NotFound: The revision was never published, or was pruned.
        OperationError: Something is missing or damaged; the message names it.
    """
    with data.revision(number) as revision:
        _packs(data, revision)
        _stores(data, revision)
        _changes(data, revision)


def _packs(data: DataFolder, revision: StoredRevision) -> None:
    for name in revision.manifest.values():
        file = data.path / layout.OBJECTS / name
        try:
            content = file.read_bytes()
        except OSError as error:
            raise damaged(file) from error
        if ntriples.digest(content) != name:
            raise damaged(file)
    for bucket, name in revision.manifest.items():
        if not all(_whole(version) for version in revision.pack(bucket).versions().values()):
            raise damaged(data.path / layout.OBJECTS / name)


def _whole(version: Version) -> bool:
    texts = {name: block.text() for name, block in version.blocks.items()}
    return ntriples.digest(texts[DOCUMENT]) == version.entry.document and all(
        (len(texts[name]), zlib.crc32(texts[name])) == (block.length, block.crc)
        for name, block in version.blocks.items()
    )


def _stores(data: DataFolder, revision: StoredRevision) -> None:
    folder = revision.folder / layout.STORE
    if next(oxigraph.differing(folder, revision.graphs()), None) is not None:
        raise damaged(folder)
    if reports.differ(data.path / layout.CHANGES, revision.folder, revision.base):
        raise damaged(revision.folder / layout.REPORTS)


def _changes(data: DataFolder, revision: StoredRevision) -> None:
    log = data.path / layout.CHANGES
    changes = changelog.read(log, revision.number)
    try:
        with data.revision(revision.number - 1) as parent:
            before = {path: entry.document for path, entry in parent.state().items()}
    except NotFound:
        return
    after = {path: entry.document for path, entry in revision.state().items()}
    try:
        if apply(changes, before) != after:
            raise damaged(log)
    except Conflict as error:
        raise damaged(log) from error
