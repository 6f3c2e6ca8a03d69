"""An update as it comes in: refused with a sentence where it cannot be run, before any is spent.

The text is only divided into tokens here; it is parsed and run by ``store.writes.evaluation``.
"""

from __future__ import annotations

from utbildningsdata.errors import Malformed, TooLarge
from utbildningsdata.store.queries import errors, tokens
from utbildningsdata.store.writes import touched
from utbildningsdata.store.writes.touched import Operation, Touched

MAX_LENGTH = 1024 * 1024
"""Bytes that an update may have (in UTF-8)."""

_MAX_DEPTH = 100  # as for queries
_MAX_CHAIN = 500


def read(text: str, *, plain: bool, dataset: bool = False) -> Touched:
    """Read what an update touches, and refuse what no process should see.

    ``plain`` tells whether the store has a default graph of its own; ``dataset`` whether the
    request chooses the graphs of WHERE by its parameters (SPARQL 1.1 Protocol, 2.2.3).
    A plain store parses also updates with LOAD and SERVICE, for SILENT to be silent; nothing is
    fetched there either, since the process that runs them has no network.

    Raises:
        TooLarge: It is longer than :data:`MAX_LENGTH`.
        Refused: It uses SERVICE or LOAD.
        Malformed: It nests too deep, touches the default graph where there is none, or chooses
            graphs by WITH or USING while its request does too.
    """
    if len(text.encode()) > MAX_LENGTH:
        raise TooLarge(
            f"The update is longer than {MAX_LENGTH} bytes.",
            sv=f"Ändringen är längre än {MAX_LENGTH} byte.",
        )
    reading = tokens.read(text)
    if reading.remote and not plain:
        raise errors.remote(reading.remote)
    found = touched.read(text)
    chained = reading.chain > _MAX_CHAIN and _chain(text, found) > _MAX_CHAIN
    if reading.depth > _MAX_DEPTH or chained:
        raise Malformed(
            "The update nests too deep, or its chains are too long, to be read.",
            sv="Ändringen har för många nivåer, eller för långa kedjor, för att kunna läsas.",
        )
    for operation in found.operations:
        if dataset and operation.dataset is not None:
            raise _twice(text, operation.dataset)
        if not plain:
            _refuse_default(text, operation, dataset=dataset)
    return found


def _chain(text: str, found: Touched) -> int:
    """Return how long chains can be, outside of data: that may have many negative numbers."""
    data = [(op.start, op.end) for op in found.operations if op.data]
    return max(
        (tokens.chain(token.text for token in tokens.scan(part)) for part in _between(text, data)),
        default=0,
    )


def _between(text: str, places: list[tuple[int, int]]) -> list[str]:
    starts = [0, *(end for _, end in places)]
    ends = [*(start for start, _ in places), len(text)]
    return [text[start:end] for start, end in zip(starts, ends, strict=True)]


def _refuse_default(text: str, operation: Operation, *, dataset: bool) -> None:
    read = None if dataset else operation.reads_default
    places = [place for place in (operation.writes_default, read) if place is not None]
    if not places:
        return
    line, column = _place(text, min(places))
    raise Malformed(
        f"The update touches the default graph at line {line}, column {column}, which is only a "
        "view of all records here: name the record's graph with GRAPH, WITH or USING.",
        sv=f"Ändringen rör standardgrafen på rad {line}, tecken {column}, som här bara är en vy "
        "över alla poster: namnge postens graf med GRAPH, WITH eller USING.",
        line=line,
        column=column,
    )


def _twice(text: str, at: int) -> Malformed:
    line, column = _place(text, at)
    return Malformed(
        f"The update chooses its graphs by WITH or USING at line {line}, column {column}, and its "
        "request by using-graph-uri or using-named-graph-uri: leave one of them out.",
        sv=f"Ändringen väljer grafer med WITH eller USING på rad {line}, tecken {column}, och "
        "anropet med using-graph-uri eller using-named-graph-uri: ta bort det ena.",
        line=line,
        column=column,
    )


def _place(text: str, at: int) -> tuple[int, int]:
    """Return line and column of an offset, counted from 1."""
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
