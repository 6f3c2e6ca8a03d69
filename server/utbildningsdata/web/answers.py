"""Answers of queries, sent and drawn: what the endpoint and the queries' own addresses share."""

from __future__ import annotations

from flask import Response
from flask_babel import gettext as _
from werkzeug.wsgi import FileWrapper

from utbildningsdata.errors import Overloaded
from utbildningsdata.rdf.mediatypes import Syntax
from utbildningsdata.services.describe.content import Value
from utbildningsdata.services.results import Table
from utbildningsdata.store.ports import Answer
from utbildningsdata.web import charts, large, links
from utbildningsdata.web.filters import number

_SMALL = 256 * 1024  # bytes that are handed to the server in one piece
_CHUNK = 128 * 1024


def send(answer: Answer, syntax: Syntax) -> Response:
    """Send a whole answer with its length, from memory or from the file that it lies in.

    Raises:
        Overloaded: It is large, and too many large answers are being sent.
    """
    if answer.length <= _SMALL:
        with answer.content as content:
            response = Response(content.read())
    else:
        response = Response(FileWrapper(answer.content, _CHUNK))
        try:
            large.reserve(response, answer.length)
        except Overloaded:
            response.close()
            raise
    response.headers["Content-Type"] = syntax.content_type
    response.content_length = answer.length
    return response


def chart(table: Table) -> str:
    """Draw the bars of a table as SVG; nothing where it has none."""
    if not table.bars:
        return ""
    title = _("Stapeldiagram; samma tal står i tabellen")
    return charts.bars(table.bars, title, _address, number)


def _address(value: Value) -> str | None:
    if value.path is not None:
        return links.href(value.path)
    return value.iri if value.iri and links.is_linkable(value.iri) else None
