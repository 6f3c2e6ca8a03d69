"""Where the engine does otherwise than SPARQL 1.1 says, and a changed text cures it.

What cannot be cured so is listed, test by test, in docs/conformance.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from utbildningsdata.store.queries import tokens
from utbildningsdata.store.queries.tokens import Token

Ask = Callable[[str], bool]
"""Answers an ASK query in the dataset of the query that is being read."""

_CURABLE = re.compile(r"GROUP_CONCAT|\*|\?(?!\w)", re.IGNORECASE)

Change = tuple[int, int, str]
"""From where to where a text is replaced, and by what."""


def text(written: str, ask: Ask | None = None) -> str:
    """Return a query or update that means to the engine what ``written`` means to SPARQL 1.1.

    Most texts are returned as they are. ``ask`` is needed for what depends on the data.

    >>> text("SELECT (GROUP_CONCAT(?name; SEPARATOR=')') AS ?names) {}")
    "SELECT (STR(GROUP_CONCAT(?name; SEPARATOR=')')) AS ?names) {}"
    """
    if not _CURABLE.search(written):
        return written
    scanned = list(tokens.scan(written))
    closed = _closed(scanned)
    changes = list(_concatenations(scanned, closed))
    if ask is not None:
        changes += _empty_paths(written, scanned, closed, ask)
    for start, end, replacement in sorted(changes, reverse=True):
        written = written[:start] + replacement + written[end:]
    return written


def _closed(scanned: Sequence[Token]) -> Mapping[int, int]:
    """Return for the place of each parenthesis that is closed the place where it is."""
    closed, opened = {}, []
    for place, token in enumerate(scanned):
        if token.text == "(":
            opened.append(place)
        elif token.text == ")" and opened:
            closed[opened.pop()] = place
    return closed


def _concatenations(scanned: Sequence[Token], closed: Mapping[int, int]) -> Iterator[Change]:
    """Let GROUP_CONCAT give a simple literal (section 18.5.1.7); aggregates never nest.

    The engine keeps a language that all values have in common.
    """
    for place, token in enumerate(scanned):
        called = token.kind == "word" and token.text.upper() == "GROUP_CONCAT"
        if called and place + 1 in closed:
            end = scanned[closed[place + 1]].end
            yield token.start, token.start, "STR("
            yield end, end, ")"


def _empty_paths(
    written: str, scanned: Sequence[Token], closed: Mapping[int, int], ask: Ask
) -> Iterator[Change]:
    """Let a path of length zero reach the term it begins with (section 18.4, ALP).

    The engine finds nothing where that term is no node of the data. Then the path has this one
    solution: the variable at its other end is the term. Only a triple that stands alone is read:
    ``<iri> path* ?v`` or ``?v path* <iri>``, without ``;`` and ``,``.
    """
    form = next((token for token in scanned if token.text.upper() in tokens.FORMS), None)
    prologue = written[: form.start] if form else ""
    for place, token in enumerate(scanned):
        if place and scanned[place - 1].text not in ("{", "}", "."):
            continue
        last = _path(written, scanned, closed, place + 1)
        if last is None or not _ends(scanned, last + 1):
            continue
        ends = {_role(token): token.text, _role(scanned[last]): scanned[last].text}
        if ends.keys() == {"variable", "constant"} and not ask(_known(prologue, ends["constant"])):
            replacement = f"VALUES {ends['variable']} {{ {ends['constant']} }}"
            yield token.start, scanned[last].end, replacement


def _role(token: Token) -> str:
    if token.kind == "variable":
        return "variable"
    named = token.kind == "name" and not token.text.startswith("_:")
    return "constant" if named or token.kind == "iri" else ""


def _path(
    written: str, scanned: Sequence[Token], closed: Mapping[int, int], place: int
) -> int | None:
    """Return the place after a path at ``place`` that is one element with ``*`` or ``?``."""
    if place < len(scanned) and scanned[place].text == "^":
        place += 1
    if place >= len(scanned):
        return None
    last = closed.get(place) if scanned[place].text == "(" else place
    simple = _role(scanned[place]) == "constant" or scanned[place].text in ("a", "(")
    if last is None or not simple or last + 1 >= len(scanned):
        return None
    if scanned[last + 1].text == "*":
        return last + 2 if last + 2 < len(scanned) else None
    # A question mark before a space is no token: it could begin a variable.
    between = written[scanned[last].end : scanned[last + 1].start]
    return last + 1 if between.strip() == "?" else None


def _ends(scanned: Sequence[Token], place: int) -> bool:
    return place < len(scanned) and scanned[place].text in (".", "}")


def _known(prologue: str, constant: str) -> str:
    """Return the question whether a term is a node of the data."""
    patterns = (f"{constant} ?p ?o", f"?s ?p {constant}")
    everywhere = [f"{{ {each} }} UNION {{ GRAPH ?g {{ {each} }} }}" for each in patterns]
    return f"{prologue} ASK {{ {' UNION '.join(everywhere)} }}"
