"""Values become terms by their types, and stand where the query has a place for them."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import XSD, URIRef

from utbildningsdata.errors import Malformed
from utbildningsdata.model.labels import Text
from utbildningsdata.services.binding import MAX_LETTERS, bind, places
from utbildningsdata.services.parameters import Option, Parameter

FORM = Parameter(
    name="form",
    label=Text("form"),
    help=None,
    datatype=None,
    options=[
        Option("https://x.example/GR", "GR", Text("Grundskola", "sv"), 3),
        Option("https://x.example/GY", "GY", Text("Gymnasieskola", "sv"), 0),
    ],
    required=False,
    most=2,
    default=[],
)
TEXT = "SELECT ?form ?n { VALUES ?form { UNDEF } VALUES ?n { UNDEF } }"


def literal(datatype: URIRef, *, required: bool = False, default: str = "") -> Parameter:
    values = [default] if default else []
    return Parameter("n", Text("n"), None, datatype, [], required, 50, values)


def solutions(text: str) -> list[tuple[str, ...]]:
    found = ox.Store().query(text)
    assert isinstance(found, ox.QuerySolutions)
    return [tuple(str(term) for term in row) for row in found]


def test_a_text_runs_as_it_stands_and_asks_for_everything() -> None:
    assert bind(TEXT, [FORM], []).text == TEXT
    assert solutions(TEXT) == [("None", "None")]


@pytest.mark.parametrize("value", ["GR", "https://x.example/GR"])
def test_a_concept_is_called_by_its_code_or_its_iri(value: str) -> None:
    bound = bind(TEXT, [FORM], [("form", value)])
    assert bound.values == {"form": ["GR"]}
    assert solutions(bound.text) == [("<https://x.example/GR>", "None")]


def test_several_values_are_rows() -> None:
    bound = bind(TEXT, [FORM], [("form", "GY"), ("form", "GR"), ("form", "GY")])
    assert bound.pairs == [("form", "GR"), ("form", "GY")]
    assert len(solutions(bound.text)) == 2


def test_requests_that_mean_the_same_are_the_same() -> None:
    one = bind(TEXT, [FORM], [("form", "GY"), ("form", "https://x.example/GR")])
    other = bind(TEXT, [FORM], [("form", "GR"), ("form", ""), ("form", "GY")])
    assert one == other


@pytest.mark.parametrize(
    ("datatype", "value", "spelled"),
    [
        (XSD.integer, "007", "7"),
        (XSD.integer, "-3", "-3"),
        (XSD.decimal, "2.5", "2.5"),
        (XSD.gYear, "2024", "2024"),
        (XSD.date, "2024-02-29", "2024-02-29"),
        (XSD.boolean, "1", "true"),
        (XSD.string, "å} # <x>", "å} # <x>"),
    ],
)
def test_a_literal_has_its_datatype(datatype: URIRef, value: str, spelled: str) -> None:
    bound = bind(TEXT, [literal(datatype)], [("n", value)])
    assert bound.values == {"n": [spelled]}
    typed = ox.Literal(spelled, datatype=ox.NamedNode(str(datatype)))
    assert solutions(bound.text) == [("None", str(typed))]


@pytest.mark.parametrize(
    ("datatype", "value"),
    [
        (XSD.integer, "2.5"),
        (XSD.integer, "1e3"),
        (XSD.integer, "٣"),
        (XSD.integer, "9" * 19),
        (XSD.decimal, "."),
        (XSD.gYear, "24"),
        (XSD.date, "2023-02-29"),
        (XSD.date, "2024-08-31T10:00:00"),
        (XSD.boolean, "ja"),
        (XSD.string, "a\nb"),
        (XSD.string, "\x00"),
        (XSD.string, "a" * (MAX_LETTERS + 1)),
    ],
)
def test_what_is_no_value_of_the_type_is_refused_with_its_type(
    datatype: URIRef, value: str
) -> None:
    with pytest.raises(Malformed, match=r"no value of n, which is (a|true or)") as caught:
        bind(TEXT, [literal(datatype)], [("n", value)])
    assert caught.value.sv != caught.value.message


LETTERS = st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff")


@given(st.text(LETTERS, min_size=1, max_size=MAX_LETTERS).filter(str.strip))
def test_no_text_leaves_its_string(value: str) -> None:
    """Quotes, backslashes and escapes come out as they went in, and nothing else changes."""
    text = bind(TEXT, [literal(XSD.string)], [("n", value)]).text
    ((form, found),) = ox.Store().query(text)  # type: ignore[misc]
    assert form is None
    assert found.value == value.strip()


@pytest.mark.parametrize(
    "value", [r"\u0022", r"\\u0022 } #", '" } DROP ALL #', r"\U00000022", "\\", "'''", "𝛿"]
)
def test_an_escape_is_a_text_like_any_other(value: str) -> None:
    text = bind(TEXT, [literal(XSD.string)], [("n", value)]).text
    ((_, found),) = ox.Store().query(text)  # type: ignore[misc]
    assert found.value == value


def test_a_code_that_is_none_is_refused_with_those_there_are() -> None:
    with pytest.raises(Malformed, match="'HS' is no value of form, which is one of GR, GY") as it:
        bind(TEXT, [FORM], [("form", "HS")])
    assert it.value.expected == ("GR", "GY")


def test_an_unknown_parameter_is_refused_with_those_there_are() -> None:
    with pytest.raises(Malformed, match="no parameter 'skolform'; there is form"):
        bind(TEXT, [FORM], [("skolform", "GR")])
    with pytest.raises(Malformed, match="this query has none"):
        bind(TEXT, [], [("form", "GR")])


def test_too_many_values_are_refused_with_how_many_there_may_be() -> None:
    many = [("n", str(number)) for number in range(51)]
    with pytest.raises(Malformed, match="51 values of n; there may be at most 50"):
        bind(TEXT, [literal(XSD.integer)], many)


def test_a_default_holds_until_a_reader_sets_it_aside() -> None:
    parameter = literal(XSD.integer, default="2")
    assert bind(TEXT, [parameter], []).pairs == [("n", "2")]
    assert bind(TEXT, [parameter], [("n", "5")]).pairs == [("n", "5")]
    aside = bind(TEXT, [parameter], [("n", "")])
    assert aside.pairs == [("n", "")]
    assert aside.text == TEXT
    assert bind(TEXT, [parameter], aside.pairs) == aside


def test_what_is_needed_must_be_given() -> None:
    with pytest.raises(Malformed, match="Give a value of n: a year"):
        bind(TEXT, [literal(XSD.gYear, required=True)], [("n", "")])


def test_places_are_tokens_and_never_in_strings_or_comments() -> None:
    text = """SELECT * { # VALUES ?a { UNDEF }
      BIND("VALUES ?b { UNDEF }" AS ?s) values $c { # why
      undef } VALUES (?d) { (UNDEF) } VALUES ?e { UNDEF 1 } VALUES ?f { UNDEF } }"""
    found = places(text)
    assert set(found) == {"c", "f"}
    assert [text[start:end] for start, end in found["c"]] == ["undef"]


def test_each_place_of_a_parameter_is_filled() -> None:
    text = "SELECT * { { VALUES ?n { UNDEF } } UNION { VALUES ?n { UNDEF } } }"
    bound = bind(text, [literal(XSD.integer)], [("n", "1")])
    assert len(solutions(bound.text)) == 2
    assert "UNDEF" not in bound.text
