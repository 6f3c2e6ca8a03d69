"""An answer is whole, in bytes or in terms, and from the graphs that were meant."""

from __future__ import annotations

import fcntl
from pathlib import Path
from typing import Any

import pytest
from rdflib import Literal, URIRef

from support.asking import ask, ready, wait_until
from utbildningsdata.errors import (
    Malformed,
    NotAcceptable,
    OperationError,
)
from utbildningsdata.settings import Settings
from utbildningsdata.store.processes import calling, frames
from utbildningsdata.store.queries.client import BrokerClient


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


def test_a_form_without_an_accepted_media_type_is_not_acceptable(client: BrokerClient) -> None:
    with pytest.raises(NotAcceptable):
        ask(client, "SELECT * { ?s ?p ?o }", results=None)
    with pytest.raises(NotAcceptable):
        ask(client, "DESCRIBE ex:s7", graphs=None)


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


def test_a_deep_data_folder_is_no_problem(
    settings: Settings, tmp_path: Path, revise: Any, start_broker: Any
) -> None:
    deep = tmp_path / ("d" * 100) / ("e" * 100)
    deep.parent.mkdir(parents=True)
    revise(1, 1)
    deep.symlink_to(tmp_path)
    start_broker()
    assert ask(BrokerClient(settings.changed(data=deep), {}), "ASK {}")


def test_one_connection_may_ask_many_questions_one_after_another(
    settings: Settings, revise: Any, start_broker: Any
) -> None:
    revise(1, 1)
    start_broker()
    client = ready(settings)
    header = client._header("ASK {}", "", "store", None, None) | {"rows": 1}
    with calling.called(settings.data, 5) as connection:
        for text in ("ASK {}", "ASK { FILTER(false) }", "nonsense", "ASK {}"):
            received = calling.exchange(connection, frames.pack(header, text.encode()))
            assert received is not None
            expected = None if text == "nonsense" else "false" not in text
            assert received[0].get("boolean") is expected
