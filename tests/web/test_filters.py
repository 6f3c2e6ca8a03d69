"""Dates, numbers and texts as pages show them."""

from __future__ import annotations

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from utbildningsdata.web.filters import brief, day, number, truth
from utbildningsdata.web.language import ENVIRON_KEY


@pytest.mark.parametrize(
    ("written", "swedish", "english"),
    [
        ("2026-11-23", "23 november 2026", "23 November 2026"),
        ("2026-11-23T10:00:00Z", "23 november 2026", "23 November 2026"),
        ("2026-11", "november 2026", "November 2026"),
        ("2016", "2016", "2016"),
        ("2026-13-45", "2026-13-45", "2026-13-45"),
        ("nyss", "nyss", "nyss"),
    ],
)
def test_dates_are_written_out(app: Flask, written: str, swedish: str, english: str) -> None:
    for language, expected in (("sv", swedish), ("en", english)):
        with app.test_request_context("/", environ_overrides={ENVIRON_KEY: language}):
            assert day(written) == expected


def test_numbers_have_the_signs_of_the_language(app: Flask) -> None:
    with app.test_request_context("/", environ_overrides={ENVIRON_KEY: "sv"}):
        assert number("32593.5") == "32\N{NO-BREAK SPACE}593,5"
        assert number("0042") == "42"
        assert number("1e999") == "1e999"
        assert number("NaN") == "NaN"
        assert number("många") == "många"
        assert truth("true") == "ja"
    with app.test_request_context("/", environ_overrides={ENVIRON_KEY: "en"}):
        assert number("32593.5") == "32,593.5"
        assert truth("0") == "no"


@given(st.text(max_size=400))
def test_a_brief_text_is_a_start_of_it(text: str) -> None:
    short = brief(text, 60)
    assert len(short) <= 62
    assert " ".join(text.split()).startswith(short.removesuffix(" …"))
