"""The pieces of feeds that a record gives; made when it is published, joined when asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from rdflib import Graph, URIRef

from utbildningsdata.model import feed_profile
from utbildningsdata.model.feed_profile import FEEDS, FULL, NATIONAL, REFERRED_KINDS
from utbildningsdata.model.record import Entry
from utbildningsdata.rdf import serialise
from utbildningsdata.rdf.iris import CATALOGUE_RECORD

REFERENCES = "refs"
"""The last part of the name of a block that lists, one IRI a line, what the record refers to."""

_PROFILES: Mapping[str, Callable[[Graph, URIRef], Graph]] = {
    FULL: feed_profile.full,
    NATIONAL: feed_profile.national,
}


def blocks(entry: Entry, graph: Graph) -> dict[str, bytes]:
    """Return name → text of the blocks of a record; ``graph`` is its complete, derived document.

    Names are ``full.rdf``, ``national.ttl`` and so on. The catalogue's blocks open a feed. An
    organisation or standard always has the national ones, for feeds whose members refer to it.

    Raises:
        Malformed: RDF/XML has no way to write one of the record's properties.
        ValueError: A term cannot be written.
    """
    prepared: dict[str, bytes] = {}
    for feed in FEEDS:
        if _enters(entry, feed):
            said = _PROFILES[feed](graph, URIRef(entry.iri))
            prepared[f"{feed}.{REFERENCES}"] = "\n".join(feed_profile.referred(said)).encode()
            for syntax, writer in serialise.FEEDS.items():
                write = writer.opening if entry.path == CATALOGUE_RECORD else writer.block
                prepared[f"{feed}.{syntax.suffix}"] = write(said).encode()
    return prepared


def _enters(entry: Entry, feed: str) -> bool:
    if entry.removed:
        return False
    if entry.path == CATALOGUE_RECORD or feed in entry.feeds:
        return True
    return feed == NATIONAL and entry.kind in REFERRED_KINDS
