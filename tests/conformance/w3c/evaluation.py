"""Tests of the languages: an answer, or a state of the store, that must follow from data."""

from __future__ import annotations

import re
from dataclasses import replace

from rdflib import RDFS, Graph, Namespace, URIRef
from rdflib.term import Node

from conformance.w3c import tables
from conformance.w3c.comparison import computed_in, difference
from conformance.w3c.endpoint import Dataset, Failed, Store
from conformance.w3c.suite import MF, Case, Suite, one
from conformance.w3c.terms import isomorphic

QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")

_MEDIA_TYPES = {
    ".srx": "application/sparql-results+xml",
    ".srj": "application/sparql-results+json",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".ttl": "text/turtle",
}
_EVERYTHING = "SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
_FROM = re.compile(r"\bFROM\s+(?:NAMED\s+)?<([^>]*)>", re.IGNORECASE)
_ORDER = re.compile(r"\bORDER\s+BY\b[^{}]*$", re.IGNORECASE)


def query(suite: Suite, store: Store, case: Case) -> str:
    """Run a QueryEvaluationTest or CSVResultFormatTest.

    Returns:
        What differs term for term in an answer whose values are right; mostly nothing.

    Raises:
        Failed: The answer is another one.
    """
    file = one(case.manifest, case.action, QT.query)
    text = suite.text(file)
    store.hold(*_data(suite, case, text))
    expected = one(case.manifest, case.iri, MF.result)
    suffix = suite.path(expected).suffix
    as_graph = suite.graph(expected) if suffix == ".ttl" else None
    answer = None if as_graph is None else tables.from_graph(as_graph)
    if as_graph is not None and answer is None:
        return _graph(store, _based(file, text), as_graph)
    if answer is None:
        answer = tables.read(suite.path(expected).read_bytes(), _MEDIA_TYPES[suffix])
    if isinstance(answer, tables.Table) and _ORDER.search(text):
        answer = replace(answer, ordered=True)
    media_type = _MEDIA_TYPES[".srx" if suffix == ".ttl" else suffix]
    found = tables.read(_answer(store, _based(file, text), media_type), media_type)
    if differs := difference(answer, found):
        raise Failed(differs)
    return difference(answer, found, computed_in(text))


def update(suite: Suite, store: Store, case: Case) -> str:
    """Run an UpdateEvaluationTest: the store must hold what is expected, by query and by graph.

    Raises:
        Failed: It holds something else, or the update was refused.
    """
    before, after = case.action, one(case.manifest, case.iri, MF.result)
    store.hold(_graphs(suite, case.manifest, before))
    file = one(case.manifest, before, UT.request)
    answer = store.endpoint.change(_based(file, suite.text(file)))
    if answer.status not in (200, 204):
        raise Failed(str(answer))
    expected = {
        name: _merged(*parts) for name, parts in _graphs(suite, case.manifest, after).items()
    }
    expected = {name: graph for name, graph in expected.items() if len(graph)}
    found = _state(store)
    for name in sorted(expected.keys() | found.keys()):
        shown = f"<{name}>" if name else "the default graph"
        if not isomorphic(expected.get(name, Graph()), found.get(name, Graph())):
            raise Failed(f"{shown} holds something else, asked by a query")
        if store.endpoint.graphs and not isomorphic(
            expected.get(name, Graph()), _fetched(store, name)
        ):
            raise Failed(f"{shown} holds something else, read from the graph store")
    return ""


def _data(suite: Suite, case: Case, text: str) -> tuple[Dataset, object]:
    """Return the data of a query, and what is the same for the same data.

    FROM names graphs that a store of its own holds under that name.
    """
    default = sorted(map(str, case.manifest.objects(case.action, QT.data)))
    named = set(map(str, case.manifest.objects(case.action, QT.graphData)))
    file = str(one(case.manifest, case.action, QT.query))
    named |= {str(URIRef(iri, base=file)) for iri in _FROM.findall(text)}
    dataset = {"": [suite.graph(iri) for iri in default]} if default else {}
    dataset |= {iri: [suite.graph(iri)] for iri in sorted(named)}
    return dataset, (tuple(default), tuple(sorted(named)))


def _graphs(suite: Suite, manifest: Graph, node: Node) -> Dataset:
    """Return the data of an update test: default graph and named ones."""
    dataset: dict[str, list[Graph]] = {}
    for iri in manifest.objects(node, UT.data):
        dataset.setdefault("", []).append(suite.graph(iri))
    for item in manifest.objects(node, UT.graphData):
        name = str(one(manifest, item, RDFS.label))
        dataset.setdefault(name, []).append(suite.graph(one(manifest, item, UT.graph)))
    return dataset


def _merged(*parts: Graph) -> Graph:
    whole = Graph()
    for part in parts:
        whole += part
    return whole


def _based(file: Node, text: str) -> str:
    """Return a text whose relative IRIs mean what they mean in its own file."""
    return f"BASE <{file}>\n{text}"


def _answer(store: Store, text: str, media_type: str) -> bytes:
    answer = store.endpoint.ask(text, media_type)
    if answer.status != 200:
        raise Failed(str(answer))
    if answer.media_type != media_type:
        raise Failed(f"asked for {media_type}, answered in {answer.media_type}")
    return answer.body


def _graph(store: Store, text: str, expected: Graph) -> str:
    content = _answer(store, text, "text/turtle")
    found = Graph().parse(data=content, format="turtle")
    if not isomorphic(expected, found):
        raise Failed(f"another graph: expected {len(expected)} triples, found {len(found)}")
    return ""


def _state(store: Store) -> dict[str, Graph]:
    """Return all graphs that are not empty, as a query sees them."""
    media_type = _MEDIA_TYPES[".srj"]
    answer = tables.read(_answer(store, _EVERYTHING, media_type), media_type)
    assert isinstance(answer, tables.Table)
    found: dict[str, Graph] = {}
    for row in answer.rows:
        graph = found.setdefault(str(row.get("g", "")), Graph())
        graph.add((row["s"], row["p"], row["o"]))
    return found


def _fetched(store: Store, name: str) -> Graph:
    endpoint = store.endpoint
    answer = endpoint.send("GET", endpoint.graph(name), Accept="application/n-triples")
    if answer.status not in (200, 404):
        raise Failed(f"reading the graph <{name}>: {answer}")
    content = answer.body if answer.status == 200 else b""
    return Graph().parse(data=content, format="nt")
