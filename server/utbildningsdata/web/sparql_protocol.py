"""A request to the SPARQL endpoint, read as SPARQL 1.1 Protocol, section 2.1, says.

QUERY is POST for what changes nothing: the same bodies, safe and idempotent.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from flask import Request

from utbildningsdata.errors import Malformed, NotAcceptable, Refused, Unsupported
from utbildningsdata.rdf import mediatypes
from utbildningsdata.rdf.iris import is_iri
from utbildningsdata.rdf.mediatypes import JSON_LD, RDF_XML, RESULTS_JSON, RESULTS_XML, Syntax
from utbildningsdata.rdf.negotiation import choose
from utbildningsdata.web.bodies import FORM, is_utf_8, parameters, receive, text

DIRECT = "application/sparql-query"
TAKEN = (DIRECT, FORM)
"""The media types in which a query can be sent."""

BODIED = ("POST", "QUERY")
"""The methods that send a query in their body."""

_MAX_BODY = 2 * 1024 * 1024  # bytes: a query of the largest size with every sign percent-encoded
_USUAL = 500  # characters of an Accept header whose choice is remembered: clients send the same
_JSON = re.compile(r"\bapplication/json\b(?![+-])", re.IGNORECASE)
_XML = re.compile(r"\b(?:application|text)/xml\b(?![+-])", re.IGNORECASE)
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
    """Read a GET, or a POST or QUERY of a form or of the query itself.

    Raises:
        Malformed: A parameter is not UTF-8, is missing, or stands there twice.
        Refused: It is an update.
        TooLarge: More was sent than a query may have.
        Overloaded: Too many are sending.
        Unsupported: What was sent is of another media type.
    """
    pairs = parameters(request.query_string)
    if request.method in BODIED:
        if request.mimetype not in TAKEN or not is_utf_8(request.mimetype_params.get("charset")):
            raise _unsupported()
        content = receive(request, _MAX_BODY)
        pairs += parameters(content) if request.mimetype == FORM else [("query", text(content))]
    return _asked(pairs, required=request.method in BODIED)


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
        choice = _remembered if len(accept or "") <= _USUAL else _chosen
        return choice(accept or "", tuple(available))
    named = [syntax for syntax in available if _is_named(syntax, wanted.lower())]
    if not named:
        names = ", ".join(syntax.media_type for syntax in available)
        raise NotAcceptable(
            f"There is no format '{wanted}' for this answer; there is {names}.",
            [syntax.media_type for syntax in available],
            sv=f"Formatet '{wanted}' finns inte för det här svaret; det finns {names}.",
        )
    return named[0]


def _chosen(accept: str, available: tuple[Syntax, ...]) -> Syntax:
    json = JSON_LD if JSON_LD in available else RESULTS_JSON
    xml = RDF_XML if RDF_XML in available else RESULTS_XML
    header = _JSON.sub(json.media_type, accept)
    return choose(_XML.sub(xml.media_type, header), available)


_remembered = lru_cache(maxsize=256)(_chosen)


def _is_named(syntax: Syntax, name: str) -> bool:
    """Tell whether a client calls a syntax so: by media type, suffix or label.

    >>> _is_named(mediatypes.RESULTS_JSON, "json"), _is_named(mediatypes.TURTLE, "turtle")
    (True, True)
    """
    names = {syntax.media_type, syntax.suffix, syntax.label.lower()}
    if syntax in (JSON_LD, RDF_XML):
        names |= {"json"} if syntax is JSON_LD else {"xml"}
    return _SHORT.get(name, name) in names


def _unsupported() -> Unsupported:
    names = " or ".join(TAKEN)
    return Unsupported(
        f"Send a query as {names}, in UTF-8; updates are taken at sparql/update.",
        TAKEN,
        sv=f"Skicka en fråga som {names}, i UTF-8; ändringar tas emot på sparql/update.",
    )


def _asked(pairs: Sequence[tuple[str, str]], *, required: bool) -> Asked:
    def values(name: str) -> list[str]:
        return [value for key, value in pairs if key == name]

    if values("update"):
        raise Refused(
            "Here queries are answered and nothing is changed: updates are taken at sparql/update.",
            "update",
            sv="Här besvaras frågor och inget ändras: ändringar tas emot på sparql/update.",
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
