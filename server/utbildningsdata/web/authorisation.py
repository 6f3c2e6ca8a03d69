"""Who may write: the token of a request, in ``Authorization`` and nowhere else.

``Bearer`` is the way; ``Basic`` with the token as the password is for clients that know no other.
The challenge never says Basic, so that no browser asks for a password and then sends it by itself.
A request that another site's page makes is refused unless it has a Bearer token, which only the
script that made the request can have added. No cookie is ever read.
"""

from __future__ import annotations

from flask import Request, Response, g, request

from utbildningsdata.errors import Forbidden, Unauthenticated
from utbildningsdata.model.token import Token
from utbildningsdata.services import tokens
from utbildningsdata.store.ports import Credentials

_BEARER = "bearer"
_BASIC = "basic"
_ELSEWHERE = ("cross-site", "same-site")
_REALM = 'Bearer realm="utbildningsdata"'


def authorise(credentials: Credentials) -> Token:
    """Return the token of the request.

    Raises:
        Forbidden: A page of another site made the request.
        Unauthenticated: There is no token, or it is not valid.
    """
    scheme, text = _sent(request)
    if scheme != _BEARER and request.headers.get("Sec-Fetch-Site", "").lower() in _ELSEWHERE:
        raise Forbidden(
            "A page of another site may not write here without a Bearer token.",
            sv="En sida på en annan webbplats får inte skriva här utan en Bearer-nyckel.",
        )
    if not text:
        raise Unauthenticated(
            "To write, send a token: 'Authorization: Bearer ud_…'.",
            sv="För att skriva behövs en nyckel: 'Authorization: Bearer ud_…'.",
        )
    token = tokens.owner(credentials, text)
    g.token = token
    return token


def challenge(response: Response) -> Response:
    """Say in an answer of 401, or of 403 to somebody known, what is lacking (RFC 6750)."""
    if response.status_code == 401:
        fault = ', error="invalid_token"' if "Authorization" in request.headers else ""
        response.headers["WWW-Authenticate"] = _REALM + fault
    elif response.status_code == 403 and "token" in g:
        response.headers["WWW-Authenticate"] = f'{_REALM}, error="insufficient_scope"'
    return response


def _sent(asking: Request) -> tuple[str, str]:
    """Return the scheme in small letters, and the token; both empty where there is none."""
    sent = asking.authorization
    if sent is None:
        return "", ""
    text = sent.password if sent.type == _BASIC else sent.token if sent.type == _BEARER else ""
    return sent.type, text or ""
