"""The tokens of a data folder, in a file that only its owner may read.

``data/tokens.json`` is replaced whole, under a lock, so that it is never seen half written. It
holds digests of secrets, and is in no revision, backup or answer.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from utbildningsdata.errors import OperationError
from utbildningsdata.model.token import Token
from utbildningsdata.store import disk, locks

_FILE = "tokens.json"
_LOCK = "tokens.lock"
_OWNER_ONLY = 0o600


class TokenFile:
    """See :class:`utbildningsdata.store.ports.Credentials`."""

    def __init__(self, data: Path, patience: float = locks.PATIENCE) -> None:
        """Name the data folder, which need not exist before the first token is written.

        ``patience`` is the seconds to wait for another process that changes the file.
        """
        self._data = data
        self._file = data / _FILE
        self._patience = patience

    def read(self) -> Sequence[Token]:
        """Return every token, the oldest first.

        Raises:
            OperationError: The file cannot be read, or is damaged.
        """
        try:
            content = self._file.read_bytes()
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise self._failed("read", "läsas", error) from error
        try:
            return tuple(_token(item) for item in json.loads(content)["tokens"])
        except (ValueError, KeyError, TypeError) as error:
            raise OperationError(
                f"{self._file} is damaged: remove it, and give out new tokens.",
                sv=f"{self._file} är skadad: ta bort den, och ge ut nya nycklar.",
            ) from error

    def change(self, change: Callable[[Sequence[Token]], Sequence[Token]]) -> None:
        """Replace all tokens by what ``change`` makes of them, alone in doing so.

        Raises:
            OperationError: The file cannot be read or written, or is damaged.
        """
        try:
            self._data.mkdir(parents=True, exist_ok=True)
            with locks.writing(self._data / _LOCK, self._patience):
                tokens = change(self.read())
                content = json.dumps({"tokens": [_record(token) for token in tokens]}, indent=1)
                disk.write(self._file, content.encode(), mode=_OWNER_ONLY)
                disk.sync(self._data)
        except OSError as error:
            raise self._failed("written", "skrivas", error) from error

    def _failed(self, verb: str, sv: str, error: OSError) -> OperationError:
        return OperationError(
            f"{self._file} cannot be {verb} ({error.strerror}).",
            sv=f"{self._file} kan inte {sv} ({error.strerror}).",
        )


def _record(token: Token) -> dict[str, Any]:
    return {
        "id": token.id,
        "name": token.name,
        "sha256": token.digest,
        "scopes": list(token.scopes),
        "created": token.created.isoformat(),
        "expires": token.expires and token.expires.isoformat(),
        "revoked": token.revoked and token.revoked.isoformat(),
    }


def _token(record: dict[str, Any]) -> Token:
    return Token(
        id=record["id"],
        name=record["name"],
        digest=record["sha256"],
        scopes=tuple(record["scopes"]),
        created=datetime.fromisoformat(record["created"]),
        expires=_moment(record["expires"]),
        revoked=_moment(record["revoked"]),
    )


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
