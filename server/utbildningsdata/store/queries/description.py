"""What DESCRIBE gives: the thing, its record and its parts (SPARQL 1.1 Query, section 16.4).

The specification leaves the content to the service. Here every graph is the document of a record,
which describes a thing with its parts; so the description of a thing is its record, whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

_TOPIC = ox.NamedNode("http://xmlns.com/foaf/0.1/primaryTopic")
_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


def whole(store: ox.Store, described: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
    """Yield ``described``, then all of the records of its subjects; no triple twice."""
    seen: set[ox.Triple] = set()
    subjects: dict[ox.NamedNode, None] = {}
    for triple in _new(described, seen):
        if isinstance(triple.subject, ox.NamedNode):
            subjects[triple.subject] = None
        yield triple
    for graph in dict.fromkeys(_record(store, subject) for subject in subjects):
        if graph is not None:
            quads = store.quads_for_pattern(None, None, None, graph)
            yield from _new((quad.triple for quad in quads), seen)


def _new(triples: Iterable[ox.Triple], seen: set[ox.Triple]) -> Iterator[ox.Triple]:
    for triple in triples:
        if triple not in seen:
            seen.add(triple)
            yield triple


def _record(store: ox.Store, thing: ox.NamedNode) -> ox.NamedNode | None:
    """Return the graph of the record that describes ``thing``: as its topic, or among others."""
    graphs = _graphs(store.quads_for_pattern(None, _TOPIC, thing, None))
    graphs = graphs or _graphs(store.quads_for_pattern(thing, _TYPE, None, None))
    return min(graphs, key=lambda graph: graph.value, default=None)


def _graphs(quads: Iterable[ox.Quad]) -> list[ox.NamedNode]:
    return [quad.graph_name for quad in quads if isinstance(quad.graph_name, ox.NamedNode)]
