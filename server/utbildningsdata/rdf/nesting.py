"""Which blank nodes Turtle writes inside the statement that points to them, and which are lists.

Everything here takes time in proportion to the graph, and none of it recurses: a document may hold
a chain of a million blank nodes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rdflib import RDF, BNode
from rdflib.term import Node

from utbildningsdata.rdf.arrangement import Description

MAX_DEPTH = 32
"""Blank nodes inside one another; one that would lie deeper stands by itself, under its label."""

_FIRST, _REST = str(RDF.first), str(RDF.rest)


@dataclass(frozen=True, slots=True)
class Nesting:
    """``nested`` are the blank nodes written where they are pointed to, with their descriptions.

    ``lists`` are those that begin a well-formed list whose cells are nested to its end.
    """

    nested: Mapping[Node, Description]
    lists: frozenset[Node]

    @classmethod
    def of(cls, descriptions: Sequence[Description]) -> Nesting:
        """Find what can be nested: what is pointed to exactly once, and not from within itself."""
        described = {item.subject: item for item in descriptions}
        parents = _parents(descriptions, described)
        cells = _cells(parents, described)
        nested = {node: described[node] for node in _within(parents, cells)}
        return cls(nested, frozenset(node for node in cells if node in nested))

    def members(self, node: Node) -> Iterator[Node]:
        """Give the members of the list that ``node`` begins."""
        while node != RDF.nil:
            parts = _parts(self.nested[node])
            yield parts[_FIRST][0]
            node = parts[_REST][0]


def _parents(
    descriptions: Sequence[Description], described: Mapping[Node, Description]
) -> dict[Node, Node]:
    """Return each described blank node that is pointed to once → the subject that points to it."""
    pointed: Counter[Node] = Counter()
    parents: dict[Node, Node] = {}
    for item in descriptions:
        for statement in item.statements:
            for value in statement.objects:
                if isinstance(value, BNode) and value in described:
                    pointed[value] += 1
                    parents[value] = item.subject
    return {node: parent for node, parent in parents.items() if pointed[node] == 1}


def _cells(
    parents: Mapping[Node, Node], described: Mapping[Node, Description]
) -> Mapping[Node, Node]:
    """Return each blank node that begins a well-formed list → the next cell, or the end.

    They are found from the ends of lists backwards.
    """
    nexts: dict[Node, Node] = {
        node: parts[_REST][0]
        for node in described
        if isinstance(node, BNode) and (parts := _parts(described[node]))
    }
    ready: list[Node] = [node for node, after in nexts.items() if after == RDF.nil]
    found: dict[Node, Node] = {}
    for node in ready:  # grows while it is read
        found[node] = nexts[node]
        before = parents.get(node)
        if before is not None and nexts.get(before) == node:
            ready.append(before)
    return found


def _parts(item: Description) -> Mapping[str, tuple[Node, ...]]:
    """Return the two statements of a cell of a list; nothing where it is none."""
    parts = {statement.predicate: statement.objects for statement in item.statements}
    if parts.keys() != {_FIRST, _REST} or len(parts[_FIRST]) + len(parts[_REST]) != 2:
        return {}
    return parts


def _within(parents: Mapping[Node, Node], cells: Mapping[Node, Node]) -> Iterator[Node]:
    """Give the nodes that stand inside others, no deeper than :data:`MAX_DEPTH`; no circles."""
    depths: dict[Node, int | None] = {}  # None: in a circle, or hanging on one
    for start in parents:
        chain: list[Node] = []
        entered: set[Node] = set()
        node = start
        while node in parents and node not in depths and node not in entered:
            chain.append(node)
            entered.add(node)
            node = parents[node]
        above = None if node in entered else depths.get(node, 0)
        for inner in reversed(chain):
            goes_on = cells.get(parents[inner]) == inner  # a list is no deeper at its end
            above = depths[inner] = _depth(above, goes_on)
    return (node for node, depth in depths.items() if depth)


def _depth(above: int | None, goes_on: bool) -> int | None:
    """Return how deep a node stands below one at ``above``; 0 where it stands by itself."""
    if above is None or (above and goes_on):
        return above
    return above + 1 if above < MAX_DEPTH else 0
