"""The SPARQL endpoints: ``/sparql`` for the catalogue, ``/sparql/reports`` for what was done to it.

Queries come by GET, POST and QUERY, for programs and for people; without one, an endpoint
describes itself. An answer by GET has a tag of the revision, so that a client that has it is told
so before anything runs (RFC 9110, section 13).
"""

from __future__ import annotations

import hashlib

from flask import Blueprint, Response, current_app, request

from utbildningsdata.bootstrap import Services
from utbildningsdata.errors import CatalogError, OperationError
from utbildningsdata.rdf.mediatypes import GRAPHS, HTML, RESULTS, Syntax
from utbildningsdata.services import query
from utbildningsdata.store.ports import Answer, StoreName
from utbildningsdata.store.queries.tokens import Reading
from utbildningsdata.web import answers, links, sparql_protocol
from utbildningsdata.web.clients import client_of
from utbildningsdata.web.representations import see_other
from utbildningsdata.web.service_description import Description
from utbildningsdata.web.sparql_page import Page
from utbildningsdata.web.sparql_protocol import BODIED, TAKEN, Asked

ADDRESSES: dict[StoreName, str] = {"store": "sparql", "reports": "sparql/reports"}
"""Store of a revision → the path of its endpoint."""

_METHODS = "GET, HEAD, POST, QUERY, OPTIONS"
_DESCRIPTIONS = (*GRAPHS, HTML)


def blueprint(services: Services) -> Blueprint:
    """Return the routes of the endpoints."""
    routes = Blueprint("sparql", __name__)
    description = Description(services)
    for store, path in ADDRESSES.items():
        endpoint = _Endpoint(services, store, description)
        routes.add_url_rule(f"/{path}", f"{store}_options", endpoint.options, methods=["OPTIONS"])
        routes.add_url_rule(f"/{path}", store, endpoint.answer, methods=["GET", *BODIED])
    routes.add_url_rule("/.well-known/void", "void", _described_at)
    routes.after_request(_negotiated)
    return routes


def _described_at() -> Response:
    """Lead to the description, as VoID wants it (section 7.2)."""
    return see_other(links.document(ADDRESSES["store"]))


def _negotiated(response: Response) -> Response:
    """Say that Accept chose the answer, errors too, and that it may be another one next time."""
    response.vary.add("Accept")
    response.headers.setdefault("Cache-Control", "no-cache")
    response.headers["Accept-Query"] = ", ".join(TAKEN)
    return response


class _Endpoint:
    """The views of one endpoint."""

    def __init__(self, services: Services, store: StoreName, description: Description) -> None:
        self._services = services
        self._store = store
        self._page = Page(services, store, ADDRESSES[store])
        self._description = description

    def options(self) -> Response:
        """Tell scripts of other sites what they may send (CORS preflight)."""
        response = Response(status=204)
        response.headers["Allow"] = _METHODS
        response.headers["Accept-Post"] = ", ".join(TAKEN)
        response.headers["Access-Control-Allow-Methods"] = _METHODS
        response.headers["Access-Control-Allow-Headers"] = "Accept, Content-Type, If-None-Match"
        response.headers["Access-Control-Max-Age"] = "86400"
        return response

    def answer(self) -> Response:
        """Answer a query; without one, describe the endpoint or show the page to write it in."""
        asked = sparql_protocol.read(request)
        if asked.text is None:
            return self._describe(asked)
        try:
            reading = query.read(asked.text)
        except CatalogError as error:
            if _wanted(asked, (*RESULTS, *GRAPHS, HTML)) is not HTML:
                raise
            return self._page.failed(asked.text, error)
        syntax = _wanted(asked, (*sparql_protocol.offered(reading.form), HTML))
        if syntax is HTML:
            return self._show(asked, reading)
        return self._send(asked, reading, syntax)

    def _describe(self, asked: Asked) -> Response:
        syntax = _wanted(asked, _DESCRIPTIONS)
        if syntax is HTML:
            return self._page.empty()
        content = self._description.document(syntax, client_of(request))
        return Response(content, content_type=syntax.content_type)

    def _show(self, asked: Asked, reading: Reading) -> Response:
        """Show a query with its answer, or with what is wrong with it."""
        try:
            return self._page.answered(asked, reading)
        except OperationError:
            raise
        except CatalogError as error:
            return self._page.failed(asked.text or "", error)

    def _send(self, asked: Asked, reading: Reading, syntax: Syntax) -> Response:
        tag = "" if reading.volatile or request.method in BODIED else self._tag(asked, syntax)
        if tag and request.if_none_match.contains_weak(tag):
            response = Response(status=304)
            del response.headers["Content-Type"]
        else:
            response = answers.send(self._run(asked, syntax), syntax)
        if tag:
            response.set_etag(tag, weak=True)  # rows without an order may come in another one
        return response

    def _run(self, asked: Asked, syntax: Syntax) -> Answer:
        graphs = syntax in GRAPHS
        return self._services.engine.query(
            asked.text or "",
            results=None if graphs else syntax.media_type,
            graphs=syntax.media_type if graphs else None,
            client=client_of(request),
            default_graphs=asked.default_graphs,
            named_graphs=asked.named_graphs,
            store=self._store,
        )

    def _tag(self, asked: Asked, syntax: Syntax) -> str:
        """Return a tag for the answer to a query in the current revision."""
        chosen = (asked.text, asked.default_graphs, asked.named_graphs, self._store, syntax.suffix)
        digest = hashlib.sha256(repr(chosen).encode()).hexdigest()[:32]
        with self._services.revisions.current() as revision:
            made = f"{revision.number}-{revision.published.timestamp():.6f}"
        return f"{made}-{current_app.config['SOFTWARE']}-{digest}"


def _wanted(asked: Asked, available: tuple[Syntax, ...]) -> Syntax:
    return sparql_protocol.negotiate(request.headers.get("Accept"), asked.format, available)
