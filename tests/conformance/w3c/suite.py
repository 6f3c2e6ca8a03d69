"""The W3C suite of SPARQL 1.1 as cases: its manifests are read from a checkout, never copied.

https://github.com/w3c/rdf-tests, folder ``sparql/sparql11``. Relative IRIs are resolved against
the address at which that folder is published, so that a query's ``<data.ttl>`` means one thing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from rdflib import RDF, Graph, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from conformance.w3c.terms import parse

BASE = "https://w3c.github.io/rdf-tests/sparql/sparql11/"
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")

_FOLDERS = {
    "query": "aggregates bind bindings cast construct exists functions grouping negation"
    " project-expression property-path subquery syntax-query",
    "update": "add basic-update clear copy delete delete-data delete-insert delete-where drop move"
    " syntax-update-1 syntax-update-2 update-silent",
    "results": "csv-tsv-res json-res",
    "protocol": "protocol",
    "graphs": "graph-store-protocol/manifest-direct graph-store-protocol/manifest-indirect",
    "description": "service-description",
}


@dataclass(frozen=True, slots=True)
class Case:
    """One test: its IRI, what kind of test it is (the class's local name), and its manifest."""

    iri: URIRef
    kind: str
    manifest: Graph

    @property
    def name(self) -> str:
        """Return folder and fragment, as in ``bind/bind01``."""
        folder = str(self.manifest.identifier).removeprefix(BASE).split("/")[0]
        return f"{folder}/{self.iri.rpartition('#')[2]}"

    @property
    def action(self) -> Node:
        """Return what is done."""
        return one(self.manifest, self.iri, MF.action)


class Suite:
    """A checkout of the suite; ``folder`` is its root, or ``sparql`` or ``sparql11`` in it."""

    def __init__(self, folder: Path) -> None:
        tried = (folder, folder / "sparql11", folder / "sparql/sparql11")
        found = [path for path in tried if (path / "manifest-all.ttl").exists()]
        if not found:
            raise SystemExit(
                f"{folder} is no checkout of https://github.com/w3c/rdf-tests:"
                " sparql/sparql11/manifest-all.ttl is not there."
            )
        self._folder = found[0]

    def path(self, iri: Node | str) -> Path:
        """Return the file that an IRI of the suite names."""
        return self._folder / str(iri).removeprefix(BASE)

    def text(self, iri: Node | str) -> str:
        """Return the text of a file, with the line ends that it has."""
        return self.path(iri).read_bytes().decode()

    def graph(self, iri: Node | str) -> Graph:
        """Return a file as a graph, parsed with its published address as base."""
        return parse(self.path(iri).read_bytes(), self.path(iri).suffix, str(iri))

    @cached_property
    def cases(self) -> dict[str, Sequence[Case]]:
        """Return the cases by part: query, update, results, protocol, graphs, description."""
        return {
            part: [case for name in names.split() for case in self._entries(name)]
            for part, names in _FOLDERS.items()
        }

    def _entries(self, name: str) -> Iterator[Case]:
        address = f"{BASE}{name}.ttl" if "/" in name else f"{BASE}{name}/manifest.ttl"
        manifest = Graph(identifier=URIRef(address))
        manifest += self.graph(address)
        for entry in Collection(manifest, one(manifest, URIRef(address), MF.entries)):
            kind = str(one(manifest, entry, RDF.type)).rpartition("#")[2]
            yield Case(URIRef(str(entry)), kind, manifest)


def one(graph: Graph, subject: Node, predicate: Node) -> Node:
    """Return the one value that there must be.

    Raises:
        LookupError: There is none.
    """
    value = graph.value(subject, predicate)
    if value is None:
        raise LookupError(f"{subject} has no {predicate}")
    return value
