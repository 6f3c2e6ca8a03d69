"""What is said of a query that cannot be parsed: where, and what would have been right."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from utbildningsdata.errors import Malformed
from utbildningsdata.store.queries import balance, faults

KNOWN = {"dcat": "http://www.w3.org/ns/dcat#"}


def refused(text: str) -> Malformed:
    """Return what is said of a text that the engine refuses."""
    with pytest.raises(SyntaxError) as caught:
        ox.Store().query(text, prefixes=KNOWN)
    return faults.malformed(str(caught.value), None, balance.fault(text, KNOWN))


@pytest.mark.parametrize(
    ("text", "place", "expected", "words"),
    [
        ("SELECT * {", (1, 11), ("}",), "the query ends there"),
        ("SELECT * {\n  ?s ?p ?o }}", (2, 13), (), "closes nothing"),
        ("ASK { FILTER(1 = 1 }", (1, 20), (")",), "there stands }"),
        ("ASK { ?s ?p 'abc }", (1, 13), ("'",), "never closed"),
        ('ASK { ?s ?p """abc\n" }', (1, 13), ('"""',), "never closed"),
        ("ASK { ?s dcat:a ?o ; foo:b 1 }", (1, 22), ("PREFIX",), "'foo:'"),
        ("PREFIX a: <urn:a>\nASK { a:b :c 1 }", (2, 11), ("PREFIX",), "':'"),
        ("SELECT ?a ?a {}", (1, 16), ("DISTINCT",), "selected twice"),
        ("SELECT * { ?s ?p ?o } GROUP BY ?s", (1, 34), None, "with GROUP BY"),
        ("ASK { BIND(1 AS ?x) BIND(2 AS ?x) }", (1, 36), (), "something else"),
        ("", (1, 1), (), "something else"),
    ],
)
def test_a_fault_has_its_place_and_what_was_expected(
    text: str, place: tuple[int, int], expected: tuple[str, ...] | None, words: str
) -> None:
    error = refused(text)
    assert (error.line, error.column) == place
    assert words in error.message
    assert expected is None or error.expected == expected
    assert error.message != error.sv


def test_what_the_engine_met_before_a_fault_of_brackets_is_said_first() -> None:
    error = faults.malformed("error at 1:5: expected SELECT", None, (1, 9, "}", ()))
    assert (error.line, error.column, error.expected) == (1, 5, ("SELECT",))


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("The custom function <urn:f> is not supported", "there is no function <urn:f>"),
        ("thread 'main' panicked at lib/x.rs", "cannot be run as it is written"),
    ],
)
def test_what_has_no_place_is_said_in_words_of_our_own(message: str, words: str) -> None:
    error = faults.malformed(message, None)
    assert words in error.message
    assert (error.line, error.column, error.expected) == (None, None, ())


def test_a_text_without_such_faults_has_none() -> None:
    text = "PREFIX a: <urn:a> SELECT * { _:x a:b '(' ; dcat:c [ a:d (1 2) ] FILTER(?x < 1) }"
    assert balance.fault(text, KNOWN) is None
