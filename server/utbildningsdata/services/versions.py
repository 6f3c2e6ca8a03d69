"""A version of a record from its document: the entry, the document, and the pieces of feeds."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, replace

from rdflib import Graph, URIRef

from utbildningsdata.model import record
from utbildningsdata.model.feed_profile import FULL, NATIONAL
from utbildningsdata.model.record import Entry
from utbildningsdata.rdf import ntriples
from utbildningsdata.rdf.iris import Base
from utbildningsdata.rdf.namespaces import CONCEPT, UD
from utbildningsdata.services.reconcile import Draft
from utbildningsdata.store.ports import DOCUMENT, Block, Revision, Version

_ANSWERED = URIRef(f"{CONCEPT}national-membership/answered-for-here")

Blocks = Callable[[Entry, Graph], Mapping[str, bytes]]
"""Renders the pieces of feeds that a record contributes (name → text)."""


@dataclass(frozen=True, slots=True)
class Versioning:
    """Makes versions under a base; ``fed`` are the kinds of record that feeds have."""

    base: Base
    fed: Container[str]
    blocks: Blocks

    def version(self, draft: Draft, parent: Revision | None, lacks: Sequence[str]) -> Version:
        """Return what is published of a draft; ``lacks`` are the rules that keep it out of feeds.

        A harvester deletes what is missing: feeds keep the last version of a record that was whole.
        """
        entry = record.describe(
            draft.graph,
            path=draft.path,
            kind=draft.kind,
            iri=self.base.resolve(draft.path),
            document=ntriples.digest(draft.document),
            origin=draft.origin,
            loaded=draft.loaded,
            edited=draft.edited,
        )
        feeds = self._feeds(draft, entry)
        before = draft.before
        if feeds and lacks:
            entry = replace(entry, lacks=tuple(lacks))
            if parent and before and before.feeds:
                kept = parent.version(draft.path).blocks
                return with_document(replace(entry, feeds=before.feeds), draft.document, kept)
        else:
            entry = replace(entry, feeds=feeds)
        pieces = rendered(self.blocks(entry, draft.graph))
        return with_document(entry, draft.document, pieces)

    def _feeds(self, draft: Draft, entry: Entry) -> tuple[str, ...]:
        if draft.kind not in self.fed or entry.removed:
            return ()
        answered = (URIRef(entry.iri), UD.nationalMembership, _ANSWERED) in draft.graph
        return (FULL, NATIONAL) if answered else (FULL,)


def rendered(pieces: Mapping[str, bytes]) -> dict[str, Block]:
    """Return pieces of feeds as blocks."""
    return {name: Block.of(text) for name, text in pieces.items()}


def with_document(entry: Entry, document: bytes, pieces: Mapping[str, Block]) -> Version:
    """Return a version of a record from its entry, its document and its pieces of feeds."""
    return Version(entry, {**pieces, DOCUMENT: Block.of(document)})
