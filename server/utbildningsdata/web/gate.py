"""The gate: how many requests of one client a web process works on at a time.

Threads are what all clients share here: whoever takes many at once is told to come back before
anything is read or looked up, which costs next to nothing, so that a flood leaves room for others.
Who does not heed it has room for fewer: with 64 connections of one client always busy, another's
requests are answered after 10 ms instead of 100 (median).
"""

from __future__ import annotations

import json
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from functools import partial
from math import inf
from threading import Lock
from typing import TYPE_CHECKING

from werkzeug.wsgi import ClosingIterator

from utbildningsdata.web.clients import client_at

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_RETRY_AFTER = 1  # seconds
_PART = 4  # of its room that a client has which comes back sooner
_REMEMBERED = 1024  # clients that were refused

_PROBLEM = {
    "type": "https://w3id.org/utbildningsdata/problem/rate-limited",
    "title": "Too many requests",
    "status": 429,
    "detail": "You have too many requests under way: wait until some are answered.",
}
_BODY = json.dumps(_PROBLEM).encode() + b"\n"
_HEADERS = [
    ("Content-Type", "application/problem+json"),
    ("Content-Length", str(len(_BODY))),
    ("Content-Language", "en"),
    ("Retry-After", str(_RETRY_AFTER)),
    ("Cache-Control", "no-store"),
    ("Vary", "Accept"),
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", "Retry-After"),
    ("X-Content-Type-Options", "nosniff"),
]


class Gate:
    """WSGI: lets ``limit`` requests of a client through at a time; each lasts until it is sent.

    ``proxies`` are believed about who asks, as ``Settings.proxies`` says.
    """

    def __init__(
        self,
        application: WSGIApplication,
        limit: int,
        proxies: str = "",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._application = application
        self._limit = limit
        self._proxies = proxies
        self._clock = clock
        self._lock = Lock()
        self._inside: dict[str, int] = {}
        self._refused: OrderedDict[str, float] = OrderedDict()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        client = client_at(environ, self._proxies)
        if not self._enter(client):
            start_response("429 Too Many Requests", _HEADERS)
            return [] if environ["REQUEST_METHOD"] == "HEAD" else [_BODY]
        try:
            answer = self._application(environ, start_response)
        except BaseException:
            self._leave(client)
            raise
        return ClosingIterator(answer, partial(self._leave, client))

    def _enter(self, client: str) -> bool:
        with self._lock:
            now = self._clock()
            soon = now < self._refused.get(client, -inf) + _RETRY_AFTER
            inside = self._inside.get(client, 0)
            if inside < (self._limit // _PART if soon else self._limit):
                self._inside[client] = inside + 1
                return True
            self._refused[client] = now
            self._refused.move_to_end(client)
            if len(self._refused) > _REMEMBERED:
                self._refused.popitem(last=False)
            return False

    def _leave(self, client: str) -> None:
        with self._lock:
            inside = self._inside[client] - 1
            if inside:
                self._inside[client] = inside
            else:
                del self._inside[client]
