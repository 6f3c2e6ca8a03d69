"""The text of a query read as tokens: its form, how deep it nests, and what it would use.

This is a courtesy, so that what is refused is refused with a sentence. What protects the server
is that queries run in processes that have no network and that may be killed.
Tokens are those of SPARQL 1.1, section 19.8; what is no token is passed over, for the parser says
better what is wrong.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

FORMS = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
"""The forms of a query."""

UPDATES = frozenset(
    {"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"}
)
"""The words that an update begins with."""

_CHAINS = frozenset({"UNION", "OPTIONAL", "MINUS", "||", "&&", "|", "+", "-", "*", "/", "^", "!"})
_VOLATILE = frozenset({"NOW", "RAND", "UUID", "STRUUID"})
_OPENING, _CLOSING = frozenset("({["), frozenset(")}]")

_LOCAL = r"(?:[\w\-.:·]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%])*+"
_PLAIN = r"""
    (?P<word>[A-Za-z_]\w*+)
  | (?P<number>[0-9]++\.[0-9]*+[eE][+\-]?[0-9]++ | (?:[0-9]*+\.)?[0-9]++(?:[eE][+\-]?[0-9]++)?)
  | (?P<sign>\|\||&&|\^\^|[(){}\[\]|+\-*/^!])
  | (?P<mark>[.;,])
"""
# Quantifiers are possessive and what is never closed is a token too: time is linear in the length.
_TOKEN = re.compile(
    rf"""
    (?P<iri><[^\x00-\x20<>"{{}}|^`\\]*+>)
  | (?P<string>\"\"\"(?:[^"\\]|\\.|"(?!""))*+\"\"\" | '''(?:[^'\\]|\\.|'(?!''))*+'''
      | "(?!"")(?:[^"\\\n\r]|\\.)*+" | '(?!'')(?:[^'\\\n\r]|\\.)*+')
  | (?P<open>(?:\"\"\"|''').*+ | ["'][^\n\r]*+)
  | (?P<comment>\#[^\n\r]*+)
  | (?P<variable>[?$]\w++)
  | (?P<tag>@[A-Za-z]++(?:-[A-Za-z0-9]++)*+)
  | (?P<name>_:[\w\-.·]*+)
  | (?P<run>[^\W\d_][\w\-.·]*+)(?P<local>:{_LOCAL})?+
  | (?P<bare>:{_LOCAL})
  | {_PLAIN}
    """,
    re.VERBOSE | re.DOTALL,
)
_NAMES = frozenset({"name", "local", "bare"})
_PARTS = re.compile(_PLAIN, re.VERBOSE)
_REMOTE = re.compile(r"SERVICE|\bLOAD\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the tokens of a query say.

    ``form`` is one of :data:`FORMS`, one of :data:`UPDATES`, or empty where there is neither.
    ``depth`` is the deepest nesting of brackets, ``chain`` the count of the operator that is used
    most, ``remote`` the word that would fetch from elsewhere (SERVICE or LOAD). ``dataset`` tells
    whether the query chooses its graphs (FROM). ``variables`` stand in the order of first use;
    ``undeclared`` are the prefixes that names have and that the query does not declare.
    ``volatile`` tells whether the same data give another answer each time, as with NOW and RAND.
    """

    form: str
    depth: int
    chain: int
    remote: str
    dataset: bool
    variables: tuple[str, ...]
    undeclared: tuple[str, ...]
    volatile: bool


class Token(NamedTuple):
    """One token: its kind (``iri``, ``string``, ``variable``…), its text and where it stands."""

    kind: str
    text: str
    start: int
    end: int


def scan(text: str) -> Iterator[Token]:
    """Give the tokens of ``text`` in their order, comments left out.

    A string that is never closed is of the kind ``open``: it goes on to the end of its line, or of
    the text.
    """
    for match in _TOKEN.finditer(text):
        kind, start, end = match.lastgroup or "", match.start(), match.end()
        if kind in _NAMES:
            yield Token("name", match.group(), start, end)
        elif kind == "run":  # letters, hyphens and dots without a colon: several tokens
            for part in _PARTS.finditer(text, start, end):
                yield Token(part.lastgroup or "", part.group(), part.start(), part.end())
        elif kind != "comment":
            yield Token(kind, match.group(), start, end)


def read(text: str) -> Reading:
    """Read the tokens of ``text``."""
    tokens = [(token.kind, token.text) for token in scan(text)]
    words = [token.upper() for kind, token in tokens if kind == "word"]
    signs = [token for kind, token in tokens if kind == "sign"]
    return Reading(
        form=next((word for word in words if word in FORMS | UPDATES), ""),
        depth=_depth(signs),
        chain=chain(token for _, token in tokens),
        remote=_remote(words) or _glued(tokens) or _disguised(tokens, text),
        dataset=any(word.startswith("FROM") for word in words),
        variables=tuple(dict.fromkeys(token[1:] for kind, token in tokens if kind == "variable")),
        undeclared=_undeclared(tokens),
        volatile=not _VOLATILE.isdisjoint(words),
    )


def chain(tokens: Iterable[str]) -> int:
    """Return how often the operator stands among ``tokens`` that is used most.

    >>> chain(["?a", "UNION", "+", "union"])
    2
    """
    operators = Counter(token for token in map(str.upper, tokens) if token in _CHAINS)
    return max(operators.values(), default=0)


def _depth(signs: Iterable[str]) -> int:
    depth = deepest = 0
    for sign in signs:
        depth += (sign in _OPENING) - (sign in _CLOSING)
        deepest = max(deepest, depth)
    return deepest


def _undeclared(tokens: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    names = [token.partition(":")[0] for kind, token in tokens if kind == "name"]
    declared = {"_"} | {
        token.partition(":")[0]
        for (_, before), (kind, token) in pairwise(tokens)
        if kind == "name" and before.upper() == "PREFIX"
    }
    return tuple(dict.fromkeys(name for name in names if name not in declared))


def _remote(words: Iterable[str]) -> str:
    """Find a remote word, also where it is glued to another, as in ``SERVICESILENT``."""
    return next(("SERVICE" if "SERVICE" in w else w for w in words if _REMOTE.search(w)), "")


def _glued(tokens: Sequence[tuple[str, str]]) -> str:
    """Find ``SERVICEex:a {``: a name to the grammar, a keyword and a name to Oxigraph."""
    for (kind, token), (_, following) in pairwise(tokens):
        if kind == "name" and following == "{" and "SERVICE" in token.partition(":")[0].upper():
            return "SERVICE"
    return ""


def _disguised(tokens: Iterable[tuple[str, str]], text: str) -> str:
    """Find a word that may hide between what two readers divide differently.

    ``?a<'x>'`` is less-than and a string to Oxigraph, an IRI and an open quote to the grammar's
    longest match; three quotes in a row can begin two strings. A quote in what could be an IRI, or
    that is never closed, is rare: then the word is looked for anywhere.
    """
    if not any(kind == "open" or (kind == "iri" and "'" in token) for kind, token in tokens):
        return ""
    found = _REMOTE.search(text)
    return found.group().upper() if found else ""
