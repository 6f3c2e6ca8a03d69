"""What the tokens of an update tell of what it touches."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utbildningsdata.store.writes.touched import Operation, read


def only(text: str) -> Operation:
    found = read(text)
    assert found.readable
    (operation,) = found.operations
    return operation


@pytest.mark.parametrize(
    ("text", "graphs"),
    [
        ("INSERT DATA { GRAPH <urn:g> { <a> <b> <c> } GRAPH ex:h {} }", ["<urn:g>", "ex:h"]),
        ("DELETE DATA { GRAPH <urn:g> { <a> <b> [ <c> ( 1 2 ) ] } }", ["<urn:g>"]),
        ("DELETE WHERE { GRAPH <urn:g> { ?s ?p ?o } }", ["<urn:g>"]),
        ("with<urn:g>delete{?s ?p ?o}where{?s ?p ?o}", ["<urn:g>"]),
        (
            "WITH ex:g DELETE { ?s ?p ?o } INSERT { GRAPH ex:h { ?s ?p ?o } } WHERE { ?s ?p ?o }",
            ["ex:g", "ex:h"],
        ),
        (
            "INSERT { GRAPH ex:h { ?s ?p 1 } } USING ex:g WHERE { GRAPH ex:i { ?s ?p ?o } }",
            ["ex:h"],
        ),
        ("CLEAR SILENT GRAPH <urn:g>", ["<urn:g>"]),
        ("DROP GRAPH :g", [":g"]),
        ("CREATE SILENT GRAPH <urn:g>", ["<urn:g>"]),
        ("COPY GRAPH <urn:g> TO <urn:h>", ["<urn:g>", "<urn:h>"]),
        ("MOVE SILENT <urn:g> TO GRAPH <urn:h>", ["<urn:g>", "<urn:h>"]),
        ("LOAD <urn:x> INTO GRAPH <urn:g>", ["<urn:g>"]),
    ],
)
def test_graphs_that_can_change_are_named(text: str, graphs: list[str]) -> None:
    operation = only(text)
    assert operation.graphs == graphs
    assert not operation.everything
    assert operation.writes_default is None


@pytest.mark.parametrize("text", ["CLEAR ALL", "DROP SILENT NAMED", "drop all", "CLEAR NAMED"])
def test_all_and_named_touch_everything(text: str) -> None:
    assert only(text).everything


def test_graph_variables_count_in_templates_and_not_in_where() -> None:
    template = only("DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?h { ?s ?p ?o } }")
    assert template.variables == ["?g"]
    assert only("DELETE WHERE { GRAPH $g { ?s ?p ?o } }").variables == ["$g"]


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { <a> <b> <c> }",
        "INSERT DATA { GRAPH <g> { <a> <b> <c> } [] <b> <c> }",
        "DELETE DATA { <a> <b> <c> }",
        "DELETE WHERE { ?s ?p ?o }",
        "INSERT { (1) <p> ?x } WHERE { GRAPH <g> { ?s ?p ?x } }",
        "DELETE { ?s ?p ?o } USING <g> WHERE { ?s ?p ?o }",
        "CLEAR DEFAULT",
        "DROP SILENT DEFAULT",
        "COPY <g> TO DEFAULT",
        "ADD SILENT GRAPH <g> TO DEFAULT",
        "MOVE <g> TO DEFAULT",
        "MOVE DEFAULT TO <g>",
        "LOAD <urn:x>",
    ],
)
def test_changing_the_default_graph_is_seen(text: str) -> None:
    assert only(text).writes_default is not None


@pytest.mark.parametrize(
    "pattern",
    [
        "?s ?p ?o",
        "[] ?p ?o",
        "() ?p ?o",
        "{ ?s ?p ?o }",
        "OPTIONAL { <urn:s> ?p ?o }",
        "{ GRAPH <g> { ?s ?p ?o } } UNION { ex:s ^<p>/<q>* ?o }",
        "GRAPH <g> { ?s ?p ?o } MINUS { ?s ?p ?o }",
        "GRAPH <g> { ?s ?p ?o } FILTER NOT EXISTS { ?s ?p ?o }",
        "GRAPH <g> { ?s ?p ?o } FILTER (?o > 1 && EXISTS { ?s ?p ?o })",
        "GRAPH <g> { ?s ?p ?o } BIND(EXISTS { ?s ?p ?o } AS ?x)",
        "{ SELECT ?s { ?s ?p ?o } }",
        "{ SELECT (COUNT(*) AS ?n) WHERE { GRAPH <g> { ?s ?p ?o } ?s ?p ?o } GROUP BY ?s }",
    ],
)
def test_reading_the_default_graph_is_seen_however_deep(pattern: str) -> None:
    text = f"INSERT {{ GRAPH <g> {{ ?s <p> 1 }} }} WHERE {{ {pattern} }}"
    operation = only(text)
    assert operation.reads_default is not None
    assert operation.reads_default > text.index("WHERE")


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "GRAPH <g> { ?s <p>/(<q>|^<r>)* [ <q> ( 1 ?x ) ] ; a <c> , <d> . ?t ?u ?v }",
        "GRAPH ?g { { ?s ?p ?o } UNION { ?s ?q ?o OPTIONAL { ?a ?b ?c } } }",
        "GRAPH <g> { ?s ?p ?o FILTER EXISTS { ?s ?p ?o } FILTER regex(?o, '{ ?s ?p ?o }') }",
        "GRAPH <g> { ?s ?p ?o } FILTER(?o IN (1, -2, 'x'@sv) || !bound(?p)) FILTER ex:f(?o)",
        "GRAPH <g> { ?s ?p ?o } BIND(IF(?o = 1, 'GRAPH', <urn:x>) AS ?x)",
        "GRAPH <g> { ?s ?p ?o } VALUES ?x { 1 'a' UNDEF ex:a } VALUES (?y ?z) { (1 2) (3 4) }",
        "{ SELECT DISTINCT ?s (MAX(?o) AS ?m) WHERE { GRAPH <g> { ?s ?p ?o } } GROUP BY ?s (?o + 1)"
        " HAVING (MAX(?o) > 1) ORDER BY DESC(?m) LIMIT 5 OFFSET 2 VALUES ?s { <urn:a> } }",
        "GRAPH <g> { ?s ?p ?o } . # ?s ?p ?o\n { } OPTIONAL { GRAPH <h> { ?s ?p ?o } }",
        "{ GRAPH <g> { ?s ?p ?o } } MINUS { GRAPH <h> { ?s ?p ?o } }",
    ],
)
def test_patterns_without_triples_outside_graph_raise_no_alarm(pattern: str) -> None:
    operation = only(f"INSERT {{ GRAPH <g> {{ ?s <p> 1 }} }} WHERE {{ {pattern} }}")
    assert operation.reads_default is None
    assert operation.writes_default is None


@pytest.mark.parametrize(
    ("clauses", "covered"),
    [
        ("USING <g>", True),
        ("USING NAMED <g>", False),
        ("USING NAMED <g> USING <h>", True),
    ],
)
def test_using_gives_where_a_default_graph_and_using_named_does_not(
    clauses: str, covered: bool
) -> None:
    for start in ("", "WITH <i> "):
        text = f"{start}DELETE {{ GRAPH <g> {{ ?s ?p ?o }} }} {clauses} WHERE {{ ?s ?p ?o }}"
        assert (only(text).reads_default is None) == covered


def test_copying_the_default_graph_reads_it_and_does_not_change_it() -> None:
    operation = only("COPY DEFAULT TO <g>")
    assert operation.reads_default is not None
    assert operation.writes_default is None


def test_words_in_comments_strings_names_and_variables_are_no_keywords() -> None:
    found = read(
        "# DROP ALL ; CLEAR DEFAULT\n"
        "PREFIX drop: <urn:drop#> INSERT DATA { GRAPH drop:all { drop:x drop:graph "
        '\'} ; CLEAR ALL ; INSERT DATA { \', """WITH <urn:h>\n DROP ALL""" } } ;'
        "DELETE WHERE { GRAPH <urn:g> { ?all ?default ?named } }"
    )
    assert found.readable
    assert [operation.graphs for operation in found.operations] == [["drop:all"], ["<urn:g>"]]
    assert not any(operation.everything for operation in found.operations)


def test_what_a_prologue_declares_is_found_before_each_operation() -> None:
    text = "BASE <urn:a> PREFIX a: <b> CLEAR ALL ; PREFIX a: <c> DROP ALL ; BASE <urn:d>"
    found = read(text)
    assert [text[start:end] for start, end in found.declarations] == [
        *("BASE <urn:a>", "PREFIX a: <b>", "PREFIX a: <c>", "BASE <urn:d>")
    ]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "DROPALL",
            "INSERTDATA { }",
            "DROP GRAPHex:a",
            "CLEAR",
            "WITH <g>",
            "ASK {}",
            "; DROP ALL",
        ),
        "INSERT DATA { GRAPH <g> { <a> <b> <c> }",
        "INSERT DATA { GRAPHex:a { <a> <b> <c> } }",
        "DELETE { ?s ?p ?o WHERE { ?s ?p ?o }",
        "CLEAR ALL DROP ALL",
        "INSERT DATA { } WHERE " + "{" * 5000,
        "DELETE { } WHERE " + "{" * 5000,
    ],
)
def test_what_reads_otherwise_is_said_to_be_unreadable(text: str) -> None:
    assert not read(text).readable


@pytest.mark.parametrize("text", ["", "# nothing", "PREFIX ex: <urn:x>", "CLEAR ALL ;"])
def test_an_update_may_end_after_a_prologue_or_a_semicolon(text: str) -> None:
    assert read(text).readable


def test_literals_that_can_be_inserted_are_kept_as_written() -> None:
    operation = only(
        "DELETE { GRAPH <g> { ?s <p> 9 } } "
        "INSERT { GRAPH <g> { ?s <p> 01, -1.50, +2e3, 'x'@sv-SE, \"y\"^^xsd:date, TRUE . } } "
        "WHERE { GRAPH <g> { ?s <p> 9 FILTER(?s > 8) BIND('7' AS ?x) VALUES ?y { 6.0 false } } }"
    )
    inserted = ["01", "-1.50", "+2e3", "'x'@sv-SE", '"y"^^xsd:date', "true"]
    assert operation.literals[:6] == inserted
    assert "9" not in operation.literals


def test_literals_of_bind_and_values_are_kept_too() -> None:
    operation = only(
        "INSERT { GRAPH <g> { ?s <p> ?x } } "
        "WHERE { VALUES (?s ?y) { (<a> 01) } BIND('x'@sv AS ?x) FILTER(?y = 7) }"
    )
    assert operation.literals == ["01", "'x'@sv"]


@given(st.text(alphabet="INSERTDELWHGAPUODCM {}()<>\"'?g:.;,\n#1@^", max_size=120))
def test_any_text_is_read(text: str) -> None:
    read(text)


@pytest.mark.parametrize("piece", ["{", "(", "DROP ALL;", "GRAPH<g>{", "PREFIX a:<b>", "1.e"])
def test_reading_takes_time_in_proportion_to_the_length(piece: str) -> None:
    started = time.process_time()
    read("INSERT {} WHERE {" + piece * (200_000 // len(piece)))
    assert time.process_time() - started < 2
