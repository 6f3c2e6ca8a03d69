"""Feeds over HTTP: ``/datasets/dcat`` for the national portal, ``/catalog.*`` for everyone.

One document with its length, a strong tag for each coding, and answers to every condition a
harvester may set (RFC 9110, section 13). No Range: a dump is fetched whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

from flask import Blueprint, Response, request

from utbildningsdata.bootstrap import Services
from utbildningsdata.model.feed_profile import FULL, NATIONAL
from utbildningsdata.rdf.mediatypes import RDF_XML, Syntax
from utbildningsdata.rdf.negotiation import accepts_gzip
from utbildningsdata.rdf.serialise import FEEDS
from utbildningsdata.services.feed import Dump, Dumps
from utbildningsdata.web import large

_SYNTAXES = {syntax.suffix: syntax for syntax in FEEDS}
_SUFFIX = f"<any({', '.join(_SYNTAXES)}):suffix>"


def blueprint(services: Services) -> Blueprint:
    """Return the routes of the feeds."""
    feeds = Blueprint("feeds", __name__)
    dumps = Dumps()

    @feeds.get("/datasets/dcat")
    def national() -> Response:
        """Answer with what this catalogue answers for, always as RDF/XML."""
        return _answer(services, dumps, NATIONAL, RDF_XML)

    @feeds.get(f"/datasets/dcat.{_SUFFIX}")
    def national_document(suffix: str) -> Response:
        """Answer with what this catalogue answers for, in the syntax of the suffix."""
        return _answer(services, dumps, NATIONAL, _SYNTAXES[suffix])

    @feeds.get(f"/catalog.{_SUFFIX}")
    def full(suffix: str) -> Response:
        """Answer with the whole catalogue, in the syntax of the suffix."""
        return _answer(services, dumps, FULL, _SYNTAXES[suffix])

    return feeds


def _answer(services: Services, dumps: Dumps, feed: str, syntax: Syntax) -> Response:
    gzipped = accepts_gzip(request.headers.get("Accept-Encoding"))
    with ExitStack() as stack:
        revision = stack.enter_context(services.revisions.current())
        dump = dumps.dump(revision, feed, syntax)
        response = Response()
        if _is_known(dump.tag(gzipped=gzipped), revision.published):
            response.status_code = 304
            del response.headers["Content-Type"]
        else:
            _describe(response, dump, gzipped=gzipped)
            if request.method != "HEAD":
                large.reserve(response, dump.size(gzipped=gzipped))
                response.response = _sent(dump.chunks(revision, gzipped=gzipped))
                response.call_on_close(stack.pop_all().close)
    _validators(response, dump.tag(gzipped=gzipped), revision.published)
    return response


def _sent(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Give chunks that are worth a write each: blocks are small."""
    waiting = bytearray()
    for chunk in chunks:
        waiting += chunk
        if len(waiting) >= 65_536:
            yield bytes(waiting)
            waiting.clear()
    yield bytes(waiting)


def _describe(response: Response, dump: Dump, *, gzipped: bool) -> None:
    response.content_type = dump.syntax.content_type
    response.content_length = dump.size(gzipped=gzipped)
    if gzipped:
        response.content_encoding = "gzip"


def _is_known(tag: str, published: datetime) -> bool:
    """Tell whether the client has this dump; If-None-Match goes before If-Modified-Since."""
    if "If-None-Match" in request.headers:
        return request.if_none_match.contains_weak(tag)
    since = request.if_modified_since
    return since is not None and published.replace(microsecond=0) <= since


def _validators(response: Response, tag: str, published: datetime) -> None:
    response.set_etag(tag)
    # A date counts whole seconds: within the second another revision could come (section 8.8.2.2).
    if datetime.now(UTC) - published >= timedelta(seconds=1):
        response.last_modified = published
    response.headers["Cache-Control"] = "no-cache"
    response.vary.add("Accept-Encoding")
