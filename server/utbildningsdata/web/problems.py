"""Errors as answers: the one table from the tree of ``errors`` to statuses (RFC 9457).

A browser gets a page, anybody else ``application/problem+json``; neither holds a trace, a file
name or anything else of the server's.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

from utbildningsdata import errors
from utbildningsdata.rdf.mediatypes import HTML, Syntax
from utbildningsdata.rdf.negotiation import choose
from utbildningsdata.web.language import ENGLISH, language
from utbildningsdata.web.mount import OUTSIDE_KEY

PROBLEM = Syntax("application/problem+json", "json", "Problem")
TYPES = "https://w3id.org/utbildningsdata/problem/"

_STATUSES: Mapping[type[errors.CatalogError], tuple[int, str]] = {
    errors.Malformed: (400, "malformed"),
    errors.Invalid: (422, "invalid"),
    errors.Conflict: (409, "conflict"),
    errors.PreconditionFailed: (412, "precondition-failed"),
    errors.Unsupported: (415, "unsupported"),
    errors.Unauthenticated: (401, "unauthenticated"),
    errors.Forbidden: (403, "forbidden"),
    errors.RateLimited: (429, "rate-limited"),
    errors.Refused: (400, "refused"),
    errors.TooLarge: (413, "too-large"),
    errors.NotFound: (404, "not-found"),
    errors.NotAcceptable: (406, "not-acceptable"),
    errors.TimedOut: (503, "timed-out"),
    errors.Overloaded: (503, "overloaded"),
    errors.OperationError: (503, "not-ready"),
}

_log = logging.getLogger(__name__)


def register(app: Flask) -> None:
    """Let ``app`` answer every error with a problem."""
    app.register_error_handler(errors.CatalogError, _catalog_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unforeseen)
    app.before_request(_refuse_outside)


def status_of(error: errors.CatalogError) -> tuple[int, str]:
    """Return the status and the name of the problem for an error."""
    for kind in type(error).__mro__:
        if kind in _STATUSES:
            return _STATUSES[kind]
    return 500, "internal"


def problem(
    status: int, name: str, detail: str, headers: Mapping[str, str] | None = None, **members: Any
) -> Response:
    """Return the answer for a problem, as a page or as JSON; ``members`` extend the JSON."""
    body = {"type": TYPES + name, "title": title(status), "status": status, "detail": detail}
    body |= {key: value for key, value in members.items() if value not in (None, (), [])}
    if _wants_html():
        text = render_template("problem.html", problem=body)
        response = Response(text, status, content_type=HTML.content_type)
    else:
        response = Response(
            json.dumps(body, ensure_ascii=False) + "\n", status, content_type=PROBLEM.media_type
        )
    response.headers.update(headers or {})
    response.headers["Cache-Control"] = "no-store" if status >= 500 else "no-cache"
    response.headers["Content-Language"] = language()
    response.vary.add("Accept")
    return response


def title(status: int) -> str:
    """Return what a status means, in the language of the request."""
    titles: dict[int, str] = {
        300: _("Det finns flera efterföljare"),
        308: _("Det har flyttat"),
        400: _("Frågan går inte att läsa"),
        404: _("Sidan finns inte"),
        405: _("Metoden kan inte användas här"),
        406: _("Formatet finns inte"),
        409: _("Ändrat på två ställen"),
        410: _("Borttaget"),
        413: _("För stort"),
        422: _("Följer inte reglerna"),
        503: _("Upptaget just nu"),
    }
    return titles.get(status) or str(_("Något gick fel") if status >= 500 else _("Det gick inte"))


def _refuse_outside() -> None:
    if request.environ.get(OUTSIDE_KEY):
        raise errors.NotFound(
            "This address is not under the base of the catalogue.",
            sv="Adressen ligger inte under katalogens bas.",
        )


def _wants_html() -> bool:
    try:
        return choose(request.headers.get("Accept"), (PROBLEM, HTML)) is HTML
    except errors.NotAcceptable:
        return False


def _catalog_error(error: errors.CatalogError) -> Response:
    status, name = status_of(error)
    if isinstance(error, errors.OperationError):
        _log.error("%s", error.message)
        detail = _("Katalogen är inte redo. Försök igen om en stund.")
        return problem(status, name, detail, {"Retry-After": "30"})
    headers: dict[str, str] = {}
    members: dict[str, Any] = {}
    if isinstance(error, errors.Overloaded):
        headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, errors.Malformed):
        members = {"line": error.line, "column": error.column}
    if isinstance(error, errors.NotAcceptable):
        members = {"available": list(error.available)}
    detail = error.message if language() == ENGLISH else error.sv
    return problem(status, name, detail, headers, **members)


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    headers = {
        name: value
        for name, value in error.get_headers(request.environ)
        if name.lower() in {"allow", "retry-after"}
    }
    if status == 404:
        return problem(404, "not-found", _("Det finns ingenting på den här adressen."))
    return problem(status, error.name.lower().replace(" ", "-"), title(status) + ".", headers)


def _unforeseen(error: Exception) -> Response:
    """Answer what nobody foresaw: the outermost boundary, so that no trace reaches a reader."""
    _log.exception("unforeseen error for %s %r", request.method, request.path)
    return problem(500, "internal", _("Felet är antecknat. Försök igen om en stund."))
