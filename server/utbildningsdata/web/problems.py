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
from utbildningsdata.validation.report import Finding
from utbildningsdata.web.language import ENGLISH, language
from utbildningsdata.web.mount import OUTSIDE_KEY
from utbildningsdata.web.problem_types import OF_STATUS, PROBLEM_TYPES, ProblemType

PROBLEM = Syntax("application/problem+json", "json", "Problem")

_NAMES: Mapping[type[errors.CatalogError], str] = {
    errors.Malformed: "malformed",
    errors.Invalid: "invalid",
    errors.Conflict: "conflict",
    errors.PreconditionFailed: "precondition-failed",
    errors.Unsupported: "unsupported",
    errors.Unauthenticated: "unauthenticated",
    errors.Forbidden: "forbidden",
    errors.RateLimited: "rate-limited",
    errors.Refused: "refused",
    errors.TooLarge: "too-large",
    errors.NotFound: "not-found",
    errors.NotAcceptable: "not-acceptable",
    errors.TimedOut: "timed-out",
    errors.Overloaded: "overloaded",
    errors.OperationError: "not-ready",
}

_log = logging.getLogger(__name__)


def register(app: Flask) -> None:
    """Let ``app`` answer every error with a problem."""
    app.register_error_handler(errors.CatalogError, _catalog_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unforeseen)
    app.before_request(_refuse_outside)


def type_of(error: errors.CatalogError) -> ProblemType:
    """Return the type of problem that an error is."""
    names = (_NAMES[kind] for kind in type(error).__mro__ if kind in _NAMES)
    return PROBLEM_TYPES[next(names, "internal")]


def problem(
    kind: ProblemType,
    detail: str,
    headers: Mapping[str, str] | None = None,
    *,
    status: int | None = None,
    **members: Any,
) -> Response:
    """Return the answer for a problem, as a page or as JSON; ``members`` extend the JSON.

    ``status`` is given where it is another than the type's.
    """
    code = status or kind.status
    body = {"type": kind.iri, "title": kind.title[language()], "status": code, "detail": detail}
    body |= {key: value for key, value in members.items() if value not in (None, "", (), [])}
    if _wants_html():
        text = render_template("problem.html", problem=body, name=kind.name)
        response = Response(text, code, content_type=HTML.content_type)
    else:
        response = Response(
            json.dumps(body, ensure_ascii=False) + "\n", code, content_type=PROBLEM.media_type
        )
    response.headers.update(headers or {})
    response.headers["Cache-Control"] = "no-store" if code >= 500 else "no-cache"
    response.headers["Content-Language"] = language()
    response.vary.add("Accept")
    return response


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
    kind = type_of(error)
    if isinstance(error, errors.OperationError):
        _log.error("%s", error.message)
        detail = _("Katalogen är inte redo. Försök igen om en stund.")
        return problem(kind, detail, {"Retry-After": "30"})
    detail = error.message if language() == ENGLISH else error.sv
    return problem(kind, detail, headers_of(error), **_members(error))


def headers_of(error: errors.CatalogError) -> dict[str, str]:
    """Return the headers that tell a client what to do about an error."""
    if isinstance(error, errors.Overloaded):
        return {"Retry-After": str(error.retry_after)}
    if isinstance(error, errors.Unauthenticated):
        return {"WWW-Authenticate": "Bearer"}
    return {}


def _members(error: errors.CatalogError) -> dict[str, Any]:
    """Return what an error knows beside its sentence; ``problem_types`` documents the names."""
    match error:
        case errors.Malformed():
            place = {"line": error.line, "column": error.column}
            return {**place, "expected": list(error.expected)}
        case errors.NotAcceptable():
            return {"available": list(error.available)}
        case errors.Unsupported():
            return {"accepted": list(error.accepted)}
        case errors.Invalid():
            return {"findings": [_finding(finding) for finding in error.findings]}
        case errors.Refused():
            return {"feature": error.feature}
        case errors.TooLarge():
            return {"limit": error.limit}
        case errors.TimedOut():
            return {"limit": error.seconds}
        case _:
            return {}


def _finding(finding: Finding) -> dict[str, str]:
    fields = ("record", "focus", "path", "value", "rule")
    told = {name: getattr(finding, name) for name in fields if getattr(finding, name)}
    return {"severity": finding.severity, "message": finding.message(language()), **told}


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    headers = {
        name: value
        for name, value in error.get_headers(request.environ)
        if name.lower() in {"allow", "retry-after"}
    }
    kind = OF_STATUS.get(status, PROBLEM_TYPES["internal" if status >= 500 else "http"])
    return problem(kind, kind.meaning[language()], headers, status=status)


def _unforeseen(error: Exception) -> Response:
    """Answer what nobody foresaw: the outermost boundary, so that no trace reaches a reader."""
    _log.exception("unforeseen error for %s %r", request.method, request.path)
    detail = _("Felet är antecknat. Försök igen om en stund.")
    return problem(PROBLEM_TYPES["internal"], detail)
