"""The SPARQL endpoint: queries by GET and POST for programs, a page with a table for people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request

from utbildningsdata.bootstrap import Services
from utbildningsdata.errors import CatalogError, Malformed, OperationError
from utbildningsdata.rdf.mediatypes import GRAPHS, HTML, TRIG, Syntax
from utbildningsdata.rdf.serialise import document
from utbildningsdata.services import examples, query, results
from utbildningsdata.services.describe.signpost import Signpost
from utbildningsdata.services.results import MAX_ROWS
from utbildningsdata.store.ports import Rows
from utbildningsdata.store.queries.tokens import Reading
from utbildningsdata.web import answers, links, problems, service_description, sparql_protocol
from utbildningsdata.web.language import ENGLISH, language
from utbildningsdata.web.reading import reading as revision_for_page
from utbildningsdata.web.sparql_protocol import Asked

Shown = dict[str, Any]
"""What the template shows beside the form and the examples."""

_DESCRIPTIONS = (*(syntax for syntax in GRAPHS if syntax is not TRIG), HTML)
_METHODS = "GET, HEAD, POST, OPTIONS"
_FIRST = """SELECT ?dataset ?title WHERE {
  ?dataset a dcat:Dataset ;
    dcterms:title ?title .
  FILTER(lang(?title) = "%s")
}
LIMIT 20"""


def blueprint(services: Services) -> Blueprint:
    """Return the route of the endpoint."""
    routes = Blueprint("sparql", __name__)
    endpoint = _Endpoint(services)
    routes.add_url_rule("/sparql", "sparql", endpoint.options, methods=["OPTIONS"])
    routes.add_url_rule("/sparql", "query", endpoint.answer, methods=["GET", "POST"])
    routes.after_request(_negotiated)
    return routes


def _negotiated(response: Response) -> Response:
    """Say that Accept chose the answer, errors too, and that it may be another one next time."""
    response.vary.add("Accept")
    response.headers.setdefault("Cache-Control", "no-cache")
    return response


class _Endpoint:
    """The views, which share the services."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def options(self) -> Response:
        """Tell scripts of other sites what they may send (CORS preflight)."""
        response = Response(status=204)
        response.headers["Allow"] = _METHODS
        response.headers["Access-Control-Allow-Methods"] = _METHODS
        response.headers["Access-Control-Allow-Headers"] = "Accept, Content-Type"
        response.headers["Access-Control-Max-Age"] = "86400"
        return response

    def answer(self) -> Response:
        """Answer a query; without one, describe the endpoint or show the page to write it in."""
        asked = sparql_protocol.read(request)
        if asked.text is None:
            return self._describe(asked)
        if self._for_people(asked):
            return self._page_with_answer(asked, asked.text)
        return self._data(asked, asked.text)

    def _for_people(self, asked: Asked) -> bool:
        everything = (*sparql_protocol.offered(""), *GRAPHS, HTML)
        accept = request.headers.get("Accept")
        return sparql_protocol.negotiate(accept, asked.format, everything) is HTML

    def _describe(self, asked: Asked) -> Response:
        accept = request.headers.get("Accept")
        syntax = sparql_protocol.negotiate(accept, asked.format, _DESCRIPTIONS)
        if syntax is HTML:
            return self._page("", 200, _nothing)
        graph = service_description.describe(self._services.settings)
        return Response(document(graph, syntax, ""), content_type=syntax.content_type)

    def _data(self, asked: Asked, text: str) -> Response:
        reading = query.read(text)
        accept = request.headers.get("Accept")
        available = sparql_protocol.offered(reading.form)
        syntax = sparql_protocol.negotiate(accept, asked.format, available)
        graphs = available is GRAPHS
        answer = self._services.engine.query(
            text,
            results=None if graphs else syntax.media_type,
            graphs=syntax.media_type if graphs else None,
            client=request.remote_addr or "",
            default_graphs=asked.default_graphs,
            named_graphs=asked.named_graphs,
        )
        return answers.send(answer, syntax)

    def _page_with_answer(self, asked: Asked, text: str) -> Response:
        """Show a query with its answer, or with what is wrong with it."""
        try:
            reading = query.read(text)
            rows = self._services.engine.rows(
                text,
                limit=MAX_ROWS,
                client=request.remote_addr or "",
                default_graphs=asked.default_graphs,
                named_graphs=asked.named_graphs,
            )
        except OperationError:
            raise
        except CatalogError as error:
            return self._page_with_error(text, error)
        return self._page(text, 200, lambda signpost: _shown(asked, reading, rows, signpost))

    def _page_with_error(self, text: str, error: CatalogError) -> Response:
        status = problems.type_of(error).status
        response = self._page(text, status, lambda signpost: {"error": _told(error)})
        response.headers.update(problems.headers_of(error))
        return response

    def _page(self, text: str, status: int, content: Callable[[Signpost], Shown]) -> Response:
        with revision_for_page(self._services.revisions) as revision:
            signpost = Signpost(revision, self._services.profile, language())
            body = render_template(
                "sparql.html",
                text=text or _FIRST % language(),
                groups=examples.groups(revision, signpost),
                **({"table": None, "error": None} | content(signpost)),
            )
        response = Response(body, status, content_type=HTML.content_type)
        response.headers["Content-Language"] = language()
        return response


def _nothing(signpost: Signpost) -> Shown:
    """Return what the page shows beside the empty form."""
    return {}


def _shown(asked: Asked, reading: Reading, rows: Rows, signpost: Signpost) -> Shown:
    """Return what the page shows of an answer: its table, its bars, and where it is as data."""
    table = results.table(rows, signpost, reading.variables)
    available = sparql_protocol.offered(reading.form)
    return {
        "table": table,
        "chart": answers.chart(table),
        "downloads": _downloads(asked, available),
    }


def _told(error: CatalogError) -> dict[str, Any]:
    """Return what a page says of an error, with its place where that is known."""
    place = (error.line, error.column) if isinstance(error, Malformed) else (None, None)
    text = error.message if language() == ENGLISH else error.sv
    return {"text": text, "line": place[0], "column": place[1]}


def _downloads(asked: Asked, syntaxes: Sequence[Syntax]) -> Sequence[tuple[str, str]]:
    """Return name and address of the same answer in each syntax."""
    same = [("query", asked.text or "")]
    same += [("default-graph-uri", iri) for iri in asked.default_graphs or ()]
    same += [("named-graph-uri", iri) for iri in asked.named_graphs or ()]
    return [
        (syntax.label, links.document(f"sparql?{urlencode([*same, ('format', syntax.suffix)])}"))
        for syntax in syntaxes
    ]
