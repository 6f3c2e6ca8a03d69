"""Many requests at once, and slow ones: other readers notice nothing."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


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
        page = server.request("GET", "/skola/", source="127.0.0.2")
        assert (page.status, page.seconds < 2) == (200, True)
    for attacker in attackers:
        attacker.join()
    assert set(statuses) == {429, 503}  # for one client waits at a time, and the line is long
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
            answer = server.request("GET", path, source="127.0.0.2")
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
            answer = server.request("GET", path, source="127.0.0.2")
            assert (answer.status, answer.seconds < 2) == (200, True)
    time.sleep(1)
    whole = server.request("GET", large)
    assert (whole.status, len(whole.body)) == (200, int(whole.headers["Content-Length"]))
    assert len(whole.body) > 5_000_000
    assert list((copied / "run/spool").iterdir()) == []
    assert server.stop() == 0
