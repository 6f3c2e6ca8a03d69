"""The pieces of feeds that a record gives; made when it is published, joined when asked for."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass

from rdflib import Graph, URIRef

from utbildningsdata.model import feed_profile
from utbildningsdata.model.feed_profile import FEEDS, FULL, NATIONAL, REFERRED_KINDS
from utbildningsdata.model.record import Entry
from utbildningsdata.rdf import serialise
from utbildningsdata.rdf.graphs import graph_of
from utbildningsdata.rdf.iris import CATALOGUE_RECORD
from utbildningsdata.rdf.mediatypes import Syntax

_REFERENCES = "refs"
_PROFILES: Mapping[str, Callable[[Graph, URIRef], Graph]] = {
    FULL: feed_profile.full,
    NATIONAL: feed_profile.national,
}


@dataclass(frozen=True, slots=True)
class References:
    """What the blocks of a record refer to, as IRIs.

    ``referred`` are agents and standards that a feed takes along. ``links`` are other members of
    the feed; the statement that makes the link is a block of its own, see :func:`link_name`.
    """

    referred: Sequence[str]
    links: Sequence[str]


def blocks(entry: Entry, graph: Graph) -> dict[str, bytes]:
    """Return name → text of the blocks of a record; ``graph`` is its complete, derived document.

    The catalogue's blocks open a feed. An organisation or standard always has the national ones,
    for feeds whose members refer to it.

    Raises:
        Malformed: RDF/XML has no way to write one of the record's properties.
        ValueError: A term cannot be written.
    """
    prepared: dict[str, bytes] = {}
    for feed in FEEDS:
        if _enters(entry, feed):
            said, links = feed_profile.parted(_PROFILES[feed](graph, URIRef(entry.iri)))
            found = References(feed_profile.referred(said), [str(link[2]) for link in links])
            prepared[references_name(feed)] = json.dumps(asdict(found)).encode()
            for syntax, writer in serialise.FEEDS.items():
                write = writer.opening if entry.path == CATALOGUE_RECORD else writer.block
                prepared[block_name(feed, syntax)] = write(said).encode()
                for number, link in enumerate(links):
                    text = writer.block(graph_of([link]))
                    prepared[link_name(feed, syntax, number)] = text.encode()
    return prepared


def block_name(feed: str, syntax: Syntax) -> str:
    """Return the name of a record's block: ``full.rdf``."""
    return f"{feed}.{syntax.suffix}"


def link_name(feed: str, syntax: Syntax, number: int) -> str:
    """Return the name of the block that holds the link with this place in References.links."""
    return f"{feed}.{number}.{syntax.suffix}"


def references_name(feed: str) -> str:
    """Return the name of the block that :func:`references` reads."""
    return f"{feed}.{_REFERENCES}"


def references(text: bytes) -> References:
    """Read the block that says what a record's blocks refer to."""
    return References(**json.loads(text))


def _enters(entry: Entry, feed: str) -> bool:
    if entry.removed:
        return False
    if entry.path == CATALOGUE_RECORD or feed in entry.feeds:
        return True
    return feed == NATIONAL and entry.kind in REFERRED_KINDS
