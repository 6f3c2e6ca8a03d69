"""The health check says whether queries are answered."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from support.site import NoEngine
from utbildningsdata.store.ports import Health


@pytest.fixture
def healthy(app: Flask, monkeypatch: Any) -> FlaskClient:
    """Return a client of an application whose queries are answered."""
    monkeypatch.setattr(NoEngine, "health", lambda self: Health(revision=7, waiting=3, workers=2))
    return app.test_client()


def test_it_says_what_is_served_and_is_never_stored(healthy: FlaskClient) -> None:
    answer = healthy.get("/health")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert answer.json == {"status": "ok", "revision": 7, "waiting": 3, "workers": 2}
    assert answer.headers["Cache-Control"] == "no-store"


def test_head_has_the_same_headers_and_no_body(healthy: FlaskClient) -> None:
    answer = healthy.head("/health")
    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["Content-Length"] == healthy.get("/health").headers["Content-Length"]


def test_without_an_answer_it_says_503_and_nothing_of_the_reason(client: FlaskClient) -> None:
    answer = client.get("/health")
    assert (answer.status_code, answer.json) == (503, {"status": "unavailable"})
    assert answer.headers["Cache-Control"] == "no-store"
    assert int(answer.headers["Retry-After"]) > 0


def test_it_is_only_read(client: FlaskClient) -> None:
    assert client.post("/health").status_code == 405
