"""Hostile queries over HTTP: an announced error each, and other readers notice nothing."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
ATTACKS = {
    "cross product": (CROSS, {503}),
    "memory bomb": ("SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY RAND() LIMIT 1", {413, 503}),
    "doubling": (
        "SELECT * { BIND('aaaaaaaa' AS ?x0) "
        + " ".join(f"BIND(CONCAT(?x{i}, ?x{i}) AS ?x{i + 1})" for i in range(40))
        + " }",
        {413, 503},
    ),
    "2,000 nested functions": ("ASK { FILTER(" + "STR(" * 2000 + "1" + ")" * 2000 + ") }", {400}),
    "50,000 nested braces": ("ASK " + "{" * 50_000, {400}),
    "100,000 nested braces": ("ASK " + "{" * 100_000, {413}),
    "a chain of unions": ("SELECT * { {} " + "UNION {} " * 5000 + "}", {400}),
    "a long path": ("SELECT * { ?a " + "rdf:rest/" * 5000 + "rdf:rest ?b }", {400}),
    "an answer over the cap": ("SELECT * { ?a ?b ?c . ?d ?e ?f }", {413}),
    "a query of 1 MB": ("ASK { FILTER('" + "x" * 1_000_000 + "' = '') }", {413}),
    "an update": ("INSERT DATA { <urn:a> <urn:b> <urn:c> }", {400}),
    "LOAD": ("LOAD <http://127.0.0.1:9/>", {400}),
}


@pytest.mark.parametrize(("text", "statuses"), ATTACKS.values(), ids=ATTACKS)
def test_an_attack_is_an_announced_error_beside_which_others_are_answered(
    server: Any, text: str, statuses: set[int]
) -> None:
    answers: list[Any] = []
    attacker = threading.Thread(target=lambda: answers.append(server.query(text)))
    attacker.start()
    while attacker.is_alive():
        reader = server.query("ASK {}")
        assert (reader.status, reader.seconds < 2) == (200, True)
        attacker.join(0.2)
    (answer,) = answers
    assert answer.status in statuses
    assert answer.seconds < 1.5 + 2
    problem = json.loads(answer.body)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert problem["status"] == answer.status
    assert "Traceback" not in answer.body.decode()
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    if answer.status == 503:
        assert int(answer.headers["Retry-After"]) > 0


@pytest.fixture
def sink() -> Iterator[tuple[str, list[Any]]]:
    visitors: list[Any] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.1)
        stop = threading.Event()

        def listen() -> None:
            while not stop.is_set():
                with contextlib.suppress(TimeoutError):
                    connection, _ = listener.accept()
                    visitors.append(connection.recv(1000))
                    connection.close()

        thread = threading.Thread(target=listen)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/", visitors
        stop.set()
        thread.join()


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * {{ SERVICE <{url}> {{ ?s ?p ?o }} }}",
        "SELECT * {{ SERVICE SILENT <{url}> {{ ?s ?p ?o }} }}",
        "SELECT * {{ VALUES ?x {{ <{url}> }} SERVICE ?x {{ ?s ?p ?o }} }}",
        "PREFIX e: <{url}> SELECT * {{ SERVICEe:x {{ ?s ?p ?o }} }}",
        "SELECT * {{ BIND('a' AS ?a) FILTER(?a<'x>')SERVICE<{url}>{{?s ?p ?o}}FILTER('x'='x') }}",
        "LOAD <{url}>",
        "INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE <{url}> {{ ?s ?p ?o }} }}",
    ],
)
def test_nothing_is_fetched_from_elsewhere(
    server: Any, sink: tuple[str, list[Any]], text: str
) -> None:
    url, visitors = sink
    answer = server.query(text.format(url=url))
    assert (answer.status, json.loads(answer.body)["type"].rpartition("/")[2]) == (400, "refused")
    assert visitors == []


def test_naming_a_graph_of_elsewhere_fetches_nothing(
    server: Any, sink: tuple[str, list[Any]]
) -> None:
    url, visitors = sink
    assert server.query(f"ASK FROM <{url}> {{ ?s ?p ?o }}").status == 200
    path = f"/skola/sparql?query=ASK%7B%7D&default-graph-uri={quote(url)}"
    assert server.request("GET", path).status == 200
    assert visitors == []


def test_pages_are_answered_while_the_line_for_queries_is_full(server: Any) -> None:
    statuses: list[int] = []
    attackers = [
        threading.Thread(target=lambda: statuses.append(server.query(CROSS).status))
        for _ in range(40)
    ]
    for attacker in attackers:
        attacker.start()
    time.sleep(0.3)
    for _ in range(5):
        page = server.request("GET", "/skola/")
        assert (page.status, page.seconds < 2) == (200, True)
    for attacker in attackers:
        attacker.join()
    assert set(statuses) == {503}
    assert server.answers()


def test_queries_that_are_sent_slowly_do_not_keep_others_waiting(server: Any) -> None:
    head = (
        b"POST /skola/sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
        b"Content-Length: 50\r\n\r\nASK"
    )
    with contextlib.ExitStack() as stack:
        for _ in range(80):
            slow = stack.enter_context(socket.create_connection(("127.0.0.1", server.port)))
            slow.sendall(head)
        time.sleep(0.5)
        for path in ("/skola/", "/skola/sparql?query=ASK%7B%7D"):
            answer = server.request("GET", path)
            assert (answer.status, answer.seconds < 2) == (200, True)
    assert server.answers()


def test_large_answers_that_are_read_slowly_do_not_keep_others_waiting(
    start: Any, copied: Path
) -> None:
    server = start(
        UTBILDNINGSDATA_DATA=str(copied),
        UTBILDNINGSDATA_RESULT="32",
        UTBILDNINGSDATA_PROCESSES="1",
    )
    large = "/skola/sparql?query=" + quote("SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 15000")
    statuses = []
    with contextlib.ExitStack() as stack:
        for _ in range(40):
            slow = stack.enter_context(socket.socket())
            slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            slow.settimeout(20)
            slow.connect(("127.0.0.1", server.port))
            slow.sendall(f"GET {large} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            statuses.append(slow.recv(12)[-3:])
        assert set(statuses) == {b"200", b"503"}
        for path in ("/skola/", "/skola/sparql?query=ASK%7B%7D"):
            answer = server.request("GET", path)
            assert (answer.status, answer.seconds < 2) == (200, True)
    time.sleep(1)
    whole = server.request("GET", large)
    assert (whole.status, len(whole.body)) == (200, int(whole.headers["Content-Length"]))
    assert len(whole.body) > 5_000_000
    assert list((copied / "run/spool").iterdir()) == []
    assert server.stop() == 0
