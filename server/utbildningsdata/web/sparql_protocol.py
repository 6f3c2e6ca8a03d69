"""A request to the SPARQL endpoint, read as SPARQL 1.1 Protocol, section 2.1, says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from threading import BoundedSemaphore
from urllib.parse import parse_qsl

from flask import Request
from werkzeug.exceptions import UnsupportedMediaType

from utbildningsdata.errors import Malformed, NotAcceptable, Overloaded, Refused
from utbildningsdata.rdf import mediatypes
from utbildningsdata.rdf.iris import is_iri
from utbildningsdata.rdf.mediatypes import JSON_LD, RDF_XML, RESULTS_JSON, RESULTS_XML, Syntax
from utbildningsdata.rdf.negotiation import choose

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"

_MAX_PARAMETERS = 1000
_READING = BoundedSemaphore(8)  # posted queries received at a time, of a process's 32 threads
_PATIENCE = 0.1  # seconds: a query in one piece is received in far less
_ASKED = (mediatypes.RESULTS_JSON, mediatypes.RESULTS_XML)
_SHORT = {"turtle": "ttl", "rdf+xml": "rdf", "json-ld": "jsonld", "n3": "ttl", "ntriples": "nt"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: the query (None where there is none), its graphs (None: all), and ``format``."""

    text: str | None
    default_graphs: Sequence[str] | None
    named_graphs: Sequence[str] | None
    format: str


def read(request: Request) -> Asked:
    """Read a GET, or a POST of a form or of the query itself.

    Raises:
        Malformed: A parameter is not UTF-8, is missing, or stands there twice.
        Refused: It is an update.
        Overloaded: Too many are posting.
        UnsupportedMediaType: What was posted is of another media type.
    """
    pairs = _parameters(request.query_string)
    if request.method == "POST":
        charset = request.mimetype_params.get("charset", "utf-8").lower()
        if request.mimetype not in (FORM, DIRECT) or charset not in ("utf-8", "utf8"):
            raise UnsupportedMediaType
        content = _posted(request)
        if request.mimetype == FORM:
            pairs += _parameters(content)
        else:
            pairs.append(("query", _text(content)))
    return _asked(pairs, required=request.method == "POST")


def offered(form: str) -> tuple[Syntax, ...]:
    """Return the syntaxes for the answer to a query of this form, the server's favourite first."""
    match form:
        case "CONSTRUCT" | "DESCRIBE":
            return mediatypes.GRAPHS
        case "ASK":
            return _ASKED
        case _:
            return mediatypes.RESULTS


def negotiate(accept: str | None, wanted: str, available: Sequence[Syntax]) -> Syntax:
    """Return the syntax that ``wanted`` (the parameter ``format``) names, else the best by Accept.

    ``application/json`` and ``application/xml`` mean the JSON or XML there is for this answer.

    Raises:
        NotAcceptable: None of them is available.

    >>> negotiate("application/json", "", mediatypes.GRAPHS).label
    'JSON-LD'
    """
    if not wanted:
        json = JSON_LD if JSON_LD in available else RESULTS_JSON
        xml = RDF_XML if RDF_XML in available else RESULTS_XML
        header = re.sub(r"\bapplication/json\b", json.media_type, accept or "")
        header = re.sub(r"\b(application|text)/xml\b", xml.media_type, header)
        return choose(header, available)
    named = [syntax for syntax in available if _is_named(syntax, wanted.lower())]
    if not named:
        names = ", ".join(syntax.media_type for syntax in available)
        raise NotAcceptable(
            f"There is no format '{wanted}' for this answer; there is {names}.",
            [syntax.media_type for syntax in available],
            sv=f"Formatet '{wanted}' finns inte för det här svaret; det finns {names}.",
        )
    return named[0]


def _is_named(syntax: Syntax, name: str) -> bool:
    """Tell whether a client calls a syntax so: by media type, suffix or label.

    >>> _is_named(mediatypes.RESULTS_JSON, "json"), _is_named(mediatypes.TURTLE, "turtle")
    (True, True)
    """
    names = {syntax.media_type, syntax.suffix, syntax.label.lower()}
    if syntax in (JSON_LD, RDF_XML):
        names |= {"json"} if syntax is JSON_LD else {"xml"}
    return _SHORT.get(name, name) in names


def _posted(request: Request) -> bytes:
    """Read what was posted; a client may send it as slowly as it likes, and keeps a thread so long.

    Raises:
        Overloaded: Too many are being read just now.
    """
    if not _READING.acquire(timeout=_PATIENCE):
        raise Overloaded(
            "Too many requests are being received: try again, or use GET.",
            sv="För många begäranden tas emot just nu: försök igen, eller använd GET.",
        )
    try:
        return request.get_data()
    finally:
        _READING.release()


def _parameters(encoded: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            encoded.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MAX_PARAMETERS,
        )
    except ValueError as error:
        raise _not_text() from error


def _text(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise _not_text() from error


def _not_text() -> Malformed:
    return Malformed(
        "The request cannot be read: its parameters are not UTF-8, or are too many.",
        sv="Begäran kan inte läsas: parametrarna är inte UTF-8, eller för många.",
    )


def _asked(pairs: Sequence[tuple[str, str]], *, required: bool) -> Asked:
    def values(name: str) -> list[str]:
        return [value for key, value in pairs if key == name]

    if values("update"):
        raise Refused(
            "Here queries are answered, and nothing is changed: updates are not offered.",
            sv="Här besvaras frågor, och inget ändras: uppdateringar finns inte.",
        )
    texts = values("query")
    if len(texts) > 1 or (required and not texts):
        raise Malformed(
            "Give the parameter 'query' exactly once.", sv="Ange parametern 'query' exakt en gång."
        )
    default, named = values("default-graph-uri"), values("named-graph-uri")
    for iri in (*default, *named):
        if not is_iri(iri):
            raise Malformed(f"'{iri}' is not an absolute IRI.", sv=f"'{iri}' är ingen absolut IRI.")
    chosen = bool(default or named)
    return Asked(
        texts[0] if texts else None,
        default if chosen else None,
        named if chosen else None,
        next(iter(values("format")), ""),
    )
