"""Where a text goes wrong in a way that its tokens can tell: brackets, strings and prefixes.

A parser that tries alternatives says where the last of them failed, which is often far behind the
fault, and what all of them wanted there. These three are most of the faults that people make.
"""

from __future__ import annotations

from collections.abc import Container, Iterator

from utbildningsdata.store.queries import tokens
from utbildningsdata.store.queries.faults import Fault
from utbildningsdata.store.queries.tokens import Token

Found = tuple[int, str, tuple[str, ...]]
"""Where, the word or sign that stands there, and what could."""

_CLOSING = {"(": ")", "{": "}", "[": "]"}


def fault(text: str, known: Container[str]) -> Fault | None:
    """Return the first such fault; ``known`` are the prefixes that need no declaration.

    >>> fault("ASK { ?s ?p ?o )", ())
    (1, 16, ')', ('}',))
    """
    found = [*_brackets(text), *_others(text, known)]
    if not found:
        return None
    start, stands, expected = min(found)
    line = text.count("\n", 0, start) + 1
    column = start - text.rfind("\n", 0, start)
    return line, column, stands, expected


def _brackets(text: str) -> Iterator[Found]:
    """Find the first bracket that closes no other, or the end where one is not closed."""
    wanted: list[str] = []
    for token in tokens.scan(text):
        if token.text in _CLOSING:
            wanted.append(_CLOSING[token.text])
        elif token.text in _CLOSING.values():
            expected = wanted.pop() if wanted else ""
            if token.text != expected:
                yield token.start, token.text, (expected,) if expected else ()
                return
    if wanted:
        yield len(text), "", (wanted[-1],)


def _others(text: str, known: Container[str]) -> Iterator[Found]:
    declared = {"_"}
    before = Token("", "", 0, 0)
    for token in tokens.scan(text):
        prefix = token.text.partition(":")[0]
        if token.kind == "open":
            long = token.text[:3] in ('"""', "'''")
            yield token.start, "", (token.text[:3] if long else token.text[0],)
        elif token.kind == "name" and before.text.upper() == "PREFIX":
            declared.add(prefix)
        elif token.kind == "name" and not (prefix in declared or prefix in known):
            yield token.start, f"{prefix}:", ("PREFIX",)
        before = token
