"""The first rows of an answer as plain lists: for pages, which never show all of a large one.

A row has one cell per column: null where nothing is bound, else a list of the kind (``iri``,
``bnode`` or ``literal``), the text, and for a literal its language and its datatype.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import pyoxigraph as ox

Cell = list[str] | None

Found = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples | Iterator[ox.Triple]
"""What a query found, by its form."""


def take(found: Found, limit: int) -> dict[str, Any]:
    """Return ``boolean``; or ``columns``, at most ``limit`` ``rows``, and if there are ``more``."""
    if isinstance(found, ox.QueryBoolean):
        return {"boolean": bool(found)}
    columns = (
        [variable.value for variable in found.variables]
        if isinstance(found, ox.QuerySolutions)
        else ["subject", "predicate", "object"]
    )
    rows = list(islice(_rows(found), limit + 1))
    return {"columns": columns, "rows": rows[:limit], "more": len(rows) > limit}


def _rows(found: Iterable[Iterable[Any]]) -> Iterator[list[Cell]]:
    for solution in found:
        yield [_cell(term) for term in solution]


def _cell(term: Any) -> Cell:
    if term is None:
        return None
    if isinstance(term, ox.NamedNode):
        return ["iri", term.value]
    if isinstance(term, ox.Literal):
        return ["literal", term.value, term.language or "", term.datatype.value]
    if isinstance(term, ox.BlankNode):
        return ["bnode", term.value]
    return ["literal", str(term), "", ""]  # a triple as a term (RDF 1.2)
