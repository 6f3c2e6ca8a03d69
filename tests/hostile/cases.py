"""The cases: a request and what the server must answer, read from ``cases/*.json``.

A file is ``{"class": …, "about": …, "cases": […]}``. A case has a ``name`` and one of

* ``query``: a text, sent ``by`` form (or get, direct), with ``parameters`` besides,
* ``update``: a text, sent likewise to ``/sparql/update``,
* ``put`` or ``post``: a document of media ``type`` for the ``graph``,
* ``request``: method and path, with a ``body``; or ``raw``: every byte of a request.

``headers`` go with it; ``token`` is whose: ``writer`` (updates and documents, unless said),
``narrow`` (for another kind of record), ``false`` (none that we gave) or ``none``.
What is demanded: one of ``status``, and where they are given ``problem`` (the name of its type),
``holds`` and ``lacks`` (texts in the body), ``answered`` (headers), ``within`` (seconds instead of
the deadline and half a second), ``bare`` (the HTTP server itself may answer, without a problem).
``quick`` cases are tests too. Texts are those of ``texts``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote_from_bytes

from hostile.texts import render

FOLDER = Path(__file__).parent / "cases"
FORM = "application/x-www-form-urlencoded"

_KINDS = ("query", "update", "put", "post", "request", "raw")
_KNOWN = frozenset(
    {"name", "class", "why", "by", "type", "graph", "parameters", "headers", "body", "token"}
    | {"status", "problem", "holds", "lacks", "answered", "within", "bare", "quick", *_KINDS}
)
_GRAPH = "@base@dataset/fientlig"
_DIRECT = {"query": "application/sparql-query", "update": "application/sparql-update"}


@dataclass(frozen=True, slots=True)
class Target:
    """A server to attack: the path of its base, values for texts, and tokens by name."""

    root: str
    values: Mapping[str, str]
    tokens: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Case:
    """One request, and what must be answered."""

    group: str
    said: Mapping[str, Any]

    @property
    def name(self) -> str:
        """What the case is called."""
        return str(self.said["name"])

    @property
    def kind(self) -> str:
        """What is sent: one of ``query``, ``update``, ``put``, ``post``, ``request``, ``raw``."""
        return next(kind for kind in _KINDS if kind in self.said)

    @property
    def quick(self) -> bool:
        """Whether it is a test of every run."""
        return bool(self.said.get("quick"))

    @property
    def token(self) -> str:
        """Whose token goes with it."""
        writes = self.kind in ("update", "put", "post")
        return str(self.said.get("token", "writer" if writes else "none"))

    @property
    def statuses(self) -> tuple[int, ...]:
        """The statuses of which one must be answered."""
        return tuple(self.said["status"])

    def request(self, target: Target) -> bytes:
        """Return every byte of the request."""
        if self.kind == "raw":
            return render(self.said["raw"], target.values)
        method, path, headers, body = self._parts(target)
        headers = {"Host": target.values["host"], "Connection": "close"} | headers
        if body or method in ("POST", "PUT", "QUERY"):
            headers.setdefault("Content-Length", str(len(body)))
        for name, text in self.said.get("headers", {}).items():
            headers[name] = render(text, target.values).decode("latin-1")
        if token := target.tokens.get(self.token):
            headers.setdefault("Authorization", f"Bearer {token}")
        lines = [f"{method} {target.root}{path} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + body

    def _parts(self, target: Target) -> tuple[str, str, dict[str, str], bytes]:
        if self.kind == "request":
            method, _, path = render(self.said["request"], target.values).decode().partition(" ")
            return method, path, {}, render(self.said.get("body", ""), target.values)
        if self.kind in ("put", "post"):
            graph = render(self.said.get("graph", _GRAPH), target.values)
            path = "/sparql/graphs?graph=" + quote_from_bytes(graph, safe="")
            headers = {"Content-Type": self.said["type"]}
            return self.kind.upper(), path, headers, render(self.said[self.kind], target.values)
        return self._operation(target)

    def _operation(self, target: Target) -> tuple[str, str, dict[str, str], bytes]:
        path = "/sparql" if self.kind == "query" else "/sparql/update"
        content = render(self.said[self.kind], target.values)
        more = "".join(self._parameters(target))
        accept = {"Accept": "application/sparql-results+json, text/turtle;q=0.5, */*;q=0.1"}
        match self.said.get("by", "form"):
            case "get":
                return "GET", f"{path}?{self.kind}={quote_from_bytes(content)}{more}", accept, b""
            case "direct":
                headers = accept | {"Content-Type": _DIRECT[self.kind]}
                return "POST", f"{path}?{more[1:]}", headers, content
        body = f"{self.kind}={quote_from_bytes(content)}{more}".encode()
        return "POST", path, accept | {"Content-Type": FORM}, body

    def _parameters(self, target: Target) -> Iterator[str]:
        for name, text in self.said.get("parameters", {}).items():
            yield f"&{name}={quote_from_bytes(render(text, target.values))}"


def load(folder: Path = FOLDER) -> list[Case]:
    """Read every case, in the order of the files and of what they say.

    Raises:
        ValueError: A case says something that nobody knows, or lacks something.
    """
    return [case for file in sorted(folder.glob("*.json")) for case in _read(file)]


def _read(file: Path) -> Iterator[Case]:
    content = json.loads(file.read_text(encoding="utf-8"))
    for said in content["cases"]:
        unknown = set(said) - _KNOWN
        kinds = [kind for kind in _KINDS if kind in said]
        if unknown or len(kinds) != 1 or not said.get("status") or not said.get("name"):
            raise ValueError(f"{file.name}: {said.get('name')!r}: {unknown or kinds}")
        yield Case(said.get("class", content["class"]), said)
