"""An update run on a clone of a revision's store, and what it changed there.

Only graphs that the update can change are compared: those that it names, and those that its WHERE
gives. Where that cannot be told, all are, which takes some seconds for half a million triples.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from utbildningsdata.store.queries import functions, standard
from utbildningsdata.store.writes import documents, touched
from utbildningsdata.store.writes.steps import Sources, Step, by_prologue, settled, steps
from utbildningsdata.store.writes.terms import Names, spelling
from utbildningsdata.store.writes.touched import Operation, Touched

_DISGUISED = re.compile(r"<[^\s<>]*'")  # less-than and a string, or an IRI: readers may differ

_Name = ox.NamedNode | ox.BlankNode | ox.DefaultGraph


class TooMuch(Exception):
    """It changes more lines than it may."""


@dataclass(frozen=True, slots=True)
class Change:
    """What changed in one graph: its IRI (empty: the default graph), lines without line ends."""

    graph: str
    present: bool
    removed: Sequence[str]
    added: Sequence[str]


def run(
    text: str, store: Path, clone: Path, names: Names, sources: Sources, cap: int
) -> tuple[list[Change], dict[str, str]]:
    """Run an update on a clone of ``store``; return what it changed, and its spelling of literals.

    ``cap`` is how many lines it may remove and add.

    Raises:
        SyntaxError: It cannot be parsed, or leaves what RDF 1.1 cannot say.
        RuntimeError: It fails, as where a graph does not exist, or the store is corrupt.
        OSError: It wants the network, or the store cannot be read.
        TooMuch: It changes too much.
    """
    standard_text = standard.text(text)
    found = touched.read(standard_text)
    before = ox.Store.read_only(str(store))
    before.backup(str(clone))
    after = ox.Store(str(clone))
    try:
        named = _carried_out(after, standard_text, found, names, sources)
    except SyntaxError:
        for step in steps(text, touched.read(text), Sources()):
            _update(after, step, names)  # which tells the place in what was written
        raise
    changes, lines = [], 0
    for name in _all(before, after) if named is None else named:
        change = _changed(before, after, name)
        if change is not None:
            lines += len(change.removed) + len(change.added)
            changes.append(change)
        if lines > cap:
            raise TooMuch
    return changes, spelling(standard_text, found, names) if changes else {}


def _carried_out(
    store: ox.Store, text: str, found: Touched, names: Names, sources: Sources
) -> dict[_Name, None] | None:
    """Run an update on a store; return the graphs that it can have changed, None: any."""
    named = None if _unclear(text, found) else _named(text, found, names)
    for step in steps(text, found, sources):
        asked = _asked(store, step, text, names)
        named = None if named is None or asked is None else named | asked
        _update(store, step, names)
    return named


def _update(store: ox.Store, step: Step, names: Names) -> None:
    unknown = functions.Unknown()
    unknown.run(
        lambda stubs: store.update(
            step.text,
            base_iri=names.base,
            prefixes=dict(names.prefixes),
            custom_functions=stubs,
        )
    )
    unknown.check()


def _unclear(text: str, found: Touched) -> bool:
    """Tell whether any graph may be changed, for all that can be told."""
    return (
        not found.readable
        or bool(_DISGUISED.search(text))
        or any(_anywhere(text, operation) for operation in found.operations)
    )


def _anywhere(text: str, operation: Operation) -> bool:
    return operation.everything or (bool(operation.variables) and not settled(text, operation))


def _named(text: str, found: Touched, names: Names) -> dict[_Name, None] | None:
    """Return the graphs that an update names; None where a name cannot be resolved."""
    named: dict[_Name, None] = {}
    for declarations, operations in by_prologue(found):
        tokens = [token for operation in operations for token in operation.graphs]
        terms = names.terms(text, declarations, tokens)
        if terms is None:
            return None
        named.update((term, None) for term in terms if isinstance(term, ox.NamedNode))
    if any(operation.writes_default is not None for operation in found.operations):
        named[ox.DefaultGraph()] = None
    return named


def _asked(store: ox.Store, step: Step, text: str, names: Names) -> dict[_Name, None] | None:
    """Return the graphs that the WHERE of a step gives to its templates; None: it cannot."""
    if not step.question:
        return {}
    tokens = [step.within] if step.within else []
    within = names.terms(text, step.declarations, tokens) or []
    try:
        found = store.query(
            step.question,
            base_iri=names.base,
            prefixes=dict(names.prefixes),
            default_graph=[term for term in within if isinstance(term, ox.NamedNode)] or None,
        )
    except (SyntaxError, RuntimeError):  # the engine says it better of the update itself
        return None
    rows = found if isinstance(found, ox.QuerySolutions) else ()
    return {term: None for row in rows for term in row if isinstance(term, ox.NamedNode)}


def _all(before: ox.Store, after: ox.Store) -> list[_Name]:
    return [
        ox.DefaultGraph(),
        *dict.fromkeys([*before.named_graphs(), *after.named_graphs()]),
    ]


def _changed(before: ox.Store, after: ox.Store, name: _Name) -> Change | None:
    old, new = _lines(before, name), _lines(after, name)
    iri = "" if isinstance(name, ox.DefaultGraph) else name.value
    present = not iri or after.contains_named_graph(name)
    same = not iri or present == before.contains_named_graph(name)
    if same and old == new:
        return None
    former, later = set(old.decode().split("\n")), set(new.decode().split("\n"))
    return Change(iri, present, sorted(former - later), _checked(sorted(later - former)))


def _lines(store: ox.Store, name: _Name) -> bytes:
    return store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=name) or b""


def _checked(lines: Sequence[str]) -> Sequence[str]:
    """Refuse what documents cannot hold: terms of RDF 1.2.

    Raises:
        SyntaxError: A line has one.
    """
    if any(map(documents.is_newer, lines)):
        raise SyntaxError("it adds terms of RDF 1.2, which are not supported: write RDF 1.1")
    return lines
