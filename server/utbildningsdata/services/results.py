"""An answer as a table for people: names and links instead of IRIs, and bars where they fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rdflib import XSD, BNode, Literal, URIRef

from utbildningsdata.model.labels import tag
from utbildningsdata.services.describe.content import Value
from utbildningsdata.services.describe.fields import NUMBERS
from utbildningsdata.services.describe.signpost import Signpost
from utbildningsdata.store.ports import Rows, Term

MAX_ROWS = 500
"""Rows that a page shows; the other forms of the answer have all."""

MAX_BARS = 40

_NAME = "Name"
_DATES = {XSD.date, XSD.gYear, XSD.gYearMonth}

Cell = Value | None


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart: what it stands for, how much, and the number as it was given."""

    label: Value
    number: float
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """Columns and rows as they are shown; ``numeric`` tells which columns hold only numbers.

    ``bars`` is empty where the answer is no chart. For ASK there are no columns, but ``boolean``.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    numeric: Sequence[bool]
    bars: Sequence[Bar]
    more: bool
    seconds: float
    boolean: bool | None


def table(answer: Rows, signpost: Signpost, order: Sequence[str]) -> Table:
    """Return an answer as a table.

    ``order`` are the query's variables in the order of their first use: the engine gives those of
    ``SELECT *`` in the order of the alphabet, and a reader expects them in her own. A column of
    names is left out beside what it names: a link says the name already.
    """
    ordered = sorted(range(len(answer.columns)), key=lambda i: _place(answer.columns[i], order))
    places = [place for place in ordered if not _repeats(answer, place, signpost)]
    terms = [[row[place] for place in places] for row in answer.rows]
    rows = [[_cell(term, signpost) for term in row] for row in terms]
    return Table(
        columns=[answer.columns[place] for place in places],
        rows=rows,
        numeric=[_all_numbers(column) for column in zip(*terms, strict=True)],
        bars=() if answer.more else _bars(rows),
        more=answer.more,
        seconds=answer.seconds,
        boolean=answer.boolean,
    )


def _place(column: str, order: Sequence[str]) -> int:
    return order.index(column) if column in order else -1


def _repeats(answer: Rows, place: int, signpost: Signpost) -> bool:
    """Tell whether a column holds nothing but the names of what another one holds.

    Queries give ``?datasetName`` beside ``?dataset`` for programs; the page names ``?dataset``
    itself, in the language of its reader.
    """
    thing = answer.columns[place].removesuffix(_NAME)
    if thing == answer.columns[place] or thing not in answer.columns:
        return False
    pairs = {(row[answer.columns.index(thing)], row[place]) for row in answer.rows}
    return all(
        name is None or (isinstance(term, URIRef) and name in signpost.revision.labels(str(term)))
        for term, name in pairs
    )


def _cell(term: Term | None, signpost: Signpost) -> Cell:
    if term is None:
        return None
    if isinstance(term, URIRef):
        return signpost.link(str(term))
    if isinstance(term, BNode):
        return Value("code", f"_:{term}")
    if term.datatype in NUMBERS:
        return Value("number", str(term))
    if term.datatype in _DATES:
        return Value("date", str(term))
    if term.datatype == XSD.boolean:
        return Value("boolean", str(term))
    return Value("text", str(term), tag(term))


def _all_numbers(column: Sequence[Term | None]) -> bool:
    return all(
        term is None or (isinstance(term, Literal) and term.datatype in NUMBERS) for term in column
    )


def _bars(rows: Sequence[Sequence[Cell]]) -> Sequence[Bar]:
    """Return bars where each row is a number and a name, or a thing and its name."""
    bars = []
    for row in rows[: MAX_BARS + 1]:
        names = [cell for cell in row if cell is not None and cell.kind in ("text", "link", "date")]
        numbers = [cell for cell in row if cell is not None and cell.kind == "number"]
        if len(row) not in (2, 3) or len(numbers) != 1 or len(names) != len(row) - 1:
            return ()
        number = _number(numbers[0].text)
        if number is None:
            return ()
        bars.append(Bar(_best(names), number, numbers[0].text))
    return bars if 1 < len(bars) <= MAX_BARS else ()


def _best(names: Sequence[Value]) -> Value:
    """Take the link, which leads somewhere, but call it by the text that the query chose."""
    link = next((name for name in names if name.kind == "link"), None)
    text = next((name for name in names if name.kind != "link"), None)
    if link is None or text is None:
        return names[0]
    return Value("link", text.text, text.language, link.iri, link.path, named=True)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if 0 <= number < float("inf") else None
