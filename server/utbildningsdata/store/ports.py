"""What services may expect of storage; the adapters beside this file keep these promises."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol

from rdflib import Graph, Literal

from utbildningsdata.model.record import Entry
from utbildningsdata.rdf.iris import Base


@dataclass(frozen=True, slots=True)
class Link:
    """A triple that points to something: who says it, with which property, in which record."""

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

    def text(self) -> bytes:
        """Return the block as it was before it was deflated."""
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(self.deflated)


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

    def entries(self, kind: str | None = None) -> Sequence[Entry]:
        """Return the entries of a kind (or all) that are not removed, in the order of feeds."""

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

    def inbound(self, iri: str, *, limit: int, offset: int = 0) -> Sequence[Link]:
        """Return who points to ``iri``, in a stable order."""

    def inbound_counts(self, iri: str) -> Mapping[str, int]:
        """Return property → how many times it points to ``iri``."""


class Revisions(Protocol):
    """The published revisions of a data folder."""

    def current(self) -> AbstractContextManager[Revision]:
        """Open the current revision, for as long as the context lasts.

        Raises:
            OperationError: Nothing is published, the folder cannot be read, or its base differs.
        """


@dataclass(frozen=True, slots=True)
class Answer:
    """The whole answer to a query: ``length`` bytes that ``content`` gives from its start."""

    media_type: str
    content: BinaryIO
    length: int
    seconds: float


class QueryEngine(Protocol):
    """Runs SPARQL queries where they can be killed."""

    def query(
        self, text: str, *, results: str | None, graphs: str | None, client: str = ""
    ) -> Answer:
        """Answer a query in the media type ``results`` (SELECT, ASK) or ``graphs`` (the others).

        Raises:
            Malformed: The query cannot be parsed.
            Refused: It uses SERVICE, or is an update.
            NotAcceptable: The media type for its form is None.
            TimedOut, TooLarge, Overloaded: It went over a limit.
        """
