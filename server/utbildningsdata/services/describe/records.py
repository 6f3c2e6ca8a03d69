"""The page of a record: what it says of its thing, of itself, and who points to the thing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rdflib import RDF, URIRef
from rdflib.namespace import SKOS

from utbildningsdata.model.labels import Text
from utbildningsdata.model.profile import Kind, Profile
from utbildningsdata.model.record import Entry
from utbildningsdata.rdf.namespaces import UD
from utbildningsdata.services.describe import inbound
from utbildningsdata.services.describe.content import (
    Description,
    Paging,
    Relation,
    Statement,
    Value,
)
from utbildningsdata.services.describe.fields import Reader
from utbildningsdata.services.describe.signpost import Signpost
from utbildningsdata.store.ports import Revision


@dataclass(frozen=True, slots=True)
class RecordPage:
    """All that a record's page shows.

    ``thing`` is what the record describes, ``record`` what it says of the description itself,
    ``rest`` every triple of the document that neither holds. ``offers`` says how many records have
    data of each kind that the thing needs (category IRI → count).
    """

    entry: Entry
    kind: Kind | None
    title: Text
    thing: Description
    record: Description
    rest: Sequence[Statement]
    relations: Sequence[Relation]
    offers: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class RelationPage:
    """One page of all that point to a thing with one property."""

    entry: Entry
    title: Text
    path: str
    wanted: inbound.Wanted
    relation: Relation
    paging: Paging


def record_page(revision: Revision, profile: Profile, path: str, language: str) -> RecordPage:
    """Return the page of the record at ``path``.

    Raises:
        NotFound: There is no such record.
    """
    signpost = Signpost(revision, profile, language)
    entry = revision.entry(path)
    graph = revision.document(path)
    concepts = set(graph.subjects(RDF.type, SKOS.Concept)) - {URIRef(entry.thing)}
    reader = Reader(graph, entry, signpost, elsewhere=concepts)
    thing = reader.describe(URIRef(entry.thing))
    record = reader.describe(URIRef(entry.iri))
    return RecordPage(
        entry=entry,
        kind=profile.kinds.get(entry.kind),
        title=signpost.title(entry),
        thing=thing,
        record=record,
        rest=reader.rest(),
        relations=inbound.relations(signpost, entry.thing, own=entry.path),
        offers=_offers(revision, thing),
    )


def _offers(revision: Revision, thing: Description) -> dict[str, int]:
    return {
        value.iri: revision.inbound_counts(value.iri).get(str(UD.dataCategory), 0)
        for value in thing.values("ud:needsDataCategory")
    }


def relation_page(
    revision: Revision,
    profile: Profile,
    entry: Entry,
    iri: str,
    wanted: inbound.Wanted,
    language: str,
) -> RelationPage | None:
    """Return a page of all that point to ``iri`` so; None where nothing does."""
    signpost = Signpost(revision, profile, language)
    found = inbound.one(signpost, iri, wanted)
    if found is None:
        return None
    relation, paging = found
    path = signpost.path(iri) or entry.path
    return RelationPage(entry, signpost.label(iri), path, wanted, relation, paging)


def replacements(revision: Revision, profile: Profile, entry: Entry, language: str) -> list[Value]:
    """Return links to what took the place of a removed record."""
    signpost = Signpost(revision, profile, language)
    return [signpost.link(iri) for iri in entry.replaced_by]
