"""The texts by which an update is run: the whole of it, or its operations one after another.

The engine takes a prologue only before the first operation, though the grammar (SPARQL 1.1,
section 19.8, rule 29) has one before each: an update with more than one is run in steps. So is
one whose request chooses the graphs of WHERE, and one that changes graphs that only WHERE knows,
for those are asked for before each step.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from utbildningsdata.store.queries import tokens
from utbildningsdata.store.writes.touched import Operation, Touched

_UNBROKEN = re.compile(r"[^\n\r]")
_CHANGING = frozenset(
    {"RAND", "UUID", "STRUUID", "BNODE", "NOW", "LIMIT", "OFFSET", "SAMPLE", "GROUP_CONCAT"}
)  # what may give other solutions when it is asked again


@dataclass(frozen=True, slots=True)
class Sources:
    """The graphs that a request chooses for WHERE (SPARQL 1.1 Protocol, 2.2.3)."""

    default: Sequence[str] = ()
    named: Sequence[str] = ()

    def clauses(self, word: str) -> list[str]:
        """Return them as clauses that begin with USING or FROM."""
        named = [f"{word} NAMED <{iri}>" for iri in self.named]
        return [*(f"{word} <{iri}>" for iri in self.default), *named]


@dataclass(frozen=True, slots=True)
class Step:
    """A text to run. ``question`` is a query for the graphs that only its WHERE knows, if any.

    ``within`` is the token of the graph that the question is asked of, where that is WITH's, and
    ``declarations`` are what it is read with.
    """

    text: str
    question: str = ""
    within: str = ""
    declarations: Sequence[tuple[int, int]] = ()


def steps(text: str, found: Touched, sources: Sources) -> list[Step]:
    """Return what to run, in its order; in the texts everything stands where it stood.

    Raises:
        SyntaxError: The request chooses graphs, and the operations cannot be told apart.
    """
    chosen = bool(sources.default or sources.named)
    if not found.readable:
        if chosen:
            raise SyntaxError("the operations of the update cannot be told apart")
        return [Step(text)]
    several = len(list(by_prologue(found))) > 1
    if not (chosen or several or any(op.variables for op in found.operations)):
        return [Step(text)]
    return [_step(text, found, operation, sources) for operation in found.operations]


def by_prologue(found: Touched) -> Iterator[tuple[Sequence[tuple[int, int]], list[Operation]]]:
    """Group operations by the declarations that stand before them."""

    def declared(operation: Operation) -> int:
        return sum(start < operation.start for start, _ in found.declarations)

    for count, operations in groupby(found.operations, declared):
        yield found.declarations[:count], list(operations)


def settled(text: str, operation: Operation) -> bool:
    """Tell whether the WHERE of an operation has the same solutions when it is asked twice."""
    pattern = text[slice(*operation.pattern)] if operation.pattern else ""
    return not any(token.text.upper() in _CHANGING for token in tokens.scan(pattern))


def _step(text: str, found: Touched, operation: Operation, sources: Sources) -> Step:
    declarations = [place for place in found.declarations if place[0] < operation.start]
    parts, at = [], 0
    for start, end in declarations:
        parts += [_UNBROKEN.sub(" ", text[at:start]), text[start:end]]
        at = end
    prologue = "".join(parts) + _UNBROKEN.sub(" ", text[at : operation.start])
    body = text[operation.start : operation.end]
    if operation.where is not None and (sources.default or sources.named):
        head, tail = text[operation.start : operation.where], text[operation.where : operation.end]
        template = (
            text[slice(*operation.pattern)] if operation.implied and operation.pattern else ""
        )
        body = " ".join([head, template, *sources.clauses("USING"), tail])
    if not operation.variables or operation.pattern is None:
        return Step(prologue + body)
    wanted = " ".join(dict.fromkeys(operation.variables))
    clauses = sources.clauses("FROM") or operation.sources
    pattern = text[slice(*operation.pattern)]
    question = f"{prologue} SELECT DISTINCT {wanted} {' '.join(clauses)} WHERE {pattern}"
    within = "" if clauses else operation.within
    return Step(prologue + body, question, within, declarations)
