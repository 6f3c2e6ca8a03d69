"""Tokens that let a client write: what is known of one, and what its scopes cover."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

WRITE = "write"
"""The scope that covers every graph; ``write:<kind>`` covers the records of one kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A token as it is kept: who has it and what for, but not the secret itself.

    ``id`` is the part of the token that may be shown, ``digest`` the SHA-256 of its secret in
    hexadecimal. ``expires`` is None for a token that never does.
    """

    id: str
    name: str
    digest: str
    scopes: tuple[str, ...]
    created: datetime
    expires: datetime | None = None
    revoked: datetime | None = None

    def valid(self, now: datetime) -> bool:
        """Tell whether the token may be used at a time."""
        return self.revoked is None and (self.expires is None or now < self.expires)


def covers(scopes: Sequence[str], kind: str) -> bool:
    """Tell whether scopes let a client write records of a kind; ``""`` is what has no kind.

    >>> covers(("write:dataset",), "dataset"), covers(("write:dataset",), "need")
    (True, False)
    >>> covers(("write",), "")
    True
    """
    return WRITE in scopes or (bool(kind) and f"{WRITE}:{kind}" in scopes)
