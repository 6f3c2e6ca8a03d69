"""Edits of record documents: what an update removed and added, applied so that the rest stays.

A store rewrites literals (``"01"^^xsd:integer`` becomes ``"1"^^xsd:integer``), a record document
keeps them. An edit comes from the store; applied to a document it removes by value, and leaves
every line that it does not touch exactly as it was.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from utbildningsdata.rdf.ntriples import language_tag

_TAG = re.compile(r'(?<="@)[A-Za-z0-9-]+\Z')


@dataclass(frozen=True, slots=True)
class GraphEdit:
    """What changed in one graph: lines of N-Triples as the store writes them, without line ends.

    ``present`` tells whether the graph exists afterwards; an empty graph may (SPARQL 1.1 Update,
    section 3.2), but no record is empty.
    """

    removed: frozenset[str]
    added: frozenset[str]
    present: bool = True


Spelling = Mapping[str, str]
"""Literal as the store writes it → as the request wrote it (N-Triples)."""

Stored = Callable[[Sequence[str]], Sequence[str]]
"""Gives lines of N-Triples as the store writes them, in the same order."""


def lines(document: bytes) -> list[str]:
    """Return the lines of a record document, without line ends.

    >>> lines(b"<urn:s> <urn:p> <urn:o> .")
    ['<urn:s> <urn:p> <urn:o> .']
    """
    return [line for line in document.decode().split("\n") if line]


def apply(document: bytes, edit: GraphEdit, stored: Stored, spelling: Spelling) -> bytes:
    """Return the document after the edit; lines that it does not touch stay byte for byte.

    What the document says afterwards is what it said, less ``edit.removed``, and ``edit.added``.
    An added literal is written as ``spelling`` says; else as a removed line wrote it, where one
    had an equal literal with the same predicate; else as the store does.
    """
    known = lines(document)
    kept: list[str] = []
    held: set[str] = set()
    former: dict[tuple[str, str], str] = {}
    for line, form in zip(known, stored(known), strict=True):
        if form in edit.removed:
            _, predicate, value = _terms(form)
            former.setdefault((predicate, value), _terms(line)[2])
        else:
            kept.append(line)
            held.add(form)
    added = (_spelled(form, former, spelling) for form in edit.added if form not in held)
    return _document([*kept, *added])


def merged(document: bytes, more: bytes, stored: Stored) -> bytes:
    """Return the document with what ``more`` says besides; what both say stays as it was."""
    known, others = lines(document), lines(more)
    forms = stored([*known, *others])
    held = set(forms[: len(known)])
    new = zip(others, forms[len(known) :], strict=True)
    return _document([*known, *(line for line, form in new if form not in held)])


def _spelled(form: str, former: Mapping[tuple[str, str], str], spelling: Spelling) -> str:
    subject, predicate, value = _terms(form)
    written = spelling.get(value) or former.get((predicate, value), value)
    return f"{subject} {predicate} {_tagged(written)} ."


def _tagged(term: str) -> str:
    """Write the language tag of a literal, if it has one, as documents do."""
    return _TAG.sub(lambda match: language_tag(match.group()), term)


def _terms(line: str) -> tuple[str, str, str]:
    subject, predicate, rest = line.split(" ", 2)
    return subject, predicate, rest.removesuffix(" .")


def _document(content: Iterable[str]) -> bytes:
    return "".join(f"{line}\n" for line in sorted(set(content))).encode()
