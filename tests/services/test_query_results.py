"""A record as a question: what may be chosen, what its columns are called, what is remembered."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from rdflib import XSD

from support.questions import questions
from utbildningsdata.errors import NotFound
from utbildningsdata.model.profile import Profile
from utbildningsdata.resources import folder
from utbildningsdata.services.describe.signpost import Signpost
from utbildningsdata.services.query_results import Question, Recent, headings, question, tag


@pytest.fixture(scope="module")
def signpost(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Signpost]:
    shop = questions(tmp_path_factory.mktemp("questions"))
    with shop.data.current() as revision:
        yield Signpost(revision, Profile.load(folder("shapes")), "sv")


@pytest.fixture(scope="module")
def asked(signpost: Signpost) -> Question:
    return question(signpost.revision.entry("query/per-form"), signpost)


def test_parameters_come_in_their_order_with_their_names(asked: Question) -> None:
    told = [(item.name, item.label.text, item.datatype) for item in asked.parameters]
    assert told == [
        ("word", "ord", XSD.string),
        ("schoolForm", "skolform", None),
        ("least", "minst", XSD.integer),
    ]
    assert [item.most for item in asked.parameters] == [50, 50, 1]


def test_a_parameter_without_a_place_or_with_a_name_that_is_taken_is_none(asked: Question) -> None:
    assert {"nowhere", "format"}.isdisjoint(item.name for item in asked.parameters)


def test_options_are_counted_with_what_is_narrower(asked: Question) -> None:
    counts = {option.code: option.count for option in asked.parameters[1].options}
    assert counts == {"GR": 2, "SFI": 1, "VUX": 1, "YH": 0, "GRS": 0}


def test_options_are_in_the_order_of_the_alphabet(asked: Question) -> None:
    names = [option.label.text for option in asked.parameters[1].options]
    assert names == ["Grundskola", "Grundsärskola", "Komvux", "Sfi", "Yrkeshögskola"]


def test_things_that_the_query_is_not_about_are_not_counted(signpost: Signpost) -> None:
    other = question(signpost.revision.entry("query/poster"), signpost)
    (parameter,) = other.parameters
    assert [(option.code, option.count) for option in parameter.options] == [("ett", 0), ("tva", 0)]
    assert parameter.required


def test_a_record_that_is_no_query_asks_nothing(signpost: Signpost) -> None:
    with pytest.raises(NotFound):
        question(signpost.revision.entry("dataset/ett"), signpost)


@pytest.mark.parametrize(
    ("column", "heading"),
    [
        ("schoolForm", "skolform"),
        ("dataset", "Datamängd"),
        ("datasets", "Datamängder"),
        ("datasetName", "Datamängd"),
        ("least", "minst"),
        ("license", "licens"),
        ("type", "klass"),
        ("predicate", "predikat"),
        ("xyz", "xyz"),
    ],
)
def test_columns_have_names_that_readers_know(
    asked: Question, signpost: Signpost, column: str, heading: str
) -> None:
    assert [text.text for text in headings([column], asked, signpost)] == [heading]


def test_a_tag_is_of_the_values_and_not_of_how_they_were_sent(
    asked: Question, signpost: Signpost
) -> None:
    def made(*given: tuple[str, str]) -> str:
        return tag(signpost.revision, asked, asked.bind(given)[0], "csv")

    assert made(("schoolForm", "GR"), ("word", "")) == made(("schoolForm", "GR"), ("least", "2"))
    assert len({made(), made(("schoolForm", "GR")), made(("least", "3"))}) == 3


def test_answers_are_remembered_while_there_is_room() -> None:
    recent = Recent(size=10, most=6)
    recent.put("a", b"12345")
    recent.put("b", b"12345")
    recent.put("large", b"1234567")
    assert [recent.get(tag) for tag in ("a", "b", "large")] == [b"12345", b"12345", None]
    recent.put("b", b"1")
    recent.put("c", b"1234")
    assert [recent.get(tag) for tag in "abc"] == [b"12345", b"1", b"1234"]
    recent.put("d", b"1")
    assert [recent.get(tag) for tag in "abcd"] == [None, b"1", b"1234", b"1"]
