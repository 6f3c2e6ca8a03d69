"""Oxigraph: the one place, besides the query workers, that opens its store.

Each record's document is the named graph of the record's IRI. Oxigraph rewrites some literals, so
nothing that is shown or exported is read from here but names and links. In a plain store, which
has any graphs, the graph of the empty IRI is the default graph.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pyoxigraph as ox
from rdflib import RDF, Literal
from rdflib.namespace import FOAF

from utbildningsdata.model.record import TITLES
from utbildningsdata.rdf import ntriples
from utbildningsdata.rdf.iris import Base
from utbildningsdata.store.packs import damaged
from utbildningsdata.store.ports import Link

_CACHED = 256  # things whose links are remembered, for as long as the revision is open


@dataclass(frozen=True, slots=True)
class Document:
    """The N-Triples of a graph; ``present`` is false where there is no such graph (any longer)."""

    iri: str
    content: bytes
    present: bool = True

    @property
    def graph(self) -> ox.NamedNode | ox.DefaultGraph:
        """The name of the graph."""
        return ox.NamedNode(self.iri) if self.iri else ox.DefaultGraph()

    def quads(self) -> Iterator[ox.Quad]:
        """Yield what the document says, in its graph."""
        graph = self.graph
        for quad in ox.parse(self.content, ox.RdfFormat.N_TRIPLES):
            yield ox.Quad(quad.subject, quad.predicate, quad.object, graph)


def build(folder: Path, documents: Iterable[Document]) -> None:
    """Make a new store of documents.

    Compaction is finished here: left to later, it would stall the first small change for long.

    Raises:
        OSError: It cannot be written.
    """
    store = ox.Store(folder)
    empty: list[Document] = []
    store.bulk_extend(quad for document in _filled(documents, empty) for quad in document.quads())
    for document in empty:
        store.add_graph(document.graph)
    store.optimize()
    store.flush()


def change(parent: Path, folder: Path, documents: Iterable[Document]) -> None:
    """Clone the store ``parent`` (by hard links) and replace the graphs of the given documents.

    Raises:
        OSError: It cannot be written.
        OperationError: The parent is missing or damaged.
    """
    _opened(parent).backup(folder)
    store = ox.Store(folder)
    for document in documents:
        store.remove_graph(document.graph)
        if document.present:
            store.add_graph(document.graph)
            store.extend(document.quads())
    store.flush()


def differing(folder: Path, documents: Iterable[Document]) -> Iterator[str]:
    """Yield the IRIs of the graphs of a store that are not exactly the given documents.

    Raises:
        OperationError: It is missing or damaged.
    """
    store = _opened(folder)
    unexpected = {_iri(name) for name in store.named_graphs()} | {""}
    for document in documents:
        expected = ox.Store()
        expected.extend(document.quads())
        stored = store.quads_for_pattern(None, None, None, document.graph)
        exists = not document.iri or store.contains_named_graph(document.graph)
        if exists != document.present or set(expected) != set(stored):
            yield document.iri
        unexpected.discard(document.iri)
    if next(store.quads_for_pattern(None, None, None, ox.DefaultGraph()), None) is None:
        unexpected.discard("")
    yield from sorted(unexpected)


def _opened(folder: Path) -> ox.Store:
    """Open a store for reading; a corrupt one makes pyoxigraph raise RuntimeError."""
    try:
        return ox.Store.read_only(str(folder))
    except (OSError, RuntimeError) as error:
        raise damaged(folder) from error


def _filled(documents: Iterable[Document], empty: list[Document]) -> Iterator[Document]:
    """Yield the documents that say something; collect the empty graphs, which no quad tells of."""
    for document in documents:
        if document.content:
            yield document
        elif document.present:
            empty.append(document)


def _iri(term: object) -> str:
    """Return the IRI of a term, or the label of a blank node."""
    return term.value if isinstance(term, ox.NamedNode | ox.BlankNode) else ""


def _node(iri: str) -> ox.NamedNode | None:
    """Return the node of an IRI; None where the text is no IRI, so that nothing is known of it."""
    try:
        return ox.NamedNode(iri)
    except ValueError:
        return None


class Links:
    """Names and links in a published store: what points where, who describes what."""

    def __init__(self, folder: Path, base: Base) -> None:
        """Open the store in ``folder`` for reading.

        Raises:
            OperationError: It is missing or damaged.
        """
        self._store = _opened(folder)
        self._base = base
        self._sorted = lru_cache(_CACHED)(self._find)

    def describing(self, iri: str) -> str | None:
        """Return the path of the record that describes ``iri``: as its topic, or among others."""
        node = _node(iri)
        if node is None:
            return None
        topic = ox.NamedNode(str(FOAF.primaryTopic))
        records = self._records(self._store.quads_for_pattern(None, topic, node))
        kind = ox.NamedNode(str(RDF.type))
        records = records or self._records(self._store.quads_for_pattern(node, kind, None))
        return min(records, default=None)

    def labels(self, iri: str) -> Sequence[Literal]:
        """Return the names of ``iri``, by the best naming property that it has."""
        node = _node(iri)
        for predicate in TITLES if node else ():
            relation = ox.NamedNode(str(predicate))
            quads = self._store.quads_for_pattern(node, relation, None)
            values = {ntriples.from_oxigraph(quad.object) for quad in quads}
            names = [value for value in values if isinstance(value, Literal)]
            if names:
                return sorted(names, key=lambda name: (name.language or "", str(name)))
        return ()

    def inbound(self, iri: str, predicate: str | None) -> Sequence[Link]:
        """Return who points to ``iri``, in the order of property, subject and record.

        All are read and sorted once, also where a few are wanted: the engine has no such order.
        """
        return self._sorted(iri, predicate)

    def _find(self, iri: str, predicate: str | None) -> Sequence[Link]:
        node, relation = _node(iri), _node(predicate) if predicate else None
        if node is None or (predicate and relation is None):
            return ()
        quads = self._store.quads_for_pattern(None, relation, node)
        links = (Link(_iri(q.subject), q.predicate.value, self._path(q)) for q in quads)
        return sorted(links, key=lambda link: (link.predicate, link.subject, link.record))

    def _records(self, quads: Iterable[ox.Quad]) -> set[str]:
        return {self._path(quad) for quad in quads}

    def _path(self, quad: ox.Quad) -> str:
        return self._base.path(_iri(quad.graph_name)) or ""
