"""Lines of a Turtle file: where each statement stands.

RDF parsers forget lines. rdflib's Turtle parser can be listened to while it reads; that costs a
quarter more time than parsing, so it is only done for a file that has a finding.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import MutableSequence
from typing import Any

from rdflib.plugins.parsers.notation3 import RDFSink, SinkParser
from rdflib.term import Node

from utbildningsdata.rdf.graphs import Triple, graph_of


class LineIndex:
    """The line, from 1, of every statement and every subject of a Turtle text."""

    def __init__(self, text: bytes, base: str) -> None:
        """Read a text that is known to be Turtle; a part that rdflib cannot read has no lines."""
        listener = _Listener(text.decode(), base)
        self._statements = listener.statements
        self._subjects = listener.subjects

    def line(self, focus: Node, path: Node | None = None, value: Node | None = None) -> int:
        """Return the best line for a statement: its own, its property's, its subject's, or 1."""
        if path is not None and value is not None:
            exact = self._statements.get((focus, path, value))
            if exact is not None:
                return exact
        same = [
            line
            for (subject, predicate, _), line in self._statements.items()
            if subject == focus and predicate == path
        ]
        return min(same, default=self._subjects.get(focus, 1))


class _Listener(SinkParser):
    """rdflib's parser, which notes where each term of a statement begins."""

    def __init__(self, text: str, base: str) -> None:
        self.statements: dict[Triple, int] = {}
        self.subjects: dict[Node, int] = {}
        self._breaks = [i for i, sign in enumerate(text) if sign == "\n"]
        self._terms: dict[int, tuple[Node, int]] = {}
        super().__init__(RDFSink(graph_of()), baseURI=base, turtle=True)
        try:
            self.loadBuf(text)
        except SyntaxError:
            # rdflib is stricter than the parser that reads records; what stands before has lines.
            return

    def subject(self, argstr: str, i: int, res: MutableSequence[Any]) -> int:
        """Read a node and note its line."""
        return self._noted(argstr, i, res, super().subject(argstr, i, res))

    def object(self, argstr: str, i: int, res: MutableSequence[Any]) -> int:
        """Read an object and note its line."""
        return self._noted(argstr, i, res, super().object(argstr, i, res))

    def makeStatement(self, quadruple: Any) -> None:  # noqa: N802  # rdflib's name
        """Note the line of a statement: where its object begins."""
        _, predicate, subject, value = quadruple
        line = self._line(value)
        self.statements.setdefault((subject, predicate, value), line)
        self.subjects.setdefault(subject, self._line(subject) if line else line)
        super().makeStatement(quadruple)

    def _noted(self, text: str, start: int, found: MutableSequence[Any], end: int) -> int:
        if end >= 0:
            begin = start
            while begin < end and text[begin].isspace():
                begin += 1
            self._terms[id(found[-1])] = (found[-1], bisect_right(self._breaks, begin - 1) + 1)
        return end

    def _line(self, term: Node) -> int:
        known = self._terms.get(id(term))
        return known[1] if known is not None and known[0] is term else 1
