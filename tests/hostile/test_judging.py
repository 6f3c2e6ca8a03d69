"""The judge of hostile cases can say no: a wrong, late, cut or telling answer is a fault."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from email.message import Message
from pathlib import Path
from socket import create_server
from typing import Any

import pytest

from hostile.cases import Case, load
from hostile.exchange import Answer, exchange
from hostile.sink import Sink
from hostile.verdict import faults

SAID = {"name": "a query", "query": "ASK {", "status": [400], "problem": ["malformed"]}
PROBLEM = {"type": "https://x.example/problem/malformed", "status": 400, "detail": "No '}'."}
HEADERS = {
    "Content-Type": "application/problem+json",
    "Content-Length": "1",
    "X-Content-Type-Options": "nosniff",
    "Access-Control-Allow-Origin": "*",
}


def answer(status: int = 400, seconds: float = 1.0, *, whole: bool = True, **more: Any) -> Answer:
    headers = Message()
    for name, value in (HEADERS | more.get("headers", {})).items():
        headers[name] = value
    body = json.dumps(PROBLEM | more.get("problem", {})).encode()
    return Answer(status, headers, body, seconds, whole)


def found(given: Answer, **said: Any) -> list[str]:
    return faults(Case("tests", SAID | said), given, 3.0, {"base": "https://x.example/"})


def test_the_answer_that_is_demanded_has_no_faults() -> None:
    assert found(answer()) == []


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        (answer(seconds=3.6), "late"),
        (Answer(0), "no answer"),
        (answer(200), "200 instead of 400"),
        (answer(whole=False), "shorter than announced"),
        (answer(problem={"type": "https://x.example/problem/internal"}), "not the problem"),
        (answer(problem={"detail": 'File "/srv/app.py", line 3'}), "tells of its inside"),
        (answer(problem={"status": 500}), "does not say status"),
        (answer(headers={"Content-Type": "text/plain"}), "an error as text/plain"),
        (answer(headers={"X-Content-Type-Options": ""}), "X-Content-Type-Options"),
    ],
)
def test_what_is_wrong_with_an_answer_is_said(given: Answer, fault: str) -> None:
    assert any(fault in said for said in found(given))


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"holds": "boolean"}, "lacks b'boolean'"),
        ({"lacks": "detail"}, "holds b'detail'"),
        ({"answered": {"Location": "@base@"}}, "Location"),
        ({"within": 0.5}, "late"),
    ],
)
def test_what_a_case_demands_besides_is_looked_for(said: dict[str, Any], fault: str) -> None:
    assert any(fault in one for one in found(answer(), **said))


def test_an_error_that_may_pass_must_say_when_to_come_back() -> None:
    given = answer(503, problem={"status": 503})
    assert found(given, status=[503], problem=None) == ["no Retry-After"]


@pytest.mark.parametrize(
    "said",
    [
        {"name": "no status", "query": "ASK {}"},
        {"name": "two kinds", "query": "ASK {}", "update": "", "status": [200]},
        {"name": "a misspelt key", "query": "ASK {}", "status": [200], "statsu": [1]},
        {"query": "ASK {}", "status": [200]},
    ],
)
def test_a_case_that_says_too_much_or_too_little_is_refused(
    said: dict[str, Any], tmp_path: Path
) -> None:
    (tmp_path / "a.json").write_text(json.dumps({"class": "tests", "cases": [said]}))
    with pytest.raises(ValueError, match="json"):
        load(tmp_path)


def test_there_are_cases_of_every_class_and_no_two_are_called_the_same() -> None:
    names = [(case.group, case.name) for case in load()]
    assert len(names) == len(set(names)) >= 300
    assert {"nesting", "paths", "sorts", "doubling", "entity bombs", "network"} <= {
        group for group, _ in names
    }


@pytest.fixture
def listening() -> Any:
    with create_server(("127.0.0.1", 0)) as server:
        yield server


def _answering(server: Any, reply: Callable[[Any], None]) -> None:
    def serve() -> None:
        connection, _ = server.accept()
        with connection:
            reply(connection)

    threading.Thread(target=serve, daemon=True).start()


def test_an_answer_before_the_end_of_the_request_is_read(listening: Any) -> None:
    refusal = b"HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno"
    _answering(listening, lambda connection: connection.sendall(refusal))
    request = b"POST / HTTP/1.1\r\n\r\n" + b"x" * 20_000_000
    given = exchange(listening.getsockname()[1], request, "127.0.0.7", 5)
    assert (given.status, given.body) == (413, b"no")


def test_an_answer_that_is_cut_is_not_whole(listening: Any) -> None:
    cut = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"
    _answering(listening, lambda connection: connection.sendall(cut))
    given = exchange(listening.getsockname()[1], b"GET / HTTP/1.1\r\n\r\n", "127.0.0.7", 5)
    assert (given.status, given.whole) == (200, False)


def test_a_server_that_says_nothing_is_given_up(listening: Any) -> None:
    given = exchange(listening.getsockname()[1], b"GET / HTTP/1.1\r\n\r\n", "127.0.0.7", 0.3)
    assert given.status == 0
    assert 0.2 < given.seconds < 2


def test_who_knocks_at_the_sink_is_noticed() -> None:
    with Sink() as sink:
        port = int(sink.address.rpartition(":")[2].partition("/")[0])
        assert exchange(port, b"GET /fetched HTTP/1.1\r\n\r\n", "127.0.0.7", 5).status == 404
    assert sink.visitors == [b"GET /fetched HTTP/1.1\r\n\r\n"]
