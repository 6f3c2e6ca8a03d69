"""The client gets what it likes best of what there is, or a clear no (RFC 9110, section 12.5.1)."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utbildningsdata.errors import NotAcceptable
from utbildningsdata.rdf.mediatypes import GRAPHS, HTML, RESULTS, by_suffix
from utbildningsdata.rdf.negotiation import choose

PAGE = (HTML, *GRAPHS)


@pytest.mark.parametrize(
    ("accept", "suffix"),
    [
        (None, "html"),
        ("", "html"),
        ("*/*", "html"),
        ("text/turtle", "ttl"),
        ("TEXT/TURTLE", "ttl"),
        ("text/*;q=0.5, text/turtle", "ttl"),
        ("text/html;q=0.1, application/rdf+xml", "rdf"),
        ("text/html;q=0, */*", "ttl"),
        ("application/ld+json;profile=x, text/html;q=0.9", "jsonld"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "html"),
        ("application/xml", "rdf"),
        ("text/turtle;q=banana, application/n-triples", "nt"),
        ("text/turtle;q=NaN, text/html;q=0.1", "html"),
        ("nonsense, text/turtle", "ttl"),
    ],
)
def test_the_client_gets_what_it_likes_best(accept: str | None, suffix: str) -> None:
    assert choose(accept, PAGE).suffix == suffix


def test_the_first_that_is_offered_answers_a_client_that_says_nothing() -> None:
    assert choose(None, PAGE) is PAGE[0]


@pytest.mark.parametrize("accept", ["image/png", "text/html;q=0, */*;q=0", "q=1", ";;;,,,"])
def test_what_cannot_be_met_is_refused_with_what_there_is(accept: str) -> None:
    with pytest.raises(NotAcceptable) as caught:
        choose(accept, PAGE)
    assert "text/turtle" in caught.value.available


@given(st.text())
def test_no_header_ever_fails_otherwise(accept: str) -> None:
    with suppress(NotAcceptable):
        assert choose(accept, RESULTS) in RESULTS


def test_a_very_long_header_is_read_only_in_part() -> None:
    assert choose(",".join(["text/turtle;q=0.5"] * 5000 + ["text/html"]), PAGE).suffix == "ttl"


def test_suffixes_name_syntaxes_once() -> None:
    suffixes = [syntax.suffix for syntax in PAGE]
    assert len(set(suffixes)) == len(suffixes)
    assert by_suffix("ttl") in GRAPHS
    assert by_suffix("exe") is None
