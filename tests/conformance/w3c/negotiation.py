"""Tests of content negotiation on the endpoint: ours, since the suite has none (RFC 9110, 12.5.1).

Each row is asked twice over: what is answered, and whether the answer says that it was negotiated.
"""

from __future__ import annotations

from dataclasses import dataclass

from conformance.w3c.endpoint import QUERY, Failed, Response, Store

_JSON = "application/sparql-results+json"
_XML = "application/sparql-results+xml"
_CSV = "text/csv"
_TSV = "text/tab-separated-values"
_TURTLE = "text/turtle"
_TABLES = (_JSON, _XML, _CSV, _TSV)

_SELECT = "SELECT (1 AS ?one) {}"
_ASK = "ASK {}"
_CONSTRUCT = "CONSTRUCT { <x:s> <x:p> 1 } {}"


@dataclass(frozen=True, slots=True)
class Asked:
    """A query, its Accept header (None: none is sent), and the media types that are right.

    No media types means 406.
    """

    query: str
    accept: str | None
    right: tuple[str, ...]

    @property
    def name(self) -> str:
        """Return form and header."""
        return f"{self.query.split()[0]} {self.accept or 'without Accept'}"


CASES = (
    Asked(_SELECT, None, _TABLES),
    Asked(_SELECT, "*/*", _TABLES),
    Asked(_SELECT, _JSON, (_JSON,)),
    Asked(_SELECT, _XML, (_XML,)),
    Asked(_SELECT, _CSV, (_CSV,)),
    Asked(_SELECT, _TSV, (_TSV,)),
    Asked(_SELECT, "APPLICATION/SPARQL-RESULTS+JSON", (_JSON,)),
    Asked(_SELECT, f"{_XML};q=0.5, {_JSON};q=0.9", (_JSON,)),
    Asked(_SELECT, f"{_CSV};q=0.1,{_XML}", (_XML,)),
    Asked(_SELECT, "text/*", (_CSV, _TSV)),
    Asked(_SELECT, "application/*;q=0.2, text/csv;q=0.1", (_JSON, _XML)),
    Asked(_SELECT, f"{_CSV};q=0, text/*", (_TSV,)),
    Asked(_SELECT, f"{_XML};q=0.001, */*;q=0", (_XML,)),
    Asked(_SELECT, "image/png, text/csv;q=0.2", (_CSV,)),
    Asked(_SELECT, "image/png", ()),
    Asked(_ASK, _JSON, (_JSON,)),
    Asked(_ASK, _XML, (_XML,)),
    Asked(_CONSTRUCT, _TURTLE, (_TURTLE,)),
    Asked(_CONSTRUCT, "application/n-triples", ("application/n-triples",)),
    Asked(_CONSTRUCT, "application/rdf+xml", ("application/rdf+xml",)),
    Asked(_CONSTRUCT, f"{_TURTLE};q=0.4, application/n-triples", ("application/n-triples",)),
    Asked(_CONSTRUCT, _CSV, ()),
)


def accept(store: Store, asked: Asked) -> str:
    """Check the media type of the answer.

    Raises:
        Failed: It is another one.
    """
    answer = _answer(store, asked)
    if not asked.right:
        if answer.status != 406:
            raise Failed(f"expected 406, found {answer.status} {answer.media_type}")
    elif answer.status != 200 or answer.media_type not in asked.right:
        expected = " or ".join(asked.right)
        raise Failed(f"expected {expected}, found {answer.status} {answer.media_type}")
    return ""


def vary(store: Store, asked: Asked) -> str:
    """Check that the answer, also a refusal, says that it depends on Accept (RFC 9110, 12.5.5).

    Raises:
        Failed: It does not.
    """
    answer = _answer(store, asked)
    fields = answer.headers.get_all("Vary") or []
    names = {name.strip().lower() for field in fields for name in field.split(",")}
    if not names & {"accept", "*"}:
        raise Failed(f"no Vary: Accept (status {answer.status})")
    return ""


def _answer(store: Store, asked: Asked) -> Response:
    headers = {} if asked.accept is None else {"Accept": asked.accept}
    endpoint = store.endpoint
    return endpoint.send(
        "POST", endpoint.query, asked.query.encode(), Content_Type=QUERY, **headers
    )
