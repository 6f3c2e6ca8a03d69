"""Writing, for tests of the protocols alone: tokens, and an engine that only remembers."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from utbildningsdata.errors import CatalogError
from utbildningsdata.services import tokens
from utbildningsdata.store.ports import Credentials
from utbildningsdata.store.writes.ports import Write, Written

UPDATE = "application/sparql-update"


@dataclass(slots=True)
class Recorder:
    """Fulfils ``WriteEngine``: keeps what it is asked, and answers what the test says."""

    answer: Written | CatalogError = field(default_factory=lambda: Written(7))
    asked: list[Write] = field(default_factory=list)

    def write(self, write: Write, *, client: str = "") -> Written:
        """Keep the request, and return or raise the answer."""
        self.asked.append(write)
        if isinstance(self.answer, CatalogError):
            raise self.answer
        return self.answer

    @property
    def last(self) -> Write:
        """The last request; there must be one."""
        return self.asked[-1]


def bearer(credentials: Credentials, name: str = "Skolverket", *scopes: str) -> dict[str, str]:
    """Return the header of a client with a new token."""
    _, text = tokens.issue(credentials, name, scopes=scopes, kinds=("dataset", "need"))
    return {"Authorization": f"Bearer {text}"}


@dataclass(frozen=True, slots=True)
class Writer:
    """A client with a token, and the engine behind the application."""

    client: FlaskClient
    engine: Recorder
    headers: dict[str, str]

    def send(self, method: str, path: str, body: bytes | str = b"", **headers: str) -> TestResponse:
        """Send a request with the token."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.open(path, method=method, data=body, headers=self.headers | named)

    def update(self, text: str, **headers: str) -> TestResponse:
        """Send an update as itself."""
        return self.send("POST", "/sparql/update", text, **({"Content_Type": UPDATE} | headers))
