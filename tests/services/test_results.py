"""An answer as a table, and as bars where they fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from rdflib import XSD, BNode, Literal, URIRef

from support.workshop import BASE, Workshop
from utbildningsdata.model.profile import Profile
from utbildningsdata.resources import folder
from utbildningsdata.services.describe.signpost import Signpost
from utbildningsdata.services.results import MAX_BARS, table
from utbildningsdata.store.ports import Rows, Term

SCHOOLS = URIRef(f"{BASE}id/dataset/skolor")


@pytest.fixture(scope="module")
def signpost(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Signpost]:
    workshop = Workshop(Path(tmp_path_factory.mktemp("results")))
    workshop.dataset("skolor", "Skolor")
    workshop.load()
    with workshop.data.current() as revision:
        yield Signpost(revision, Profile.load(folder("shapes")), "sv")


def answer(columns: str, *rows: Sequence[Term | None], more: bool = False) -> Rows:
    return Rows(columns.split(), rows, more, 0.01)


def test_what_the_catalogue_describes_is_named_and_linked(signpost: Signpost) -> None:
    shown = table(answer("d", (SCHOOLS,), (URIRef("urn:x"),)), signpost, [])
    ours, foreign = (row[0] for row in shown.rows)
    assert ours is not None
    assert foreign is not None
    assert (ours.text, ours.path) == ("Skolor", "dataset/skolor")
    assert (foreign.path, foreign.named) == (None, False)


def test_cells_are_of_the_kind_that_their_terms_are(signpost: Signpost) -> None:
    row = (
        Literal("1", datatype=XSD.integer),
        Literal("2026-11-23", datatype=XSD.date),
        Literal("true", datatype=XSD.boolean),
        Literal("hej", lang="sv-SE"),
        BNode("b"),
        None,
    )
    (cells,) = table(answer("a b c d e f", row), signpost, []).rows
    assert [cell and cell.kind for cell in cells] == [
        *("number", "date", "boolean", "text", "code", None)
    ]
    assert cells[3] is not None
    assert cells[3].language == "sv"


def test_columns_are_in_the_order_of_the_query(signpost: Signpost) -> None:
    row = (Literal("1"), Literal("2"), Literal("3"))
    shown = table(answer("a b z", row), signpost, ["z", "x", "b"])
    assert shown.columns == ["a", "z", "b"]
    assert [cell and cell.text for cell in shown.rows[0]] == ["1", "3", "2"]


@pytest.mark.parametrize(
    ("columns", "name", "shown"),
    [
        ("d dName", "Skolor", ["d"]),
        ("dName d", "Skolor", ["d"]),
        ("d dName", None, ["d"]),
        ("d dName", "Något annat", ["d", "dName"]),
        ("d title", "Skolor", ["d", "title"]),
        ("x dName", "Skolor", ["x", "dName"]),
    ],
)
def test_names_are_not_repeated_beside_what_they_name(
    signpost: Signpost, columns: str, name: str | None, shown: list[str]
) -> None:
    terms: list[Term | None] = [SCHOOLS, Literal(name, lang="sv") if name else None]
    row = terms if columns.split()[1].endswith(("Name", "title")) else terms[::-1]
    made = table(answer(columns, row), signpost, columns.split())
    assert made.columns == shown
    assert [len(cells) for cells in made.rows] == [len(shown)] == [len(made.numeric)]


def test_names_of_what_is_no_iri_are_shown(signpost: Signpost) -> None:
    row = (Literal("Skolor"), Literal("Skolor"))
    assert table(answer("d dName", row), signpost, []).columns == ["d", "dName"]


def number(value: object) -> Literal:
    return Literal(str(value), datatype=XSD.decimal)


def test_names_with_numbers_are_bars(signpost: Signpost) -> None:
    shown = table(answer("n c", (Literal("a"), number(2)), (SCHOOLS, number(0.5))), signpost, [])
    assert [(bar.label.text, bar.number) for bar in shown.bars] == [("a", 2.0), ("Skolor", 0.5)]
    assert shown.numeric == [False, True]


def test_a_thing_beside_its_name_and_number_is_a_bar_that_links(signpost: Signpost) -> None:
    row = (SCHOOLS, Literal("Våra skolor", lang="sv"), number(2))
    shown = table(answer("d n c", row, row), signpost, [])
    assert [(bar.label.text, bar.label.path) for bar in shown.bars] == [
        ("Våra skolor", "dataset/skolor")
    ] * 2


@pytest.mark.parametrize(
    "rows",
    [
        [(Literal("a"), number(1))],
        [(Literal("a"), number(1))] * (MAX_BARS + 1),
        [(Literal("a"), number(-1))] * 2,
        [(Literal("a"), Literal("b"))] * 2,
        [(number(1), number(2))] * 2,
        [(Literal("a"), None)] * 2,
        [(Literal("a"), Literal("NaN", datatype=XSD.double))] * 2,
        [(Literal("a"), Literal("x", datatype=XSD.integer))] * 2,
    ],
)
def test_other_answers_are_only_tables(
    signpost: Signpost, rows: list[Sequence[Term | None]]
) -> None:
    assert table(answer("n c", *rows), signpost, []).bars == ()


def test_a_part_of_an_answer_is_no_chart(signpost: Signpost) -> None:
    rows = [(Literal("a"), number(1))] * 2
    assert table(answer("n c", *rows, more=True), signpost, []).bars == ()
