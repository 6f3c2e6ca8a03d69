"""Oxigraph: the one place, besides the query workers, that opens its store.

Each record's document is the named graph of the record's IRI. Oxigraph rewrites some literals, so
nothing that is shown or exported is read from here but names and links.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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


def build(folder: Path, documents: Iterable[tuple[str, bytes]]) -> None:
    """Make a new store of documents, each with the IRI of its record.

    Compaction is finished here: left to later, it would stall the first small change for long.

    Raises:
        OSError: It cannot be written.
    """
    store = ox.Store(folder)
    store.bulk_extend(quad for iri, document in documents for quad in _quads(iri, document))
    store.optimize()
    store.flush()


def change(parent: Path, folder: Path, documents: Iterable[tuple[str, bytes]]) -> None:
    """Clone the store ``parent`` (by hard links) and replace the graphs of the given records.

    Raises:
        OSError: It cannot be written.
        OperationError: The parent is missing or damaged.
    """
    _opened(parent).backup(folder)
    store = ox.Store(folder)
    for iri, document in documents:
        store.remove_graph(ox.NamedNode(iri))
        store.extend(_quads(iri, document))
    store.flush()


def differing(folder: Path, documents: Iterable[tuple[str, bytes]]) -> Iterator[str]:
    """Yield the IRIs of the graphs of a store that are not exactly the given documents.

    Raises:
        OperationError: It is missing or damaged.
    """
    store = _opened(folder)
    names = {_iri(name) for name in store.named_graphs()}
    for iri, document in documents:
        expected = ox.Store()
        expected.extend(_quads(iri, document))
        if set(expected) != set(store.quads_for_pattern(None, None, None, ox.NamedNode(iri))):
            yield iri
        names.discard(iri)
    yield from sorted(names)


def _opened(folder: Path) -> ox.Store:
    """Open a store for reading; a corrupt one makes pyoxigraph raise RuntimeError."""
    try:
        return ox.Store.read_only(str(folder))
    except (OSError, RuntimeError) as error:
        raise damaged(folder) from error


def _quads(iri: str, document: bytes) -> Iterator[ox.Quad]:
    graph = ox.NamedNode(iri)
    for quad in ox.parse(document, ox.RdfFormat.N_TRIPLES):
        yield ox.Quad(quad.subject, quad.predicate, quad.object, graph)


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
