"""One published revision on the disk: its packs, store and manifest, read when asked for."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path

from rdflib import Graph, Literal

from utbildningsdata.errors import NotFound
from utbildningsdata.model.record import Entry
from utbildningsdata.rdf import ntriples
from utbildningsdata.rdf.iris import Base
from utbildningsdata.store import layout, manifest
from utbildningsdata.store.buckets import bucket
from utbildningsdata.store.manifest import About, Manifest
from utbildningsdata.store.oxigraph import Document, Links
from utbildningsdata.store.packs import Pack, damaged
from utbildningsdata.store.ports import DOCUMENT, Block, Link, Version


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
        self._objects = folder.parents[1] / layout.OBJECTS
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

    def graphs(self) -> Iterator[Document]:
        """Yield the document of every graph that there is or was, for the store."""
        for path, entry in self._state.items():
            yield Document(entry.iri, self.text(path), stays(entry))

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


def stays(entry: Entry) -> bool:
    """Tell whether there is a graph of an entry: removed records leave one, other graphs do not."""
    return bool(entry.thing) or not entry.removed
