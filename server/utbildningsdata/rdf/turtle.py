"""Canonical Turtle and TriG: for files, pages and feeds.

One predicate a line, prefixes sorted and only those used, every literal with its own spelling
(``"5"^^xsd:integer``, never ``5``), so that a change of one statement is a change of one line.
``write(parse(write(graph))) == write(graph)``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rdflib import RDF, BNode, Graph, Literal
from rdflib.term import Node

from utbildningsdata.rdf.arrangement import Description, Statement, arrange, require_named
from utbildningsdata.rdf.graphs import Triple
from utbildningsdata.rdf.nesting import Nesting
from utbildningsdata.rdf.ntriples import language_tag, to_oxigraph
from utbildningsdata.rdf.qnames import HEADER, qname

_INDENT = "    "
# What may follow the base in a relative reference: no scheme, query, empty or dot segment.
_RELATIVE = re.compile(r"[^\W.][\w.~%-]*(?:/[^\W.][\w.~%-]*)*(?:#[\w.~%-]*)?\Z")


def write(graph: Iterable[Triple], base: str | None = None, *, labelled: bool = False) -> str:
    """Return ``graph`` as a Turtle document.

    ``labelled`` is as in :func:`utbildningsdata.rdf.arrangement.arrange`.

    With ``base``, IRIs under it are written relative to it and the base itself is left out: that
    is how files are kept, so that they hold under any base.

    Raises:
        ValueError: A term cannot be written.
    """
    pen = _Pen(base)
    body = pen.body(arrange(graph, labelled=labelled))
    return "\n".join(part for part in (_prefixes(pen.used), body) if part)


def write_trig(graph: Iterable[Triple], name: str, *, labelled: bool = False) -> str:
    """Return ``graph`` as a TriG document with the one named graph ``name``."""
    pen = _Pen(None)
    body = pen.body(arrange(graph, labelled=labelled))
    graph_block = f"<{name}> {{\n{body}}}\n"
    return "\n".join(part for part in (_prefixes(pen.used), graph_block) if part)


def opening(graph: Graph) -> str:
    """Return the start of a feed: all prefixes, and the block of ``graph``."""
    return _prefixes(HEADER) + block(graph)


def block(graph: Graph) -> str:
    """Return ``graph`` as a piece of a feed that :func:`opening` has begun.

    Raises:
        ValueError: The graph holds a blank node, or a term that cannot be written.
    """
    require_named(graph)
    text = _Pen(None, frozenset(HEADER)).body(arrange(graph))
    return f"\n{text}" if text else ""


def _prefixes(used: dict[str, str]) -> str:
    return "".join(f"@prefix {prefix}: <{used[prefix]}> .\n" for prefix in sorted(used))


class _Pen:
    """Writes terms and descriptions, and remembers which prefixes it used."""

    def __init__(self, base: str | None, allowed: frozenset[str] | None = None) -> None:
        self.used: dict[str, str] = {}
        self._base = base
        self._allowed = allowed
        self._nesting = Nesting.of(())

    def body(self, descriptions: Sequence[Description]) -> str:
        self._nesting = Nesting.of(descriptions)
        outer = [item for item in descriptions if item.subject not in self._nesting.nested]
        return "\n".join(self._description(item) for item in outer)

    def _description(self, item: Description) -> str:
        return f"{self._term(item.subject, 0)} {self._predicates(item.statements, 1)} .\n"

    def _predicates(self, statements: Iterable[Statement], depth: int) -> str:
        separator = f" ;\n{_INDENT * depth}"
        return separator.join(self._statement(statement, depth) for statement in statements)

    def _statement(self, statement: Statement, depth: int) -> str:
        is_type = statement.predicate == str(RDF.type)
        predicate = "a" if is_type else self._iri(statement.predicate)
        objects = [self._term(value, depth) for value in statement.objects]
        separator = ", " if is_type else f",\n{_INDENT * (depth + 1)}"
        return f"{predicate} {separator.join(objects)}"

    def _term(self, term: Node, depth: int) -> str:
        if isinstance(term, Literal):
            return self._literal(term)
        if not isinstance(term, BNode):
            return self._iri(str(term))
        if term not in self._nesting.nested:
            return f"_:{term}"
        if term in self._nesting.lists:
            members = self._nesting.members(term)
            return f"( {' '.join(self._term(member, depth) for member in members)} )"
        inner = self._predicates(self._nesting.nested[term].statements, depth + 1)
        return f"[\n{_INDENT * (depth + 1)}{inner}\n{_INDENT * depth}]"

    def _literal(self, term: Literal) -> str:
        text = str(to_oxigraph(Literal(str(term))))
        if term.language:
            return f"{text}@{language_tag(term.language)}"
        return text if term.datatype is None else f"{text}^^{self._iri(str(term.datatype))}"

    def _iri(self, iri: str) -> str:
        if self._base and iri.startswith(self._base):
            rest = iri[len(self._base) :]
            if not rest or _RELATIVE.match(rest):
                return f"<{rest or '.'}>"
        short = qname(iri)
        if short is None or (self._allowed is not None and short.prefix not in self._allowed):
            return f"<{iri}>"
        self.used[short.prefix] = short.namespace
        return str(short)
