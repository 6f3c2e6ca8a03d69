"""Which records a set of files changes, and which of those changes would undo somebody's work.

A file changed if it gives another document than it last gave (``Entry.loaded``). A record was
changed here if it is ``edited``. Where both hold, neither is overwritten: it is a conflict.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from rdflib import RDF, Graph, URIRef
from rdflib.term import Node

from utbildningsdata.errors import Conflict
from utbildningsdata.model.derive import Deriving, dated, derive
from utbildningsdata.model.record import FILE, Entry
from utbildningsdata.rdf import ntriples
from utbildningsdata.rdf.graphs import graph_of
from utbildningsdata.rdf.namespaces import UD
from utbildningsdata.store.ports import Revision, SourceFile


@dataclass(frozen=True, slots=True)
class Draft:
    """A record as it is to be published; ``source`` is None where no file gives it."""

    path: str
    kind: str
    graph: Graph
    document: bytes
    before: Entry | None
    source: SourceFile | None = None
    origin: str = FILE
    loaded: str = ""
    edited: bool = False

    @property
    def changed(self) -> bool:
        """Whether its document is another than before."""
        return self.before is None or self.before.document != ntriples.digest(self.document)

    @property
    def removed(self) -> bool:
        """Whether it is a tombstone."""
        return (None, RDF.type, UD.Tombstone) in self.graph


class Reconciliation:
    """Compares files with the revision that they were last loaded into (None: nothing yet)."""

    def __init__(
        self, parent: Revision | None, deriving: Deriving, today: date, *, whole: bool
    ) -> None:
        """Make drafts of every record if ``whole``, otherwise only of those that files change."""
        self._parent = parent
        self._deriving = deriving
        self._today = today
        self._whole = whole
        self._moved = parent is not None and parent.base != deriving.base
        self.before: Mapping[str, Entry] = parent.state() if parent else {}

    def draft(self, source: SourceFile, given: str | None) -> tuple[Draft | None, str]:
        """Return what becomes of a file's record, and the digest of what the file gives.

        The draft is None where the record stays as it is. ``given`` is that digest where it is
        known already.

        Raises:
            Conflict: The file and the record were both changed, or the record is another's.
            Malformed: The file cannot be parsed.
        """
        before = self.before.get(source.path)
        if before and given is not None and given == before.loaded and not self._whole:
            return None, given
        base = self._deriving.base
        parsed = ntriples.parse(source.content, base=base.iri)
        graph = derive(parsed, source.path, self._deriving)
        given = ntriples.digest(ntriples.document(graph))
        previous = self._document(before) if before else None
        if before and previous is not None and self._keeps(before, given):
            return self._kept(before, previous, given, source), given
        record = URIRef(base.resolve(source.path))
        graph = dated(graph, record, previous, self._today)
        draft = Draft(
            source.path, source.kind, graph, ntriples.document(graph), before, source, loaded=given
        )
        if before:
            self._check(before, draft)
        return draft, given

    def others(self, paths: set[str]) -> Iterator[Draft]:
        """Yield drafts of the records without a file, where every record is made again."""
        for path, entry in self.before.items():
            if self._whole and path not in paths:
                yield self._kept(entry, self._document(entry), entry.loaded, None)

    def vanished(self, paths: set[str]) -> list[Entry]:
        """Return the entries of records whose file is gone without a tombstone."""
        return [
            entry
            for path, entry in self.before.items()
            if entry.origin == FILE and not entry.removed and path not in paths
        ]

    def _keeps(self, before: Entry, given: str) -> bool:
        """Tell whether a record that was edited here stays, because its file did not change."""
        return before.edited and (self._moved or given == before.loaded)

    def _kept(
        self, before: Entry, document: Graph, loaded: str, source: SourceFile | None
    ) -> Draft:
        graph = derive(document, before.path, self._deriving)
        return Draft(
            before.path,
            before.kind,
            graph,
            ntriples.document(graph),
            before,
            source,
            origin=before.origin,
            loaded=loaded,
            edited=before.edited,
        )

    def _check(self, before: Entry, draft: Draft) -> None:
        theirs = before.origin != FILE
        if not draft.changed or not (theirs or before.edited):
            return
        file = draft.source.file if draft.source else draft.path
        if theirs:
            raise Conflict(
                f"{file}: '{draft.path}' is kept here by {before.origin}, not by a file. "
                "Remove the file, or put the exported record in its place.",
                sv=f"{file}: '{draft.path}' förvaltas här av {before.origin}, inte av en fil. "
                "Ta bort filen, eller lägg den exporterade posten i dess ställe.",
            )
        raise Conflict(
            f"{file}: the record was changed or rolled back here after the file was last loaded, "
            "and the file has changed since. Export the record over the file and load it; then "
            "make the file's change again.",
            sv=f"{file}: posten ändrades eller återställdes här efter att filen senast lästes in, "
            "och filen har ändrats sedan dess. Exportera posten över filen och läs in den; gör "
            "sedan om ändringen i filen.",
        )

    def _document(self, entry: Entry) -> Graph:
        if self._parent is None:
            raise ValueError("there is no revision before the first")
        graph = self._parent.document(entry.path)
        if not self._moved:
            return graph
        return _rebased(graph, self._parent.base.iri, self._deriving.base.iri)


def _rebased(graph: Graph, old: str, new: str) -> Graph:
    """Return the graph with every IRI under one base moved under another."""
    return graph_of(
        (_moved(subject, old, new), _moved(predicate, old, new), _moved(value, old, new))
        for subject, predicate, value in graph
    )


def _moved(node: Node, old: str, new: str) -> Node:
    if isinstance(node, URIRef) and node.startswith(old):
        return URIRef(new + node[len(old) :])
    return node
