"""The page of a SPARQL endpoint: a form, an answer as a table, examples, and words for programs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import Response, render_template, request

from utbildningsdata.bootstrap import Services
from utbildningsdata.errors import CatalogError, Malformed
from utbildningsdata.rdf.mediatypes import HTML, Syntax
from utbildningsdata.services import examples, results
from utbildningsdata.services.describe.signpost import Signpost
from utbildningsdata.services.results import MAX_ROWS
from utbildningsdata.store.ports import Rows, StoreName
from utbildningsdata.store.queries.tokens import Reading
from utbildningsdata.web import answers, links, problems, sparql_protocol
from utbildningsdata.web.clients import client_of
from utbildningsdata.web.language import ENGLISH, language
from utbildningsdata.web.reading import reading as revision_for_page
from utbildningsdata.web.sparql_protocol import Asked

Shown = dict[str, Any]
"""What the template shows beside the form and the examples."""

_FIRST: Mapping[StoreName, str] = {
    "store": """SELECT ?dataset ?title WHERE {
  ?dataset a dcat:Dataset ;
    dcterms:title ?title .
  FILTER(lang(?title) = "%s")
}
LIMIT 20""",
    "reports": """SELECT ?activity ?ended WHERE {
  ?activity a prov:Activity ;
    prov:endedAtTime ?ended .
}
ORDER BY DESC(?ended)
LIMIT 20""",
}
"""The query that stands in an empty form; ``%s`` is the language of the page."""


class Page:
    """The page of the endpoint at ``path``, which queries one store of a revision."""

    def __init__(self, services: Services, store: StoreName, path: str) -> None:
        self._services = services
        self._store = store
        self._path = path

    def empty(self) -> Response:
        """Show the form with a query to begin with."""
        return self._page(_FIRST[self._store].replace("%s", language()), 200, lambda signpost: {})

    def answered(self, asked: Asked, reading: Reading) -> Response:
        """Show a query with the first rows of its answer.

        Raises:
            CatalogError: It has none.
        """
        text = asked.text or ""
        rows = self._services.engine.rows(
            text,
            limit=MAX_ROWS,
            client=client_of(request),
            default_graphs=asked.default_graphs,
            named_graphs=asked.named_graphs,
            store=self._store,
        )
        return self._page(text, 200, lambda signpost: self._shown(asked, reading, rows, signpost))

    def failed(self, text: str, error: CatalogError) -> Response:
        """Show a query with what is wrong with it."""
        status = problems.type_of(error).status
        response = self._page(text, status, lambda signpost: {"error": _told(error)})
        response.headers.update(problems.headers_of(error))
        return response

    def _page(self, text: str, status: int, content: Callable[[Signpost], Shown]) -> Response:
        with revision_for_page(self._services.revisions) as revision:
            signpost = Signpost(revision, self._services.profile, language())
            body = render_template(
                "sparql.html",
                text=text,
                path=self._path,
                groups=examples.groups(revision, signpost) if self._store == "store" else (),
                **({"table": None, "error": None} | content(signpost)),
            )
        response = Response(body, status, content_type=HTML.content_type)
        response.headers["Content-Language"] = language()
        return response

    def _shown(self, asked: Asked, reading: Reading, rows: Rows, signpost: Signpost) -> Shown:
        """Return what the page shows of an answer: its table, its bars, where it is as data."""
        table = results.table(rows, signpost, reading.variables)
        available = sparql_protocol.offered(reading.form)
        return {
            "table": table,
            "chart": answers.chart(table),
            "downloads": self._downloads(asked, available),
        }

    def _downloads(self, asked: Asked, syntaxes: Sequence[Syntax]) -> Sequence[tuple[str, str]]:
        """Return name and address of the same answer in each syntax."""
        same = [("query", asked.text or "")]
        same += [("default-graph-uri", iri) for iri in asked.default_graphs or ()]
        same += [("named-graph-uri", iri) for iri in asked.named_graphs or ()]
        encoded = [urlencode([*same, ("format", syntax.suffix)]) for syntax in syntaxes]
        return [
            (syntax.label, links.document(f"{self._path}?{query}"))
            for syntax, query in zip(syntaxes, encoded, strict=True)
        ]


def _told(error: CatalogError) -> dict[str, Any]:
    """Return what a page says of an error, with its place where that is known."""
    place = (error.line, error.column) if isinstance(error, Malformed) else (None, None)
    text = error.message if language() == ENGLISH else error.sv
    return {"text": text, "line": place[0], "column": place[1]}
