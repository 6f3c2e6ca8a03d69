"""All that a store holds, and how it differs from what another holds, graph by graph."""

from __future__ import annotations

from collections.abc import Mapping

import pyoxigraph as ox

from utbildningsdata.model.edits import GraphEdit

Graphs = Mapping[str, frozenset[str]]


def graphs(store: ox.Store) -> Graphs:
    """Return the lines of every graph of a store, empty ones too."""
    found: dict[str, set[str]] = {name.value: set() for name in store.named_graphs()}
    for quad in store:
        name = "" if isinstance(quad.graph_name, ox.DefaultGraph) else quad.graph_name.value
        found.setdefault(name, set()).add(f"{quad.triple} .")
    return {"": frozenset(), **{name: frozenset(lines) for name, lines in found.items()}}


def changed(before: Graphs, after: Graphs) -> dict[str, GraphEdit]:
    """Compare all graphs, whatever the update says."""
    none: frozenset[str] = frozenset()
    return {
        name: GraphEdit(
            before.get(name, none) - after.get(name, none),
            after.get(name, none) - before.get(name, none),
            name in after,
        )
        for name in {*before, *after}
        if before.get(name) != after.get(name)
    }
