"""The shapes graph: parsed once, with what reports say about each shape.

One named property shape per (class, path) carries everything; advice (``ud:adviceOn``) warns of
what should be there and borrows its name from the shape it points to. See docs/decisions/0003.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rdflib import RDF, Graph, Literal, URIRef
from rdflib.namespace import RDFS, SH
from rdflib.term import Node

from utbildningsdata.rdf import ntriples
from utbildningsdata.rdf.graphs import graph_of
from utbildningsdata.rdf.namespaces import SHAPES, UD

SEVERITIES: Mapping[Node, str] = {
    SH.Violation: "violation",
    SH.Warning: "warning",
    SH.Info: "info",
}
"""``sh:severity`` → the word that findings use."""

_TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)


@dataclass(frozen=True, slots=True)
class Shapes:
    """The shapes graph of the application profile.

    ``graph`` is what the files say. ``judged`` means the same to a validator (SHACL 2.1.3 lets a
    property shape have targets of its own) and lets pySHACL take all focus nodes of a property
    shape at once: four times as fast.
    """

    graph: Graph
    judged: Graph

    @classmethod
    def load(cls, folder: Path) -> Shapes:
        """Read every Turtle file of the shapes folder.

        Raises:
            Malformed: A file is not Turtle.
        """
        graph = ntriples.parse_folder(folder, str(SHAPES))
        return cls(graph, _flat(graph))

    def texts(self, shape: Node, predicate: URIRef) -> dict[str, str]:
        """Return language → text of a property of a shape."""
        return {
            value.language or "": str(value)
            for value in self.graph.objects(shape, predicate)
            if isinstance(value, Literal)
        }

    def labels(self, shape: Node) -> dict[str, str]:
        """Return language → what people call the property, or the class, of a shape."""
        described = self.graph.value(shape, UD.adviceOn) or shape
        return self.texts(described, SH.name) or self.texts(described, RDFS.label)

    def messages(self, shape: Node) -> dict[str, str]:
        """Return language → what is wrong and what to do."""
        return self.texts(shape, SH.message)

    def requirement(self, shape: Node) -> str:
        """Return ``mandatory``, ``recommended``, ``optional``, or nothing for a node shape."""
        return str(self.graph.value(shape, UD.requirement) or "")

    def path(self, shape: Node) -> URIRef | None:
        """Return the property that a shape is about, or None where its path is not one property."""
        path = self.graph.value(shape, SH.path)
        return path if isinstance(path, URIRef) else None

    def counts(self, shape: Node) -> tuple[str, str]:
        """Return ``sh:minCount`` and ``sh:maxCount`` as they are written, or empty."""
        lowest, highest = (self.graph.value(shape, bound) for bound in (SH.minCount, SH.maxCount))
        return str(lowest or ""), str(highest or "")

    def rule(self, shape: Node) -> str:
        """Return the short name of a shape: ``Dataset-title``."""
        return str(shape).removeprefix(str(SHAPES))

    def derived(self) -> frozenset[URIRef]:
        """Return the derived properties: a record has them of what it does not describe."""
        shapes = self.graph.subjects(UD.derived, Literal(True))
        return frozenset(path for shape in shapes if (path := self.path(shape)) is not None)

    def inverse(self) -> frozenset[URIRef]:
        """Return the properties that some shape follows backwards."""
        return frozenset(URIRef(str(path)) for path in self.graph.objects(None, SH.inversePath))

    def classes(self) -> Mapping[str, frozenset[Node]]:
        """Return folder → the classes of the things that its records describe."""
        return {
            str(folder): frozenset(self.graph.objects(shape, SH.targetClass))
            for shape, folder in self.graph.subject_objects(UD.folder)
            if (shape, RDF.type, SH.NodeShape) in self.graph
        }


def _flat(graph: Graph) -> Graph:
    """Give the targets of node shapes to their property shapes."""
    flat = graph_of(graph)
    for shape, prop in graph.subject_objects(SH.property):
        targets = [(kind, node) for kind in _TARGETS for node in graph.objects(shape, kind)]
        if targets:
            flat.remove((shape, SH.property, prop))
        for kind, node in targets:
            flat.add((prop, kind, node))
    return flat
