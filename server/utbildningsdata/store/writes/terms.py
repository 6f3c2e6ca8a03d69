"""What the tokens of an update stand for: names of graphs, and literals as they are written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from utbildningsdata.store.writes import documents
from utbildningsdata.store.writes.steps import by_prologue
from utbildningsdata.store.writes.touched import Touched

_NOTHING = "<urn:x-nothing>"


@dataclass(frozen=True, slots=True)
class Names:
    """What a text is read with: the base, and the prefixes that are known without declaring."""

    base: str
    prefixes: Mapping[str, str]

    def terms(
        self, text: str, declarations: Iterable[tuple[int, int]], tokens: Sequence[str]
    ) -> list[ox.NamedNode | ox.Literal] | None:
        """Return what tokens of ``text`` stand for after ``declarations``; None: not all are terms.

        They are read as Turtle, which writes terms as SPARQL does.
        """
        if not tokens:
            return []
        known = [f"PREFIX {name}: <{iri}>" for name, iri in self.prefixes.items()]
        declared = [text[start:end] for start, end in declarations]
        triples = [f"{_NOTHING} {_NOTHING} {token} ." for token in tokens]
        turtle = "\n".join([*known, *declared, *triples])
        try:
            found = [
                quad.object for quad in ox.parse(turtle, ox.RdfFormat.TURTLE, base_iri=self.base)
            ]
        except SyntaxError:
            return None
        return [term for term in found if isinstance(term, ox.NamedNode | ox.Literal)]


def spelling(text: str, found: Touched, names: Names) -> dict[str, str]:
    """Return the literals that an update can insert: as the store writes them → as it does."""
    written: list[ox.Literal] = []
    for declarations, operations in by_prologue(found):
        tokens = list(dict.fromkeys(token for op in operations for token in op.literals))
        terms = names.terms(text, declarations, tokens) or ()
        written += [term for term in terms if isinstance(term, ox.Literal)]
    known: dict[str, str] = {}
    for literal, form in zip(written, documents.as_stored(written), strict=True):
        known.setdefault(str(form), str(literal))
    return known
