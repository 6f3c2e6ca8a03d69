"""What web and services expect of writing; the adapters beside this file keep these promises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from utbildningsdata.model.edits import GraphEdit, Spelling

Operation = Literal["update", "put", "post", "delete"]

DEFAULT = ""
"""Stands for the default graph where the IRI of a graph is asked for."""


@dataclass(frozen=True, slots=True)
class Part:
    """A text that a client sent, an update or an RDF document, with its bare media type."""

    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """A request to change graphs, by somebody who has a token.

    ``agent`` names who asks and ``scopes`` what the token is for; ``request`` is the request's id.
    ``parts`` are the update (exactly one), or the documents of put and post; delete has none.
    ``graph`` is the IRI of the graph (``DEFAULT``: the default graph), None for an update.
    ``using_graphs`` and ``using_named_graphs`` are the dataset of an update's WHERE.
    ``if_match`` are opaque entity tags without quotes (None: no condition; ``*``: any version);
    a graph's tags begin with 32 digits of its document's digest, the catalogue's is ``revision-N``.
    ``if_none_match`` tells whether the graph must not exist yet.
    """

    operation: Operation
    agent: str
    scopes: tuple[str, ...]
    request: str
    parts: tuple[Part, ...] = ()
    graph: str | None = None
    using_graphs: tuple[str, ...] = ()
    using_named_graphs: tuple[str, ...] = ()
    if_match: tuple[str, ...] | None = None
    if_none_match: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """What a write did: IRIs of graphs; where nothing changed, ``revision`` is the current one.

    ``document`` is the digest of the document of the one graph that was named, empty otherwise.
    """

    revision: int
    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    document: str = ""


class WriteEngine(Protocol):
    """Has a write carried out, whole or not at all, one after another."""

    def write(self, write: Write, *, client: str = "") -> Written:
        """Carry out a write and return when it is published.

        Raises:
            Malformed: The update or a document cannot be parsed, or touches the default graph.
            Unsupported: A document is of a media type that is no RDF syntax.
            Refused: It uses SERVICE or LOAD.
            Forbidden: The token's scopes do not cover a graph that it would change.
            NotFound: The graph to delete does not exist.
            PreconditionFailed: ``if_match`` or ``if_none_match`` does not hold.
            Invalid: A graph is no record, or violates the shapes; with findings.
            TimedOut, TooLarge, Overloaded, RateLimited: It went over a limit.
            OperationError: The data folder cannot be written.
        """


class Evaluator(Protocol):
    """Runs foreign text where it can be killed, and tells what it would change."""

    def update(
        self,
        text: str,
        revision: int,
        *,
        using_graphs: Sequence[str] = (),
        using_named_graphs: Sequence[str] = (),
    ) -> tuple[Mapping[str, GraphEdit], Spelling]:
        """Run an update on a clone of a revision; return its edits by graph, and its literals.

        Raises:
            Malformed, Refused, TimedOut, TooLarge: As :meth:`WriteEngine.write` says.
            Invalid: It cannot be carried out, as where it creates a graph that exists.
        """

    def parse(self, part: Part, base: str) -> bytes:
        """Return an RDF document as N-Triples, every literal in its own spelling.

        Raises:
            Malformed, Unsupported, TimedOut, TooLarge: As :meth:`WriteEngine.write` says.
        """

    def stored(self, lines: Sequence[str]) -> Sequence[str]:
        """Return lines of N-Triples as the store writes them (``"01"`` becomes ``"1"``)."""
