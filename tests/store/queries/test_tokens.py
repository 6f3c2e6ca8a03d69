"""What can be told of a query by its tokens alone."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utbildningsdata.store.queries.tokens import read, scan


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("SELECT * {}", "SELECT"),
        ("# SELECT\nBASE <http://x/select> PREFIX ask: <urn:x> describe <urn:y>", "DESCRIBE"),
        ("ask{}", "ASK"),
        ("INSERT DATA { <urn:a> <urn:b> 'SELECT' }", "INSERT"),
        ("with <urn:g> delete { ?s ?p ?o } where { ?s ?p ?o }", "WITH"),
        ("nonsense", ""),
    ],
)
def test_the_form_is_the_first_keyword_after_the_prologue(text: str, form: str) -> None:
    assert read(text).form == form


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE <http://x/> { ?s ?p ?o } }",
        "SELECT * { service silent ?x { ?s ?p ?o } }",
        "SELECT * { SERVICESILENT<http://x/>{ ?s ?p ?o } }",
        "PREFIX ex: <http://x/> SELECT * { SERVICEex:a { ?s ?p ?o } }",
        "PREFIX SERVICE: <urn:> PREFIX : <http://x/> SELECT * { SERVICE:a # {\n{ ?s ?p ?o } }",
        "SELECT * { FILTER(?a<'x>')SERVICE<http://x/>{ ?s ?p ?o }FILTER('x'='x') }",
        "SELECT * { ?s <http://x/'> ?o SERVICE<http://x/>{ ?s ?p ?o } ?s ?p 'x' }",
        'SELECT * { VALUES ?x {""" a" } SERVICE <http://x/> { ?s ?p ?o } }',
        "SELECT * { ?s ?p 'a SERVICE <http://x/> {}",
        "LOAD <http://x/>",
    ],
)
def test_what_would_fetch_is_found_also_where_readers_divide_the_text_differently(
    text: str,
) -> None:
    assert read(text).remote in {"SERVICE", "LOAD"}


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?service { ?service a <http://x/SERVICE> ; rdfs:label 'SERVICE LOAD' }",
        'SELECT * { ?s ?p """a "SERVICE" <http://x/> {""" } # SERVICE <http://x/> {',
        "PREFIX service: <urn:> SELECT $load { $load service:load 'load'@load . _:service ?p ?o }",
        "SELECT * { GRAPH ud:service { ?s ?p ?o } }",
        "SELECT * { ?s ex:a\\'b ?o ; ex:c 'LOAD' }",
    ],
)
def test_names_strings_and_comments_fetch_nothing(text: str) -> None:
    assert read(text).remote == ""


def test_depth_and_chains_are_counted_outside_strings() -> None:
    reading = read("SELECT * { { FILTER((1+1+1) = '((((((' || ?x) } UNION {} UNION {} }")
    assert (reading.depth, reading.chain) == (4, 2)


def test_variables_and_undeclared_prefixes_come_in_order_of_first_use() -> None:
    reading = read("PREFIX a: <urn:a> SELECT ?b ?a { ?a a:x ?b ; b:x _:y . ?c :z 1 }")
    assert reading.variables == ("b", "a", "c")
    assert reading.undeclared == ("b", "")


def test_numbers_and_separators_are_tokens_and_a_datatype_is_no_chain() -> None:
    found = [(token.kind, token.text) for token in scan("1.5e+3 -2. .5, 'x'^^a:b; c.d")]
    assert found == [
        *(("number", "1.5e+3"), ("sign", "-"), ("number", "2"), ("mark", "."), ("number", ".5")),
        *(("mark", ","), ("string", "'x'"), ("sign", "^^"), ("name", "a:b"), ("mark", ";")),
        *(("word", "c"), ("mark", "."), ("word", "d")),
    ]
    assert read("ASK { ?s ?p " + "'1'^^xsd:int, " * 600 + "1 }").chain == 0


def test_a_string_that_is_never_closed_ends_with_its_line_and_a_long_one_with_the_text() -> None:
    text = 'ASK \'a b\nc-d """e\nf'
    found = [(token.kind, token.text) for token in scan(text)]
    assert found == [
        *(("word", "ASK"), ("open", "'a b"), ("word", "c"), ("sign", "-"), ("word", "d")),
        ("open", '"""e\nf'),
    ]
    assert [text[token.start : token.end] for token in scan(text)] == [token for _, token in found]


def test_choosing_graphs_is_seen() -> None:
    assert read("SELECT * FROM<urn:g> {}").dataset
    assert not read("SELECT ?from { ?from ?p 'FROM' }").dataset


@given(st.text(alphabet="SERVICE load<>'\"\\{}()#\n?:@a1.", max_size=200))
def test_any_text_is_read(text: str) -> None:
    read(text)


@pytest.mark.parametrize(
    "piece",
    [
        *("'", '"', "<", "(", "a:", "'''a", "\\", "@a-", "<'", "#\n", "a-", "a.", "å", ":"),
        *(
            '\\"',
            '""" \\"',
            "'''\\'",
            "PREFIX a: <> ",
            "a:b ",
            "%2",
            "_:a",
            "?a",
            "-.",
            "1",
            "1e",
            ".1",
        ),
    ],
)
def test_reading_takes_time_in_proportion_to_the_length(piece: str) -> None:
    started = time.process_time()
    read('"' + piece * (100_000 // len(piece)))
    read(piece * (100_000 // len(piece)))
    assert time.process_time() - started < 0.5
