"""Queries run in workers that can be killed, and nobody else notices."""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rdflib import Literal, URIRef

from utbildningsdata.errors import (
    CatalogError,
    Malformed,
    NotAcceptable,
    OperationError,
    Overloaded,
    Refused,
    TimedOut,
    TooLarge,
)
from utbildningsdata.settings import Settings
from utbildningsdata.store.queries import frames, runtime
from utbildningsdata.store.queries.client import BrokerClient

JSON = "application/sparql-results+json"
CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
SORT_BOMB = "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY RAND() LIMIT 1"
NESTED = "ASK { FILTER(" + "STR(" * 2000 + "1" + ")" * 2000 + ") }"


def ask(engine: BrokerClient, text: str, **parameters: Any) -> bytes:
    accepted = {"results": JSON, "graphs": "text/turtle"} | parameters
    answer = engine.query(text, **accepted)
    with answer.content as content:
        body = content.read()
    assert len(body) == answer.length
    return body


def descendants(pid: int) -> list[int]:
    """Return the processes below ``pid``, by their parents in /proc."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                stat = (entry / "stat").read_text()
                parents[int(entry.name)] = int(stat.rpartition(")")[2].split()[1])
    found = [child for child, parent in parents.items() if parent == pid]
    return [*found, *(lower for child in found for lower in descendants(child))]


def wait_until(condition: Any, seconds: float = 5.0) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.02)


@pytest.fixture
def sink() -> Iterator[tuple[int, list[str]]]:
    """Listen on loopback; give the port and the addresses of whoever connected."""
    visitors: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.1)
        stop = threading.Event()

        def listen() -> None:
            while not stop.is_set():
                with contextlib.suppress(TimeoutError):
                    connection, address = listener.accept()
                    visitors.append(str(address))
                    connection.close()

        thread = threading.Thread(target=listen)
        thread.start()
        yield listener.getsockname()[1], visitors
        stop.set()
        thread.join()


def test_an_answer_is_whole_and_knows_its_length(client: BrokerClient) -> None:
    assert ask(client, "ASK { ex:s7 ex:p '7' }") == b'{"head":{},"boolean":true}'
    assert b'"http://example.org/s7"' in ask(client, "SELECT ?s { ?s ex:p '7' }")
    assert ask(client, "CONSTRUCT { ?s ex:p ?o } { ?s ex:p ?o FILTER(?o = '7') }").endswith(
        b'ex:s7 ex:p "7" .\n'
    )


def test_an_answer_too_large_for_a_frame_comes_whole_from_a_file_that_is_removed(
    settings: Settings, revise: Any, start_broker: Any
) -> None:
    revise(1, 3000)
    start_broker()
    body = ask(BrokerClient(settings, {}), "SELECT * { ?s ?p ?o }")
    assert body.count(b'"http://example.org/p"') == 3000
    wait_until(lambda: not list((settings.data / "run/spool").iterdir()))


def test_relative_iris_are_resolved_against_the_base(client: BrokerClient) -> None:
    body = ask(client, "SELECT ?x { VALUES ?x { <dataset/x> } }")
    assert b'"https://catalogue.example/dataset/x"' in body


def test_the_default_graph_is_the_union_unless_graphs_are_chosen(client: BrokerClient) -> None:
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    csv = {"results": "text/csv"}
    assert ask(client, count, **csv) == b"n\r\n3000\r\n"
    assert ask(client, count.replace("{", "FROM ex:g1 {", 1), **csv) == b"n\r\n1\r\n"
    graphs = ["http://example.org/g1", "http://example.org/g2"]
    assert ask(client, count, default_graphs=graphs, named_graphs=[], **csv) == b"n\r\n2\r\n"
    assert ask(client, count, default_graphs=[], named_graphs=graphs, **csv) == b"n\r\n0\r\n"


def test_rows_come_as_terms_and_say_whether_there_are_more(client: BrokerClient) -> None:
    answer = client.rows("SELECT ?s ?o { ?s ex:p ?o FILTER(?o = '7') }", limit=1)
    assert answer.rows == (((URIRef("http://example.org/s7")), Literal("7")),)
    assert not answer.more
    assert client.rows("SELECT * { ?s ?p ?o }", limit=10).more
    assert client.rows("ASK {}", limit=1).boolean
    assert client.rows("DESCRIBE ex:s7", limit=1).columns == ("subject", "predicate", "object")


def test_a_fault_in_the_text_has_a_line_and_a_column(client: BrokerClient) -> None:
    with pytest.raises(Malformed, match="line 2, column 19: expected GRAPH") as caught:
        ask(client, "SELECT * {\n?s ?p ?o ; ; bad }")
    assert (caught.value.line, caught.value.column) == (2, 19)


def test_an_unknown_prefix_is_named(client: BrokerClient) -> None:
    with pytest.raises(Malformed, match="the prefix 'foo:' is not known"):
        ask(client, "SELECT * { ?s foo:bar ?o }")


@pytest.mark.parametrize(
    ("text", "graphs"),
    [("SELECT (<http://example.org/f>(1) AS ?x) {}", None), ("ASK {}", ["http://["])],
    ids=["custom function", "no IRI"],
)
def test_what_the_engine_refuses_is_the_fault_of_the_query_and_ends_no_worker(
    settings: Settings, revise: Any, start_broker: Any, text: str, graphs: list[str] | None
) -> None:
    revise(1, 1)
    broker = start_broker()
    client = BrokerClient(settings, {})
    ask(client, "ASK {}")
    wait_until(lambda: len(descendants(broker.pid)) == settings.workers)
    before = set(descendants(broker.pid))
    with pytest.raises(Malformed):
        ask(client, text, default_graphs=graphs, named_graphs=graphs)
    assert set(descendants(broker.pid)) == before


def test_a_form_without_an_accepted_media_type_is_not_acceptable(client: BrokerClient) -> None:
    with pytest.raises(NotAcceptable):
        ask(client, "SELECT * { ?s ?p ?o }", results=None)
    with pytest.raises(NotAcceptable):
        ask(client, "DESCRIBE ex:s7", graphs=None)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (CROSS, TimedOut),
        (SORT_BOMB, TooLarge),
        (NESTED, Malformed),
        ("ASK " + "{" * 50_000, Malformed),
        ("SELECT * { ?a ?b ?c . ?d ?e ?f }", TooLarge),
    ],
    ids=["cross product", "memory bomb", "nested functions", "nested braces", "large answer"],
)
def test_a_query_over_a_limit_is_an_error_and_others_go_on(
    client: BrokerClient, text: str, error: type[CatalogError]
) -> None:
    failures: list[BaseException] = []

    def attack() -> None:
        try:
            ask(client, text, client="attacker")
        except CatalogError as caught:
            failures.append(caught)

    attacker = threading.Thread(target=attack)
    attacker.start()
    while attacker.is_alive():
        started = time.monotonic()
        ask(client, "ASK {}", client="reader")
        assert time.monotonic() - started < 2
        attacker.join(0.2)
    assert [type(failure) for failure in failures] == [error]


def test_nothing_of_a_query_runs_on_after_its_deadline(
    settings: Settings, revise: Any, start_broker: Any
) -> None:
    revise(1, 3000)
    broker = start_broker()
    client = BrokerClient(settings, {})
    ask(client, "ASK {}")
    wait_until(lambda: len(descendants(broker.pid)) == settings.workers)
    before = set(descendants(broker.pid))
    started = time.monotonic()
    with pytest.raises(TimedOut):
        ask(client, CROSS)
    assert time.monotonic() - started < settings.deadline + 1
    wait_until(lambda: len(before & set(descendants(broker.pid))) == settings.workers - 1, 0.5)


@pytest.mark.parametrize(
    "pattern",
    [
        "SERVICE <{url}> {{ ?s ?p ?o }}",
        "SERVICE SILENT <{url}> {{ ?s ?p ?o }}",
        "SERVICESILENT<{url}>{{ ?s ?p ?o }}",
        "BIND('a' AS ?a) FILTER(?a<'x>')SERVICE<{url}>{{?s ?p ?o}}FILTER('x'='x')",
    ],
)
def test_a_worker_has_no_network_even_when_nobody_read_the_query_first(
    client: BrokerClient, sink: tuple[int, list[str]], pattern: str
) -> None:
    port, visitors = sink
    url = f"http://127.0.0.1:{port}/"
    with contextlib.suppress(Refused):
        ask(client, f"SELECT * {{ {pattern.format(url=url)} }}")
    with pytest.raises(Malformed):
        ask(client, f"LOAD <{url}>")
    time.sleep(0.3)
    assert visitors == []


def test_a_new_revision_is_seen_by_the_next_query_and_the_old_one_let_go(
    settings: Settings, revise: Any, start_broker: Any
) -> None:
    revise(1, 3000)
    start_broker()
    client = BrokerClient(settings, {})
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    assert b"3000" in ask(client, count, results="text/csv")
    revise(2, 10)
    assert ask(client, count, results="text/csv") == b"n\r\n10\r\n"

    def is_free() -> bool:
        with (settings.data / "revisions/000001/lock").open() as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return True

    wait_until(is_free)


def test_without_a_published_revision_there_is_an_operation_error(
    settings: Settings, start_broker: Any, revise: Any
) -> None:
    start_broker()
    client = BrokerClient(settings, {})
    with pytest.raises(OperationError):
        ask(client, "ASK {}")
    revise(1, 1)
    assert ask(client, "ASK { ?s ?p ?o }").endswith(b"true}")


def test_a_damaged_store_is_an_operation_error_and_ends_no_worker(
    settings: Settings, start_broker: Any, revise: Any
) -> None:
    revise(1, 1)
    (settings.data / "revisions/000001/store/CURRENT").write_text("damaged\n")
    broker = start_broker()
    with pytest.raises(OperationError):
        ask(BrokerClient(settings, {}), "ASK {}")
    wait_until(lambda: len(descendants(broker.pid)) == settings.workers)
    before = set(descendants(broker.pid))
    time.sleep(1.5)  # longer than an idle worker waits before it looks at the revision
    assert set(descendants(broker.pid)) == before


def test_when_too_many_wait_the_next_is_told_to_come_back(
    settings: Settings, revise: Any, start_broker: Any
) -> None:
    revise(1, 3000)
    start_broker()
    client = BrokerClient(settings, {})
    errors: list[CatalogError] = []

    def flood() -> None:
        try:
            ask(client, CROSS)
        except CatalogError as caught:
            errors.append(caught)

    ask(client, "ASK {}")
    threads = [threading.Thread(target=flood) for _ in range(settings.workers + 16 + 4)]
    for thread in threads:
        thread.start()
    wait_until(lambda: len(errors) >= 4, settings.deadline)
    refused = [error for error in errors if type(error) is Overloaded]
    assert len(refused) == 4
    assert refused[0].retry_after > 0
    for thread in threads:
        thread.join()
    assert ask(client, "ASK {}")


def test_an_idle_worker_that_is_killed_is_replaced(
    settings: Settings, revise: Any, start_broker: Any
) -> None:
    revise(1, 1)
    broker = start_broker()
    client = BrokerClient(settings, {})
    ask(client, "ASK {}")
    wait_until(lambda: len(descendants(broker.pid)) == 2)
    before = set(descendants(broker.pid))
    for worker in before:
        os.kill(worker, signal.SIGKILL)
    assert ask(client, "ASK {}")
    wait_until(lambda: len(set(descendants(broker.pid)) - before) == 2)


def test_a_query_whose_worker_is_killed_from_outside_is_asked_again(
    settings: Settings, revise: Any, start_broker: Any
) -> None:
    revise(1, 3000)
    broker = start_broker()
    client = BrokerClient(settings, {})
    ask(client, "ASK {}")
    outcome: list[type[BaseException]] = []

    def slow() -> None:
        try:
            ask(client, CROSS)
        except CatalogError as error:
            outcome.append(type(error))

    thread = threading.Thread(target=slow)
    thread.start()
    time.sleep(0.5)
    for worker in descendants(broker.pid):
        os.kill(worker, signal.SIGKILL)
    thread.join()
    assert outcome == [TimedOut]


def test_a_query_survives_a_broker_that_is_killed_and_replaced(
    settings: Settings, revise: Any, start_broker: Any
) -> None:
    revise(1, 1)
    first = start_broker()
    client = BrokerClient(settings, {})
    ask(client, "ASK {}")
    workers = descendants(first.pid)
    first.kill()
    first.wait()
    threading.Timer(0.3, start_broker).start()
    assert ask(client, "ASK {}")
    wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers))


def test_a_broker_that_is_told_to_stop_leaves_nothing(
    settings: Settings, revise: Any, start_broker: Any
) -> None:
    revise(1, 1)
    broker = start_broker()
    ask(BrokerClient(settings, {}), "ASK {}")
    workers = descendants(broker.pid)
    broker.send_signal(signal.SIGTERM)
    assert broker.wait(5) == 0
    wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers), 1)


def test_a_host_that_forbids_namespaces_is_named_once_and_service_is_still_refused(
    settings: Settings, revise: Any, tmp_path: Path, monkeypatch: Any, capfd: Any
) -> None:
    # The kernel refuses a process that has a second thread: these get one before they begin.
    thread = "import threading, time\nthreading.Thread(target=time.sleep, args=(60,), daemon=True)"
    (tmp_path / "sitecustomize.py").write_text(f"{thread}.start()\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    revise(1, 1)
    broker = subprocess.Popen(
        [sys.executable, "-m", "utbildningsdata.store.queries.broker", str(os.getpid())],
        env=os.environ | settings.to_environ(),
    )
    client = BrokerClient(settings, {})
    with pytest.raises(Refused):
        ask(client, "SELECT * { SERVICE SILENT <http://127.0.0.1:9/> { ?s ?p ?o } }")
    assert ask(client, "ASK {}")
    wait_until(lambda: len(descendants(broker.pid)) == settings.workers)
    broker.terminate()
    broker.wait()
    assert capfd.readouterr().err.count("SERVICE and LOAD are refused") == 1


def test_a_query_whose_answer_nobody_waits_for_runs_no_longer(
    settings: Settings, revise: Any
) -> None:
    revise(1, 3000)
    broker = subprocess.Popen(
        [sys.executable, "-m", "utbildningsdata.store.queries.broker", str(os.getpid())],
        env=os.environ | settings.changed(deadline=60.0).to_environ(),
    )
    client = BrokerClient(settings, {})
    ask(client, "ASK {}")
    wait_until(lambda: len(descendants(broker.pid)) == settings.workers)
    before = set(descendants(broker.pid))
    with runtime.connect(settings.data) as connection:
        header = client._header("impatient", "store", None, None) | {"results": JSON}
        connection.sendall(frames.pack(header, CROSS.encode()))
        time.sleep(0.3)
    wait_until(lambda: len(before & set(descendants(broker.pid))) == settings.workers - 1)
    broker.terminate()
    broker.wait()


def test_an_answer_that_nobody_waits_for_leaves_no_file(
    settings: Settings, revise: Any, start_broker: Any
) -> None:
    revise(1, 3000)
    start_broker()
    client = BrokerClient(settings, {})
    ask(client, "ASK {}")
    header = client._header("impatient", "store", None, None) | {"results": JSON}
    for _ in range(5):
        with runtime.connect(settings.data) as connection:
            connection.sendall(frames.pack(header, b"SELECT * { ?s ?p ?o }"))
    ask(client, "ASK {}")
    time.sleep(0.5)
    assert list((settings.data / "run/spool").iterdir()) == []


def test_without_a_broker_the_client_says_to_come_back(settings: Settings) -> None:
    (settings.data / "run").mkdir()
    with pytest.raises(Overloaded):
        ask(BrokerClient(settings, {}), "ASK {}")


def test_a_deep_data_folder_is_no_problem(
    settings: Settings, tmp_path: Path, revise: Any, start_broker: Any
) -> None:
    deep = tmp_path / ("d" * 100) / ("e" * 100)
    deep.parent.mkdir(parents=True)
    revise(1, 1)
    deep.symlink_to(tmp_path)
    start_broker()
    assert ask(BrokerClient(settings.changed(data=deep), {}), "ASK {}")
