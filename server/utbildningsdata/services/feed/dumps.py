"""Dumps: a whole feed as one document, known by length and tag before a byte of it is sent."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from utbildningsdata.errors import OperationError
from utbildningsdata.model.feed_profile import NATIONAL, REFERRED_KINDS
from utbildningsdata.rdf import serialise
from utbildningsdata.rdf.iris import CATALOGUE_RECORD
from utbildningsdata.rdf.mediatypes import Syntax
from utbildningsdata.services.feed import gzip
from utbildningsdata.services.feed.blocks import (
    References,
    block_name,
    link_name,
    references,
    references_name,
)
from utbildningsdata.store.ports import Block, Revision

Address = tuple[str, str]
"""Where a block is: the path of its record, and its name."""


@dataclass(frozen=True, slots=True)
class Dump:
    """A feed of one revision in one syntax: which blocks, in order, and what they come to.

    ``length`` and ``crc`` are of the text, ``deflated`` is the size of all blocks deflated, in
    bytes; ``digest`` names the bytes, in whichever coding they are sent.
    """

    syntax: Syntax
    addresses: tuple[Address, ...]
    length: int
    deflated: int
    crc: int
    digest: str

    def tag(self, *, gzipped: bool) -> str:
        """Return the strong entity tag, without quotes."""
        return f"{self.digest}-{self.syntax.suffix}{'-gzip' if gzipped else ''}"

    def size(self, *, gzipped: bool) -> int:
        """Return the number of bytes that :meth:`chunks` gives."""
        return self.deflated + gzip.OVERHEAD if gzipped else self.length

    def chunks(self, revision: Revision, *, gzipped: bool) -> Iterator[bytes]:
        """Give the dump piece by piece; ``revision`` is the one it was planned for, still open."""
        if gzipped:
            yield gzip.HEADER
        for block in _blocks(revision, self.addresses, self.syntax):
            yield block.deflated if gzipped else block.text()
        if gzipped:
            yield gzip.trailer(self.crc, self.length)


class Dumps:
    """The dumps of the revision that was asked for last, each planned once."""

    def __init__(self) -> None:
        self._latest: tuple[object, dict[tuple[str, Syntax], Dump]] = (None, {})

    def dump(self, revision: Revision, feed: str, syntax: Syntax) -> Dump:
        """Return the dump of a feed (``full`` or ``national``) in a syntax of feeds.

        Raises:
            OperationError: The revision lacks a block that it should have.
        """
        stamp = (revision.number, revision.published)
        known, plans = self._latest
        if known != stamp:
            plans = {}
            self._latest = (stamp, plans)  # at once, for other threads may read another revision
        if (feed, syntax) not in plans:
            plans[feed, syntax] = _plan(revision, feed, syntax)
        return plans[feed, syntax]


def _plan(revision: Revision, feed: str, syntax: Syntax) -> Dump:
    addresses = tuple(_addresses(revision, feed, syntax))
    length, deflated, crc, seen = 0, 0, 0, hashlib.sha256()
    for block in _blocks(revision, addresses, syntax):
        length += block.length
        deflated += len(block.deflated)
        crc = gzip.combine(crc, block.crc, block.length)
        seen.update(block.deflated)
    return Dump(syntax, addresses, length, deflated, crc, seen.hexdigest()[:32])


def _addresses(revision: Revision, feed: str, syntax: Syntax) -> Iterator[Address]:
    """Give the catalogue first, what members refer to next, then members with their links."""
    entries = [entry for entry in revision.entries() if entry.path != CATALOGUE_RECORD]
    members = {entry.thing: entry.path for entry in entries if feed in entry.feeds}
    others = {entry.thing: entry.path for entry in entries if entry.kind in REFERRED_KINDS}
    paths = [CATALOGUE_RECORD, *members.values()]
    found = {path: _references(revision, path, feed) for path in paths}
    referred = {iri for references in found.values() for iri in references.referred}
    yield CATALOGUE_RECORD, block_name(feed, syntax)
    for path in sorted(others[iri] for iri in referred & others.keys() - members.keys()):
        yield path, block_name(NATIONAL, syntax)
    for path in members.values():
        yield path, block_name(feed, syntax)
        for number, target in enumerate(found[path].links):
            if target in members:
                yield path, link_name(feed, syntax, number)


def _references(revision: Revision, path: str, feed: str) -> References:
    return references(_block(revision, path, references_name(feed)).text())


def _blocks(revision: Revision, addresses: tuple[Address, ...], syntax: Syntax) -> Iterator[Block]:
    for path, name in addresses:
        yield _block(revision, path, name)
    yield Block.of(serialise.FEEDS[syntax].closing.encode())


def _block(revision: Revision, path: str, name: str) -> Block:
    block = revision.block(path, name)
    if block is None:
        raise OperationError(
            f"Revision {revision.number} has no block '{name}' of the record '{path}': "
            "run 'utbildningsdata load --rebuild'.",
            sv=f"Revision {revision.number} saknar blocket '{name}' för posten '{path}': "
            "kör 'utbildningsdata load --rebuild'.",
        )
    return block
