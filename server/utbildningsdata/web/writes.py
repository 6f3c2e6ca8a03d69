"""What the two protocols for writing share: the request's id, its conditions, and the answer."""

from __future__ import annotations

import json
import re
import uuid

from flask import Blueprint, Response, g, request

from utbildningsdata.errors import Malformed
from utbildningsdata.store.writes.ports import Written
from utbildningsdata.web.authorisation import challenge

MAX_BODY = 8 * 1024 * 1024
"""Bytes that a client may send at once."""

_JSON = "application/json"
_ASKS_FOR_JSON = re.compile(r"(?:^|,)[ \t]*application/json[ \t]*(?:[;,]|$)", re.IGNORECASE)
_MAX_ACCEPT = 1000
_SENT = "Accept, Authorization, Content-Type, If-Match, If-None-Match"
_TAG_DIGITS = 32


def identify(routes: Blueprint) -> None:
    """Give each request of a blueprint an id, and its answers the headers that all have."""
    routes.before_request(_begin)
    routes.after_request(_finish)


def request_id() -> str:
    """Return the id of the request, which its activity is recorded with."""
    return str(g.request_id)


def options(methods: str, accepted: str = "") -> Response:
    """Say what may be sent, to scripts of other sites too (CORS preflight).

    ``accepted`` are the media types that POST takes.
    """
    response = Response(status=204)
    response.headers["Allow"] = methods
    response.headers["Access-Control-Allow-Methods"] = methods
    response.headers["Access-Control-Allow-Headers"] = _SENT
    response.headers["Access-Control-Max-Age"] = "86400"
    if accepted:
        response.headers["Accept-Post"] = accepted
    return _bare(response)


def if_match() -> tuple[str, ...] | None:
    """Return the tags of ``If-Match``, of which one must be current; None without the header.

    Weak tags are left out: they never match here (RFC 9110, section 13.1.1).
    """
    if "If-Match" not in request.headers:
        return None
    tags = request.if_match
    return ("*",) if tags.star_tag else tuple(sorted(tags.as_set()))


def if_none_match() -> bool:
    """Tell whether the graph must not exist yet: ``If-None-Match: *``.

    Raises:
        Malformed: The header says anything else, which makes no sense in a write.
    """
    if "If-None-Match" not in request.headers:
        return False
    if not request.if_none_match.star_tag:
        raise Malformed(
            "A write takes 'If-None-Match: *' alone; for a known version there is If-Match.",
            sv="En skrivning tar bara 'If-None-Match: *'; för en känd version finns If-Match.",
        )
    return True


def answer(written: Written, *, created: str | None = None) -> Response:
    """Say that a write is published: 204, or what changed as JSON where Accept asks for it.

    ``created`` is the address of a graph that is new: then the status is 201.
    """
    if _asks_for_json():
        response = Response(_changes(written), 201 if created else 200, content_type=_JSON)
    else:
        response = _bare(Response(status=201 if created else 204))
    if created:
        response.headers["Location"] = created
    return response


def _begin() -> None:
    g.request_id = str(uuid.uuid4())


def _finish(response: Response) -> Response:
    response.headers["Request-Id"] = request_id()
    response.headers.setdefault("Cache-Control", "no-store")
    response.vary.add("Accept")
    return challenge(response)


def _bare(response: Response) -> Response:
    """Take away the media type of an answer that has no content."""
    del response.headers["Content-Type"]
    return response


def _asks_for_json() -> bool:
    """Tell whether Accept names JSON; a write is never refused for what it says."""
    return bool(_ASKS_FOR_JSON.search(request.headers.get("Accept", "")[:_MAX_ACCEPT]))


def _changes(written: Written) -> str:
    """Return what a write changed as JSON: IRIs of graphs, and the tag of the one it named.

    The tag is here and in no header, which in the answer to PUT would promise that the document is
    kept byte for byte (RFC 9110, section 9.3.4).
    """
    changes = {
        "request": request_id(),
        "revision": written.revision,
        "added": list(written.added),
        "updated": list(written.updated),
        "removed": list(written.removed),
    }
    if written.document:
        changes["etag"] = f'"{written.document[:_TAG_DIGITS]}"'
    return json.dumps(changes, ensure_ascii=False) + "\n"
