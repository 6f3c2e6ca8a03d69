"""One client gets no more threads than leave room for others."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse, create_environ, run_wsgi_app
from werkzeug.wrappers import Request, Response

from utbildningsdata.web.gate import Gate


class Clock:
    """A clock that the test moves."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def application(environ: Any, start_response: Any) -> Iterable[bytes]:
    if Request(environ).path == "/broken":
        raise ZeroDivisionError
    return Response(iter([b"an ", b"answer"]))(environ, start_response)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def gate(clock: Clock) -> Gate:
    """Return a gate for four requests of a client."""
    return Gate(application, 4, "127.0.0.1", clock)


def begin(gate: Gate, client: str) -> tuple[str, Any]:
    """Begin a request and leave its answer open; return the status and the answer's parts."""
    environ = create_environ("/", environ_base={"REMOTE_ADDR": client})
    body, status, _ = run_wsgi_app(gate, environ)
    return status[:3], body


def ask(gate: Gate, client: str, path: str = "/") -> TestResponse:
    return Client(gate).get(path, environ_base={"REMOTE_ADDR": client}, buffered=True)


def test_a_client_with_as_many_requests_as_it_may_have_is_told_to_come_back(gate: Gate) -> None:
    opened = [begin(gate, "192.0.2.1") for _ in range(4)]
    assert [status for status, _ in opened] == ["200"] * 4
    refused = ask(gate, "192.0.2.1")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "1")
    assert refused.mimetype == "application/problem+json"
    assert json.loads(refused.data)["status"] == 429


def test_others_are_let_through_meanwhile(gate: Gate) -> None:
    opened = [begin(gate, "192.0.2.1") for _ in range(5)]
    assert opened[-1][0] == "429"
    assert ask(gate, "192.0.2.2").data == b"an answer"


def test_a_request_makes_room_when_its_answer_is_sent_or_its_client_gone(
    gate: Gate,
) -> None:
    opened = [begin(gate, "192.0.2.1") for _ in range(4)]
    opened[0][1].close()
    assert ask(gate, "192.0.2.1").status_code == 200
    assert ask(gate, "192.0.2.1").status_code == 200


def test_a_request_that_fails_makes_room_too(gate: Gate) -> None:
    for _ in range(10):
        with pytest.raises(ZeroDivisionError):
            ask(gate, "192.0.2.1", "/broken")
    assert ask(gate, "192.0.2.1").status_code == 200


def test_who_comes_back_too_soon_has_less_room_until_it_waits(gate: Gate, clock: Clock) -> None:
    opened = [begin(gate, "192.0.2.1") for _ in range(5)]
    for _, body in opened[:3]:
        body.close()
    assert ask(gate, "192.0.2.1").status_code == 429
    clock.now += 0.9
    assert ask(gate, "192.0.2.1").status_code == 429
    clock.now += 1.1
    assert ask(gate, "192.0.2.1").status_code == 200


def test_behind_a_proxy_each_forwarded_client_has_its_own_room(gate: Gate) -> None:
    for number in range(10):
        environ = create_environ(
            "/",
            headers={"X-Forwarded-For": f"192.0.2.{number}"},
            environ_base={"REMOTE_ADDR": "127.0.0.1"},
        )
        assert run_wsgi_app(gate, environ)[1] == "200 OK"


def test_a_refusal_of_head_has_no_body(gate: Gate) -> None:
    opened = [begin(gate, "192.0.2.1") for _ in range(4)]
    refused = Client(gate).head("/", environ_base={"REMOTE_ADDR": "192.0.2.1"})
    assert (refused.status_code, refused.data, len(opened)) == (429, b"", 4)
