"""An update run on a clone of a revision's store, and what it changed there.

The engine takes a prologue only before the first operation, though the grammar (SPARQL 1.1,
section 19.8, rule 29) has one before each: an update with more than one is run in steps.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import pyoxigraph as ox

from utbildningsdata.store.writes import documents, touched
from utbildningsdata.store.writes.touched import Operation, Touched

CAP = 200_000
"""Lines that an update may remove and add."""

_NOTHING = "urn:x-nothing"
_UNBROKEN = re.compile(r"[^\n\r]")
_Name = ox.NamedNode | ox.BlankNode | ox.DefaultGraph


class TooMuch(Exception):
    """It changes more lines than :data:`CAP`."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What an update is read with: the base, known prefixes, and the graphs that WHERE is for.

    ``using`` are the clauses of the request, such as ``USING <urn:g>``, or empty.
    """

    base: str
    prefixes: Mapping[str, str]
    using: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What changed in one graph: its IRI (empty: the default graph), lines without line ends."""

    graph: str
    present: bool
    removed: Sequence[str]
    added: Sequence[str]


def run(text: str, store: Path, clone: Path, setting: Setting) -> list[Change]:
    """Run an update on a clone of ``store``, and return what it changed.

    Raises:
        SyntaxError: It cannot be parsed, or leaves what RDF 1.1 cannot say.
        RuntimeError: It fails, as where a graph does not exist, or the store is corrupt.
        OSError: It wants the network, or the store cannot be read.
        TooMuch: It changes too much.
    """
    found = touched.read(text)
    before = ox.Store.read_only(str(store))
    before.backup(str(clone))
    after = ox.Store(str(clone))
    for step in steps(text, found, setting.using):
        after.update(step, base_iri=setting.base, prefixes=dict(setting.prefixes))
    changes, lines = [], 0
    for name in _names(text, found, setting) or _all_names(before, after):
        change = _changed(before, after, name)
        if change is not None:
            lines += len(change.removed) + len(change.added)
            changes.append(change)
        if lines > CAP:
            raise TooMuch
    return changes


def spelling(text: str, setting: Setting) -> dict[str, str]:
    """Return the literals that an update can insert: as the store writes them → as it does."""
    found = touched.read(text)
    written: list[ox.Literal] = []
    for declared, operations in _by_prologue(found):
        tokens = list(dict.fromkeys(token for op in operations for token in op.literals))
        terms = _terms(text, found.declarations[:declared], tokens, setting) or ()
        written += [term for term in terms if isinstance(term, ox.Literal)]
    forms = documents.as_stored(written)
    known: dict[str, str] = {}
    for literal, form in zip(written, forms, strict=True):
        known.setdefault(str(form), str(literal))
    return known


def steps(text: str, found: Touched, using: str) -> Iterator[str]:
    """Give the texts to run, one after another; what stands where stays where it is.

    Raises:
        SyntaxError: USING has no place, since the tokens are not those of an update.
    """
    prologues = {declared for declared, _ in _by_prologue(found)}
    if using and not found.readable:
        yield text
        raise SyntaxError("the clauses of the update cannot be told apart")
    if not using and (len(prologues) < 2 or not found.readable):
        yield text
        return
    for operation in found.operations:
        yield _alone(text, found, operation, using)


def _alone(text: str, found: Touched, operation: Operation, using: str) -> str:
    """Return the text with one operation and what was declared before it, and blanks elsewhere."""
    declared = [place for place in found.declarations if place[0] < operation.start]
    parts, at = [], 0
    for start, end in declared:
        parts += [_UNBROKEN.sub(" ", text[at:start]), text[start:end]]
        at = end
    parts.append(_UNBROKEN.sub(" ", text[at : operation.start]))
    if using and operation.where is not None:
        parts.append(text[operation.start : operation.where])
        if operation.template is not None:
            parts.append(text[slice(*operation.template)] + " ")
        parts += [using, " ", text[operation.where : operation.end]]
    else:
        parts.append(text[operation.start : operation.end])
    return "".join(parts)


def _by_prologue(found: Touched) -> Iterator[tuple[int, list[Operation]]]:
    """Group operations by how many declarations stand before them."""

    def declared(operation: Operation) -> int:
        return sum(start < operation.start for start, _ in found.declarations)

    for count, operations in groupby(found.operations, declared):
        yield count, list(operations)


def _names(text: str, found: Touched, setting: Setting) -> list[_Name] | None:
    """Return the graphs that an update can change; None where that can be any."""
    disguised = "'" in text and re.search(r"<[^\s<>]*'", text)  # readers may divide it differently
    if not found.readable or disguised or any(op.everything for op in found.operations):
        return None
    names: dict[_Name, None] = {}
    for declared, operations in _by_prologue(found):
        tokens = [token for operation in operations for token in operation.graphs]
        terms = _terms(text, found.declarations[:declared], tokens, setting)
        if terms is None:
            return None
        names.update((term, None) for term in terms if isinstance(term, ox.NamedNode))
    if any(operation.writes_default is not None for operation in found.operations):
        names[ox.DefaultGraph()] = None
    return list(names)


def _all_names(before: ox.Store, after: ox.Store) -> list[_Name]:
    named = dict.fromkeys([*before.named_graphs(), *after.named_graphs()])
    return [ox.DefaultGraph(), *named]


def _terms(
    text: str,
    declarations: Iterable[tuple[int, int]],
    tokens: Sequence[str],
    setting: Setting,
) -> list[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple] | None:
    """Return what tokens stand for, in Turtle, which writes terms as SPARQL does; None: nothing."""
    if not tokens:
        return []
    known = [f"PREFIX {name}: <{iri}>" for name, iri in setting.prefixes.items()]
    declared = [text[start:end] for start, end in declarations]
    subject = f"<{_NOTHING}>"
    triples = [f"{subject} {subject} {token} ." for token in tokens]
    turtle = "\n".join([*known, *declared, *triples])
    try:
        return [
            quad.object for quad in ox.parse(turtle, ox.RdfFormat.TURTLE, base_iri=setting.base)
        ]
    except SyntaxError:
        return None


def _changed(before: ox.Store, after: ox.Store, name: _Name) -> Change | None:
    old, new = _lines(before, name), _lines(after, name)
    iri = "" if isinstance(name, ox.DefaultGraph) else name.value
    present = not iri or after.contains_named_graph(name)
    same = not iri or present == before.contains_named_graph(name)
    if same and old == new:
        return None
    former, later = set(old.decode().split("\n")), set(new.decode().split("\n"))
    added = sorted(later - former)
    for line in added:
        _check(line)
    return Change(iri, present, sorted(former - later), added)


def _lines(store: ox.Store, name: _Name) -> bytes:
    return store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=name) or b""


def _check(line: str) -> None:
    """Refuse what documents cannot hold: terms of RDF 1.2.

    Raises:
        SyntaxError: The line has one.
    """
    if documents.is_newer(line):
        raise SyntaxError("it adds terms of RDF 1.2, which are not supported: write RDF 1.1")
