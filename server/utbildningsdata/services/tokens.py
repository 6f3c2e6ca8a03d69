"""Tokens: give one out, take it back, and tell whose one is.

A token is ``ud_<id>_<secret>``. The secret has 256 random bits, so that its plain SHA-256, which is
all that is kept, cannot be guessed backwards; it is shown once, when it is made.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from utbildningsdata.errors import Malformed, NotFound, Unauthenticated
from utbildningsdata.model.token import WRITE, Token
from utbildningsdata.store.ports import Credentials

DAYS = 90
"""Days after which a token expires, unless its maker says otherwise."""

_PREFIX = "ud"
_SECRET_BYTES = 32
_ID_BYTES = 5
_MAX_NAME = 80
_MAX_DAYS = 3660
_MAX_TOKEN = 200  # characters of what may be a token; ours have 58
_NOBODYS = hashlib.sha256(b"").hexdigest()


def issue(
    credentials: Credentials,
    name: str,
    *,
    scopes: Sequence[str] = (),
    days: int = DAYS,
    kinds: Collection[str],
    now: datetime | None = None,
) -> tuple[Token, str]:
    """Make a token for ``name``; return it, and the text that its owner sends.

    ``scopes`` are ``write`` (also where there are none) or ``write:<kind>`` of one of ``kinds``.
    With 0 ``days`` it never expires.

    Raises:
        Malformed: The name, a scope or the days make no sense.
    """
    _check(name, scopes, days, kinds)
    created = now or datetime.now(UTC)
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    token = Token(
        id=secrets.token_hex(_ID_BYTES),
        name=name,
        digest=_digest(secret),
        scopes=tuple(sorted(set(scopes))) or (WRITE,),
        created=created,
        expires=created + timedelta(days=days) if days else None,
    )
    credentials.change(lambda tokens: [*tokens, token])
    return token, f"{_PREFIX}_{token.id}_{secret}"


def revoke(credentials: Credentials, token_id: str, *, now: datetime | None = None) -> Token:
    """Make a token invalid from now on, and return it; it stays in the list.

    Raises:
        NotFound: There is no token with this id.
    """
    moment = now or datetime.now(UTC)

    def change(tokens: Sequence[Token]) -> Sequence[Token]:
        if all(token.id != token_id for token in tokens):
            raise NotFound(
                f"There is no token '{token_id}': 'token list' shows those there are.",
                sv=f"Det finns ingen nyckel '{token_id}': 'token list' visar de som finns.",
            )
        return [_revoked(token, moment) if token.id == token_id else token for token in tokens]

    credentials.change(change)
    return next(token for token in credentials.read() if token.id == token_id)


def owner(credentials: Credentials, text: str, *, now: datetime | None = None) -> Token:
    """Return the token that a client sent as ``text``.

    An unknown id takes the same work as a wrong secret, and both give the same answer.

    Raises:
        Unauthenticated: There is no such token, or it is no longer valid.
    """
    prefix, _, rest = text[:_MAX_TOKEN].partition("_")
    token_id, _, secret = rest.partition("_")
    known = {token.id: token for token in credentials.read()}
    token = known.get(token_id)
    right = hmac.compare_digest(_digest(secret), token.digest if token else _NOBODYS)
    if not (token and right and prefix == _PREFIX):
        raise Unauthenticated("The token is not known here.", sv="Nyckeln är inte känd här.")
    if not token.valid(now or datetime.now(UTC)):
        raise Unauthenticated(
            "The token has expired or was revoked: ask for a new one.",
            sv="Nyckeln har gått ut eller återkallats: be om en ny.",
        )
    return token


def _check(name: str, scopes: Sequence[str], days: int, kinds: Collection[str]) -> None:
    if not (name.isprintable() and name == name.strip() and 0 < len(name) <= _MAX_NAME):
        raise Malformed(
            f"A token's name has 1 to {_MAX_NAME} printable characters.",
            sv=f"En nyckels namn har 1 till {_MAX_NAME} skrivbara tecken.",
        )
    if not 0 <= days <= _MAX_DAYS:
        raise Malformed(
            f"A token lasts 1 to {_MAX_DAYS} days, or 0 for ever.",
            sv=f"En nyckel räcker 1 till {_MAX_DAYS} dagar, eller 0 för alltid.",
        )
    allowed = [WRITE, *(f"{WRITE}:{kind}" for kind in sorted(kinds))]
    for scope in scopes:
        if scope not in allowed:
            raise Malformed(
                f"There is no scope '{scope}'; there is {', '.join(allowed)}.",
                sv=f"Behörigheten '{scope}' finns inte; det finns {', '.join(allowed)}.",
            )


def _revoked(token: Token, moment: datetime) -> Token:
    return token if token.revoked else replace(token, revoked=moment)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
