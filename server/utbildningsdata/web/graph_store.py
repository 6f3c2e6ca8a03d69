"""The graph store: SPARQL 1.1 Graph Store HTTP Protocol; reading for all, writing with a token.

A graph is named by ``/sparql/graphs?graph=`` (or ``?default``), by its own address below
``/sparql/graphs/``, or, where it is a record, by the record's IRI. A record is sent as its
document, with every literal as it was written.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, request
from rdflib import Graph
from werkzeug.exceptions import MethodNotAllowed

from utbildningsdata.bootstrap import Services
from utbildningsdata.errors import Invalid, Malformed, NotFound
from utbildningsdata.model.record import Entry
from utbildningsdata.model.token import Token
from utbildningsdata.rdf.iris import (
    CATALOGUE_RECORD,
    CONCEPT_FOLDER,
    ONTOLOGY_RECORD,
    Base,
    is_slug,
)
from utbildningsdata.rdf.mediatypes import GRAPHS, TRIG, Syntax
from utbildningsdata.rdf.serialise import document
from utbildningsdata.store.ports import Revision
from utbildningsdata.store.writes.ports import DEFAULT, Operation, Write
from utbildningsdata.web import graph_names, rdf_parts, sparql_protocol, writes
from utbildningsdata.web.answers import send
from utbildningsdata.web.authorisation import authorise
from utbildningsdata.web.clients import client_of
from utbildningsdata.web.representations import announce, graph_document

_READS = ["GET", "HEAD"]
_WRITES = ["PUT", "POST", "DELETE"]
_METHODS = ", ".join([*_READS, *_WRITES, "OPTIONS"])
_OPERATIONS: Mapping[str, Operation] = {"PUT": "put", "POST": "post", "DELETE": "delete"}
_BELOW = f"/{graph_names.GRAPHS}/<path:rest>"
_UNION = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
_UNNAMED = tuple(syntax for syntax in GRAPHS if syntax is not TRIG)
_NOTHING = "0" * 32  # stands for the digest of a default graph that was never written


def blueprint(services: Services) -> Blueprint:
    """Return the routes of the graph store, and of writing to the addresses of records."""
    routes = Blueprint("graph_store", __name__)
    store = _Store(services)
    for rule, view in ((f"/{graph_names.GRAPHS}", store.indirect), (_BELOW, store.direct)):
        routes.add_url_rule(rule, "options", _options, methods=["OPTIONS"])
        routes.add_url_rule(rule, view.__name__, view, methods=[*_READS, *_WRITES])
    if not services.settings.plain:
        for rule in _records(services):
            routes.add_url_rule(rule, "options", _options, methods=["OPTIONS"])
            routes.add_url_rule(rule, "record", store.record, methods=_WRITES)
    writes.identify(routes)
    return routes


def _records(services: Services) -> list[str]:
    """Return the rules of records' addresses; pages answer GET there."""
    folders = dict.fromkeys((*services.profile.kinds, CONCEPT_FOLDER))
    single = (CATALOGUE_RECORD, ONTOLOGY_RECORD)
    return [*(f"/{folder}/<slug>" for folder in folders), *(f"/{path}" for path in single)]


def _options(slug: str = "", rest: str = "") -> Response:
    """Say what may be sent to a graph."""
    if slug and not is_slug(slug):
        return writes.options(", ".join([*_READS, "OPTIONS"]))
    return writes.options(_METHODS, ", ".join(rdf_parts.ACCEPTED))


class _Store:
    """The views, which share the services."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._settings = services.settings
        self._base = Base(services.settings.base)

    def indirect(self) -> Response:
        """Read or write the graph that the parameters name; POST without one makes a new one."""
        if request.method in _READS:
            graph = graph_names.indirect()
            if graph is None:
                raise _unnamed()
            return self._read(graph)
        token = authorise(self._services.credentials)
        graph = graph_names.indirect()
        return self._write(token, self._unnamed_target() if graph is None else graph)

    def direct(self, rest: str) -> Response:
        """Read or write the graph whose IRI is this address, below the graph store's."""
        if request.method in _READS:
            return self._read(graph_names.direct(self._base, f"{graph_names.GRAPHS}/{rest}"))
        token = authorise(self._services.credentials)
        return self._write(token, graph_names.direct(self._base, f"{graph_names.GRAPHS}/{rest}"))

    def record(self, slug: str = "") -> Response:
        """Write the record whose IRI is this address.

        Raises:
            MethodNotAllowed: It is the address of a document, such as ``/dataset/x.ttl``.
        """
        if slug and not is_slug(slug):
            raise MethodNotAllowed([*_READS, "OPTIONS"])
        token = authorise(self._services.credentials)
        return self._write(token, graph_names.direct(self._base, request.path[1:]))

    def _unnamed_target(self) -> str:
        """Return the graph that a write without a name is for.

        Raises:
            Malformed: PUT and DELETE must name a graph.
            Invalid: A catalogue does not make names up: a record's name is its address for good.
        """
        if request.method != "POST":
            raise _unnamed()
        if not self._settings.plain:
            raise Invalid(
                "Name the record: PUT or POST to its own address, or to ?graph= with its IRI.",
                sv="Ange posten: PUT eller POST till dess egen adress, eller ?graph= med dess IRI.",
            )
        return graph_names.new(self._base)

    def _write(self, token: Token, graph: str) -> Response:
        operation = _OPERATIONS[request.method]
        write = Write(
            operation=operation,
            agent=token.name,
            scopes=token.scopes,
            request=writes.request_id(),
            parts=() if operation == "delete" else rdf_parts.read(),
            graph=graph,
            if_match=writes.if_match(),
            if_none_match=writes.if_none_match(),
        )
        written = self._services.writes.write(write, client=client_of(request))
        created = graph != DEFAULT and graph in written.added
        return writes.answer(
            written, created=graph_names.address(graph, self._base) if created else None
        )

    def _read(self, graph: str) -> Response:
        """Send a graph, in the syntax that is asked for.

        Raises:
            NotFound: There is none by this name.
            NotAcceptable: The client takes none of the syntaxes.
        """
        offered = _UNNAMED if graph == DEFAULT else GRAPHS
        wanted = request.args.get("format", "")
        syntax = sparql_protocol.negotiate(request.headers.get("Accept"), wanted, offered)
        if graph == DEFAULT and not self._settings.plain:
            return self._union(syntax)
        with self._services.revisions.current() as revision:
            return self._document(revision, graph, syntax)

    def _union(self, syntax: Syntax) -> Response:
        """Send the default graph of the catalogue, which is all its records together."""
        answer = self._services.engine.query(
            _UNION, results=None, graphs=syntax.media_type, client=client_of(request)
        )
        response = send(answer, syntax)
        response.headers["Cache-Control"] = "no-cache"
        return response

    def _document(self, revision: Revision, graph: str, syntax: Syntax) -> Response:
        """Send the document of a graph: a removed record says that it is gone (410)."""
        path = graph_names.place(graph, self._settings)
        entry = None if path is None else _found(revision, path)
        if path is None or entry is None or (entry.removed and self._settings.plain):
            if graph == DEFAULT:
                return graph_document(_NOTHING, syntax, lambda: document(Graph(), syntax, ""))
            raise NotFound(f"There is no graph <{graph}>.", sv=f"Grafen <{graph}> finns inte.")
        response = graph_document(
            entry.document,
            syntax,
            lambda: document(revision.document(path), syntax, graph, labelled=True),
            410 if entry.removed else 200,
        )
        if not self._settings.plain:
            announce(response, path, syntax, negotiable=True)
        return response


def _found(revision: Revision, path: str) -> Entry | None:
    try:
        return revision.entry(path)
    except NotFound:
        return None


def _unnamed() -> Malformed:
    return Malformed(
        "Name a graph: '?graph=' and its IRI, or '?default'.",
        sv="Ange en graf: '?graph=' och dess IRI, eller '?default'.",
    )
