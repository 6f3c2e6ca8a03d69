"""What services may expect of storage; the adapters beside this file keep these promises."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol, Self
from typing import Literal as OneOf

from rdflib import BNode, Graph, Literal, URIRef

from utbildningsdata.model.record import Entry
from utbildningsdata.model.token import Token
from utbildningsdata.rdf.iris import Base


@dataclass(frozen=True, slots=True)
class Link:
    """A triple that points to something: who says it, with which property, in which record.

    ``record`` is the path of the record that holds the triple.
    """

    subject: str
    predicate: str
    record: str


@dataclass(frozen=True, slots=True)
class Block:
    """A prepared piece of a feed: ``deflated`` is raw DEFLATE ended with a full flush.

    ``length`` and ``crc`` (CRC-32) are of the text before it was deflated.
    """

    deflated: bytes
    length: int
    crc: int

    @classmethod
    def of(cls, text: bytes) -> Self:
        """Deflate ``text``."""
        coder = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
        deflated = coder.compress(text) + coder.flush(zlib.Z_FULL_FLUSH)
        return cls(deflated, len(text), zlib.crc32(text))

    def text(self) -> bytes:
        """Return the block as it was before it was deflated."""
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(self.deflated)


DOCUMENT = "document"
"""The name of the block that is the record document; the others are pieces of feeds."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a record as it is stored: its entry, its document and its feed blocks."""

    entry: Entry
    blocks: Mapping[str, Block]


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A record's file: where it lies, the path of its record, the record's kind, and its bytes."""

    file: Path
    path: str
    kind: str
    content: bytes


class Revision(Protocol):
    """A published revision, opened for reading; it never changes."""

    @property
    def number(self) -> int:
        """The revision's number, from 1."""

    @property
    def base(self) -> Base:
        """The base that the revision was made for."""

    @property
    def published(self) -> datetime:
        """When it was published, in UTC."""

    @property
    def rules(self) -> str:
        """The digest of the shapes, settings and software that its documents went through."""

    def state(self) -> Mapping[str, Entry]:
        """Return path → entry of every record, removed ones too, in the order of feeds."""

    def entries(self, kind: str | None = None) -> Sequence[Entry]:
        """Return the entries of a kind (or all) that are not removed, in the order of feeds."""

    def version(self, path: str) -> Version:
        """Return the record with its document and all its blocks."""

    def entry(self, path: str) -> Entry:
        """Return the entry of the record at ``path``, removed ones too.

        Raises:
            NotFound: There is and was no such record.
        """

    def document(self, path: str) -> Graph:
        """Return the record document: the exact literals that were validated.

        Raises:
            NotFound: There is no such record.
        """

    def block(self, path: str, name: str) -> Block | None:
        """Return a prepared block of the record, such as ``full.rdf``; None where it has none."""

    def describing(self, iri: str) -> Entry | None:
        """Return the entry of the record that describes ``iri``: a thing, a part or a record."""

    def labels(self, iri: str) -> Sequence[Literal]:
        """Return the names of ``iri`` in all languages, by the best naming property it has."""

    def inbound(
        self, iri: str, *, predicate: str | None = None, limit: int, offset: int = 0
    ) -> Sequence[Link]:
        """Return who points to ``iri`` (with ``predicate``, or with any property).

        The order is stable: by property, subject, record.
        """

    def inbound_counts(self, iri: str) -> Mapping[str, int]:
        """Return property → how many times it points to ``iri``."""


class Memory(Protocol):
    """Remembers what a process would have to work out again; may forget at any time."""

    def read(self) -> Mapping[str, str]:
        """Return what is remembered."""

    def write(self, content: Mapping[str, str]) -> None:
        """Remember ``content`` instead."""


class Revisions(Protocol):
    """The published revisions of a data folder."""

    def current(self) -> AbstractContextManager[Revision]:
        """Open the current revision, for as long as the context lasts.

        Raises:
            OperationError: Nothing is published, the folder cannot be read, or its base differs.
        """


class About(Protocol):
    """Who published a revision when, and why."""

    @property
    def published(self) -> datetime:
        """When it was published, in UTC."""

    @property
    def agent(self) -> str:
        """Who or what published it."""

    @property
    def message(self) -> str:
        """What it is about, in one line."""


class History(Revisions, Protocol):
    """The revisions that are kept, not only the current one."""

    def number(self) -> int:
        """Return the number of the current revision, 0 where nothing is published."""

    def numbers(self) -> Sequence[int]:
        """Return the numbers of the revisions that are kept, the oldest first."""

    def tags(self) -> Mapping[str, int]:
        """Return the name of each tag → the number of the revision that it keeps."""

    def about(self, number: int) -> About:
        """Return what a kept revision says of itself."""

    def revision(self, number: int) -> AbstractContextManager[Revision]:
        """Open any revision that is kept, for as long as the context lasts.

        Raises:
            NotFound: It was never published, or was pruned.
        """


class Publisher(Protocol):
    """Publishes revisions into a data folder; one at a time, whole or not at all."""

    def parent(self, *, any_base: bool = False) -> AbstractContextManager[Revision | None]:
        """Open the revision that the next one follows; None where nothing is published yet.

        Raises:
            OperationError: It cannot be read, or is of another base and ``any_base`` is false.
        """

    def publish(
        self,
        versions: Sequence[Version],
        *,
        parent: int,
        message: str,
        agent: str,
        request: str = "",
        rules: str | None = None,
        anew: bool = False,
    ) -> int:
        """Publish a revision with new versions of some records, and return its number.

        ``parent`` is the revision that the versions were made from, 0 where there was none.
        ``agent`` names who or what publishes, ``request`` is the id of the request that asked.
        ``rules`` is None where they are the parent's. ``anew`` begins with no records: the
        versions are all there are.

        Raises:
            Conflict: Another revision than ``parent`` is current now: begin again from that.
            OperationError: Another writer holds the lock, or the disk is full or unreadable.
        """


@dataclass(frozen=True, slots=True)
class Answer:
    """The whole answer to a query: ``length`` bytes that ``content`` gives from its start."""

    media_type: str
    content: BinaryIO
    length: int
    seconds: float


Term = URIRef | BNode | Literal
"""What a row of an answer can hold."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The first rows of an answer, as terms; ``more`` tells whether there are others.

    For ASK, ``boolean`` is the answer and there are no columns. For CONSTRUCT and DESCRIBE the
    columns are subject, predicate and object.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[Term | None]]
    more: bool
    seconds: float
    boolean: bool | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """What is served: the revision, the questions that wait, and the workers that there are."""

    revision: int
    waiting: int
    workers: int


StoreName = OneOf["store", "reports"]
"""Which store of a revision a query is for: the public one, or the one of what was done."""


class QueryEngine(Protocol):
    """Runs SPARQL queries where they can be killed; ``client`` tells who asks, for fair turns."""

    def query(
        self,
        text: str,
        *,
        results: str | None,
        graphs: str | None,
        client: str = "",
        default_graphs: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
        store: StoreName = "store",
    ) -> Answer:
        """Answer a query in the media type ``results`` (SELECT, ASK) or ``graphs`` (the others).

        The default graph is the union of all graphs (in a plain store, what its settings say),
        unless the query says FROM or ``default_graphs`` and ``named_graphs`` (IRIs) say which
        there are.

        Raises:
            Malformed: The query cannot be parsed.
            Refused: It uses SERVICE, or is an update.
            NotAcceptable: The media type for its form is None.
            TimedOut, TooLarge, Overloaded: It went over a limit.
        """

    def rows(
        self,
        text: str,
        *,
        limit: int,
        client: str = "",
        default_graphs: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
        store: StoreName = "store",
    ) -> Rows:
        """Answer a query with at most ``limit`` rows of terms.

        Raises:
            The same as :meth:`query`.
        """

    def health(self) -> Health:
        """Ask something simple of a worker that nobody else gets, however busy the others are.

        Raises:
            Overloaded, OperationError: There is no answer, or nothing is published.
        """


class Credentials(Protocol):
    """Keeps the tokens of those who may write, out of every revision and backup."""

    def read(self) -> Sequence[Token]:
        """Return every token, the oldest first.

        Raises:
            OperationError: They cannot be read, or are damaged.
        """

    def change(self, change: Callable[[Sequence[Token]], Sequence[Token]]) -> None:
        """Replace all tokens by what ``change`` makes of them, alone in doing so.

        Raises:
            OperationError: They cannot be read or written, or are damaged.
        """
