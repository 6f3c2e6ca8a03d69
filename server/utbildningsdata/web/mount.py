"""Where the application lies on its host: under the path of the base, twice, once per language."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from utbildningsdata.web.language import ENGLISH, ENVIRON_KEY, SWEDISH

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

OUTSIDE_KEY = "utbildningsdata.outside"
"""Set in the environ of a request whose path is not under the base."""


class Mount:
    """WSGI: takes the base's path and the language off ``PATH_INFO`` before routing.

    Views are thus written once, without prefixes. What lies outside the base goes to the
    application too, marked, so that the answer is a problem like any other.
    """

    def __init__(self, application: WSGIApplication, root: str) -> None:
        self._application = application
        self._root = unquote_to_bytes(root).decode("latin-1")

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        path = environ.get("PATH_INFO", "") or "/"
        if path + "/" == self._root:
            path = self._root
        if not path.startswith(self._root):
            environ[OUTSIDE_KEY] = True
            return self._application(environ, start_response)
        rest, language = path[len(self._root) :], SWEDISH
        if rest == ENGLISH or rest.startswith(ENGLISH + "/"):
            rest, language = rest[len(ENGLISH) + 1 :], ENGLISH
        environ["PATH_INFO"] = "/" + rest
        environ["SCRIPT_NAME"] = path[: len(path) - len(rest)].rstrip("/")
        environ[ENVIRON_KEY] = language
        return self._application(environ, start_response)
