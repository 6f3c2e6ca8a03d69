"""Tests of the protocols: requests that a manifest spells out, and what must come back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from http import HTTPStatus

from rdflib import RDFS, Dataset, Graph, Namespace
from rdflib.collection import Collection
from rdflib.term import Node

from conformance.w3c import tables
from conformance.w3c.endpoint import QUERY, Endpoint, Failed, Response, Store
from conformance.w3c.evaluation import UT
from conformance.w3c.suite import MF, Case, Suite, one
from conformance.w3c.terms import isomorphic

HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")

_GRAPHS = {
    "text/turtle": "turtle",
    "application/n-triples": "nt",
    "application/rdf+xml": "xml",
    "application/ld+json": "json-ld",
    "application/n-quads": "nquads",
    "application/trig": "trig",
}
_BOOLEANS = ("application/sparql-results+xml", "application/sparql-results+json")
_TABLES = (*_BOOLEANS, "text/csv", "text/tab-separated-values")
_STATUSES = {status.phrase.replace(" ", ""): status.value for status in HTTPStatus}

Variables = dict[str, str]
"""What ``$LOCATION$`` and the like stand for in later requests of a test."""


def run(suite: Suite, store: Store, case: Case) -> str:
    """Run a ProtocolTest or GraphStoreProtocolTest on a store with the test's data alone.

    Raises:
        Failed: An answer is not the one that the manifest describes.
    """
    manifest = case.manifest
    if case.kind == "GraphStoreProtocolTest" and not store.endpoint.graphs:
        raise Failed("there is no graph store")
    store.hold(
        {
            str(one(manifest, item, RDFS.label)): [suite.graph(one(manifest, item, UT.graph))]
            for item in manifest.objects(case.iri, UT.graphData)
        }
    )
    variables: Variables = {}
    requests = Collection(manifest, one(manifest, case.action, HT.requests))
    for number, request in enumerate(requests, 1):
        answer = _sent(store.endpoint, case, request, variables)
        try:
            _check(manifest, one(manifest, request, HT.resp), answer, variables)
        except Failed as error:
            said = f"request {number} ({manifest.value(request, HT.methodName)}): {error}"
            raise Failed(said) from error
    return ""


def _sent(endpoint: Endpoint, case: Case, request: Node, variables: Variables) -> Response:
    manifest = case.manifest
    headers = dict(_headers(manifest, request))
    body = _body(manifest, request, variables)
    path = _filled(str(one(manifest, request, HT.absolutePath)), variables)
    address = _address(endpoint, case, path, headers)
    return endpoint.send(str(one(manifest, request, HT.methodName)), address, body, **headers)


def _address(endpoint: Endpoint, case: Case, path: str, headers: Mapping[str, str]) -> str:
    """Put the endpoint's own address in the place of the manifest's, as the manifests say."""
    if case.kind == "GraphStoreProtocolTest":
        return endpoint.graphs + path.removeprefix("/gsp")
    about_updates = "update_" in case.iri.rpartition("#")[2] or "updates" in case.iri
    for_update = about_updates and headers.get("content-type") != QUERY
    rest = path.removeprefix("/sparql/")
    return (endpoint.update if for_update else endpoint.query) + rest


def _headers(manifest: Graph, message: Node) -> Iterator[tuple[str, str]]:
    listed = manifest.value(message, HT.headers)
    for header in Collection(manifest, listed) if listed else ():
        name = str(one(manifest, header, HT.fieldName))
        yield name, str(one(manifest, header, HT.fieldValue))


def _body(manifest: Graph, message: Node, variables: Variables) -> bytes | None:
    body = manifest.value(message, HT.body)
    if body is None:
        return None
    text = _filled(str(one(manifest, body, CNT.chars)), variables)
    return text.encode(str(one(manifest, body, CNT.characterEncoding)))


def _filled(text: str, variables: Variables) -> str:
    for name, value in variables.items():
        text = text.replace(name, value)
    return text


def _check(manifest: Graph, expected: Node, answer: Response, variables: Variables) -> None:
    statuses = {
        str(status).rpartition("#")[2] for status in manifest.objects(expected, MF.expectedStatus)
    }
    if not any(_is(answer.status, status) for status in statuses):
        raise Failed(f"expected {' or '.join(sorted(statuses))}, found {answer}")
    if (name := manifest.value(expected, MF.expectedLocation)) is not None:
        if not answer.headers["Location"]:
            raise Failed("no Location")
        variables[str(name)] = answer.headers["Location"]
    _check_format(manifest, expected, answer)
    _check_content(manifest, expected, answer, variables)


def _is(status: int, named: str) -> bool:
    """Tell whether a status is the one named.

    >>> _is(201, "Created"), _is(204, "StatusCode2xx"), _is(200, "NoContent")
    (True, True, False)
    """
    if named.startswith("StatusCode"):
        return str(status // 100) == named.removeprefix("StatusCode")[0]
    return status == _STATUSES[named]


def _check_format(manifest: Graph, expected: Node, answer: Response) -> None:
    boolean = manifest.value(expected, MF.expectedBoolean)
    match str(manifest.value(expected, MF.expectedFormat) or ""):
        case "boolean":
            found = tables.read(answer.body, _one_of(answer, _BOOLEANS))
            if boolean is not None and found is not (str(boolean) == "true"):
                raise Failed(f"expected {boolean}, found {found}")
        case "tabular":
            tables.read(answer.body, _one_of(answer, _TABLES))
        case "RDF":
            _graph(answer)


def _one_of(answer: Response, media_types: tuple[str, ...]) -> str:
    if answer.media_type not in media_types:
        raise Failed(f"answered in {answer.media_type}, which is none of {', '.join(media_types)}")
    return answer.media_type


def _graph(answer: Response) -> Graph:
    """Return an answer as a graph; the syntaxes for datasets are for graphs too."""
    graph = Graph()
    whole = Dataset().parse(data=answer.body, format=_GRAPHS[_one_of(answer, tuple(_GRAPHS))])
    for subject, predicate, value, _ in whole.quads():
        graph.add((subject, predicate, value))
    return graph


def _check_content(manifest: Graph, expected: Node, answer: Response, variables: Variables) -> None:
    """Compare media type and graph with those described; a charset need not be repeated."""
    wanted = dict(_headers(manifest, expected)).get("content-type", "").partition(";")[0]
    if wanted and answer.media_type != wanted:
        raise Failed(f"expected Content-Type {wanted}, found {answer.media_type or 'none'}")
    body = _body(manifest, expected, variables)
    if body is None:
        return
    described = Graph().parse(data=body, format=_GRAPHS[wanted])
    if not isomorphic(described, _graph(answer)):
        raise Failed("another graph")
