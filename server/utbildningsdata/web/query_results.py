"""The answer to each query of the catalogue at an address of its own: ``/query/<slug>/result``.

A form and a page with table and chart for people, the results formats for programs. Nothing is run
for a client that has the answer already (RFC 9110, section 13), or that another one just got.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, render_template, request

from utbildningsdata.bootstrap import Services
from utbildningsdata.errors import CatalogError, NotAcceptable, NotFound, OperationError
from utbildningsdata.rdf.mediatypes import (
    GRAPHS,
    HTML,
    RESULTS_CSV,
    RESULTS_JSON,
    RESULTS_XML,
    Syntax,
)
from utbildningsdata.services import results
from utbildningsdata.services.binding import Bound, type_of
from utbildningsdata.services.describe.signpost import Signpost
from utbildningsdata.services.parameters import Parameter
from utbildningsdata.services.query_results import (
    FOLDER,
    Question,
    Recent,
    headings,
    question,
    tag,
)
from utbildningsdata.services.results import MAX_ROWS
from utbildningsdata.store.ports import Answer, Revision
from utbildningsdata.store.queries.tokens import Reading
from utbildningsdata.store.queries.tokens import read as read_tokens
from utbildningsdata.web import answers, links, problems, sparql_protocol, tombstones
from utbildningsdata.web.clients import client_of
from utbildningsdata.web.language import ENGLISH, language, other_language
from utbildningsdata.web.reading import reading as revision_for_page

_FORMAT = "format"
_REMEMBERED = 16 * 1024 * 1024  # bytes of answers that a process keeps
_LARGEST = 512 * 1024
_SUFFIXES = {RESULTS_JSON: "json", RESULTS_XML: "xml"}


def blueprint(services: Services) -> Blueprint:
    """Return the routes of answers."""
    routes = Blueprint("query_results", __name__)
    views = _Views(services)
    routes.add_url_rule(f"/{FOLDER}/<slug>/result", "result", views.answer)
    routes.add_url_rule(f"/{FOLDER}/<slug>/result.<suffix>", "document", views.answer)
    return routes


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request: whose question, with which values, and in which syntax."""

    revision: Revision
    question: Question
    bound: Bound
    reading: Reading
    syntax: Syntax
    signpost: Signpost


class _Views:
    """The views, which share the services and the answers of late."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._recent = Recent(_REMEMBERED, _LARGEST)

    def answer(self, slug: str, suffix: str = "") -> Response:
        """Answer the query of a record, with the values of the address."""
        with revision_for_page(self._services.revisions) as revision:
            entry = revision.entry(f"{FOLDER}/{slug}")
            if entry.removed:
                return tombstones.answer(revision, self._services.profile, entry, None)
            signpost = Signpost(revision, self._services.profile, language())
            asked = question(entry, signpost)
            syntax = _syntax(asked, suffix)
            response = self._answer(revision, asked, syntax, signpost)
        if not suffix:
            response.vary.add("Accept")
        return response

    def _answer(
        self, revision: Revision, asked: Question, syntax: Syntax, signpost: Signpost
    ) -> Response:
        try:
            bound, reading = asked.bind(_given())
            whole = _Asked(revision, asked, bound, reading, syntax, signpost)
            return _announced(whole, self._conditional(whole))
        except OperationError:
            raise
        except CatalogError as error:
            if syntax is not HTML:
                raise
            return _page_with_error(asked, error)

    def _conditional(self, asked: _Asked) -> Response:
        """Answer 304 or from memory before anything is run, else run the query."""
        mark = _tag(asked)
        if request.if_none_match.contains_weak(mark):
            response = Response(status=304)
            del response.headers["Content-Type"]
        else:
            response = self._remembered(asked, mark)
        response.set_etag(mark)
        response.headers["Cache-Control"] = "no-cache"
        if asked.syntax is HTML:
            response.headers["Content-Language"] = language()
        return response

    def _remembered(self, asked: _Asked, mark: str) -> Response:
        known = self._recent.get(mark)
        if known is not None:
            return Response(known, content_type=asked.syntax.content_type)
        if asked.syntax is HTML:
            page = self._page(asked).encode()
            self._recent.put(mark, page)
            return Response(page, content_type=HTML.content_type)
        return self._data(asked, mark)

    def _data(self, asked: _Asked, mark: str) -> Response:
        graphs = asked.syntax in GRAPHS
        answer: Answer = self._services.engine.query(
            asked.bound.text,
            results=None if graphs else asked.syntax.media_type,
            graphs=asked.syntax.media_type if graphs else None,
            client=client_of(request),
        )
        if answer.length > self._recent.most:
            return answers.send(answer, asked.syntax)
        with answer.content as content:
            body = content.read()
        self._recent.put(mark, body)
        return Response(body, content_type=asked.syntax.content_type)

    def _page(self, asked: _Asked) -> str:
        rows = self._services.engine.rows(
            asked.bound.text, limit=MAX_ROWS, client=client_of(request)
        )
        table = results.table(rows, asked.signpost, asked.reading.variables)
        return _rendered(
            asked.question,
            asked.bound.values,
            table=table,
            headings=headings(table.columns, asked.question, asked.signpost),
            chart=answers.chart(table),
            downloads=_downloads(asked),
            text=asked.bound.text,
        )


def _given() -> list[tuple[str, str]]:
    """Return the values of the address: everything but the format."""
    pairs = request.args.items(multi=True)
    return [(name, value) for name, value in pairs if name != _FORMAT]


def _syntax(asked: Question, suffix: str) -> Syntax:
    """Return the syntax that the address names, else the one that the client likes best.

    Raises:
        NotFound: The address names one that this answer is not written in.
        NotAcceptable: The client takes none that it is written in.
    """
    offered = (*sparql_protocol.offered(read_tokens(asked.text).form), HTML)
    if not suffix:
        accept, wanted = request.headers.get("Accept"), request.args.get(_FORMAT, "")
        return sparql_protocol.negotiate(accept, wanted, offered)
    try:
        return sparql_protocol.negotiate(None, suffix, offered)
    except NotAcceptable as error:
        names = ", ".join(f"result.{_suffix(syntax)}" for syntax in offered)
        raise NotFound(f"There is {names}.", sv=f"Det finns {names}.") from error


def _tag(asked: _Asked) -> str:
    """Return the tag of an answer; a page shows its own address and is in a language."""
    software = str(current_app.config["SOFTWARE"])
    if asked.syntax is not HTML:
        return tag(asked.revision, asked.question, asked.bound, asked.syntax.suffix, software)
    own = (language(), request.query_string.decode("latin-1"), software)
    return tag(asked.revision, asked.question, asked.bound, asked.syntax.suffix, *own)


def _announced(asked: _Asked, response: Response) -> Response:
    """Name the document that is sent, the others there are, and the record of the query."""
    response.headers["Content-Location"] = _address(asked, asked.syntax)
    for syntax in _offered(asked):
        if syntax is not asked.syntax:
            target = f'<{_address(asked, syntax)}>; rel="alternate"; type="{syntax.media_type}"'
            response.headers.add("Link", target)
    if asked.syntax is HTML:
        other = links.href(_path(asked.question, asked.bound), other_language())
        response.headers.add("Link", f'<{other}>; rel="alternate"; hreflang="{other_language()}"')
    record = links.document(asked.question.entry.path)
    response.headers.add("Link", f'<{record}>; rel="describedby"')
    return response


def _offered(asked: _Asked) -> Sequence[Syntax]:
    return (*sparql_protocol.offered(asked.reading.form), HTML)


def _downloads(asked: _Asked) -> list[tuple[str, str]]:
    """Return name and address of the same answer in each syntax for programs."""
    return [
        (syntax.label, _address(asked, syntax)) for syntax in _offered(asked) if syntax is not HTML
    ]


def _address(asked: _Asked, syntax: Syntax) -> str:
    name = links.href if syntax is HTML else links.document
    return name(_path(asked.question, asked.bound, f".{_suffix(syntax)}"))


def _path(asked: Question, bound: Bound, suffix: str = "") -> str:
    query = urlencode(bound.pairs)
    return asked.path + suffix + (f"?{query}" if query else "")


def _suffix(syntax: Syntax) -> str:
    return _SUFFIXES.get(syntax, syntax.suffix)


def _page_with_error(asked: Question, error: CatalogError) -> Response:
    """Show the form with what is wrong with the values, or with the query."""
    status = problems.type_of(error).status
    sent: dict[str, list[str]] = {}
    for name, value in _given():
        sent.setdefault(name, []).append(value)
    told = error.message if language() == ENGLISH else error.sv
    response = Response(_rendered(asked, sent, error=told), status, content_type=HTML.content_type)
    response.headers["Content-Language"] = language()
    response.headers["Cache-Control"] = "no-store" if status >= 500 else "no-cache"
    response.headers.update(problems.headers_of(error))
    return response


def _rendered(asked: Question, values: Mapping[str, Sequence[str]], **content: Any) -> str:
    nothing = {"table": None, "error": None, "text": asked.text}
    data = sparql_protocol.offered(read_tokens(asked.text).form)
    return render_template(
        "query_result.html",
        asked=asked,
        values=values,
        type_of=_type,
        formats=", ".join(syntax.label for syntax in data),
        suffix=_suffix(RESULTS_CSV if RESULTS_CSV in data else data[0]),
        example=_example(asked, {} if content.get("error") else values),
        **(nothing | content),
    )


def _type(parameter: Parameter) -> str:
    english, swedish = type_of(parameter)
    return english if language() == ENGLISH else swedish


def _example(asked: Question, values: Mapping[str, Sequence[str]]) -> str:
    """Return values as an address has them: those of the page, else one that is used much."""
    pairs = [(name, value) for name, several in values.items() for value in several]
    if not (pairs and request.query_string):
        options = [(item.name, option) for item in asked.parameters for option in item.options]
        best = max(options, key=lambda pair: pair[1].count, default=None)
        pairs = [(best[0], best[1].code)] if best else []
    return f"?{urlencode(pairs)}" if pairs else ""
