"""Where the engine is led back to SPARQL 1.1, and nowhere else."""

from __future__ import annotations

import time
from typing import Any

import pyoxigraph as ox
import pytest

from support.asking import ask
from utbildningsdata.errors import Malformed
from utbildningsdata.settings import Settings
from utbildningsdata.store.queries import standard
from utbildningsdata.store.queries.client import BrokerClient


def test_group_concat_gives_a_simple_literal_where_all_values_have_one_language() -> None:
    store = ox.Store()
    store.update("INSERT DATA { <http://x/a> <http://x/name> 'Förskola'@sv, 'Grund, skola'@sv }")
    query = (
        "SELECT (group_concat(DISTINCT ?n ; separator = ')') AS ?all) { ?s <http://x/name> ?n }"
        " HAVING (GROUP_CONCAT(CONCAT(?n, '(')) != '')"
    )
    found = store.query(standard.text(query))
    assert isinstance(found, ox.QuerySolutions)
    literal = next(found)["all"]
    assert isinstance(literal, ox.Literal)
    assert literal.language is None
    assert sorted(literal.value.split(")")) == ["Förskola", "Grund, skola"]


def test_changes_inside_one_another_are_all_made() -> None:
    written = "SELECT (GROUP_CONCAT(EXISTS { <x:a> <x:p>* ?v }) AS ?all) { ?v <x:p>* <x:b> }"
    assert standard.text(written, lambda question: "<x:b>" in question) == (
        "SELECT (STR(GROUP_CONCAT(EXISTS { VALUES ?v { <x:a> } })) AS ?all) { ?v <x:p>* <x:b> }"
    )


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?group_concat { ?s <http://x/group_concat> ?group_concat }",
        "SELECT * { ?s ?p 'GROUP_CONCAT(?x)' } # GROUP_CONCAT(?x)",
        "SELECT (GROUP_CONCAT(?x",
        "SELECT (GROUP_CONCAT AS ?y) {}",
    ],
)
def test_a_text_without_a_whole_call_of_group_concat_stays_as_it_is(query: str) -> None:
    assert standard.text(query) == query


def test_a_worker_answers_by_the_changed_text_and_places_errors_in_the_written_one(
    settings: Settings, revise: Any, start_broker: Any
) -> None:
    revise(1, 1)
    start_broker()
    client = BrokerClient(settings, {})
    asked = "ASK { { SELECT (GROUP_CONCAT(?n) AS ?all) { VALUES ?n { 'a'@sv 'b'@sv } } }"
    assert b"true" in ask(client, asked + " FILTER(LANG(?all) = '') }")
    wrong = "SELECT (GROUP_CONCAT(?n) AS ?all) { ?s ?p ) }"
    with pytest.raises(Malformed) as caught:
        ask(client, wrong)
    assert caught.value.column == wrong.rindex(")") + 1


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("<http://x/new> <http://x/p>* ?v", {"http://x/new"}),
        ("?v <http://x/p>* <http://x/new>", {"http://x/new"}),
        ("x:new x:p? ?v .", {"http://x/new"}),
        ("?v ^(x:p|!x:q)* x:new . FILTER(isIRI(?v))", {"http://x/new"}),
        ("x:a x:p ?b . x:new a* ?v", {"http://x/new"}),
        ("x:a x:p* ?v", {"http://x/a", "http://x/b"}),
        ("x:a x:p? ?v", {"http://x/a", "http://x/b"}),
        ("x:new x:p/x:p* ?v", set()),
        ("x:new x:p+ ?v", set()),
    ],
)
def test_a_path_of_length_zero_reaches_a_term_that_the_data_do_not_have(
    pattern: str, found: set[str]
) -> None:
    store = ox.Store()
    store.update("INSERT DATA { <http://x/a> <http://x/p> <http://x/b> }")
    written = f"PREFIX x: <http://x/> SELECT ?v {{ {pattern} }}"
    text = standard.text(written, lambda question: bool(store.query(question)))
    solutions = store.query(text)
    assert isinstance(solutions, ox.QuerySolutions)
    assert {getattr(solution["v"], "value", None) for solution in solutions} == found


def test_a_text_is_read_in_time_that_grows_with_its_length() -> None:
    def seconds(count: int) -> float:
        started = time.process_time()
        standard.text(". x (" * count + "GROUP_CONCAT(" * count, lambda question: True)
        return time.process_time() - started

    assert min(seconds(8000) for _ in range(3)) < 8 * min(seconds(2000) for _ in range(3))


def test_a_worker_answers_what_calls_an_unknown_function_only_with_errors(
    settings: Settings, revise: Any, start_broker: Any
) -> None:
    revise(1, 1)
    start_broker()
    client = BrokerClient(settings, {})
    calls = "(<http://x/f>(?x + 1) AS ?y) (<http://x/g>(<http://x/f>(?x)) AS ?z)"
    assert b'"bindings":[{}]' in ask(client, f"SELECT {calls} {{}}")
    with pytest.raises(Malformed, match="<http://x/f>"):
        ask(client, f"SELECT {calls} {{ VALUES ?x {{ 1 }} }}")
