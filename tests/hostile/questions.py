"""Questions whose right answers are known: what good clients ask while others attack."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from hostile.exchange import Answer, exchange
from hostile.site import ROOT, Site

_DOCUMENTS = (
    "method/salsa.ttl",
    "concept/school-form.ttl",
    "organisation/skolverket.ttl",
    "catalog/query.jsonld",
)
_TEXTS = """SELECT ?text WHERE { ?query a sh:SPARQLExecutable ; sh:select|sh:ask ?text
  FILTER(!CONTAINS(?text, "modified") && !CONTAINS(?text, "issued") && !CONTAINS(?text, "NOW")) }"""
_PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class Question:
    """A request and what tells whether an answer (a 200) is the right one."""

    name: str
    request: bytes
    right: Callable[[Answer], bool]


def known(site: Site) -> list[Question]:
    """Ask everything twice while nobody else does, and keep what was answered alike.

    Raises:
        RuntimeError: The server does not answer even so.
    """
    first = exchange(site.port, query(_TEXTS), "127.0.0.1", _PATIENCE)
    if first.status != 200:
        raise RuntimeError(f"The catalogue's queries are not answered: {first}")
    rows = first.json()["results"]["bindings"]
    requests = {f"query {n}": query(row["text"]["value"]) for n, row in enumerate(rows)}
    requests |= {path: get(path) for path in _DOCUMENTS}
    return [*_kept(site, requests), Question("ASK", query("ASK {}"), _is_true)]


def echo() -> Question:
    """Return a question that nobody else asks, so that an answer to another is noticed."""
    number = str(random.randrange(10**15))  # noqa: S311 no secret
    request = query(f"SELECT ?number {{ VALUES ?number {{ '{number}' }} }}")
    return Question("echo", request, lambda answer: values(answer) == [number])


def query(text: str) -> bytes:
    """Return the request for a query by GET, answered as JSON."""
    return get(f"sparql?query={quote(text)}", "application/sparql-results+json")


def get(path: str, accept: str = "*/*") -> bytes:
    """Return the request for a path below the base."""
    head = f"GET {ROOT}/{path} HTTP/1.1\r\nHost: x\r\nAccept: {accept}\r\nConnection: close\r\n\r\n"
    return head.encode()


def values(answer: Answer) -> list[str]:
    """Return the values of every cell of a table, row by row."""
    rows = answer.json()["results"]["bindings"]
    return [cell["value"] for row in rows for cell in row.values()]


def _kept(site: Site, requests: dict[str, bytes]) -> Iterator[Question]:
    for name, request in requests.items():
        one, two = (exchange(site.port, request, "127.0.0.1", _PATIENCE) for _ in range(2))
        if (one.status, two.status) == (200, 200) and _content(one) == _content(two):
            yield Question(name, request, _same_as(_content(one)))


def _same_as(content: Any) -> Callable[[Answer], bool]:
    return lambda answer: _content(answer) == content


def _content(answer: Answer) -> Any:
    """Return what an answer says, whatever the order of its rows."""
    said = answer.json()
    if isinstance(said, dict) and "results" in said:
        return said["head"], sorted(json.dumps(row) for row in said["results"]["bindings"])
    return answer.body


def _is_true(answer: Answer) -> bool:
    said = answer.json()
    return isinstance(said, dict) and said.get("boolean") is True
