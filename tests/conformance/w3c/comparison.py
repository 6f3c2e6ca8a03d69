"""Whether two answers are the same: as bags or sequences, up to the names of blank nodes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from conformance.w3c.tables import Answer, Table
from conformance.w3c.terms import Key, key

Keys = tuple[Key, ...]
"""One solution: a key for each variable, in the order of their names."""


def difference(expected: Answer, found: Answer, by_value: frozenset[str] | None = None) -> str:
    """Return what differs, or the empty string; ``expected`` says whether the order counts.

    Numbers and booleans are compared by value in the variables named ``by_value``, None being all.
    """
    if isinstance(expected, bool) or isinstance(found, bool):
        return "" if expected is found else f"expected {_said(expected)}, found {_said(found)}"
    if expected.variables != found.variables:
        return f"variables {sorted(expected.variables)}, found {sorted(found.variables)}"
    names = sorted(expected.variables)

    def keys(table: Table) -> list[Keys]:
        return [
            tuple(key(row.get(n), by_value=by_value is None or n in by_value) for n in names)
            for row in table.rows
        ]

    one, other = keys(expected), keys(found)
    if len(one) != len(other):
        return f"expected {len(one)} solutions, found {len(other)}"
    same = _in_order(one, other) if expected.ordered else _matched(one, other)
    return "" if same else _unlike(one, other)


def _said(answer: Answer) -> str:
    return str(answer).lower() if isinstance(answer, bool) else f"{len(answer.rows)} solutions"


def _unlike(one: Sequence[Keys], other: Sequence[Keys]) -> str:
    missing = list((Counter(map(_shape, one)) - Counter(map(_shape, other))).elements())
    extra = list((Counter(map(_shape, other)) - Counter(map(_shape, one))).elements())
    if not missing:
        return "the solutions differ in their order or in which blank nodes are the same"
    return f"{len(missing)} differ, as expected {_shown(missing[0])}, found {_shown(extra[0])}"


def _shown(row: Keys) -> str:
    """Return a solution in short."""
    local = [[part.rpartition("/")[2].rpartition("#")[2] for part in term[1:]] for term in row]
    return "(" + ", ".join("^^".join(term) or "_:" for term in local) + ")"


def _shape(row: Keys) -> Keys:
    """Return a row with its blank nodes unnamed."""
    return tuple(("bnode",) if term[0] == "bnode" else term for term in row)


def _in_order(one: Sequence[Keys], other: Sequence[Keys]) -> bool:
    names: dict[str, str] | None = {}
    for left, right in zip(one, other, strict=True):
        names = _renamed(left, right, names)
        if names is None:
            return False
    return True


def _matched(one: Sequence[Keys], other: Sequence[Keys]) -> bool:
    """Tell whether two bags are the same but for the names of blank nodes."""
    if Counter(map(_shape, one)) != Counter(map(_shape, other)):
        return False
    unsure = [row for row in one if _shape(row) != row]
    return _paired(unsure, [row for row in other if _shape(row) != row], {})


def _paired(one: Sequence[Keys], other: list[Keys], names: dict[str, str]) -> bool:
    if not one:
        return True
    for place, candidate in enumerate(other):
        further = _renamed(one[0], candidate, names)
        if further is not None and _paired(one[1:], other[:place] + other[place + 1 :], further):
            return True
    return False


def _renamed(left: Keys, right: Keys, names: dict[str, str] | None) -> dict[str, str] | None:
    """Return the names of blank nodes with those that make the rows equal; None where none do."""
    if names is None or _shape(left) != _shape(right):
        return None
    names = dict(names)
    for one, other in zip(left, right, strict=True):
        if one[0] != "bnode":
            continue
        if names.setdefault(one[1], other[1]) != other[1]:
            return None
    return names if len(set(names.values())) == len(names) else None


def computed_in(query: str) -> frozenset[str]:
    """Return the variables to which a query gives the value of an expression.

    SPARQL says which number an expression has, not how it is spelled.

    >>> sorted(computed_in("SELECT (1 AS ?one) { ?s ?p ?o BIND(2 as $two) }"))
    ['one', 'two']
    """
    return frozenset(re.findall(r"\bAS\s+[?$](\w+)", query, re.IGNORECASE))
