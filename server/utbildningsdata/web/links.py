"""Addresses of pages and documents: always under the path of the base, never from ``Host``."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote, urlsplit

from flask import current_app, request

from utbildningsdata.rdf.iris import Base
from utbildningsdata.web.language import ENGLISH, language

STATIC = Path(__file__).parent / "static"
_SAFE = "/:@!$&'()*+,;=~-._"
_SCHEMES = {"http", "https", "mailto"}


def root() -> str:
    """Return the path of the base, with slashes at both ends."""
    return Base(current_app.config["BASE"]).root


def href(path: str = "", in_language: str | None = None) -> str:
    """Return the address of the page at ``path`` in the request's language, or in another.

    ``path`` may end with a query and a fragment, already encoded; the rest is encoded here.
    """
    chosen = in_language or language()
    return document(f"{ENGLISH}/{path}" if chosen == ENGLISH else path)


def document(path: str) -> str:
    """Return the address of something that has no language, such as a Turtle document."""
    plain, mark, tail = _split(path)
    return root() + quote(plain, safe=_SAFE) + mark + tail


def here(in_language: str) -> str:
    """Return the address of the page that is being made, in a language."""
    prefix = f"{ENGLISH}/" if in_language == ENGLISH else ""
    query = request.query_string.decode("latin-1")
    return root() + quote(prefix + request.path[1:], safe=_SAFE) + ("?" + query if query else "")


def static(name: str) -> str:
    """Return the address of a static file, which changes with its content."""
    return document(f"static/{name}?v={_fingerprint(name)}")


def is_linkable(iri: str) -> bool:
    """Tell whether a page may link to ``iri``: only http, https and mailto ever become links.

    >>> is_linkable("https://example.org/"), is_linkable("javascript:alert(1)")
    (True, False)
    """
    try:
        parts = urlsplit(iri)
    except ValueError:
        return False
    return parts.scheme.lower() in _SCHEMES and bool(parts.netloc or parts.scheme == "mailto")


def _split(path: str) -> tuple[str, str, str]:
    for place, sign in enumerate(path):
        if sign in "?#":
            return path[:place], sign, path[place + 1 :]
    return path, "", ""


@lru_cache(maxsize=64)
def _fingerprint(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
