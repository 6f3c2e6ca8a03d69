"""Which text is shown, how texts sort, and short forms of IRIs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Literal

from utbildningsdata.model.labels import Text, choose, choose_text, shorten, sort_key


@pytest.mark.parametrize(
    ("tags", "language", "chosen"),
    [
        (("sv", "en"), "en", "en"),
        (("sv", "en"), "sv", "sv"),
        (("en", "de"), "sv", "en"),
        (("de", ""), "en", ""),
        (("fi", "de"), "sv", "de"),
        (("en-GB",), "en", "en"),
    ],
)
def test_the_readers_language_goes_first(tags: tuple[str, ...], language: str, chosen: str) -> None:
    text = choose([Literal("x", lang=tag or None) for tag in tags], language)
    assert text == Text("x", chosen)


def test_of_two_texts_in_a_language_the_first_is_taken() -> None:
    texts = [Literal("b", lang="sv"), Literal("a", lang="sv")]
    assert choose(texts, "sv") == choose(reversed(texts), "sv") == Text("a", "sv")


def test_without_texts_there_is_none() -> None:
    assert choose([], "sv") is None
    assert choose_text({}, "sv") is None


def test_swedish_letters_come_last_in_swedish_and_not_in_english() -> None:
    words = ["Örebro", "Zorn", "Åre", "Ängelholm", "apa", "Ale"]
    assert sorted(words, key=lambda word: sort_key(word, "sv")) == [
        "Ale",
        "apa",
        "Zorn",
        "Åre",
        "Ängelholm",
        "Örebro",
    ]
    assert sorted(words, key=lambda word: sort_key(word, "en"))[:2] == ["Ale", "Ängelholm"]


@given(st.text(), st.sampled_from(["sv", "en"]))
def test_sorting_is_total(text: str, language: str) -> None:
    assert sort_key(text, language)[1] == text


@pytest.mark.parametrize(
    ("iri", "short"),
    [
        ("http://www.w3.org/ns/dcat#Dataset", "dcat:Dataset"),
        ("https://w3id.org/utbildningsdata/ns/Method", "ud:Method"),
        ("https://w3id.org/utbildningsdata/concept/task/x", "task/x"),
        ("mailto:a@b.example", "a@b.example"),
        ("https://www.scb.se/hitta/", "scb.se/hitta"),
        ("urn:isbn:1", "urn:isbn:1"),
    ],
)
def test_an_iri_without_a_name_has_a_short_form(iri: str, short: str) -> None:
    assert shorten(iri) == short


@given(st.text(min_size=1))
def test_shortening_never_fails(text: str) -> None:
    shorten(text)
