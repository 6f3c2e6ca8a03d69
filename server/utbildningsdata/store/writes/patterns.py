"""The braces of an update, walked token by token: templates, data and WHERE.

It tells which graphs a template names and whether triples stand outside GRAPH. What does not look
like SPARQL ends in :class:`Lost`, and is for the engine's parser to judge.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from utbildningsdata.store.queries.tokens import Token

_MAX_DEPTH = 200
_NAMES = frozenset({"iri", "name"})


class Lost(Exception):
    """The tokens are not those of an update here."""


@dataclass(slots=True)
class Block:
    """A template or data: from its opening brace at ``start`` to its closing one, at ``end``.

    ``graphs`` are the names after GRAPH, ``variables`` the variables there. ``outside`` is where
    the first triple outside GRAPH stands, ``literals`` are all literals in it.
    """

    start: int
    end: int = 0
    graphs: list[str] = field(default_factory=list)
    variables: list[str] = field(default_factory=list)
    outside: int | None = None
    literals: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Where:
    """A group graph pattern: where its first triple outside GRAPH stands.

    ``literals`` are those of VALUES and BIND: those that a solution can take from the text.
    """

    outside: int | None = None
    literals: list[str] = field(default_factory=list)


class Walk:
    """Tokens, and how far they are read."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0

    @property
    def next(self) -> str:
        """The next token, a word in capitals; empty at the end."""
        if self._at == len(self._tokens):
            return ""
        token = self._tokens[self._at]
        return token.text.upper() if token.kind == "word" else token.text

    @property
    def place(self) -> int:
        """Where the next token starts, or the last one ends."""
        return self._tokens[self._at].start if self._at < len(self._tokens) else self.end

    @property
    def end(self) -> int:
        """Where the token that was read last ends."""
        return self._tokens[self._at - 1].end if self._at else 0

    def take(self) -> Token:
        """Read the next token.

        Raises:
            Lost: There is none.
        """
        if self._at == len(self._tokens):
            raise Lost
        self._at += 1
        return self._tokens[self._at - 1]

    def skip(self, *texts: str) -> bool:
        """Read the next token if it is one of ``texts``, and tell whether it was."""
        found = self.next in texts
        self._at += found
        return found

    def expect(self, *texts: str) -> Token:
        """Read the next token, which must be one of ``texts``.

        Raises:
            Lost: It is not.
        """
        if self.next not in texts:
            raise Lost
        return self.take()

    def name(self) -> str:
        """Read the name of a graph: an IRI, or a name with a prefix.

        Raises:
            Lost: It is something else.
        """
        token = self.take()
        if token.kind not in _NAMES:
            raise Lost
        return token.text

    def block(self) -> Block:
        """Read a template or data (QuadPattern, QuadData).

        Raises:
            Lost: It is none.
        """
        first = self._at
        found = Block(self.expect("{").start)
        while not self.skip("}"):
            if self.skip("GRAPH"):
                self._graph(found)
                continue
            token = self.take()
            if token.text == "{":
                raise Lost
            if token.kind != "mark" and found.outside is None:
                found.outside = token.start
        found.end = self.end
        found.literals = literals(self._tokens[first : self._at])
        return found

    def _graph(self, found: Block) -> None:
        token = self.take()
        if token.kind in _NAMES:
            found.graphs.append(token.text)
        elif token.kind == "variable":
            found.variables.append(token.text)
        else:
            raise Lost
        self.expect("{")
        self._close("{", "}")

    def _close(self, opening: str, closing: str) -> None:
        """Read until the bracket that closes the one that was just read."""
        open_ones = 1
        while open_ones:
            text = self.take().text
            open_ones += (text == opening) - (text == closing)

    def where(self) -> Where:
        """Read a group graph pattern.

        Raises:
            Lost: It is none.
        """
        found = Where()
        self._group(found, covered=False)
        return found

    def _group(self, found: Where, *, covered: bool) -> None:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise Lost
        self.expect("{")
        if self.skip("SELECT"):
            self._projection(found, covered=covered)
        while not self.skip("}"):
            self._element(found, covered=covered)
        self._depth -= 1

    def _projection(self, found: Where, *, covered: bool) -> None:
        """Read a subquery up to its pattern, and the pattern; what follows has no triples."""
        while self.next not in {"WHERE", "{"}:
            if not self._brackets(found, covered=covered):
                self.take()
        self.skip("WHERE")
        self._group(found, covered=covered)
        while self.next not in {"VALUES", "}"}:
            if not self._brackets(found, covered=covered):
                self.take()

    def _element(self, found: Where, *, covered: bool) -> None:
        if self.next == "{":
            self._group(found, covered=covered)
        elif self.skip("FILTER"):
            self._constraint(found, covered=covered)
        elif self.next in {"BIND", "VALUES"}:
            self._written(found, covered=covered)
        elif self.skip("GRAPH", "SERVICE"):
            self.skip("SILENT")
            self.take()
            self._group(found, covered=True)
        elif not self.skip("OPTIONAL", "MINUS", "UNION", "LATERAL", ".", ";", ","):
            token = self.take()
            if not covered and found.outside is None:
                found.outside = token.start

    def _constraint(self, found: Where, *, covered: bool) -> None:
        while self.next not in {"(", "{"}:
            self.take()
        if not self._brackets(found, covered=covered):
            self._group(found, covered=covered)

    def _written(self, found: Where, *, covered: bool) -> None:
        """Read BIND or VALUES, and keep the literals in it."""
        first = self._at
        if self.take().text.upper() == "BIND":
            if not self._brackets(found, covered=covered):
                raise Lost
        else:
            while self.take().text != "{":
                pass
            self._close("{", "}")
        found.literals += literals(self._tokens[first : self._at])

    def _brackets(self, found: Where, *, covered: bool) -> bool:
        """Read from an opening parenthesis to its closing one; only EXISTS has braces there."""
        if not self.skip("("):
            return False
        open_ones = 1
        while open_ones:
            if self.next == "{":
                self._group(found, covered=covered)
            else:
                text = self.take().text
                open_ones += (text == "(") - (text == ")")
        return True


def literals(tokens: Sequence[Token]) -> list[str]:
    """Return the literals among ``tokens``, as they are written."""
    found = []
    for place, token in enumerate(tokens):
        following = tokens[place + 1 : place + 3]
        if token.kind == "string":
            found.append(token.text + _suffix(following))
        elif token.kind == "number":
            found.append(_sign(tokens[max(place - 1, 0) : place], token) + token.text)
        elif token.kind == "word" and token.text.lower() in {"true", "false"}:
            found.append(token.text.lower())
    return found


def _suffix(following: Sequence[Token]) -> str:
    """Return the language tag or the datatype after a string."""
    if following and following[0].kind == "tag":
        return following[0].text
    if len(following) == 2 and following[0].text == "^^" and following[1].kind in _NAMES:
        return "^^" + following[1].text.rstrip(".")
    return ""


def _sign(before: Sequence[Token], number: Token) -> str:
    adjacent = before and before[0].text in {"+", "-"} and before[0].end == number.start
    return before[0].text if adjacent else ""
