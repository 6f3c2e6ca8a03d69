"""Graphs from triples: the one place that says how a graph of ours is made."""

from __future__ import annotations

from collections.abc import Iterable

from rdflib import Graph
from rdflib.graph import _TripleType

Triple = _TripleType
"""Subject, predicate and object."""


def graph_of(triples: Iterable[Triple] = ()) -> Graph:
    """Return a graph of its own that holds ``triples``, without prefixes, which nobody reads."""
    graph = Graph(bind_namespaces="none")
    for triple in triples:
        graph.add(triple)
    return graph
