"""Who points to a thing: relations read backwards, with counts, and never more than a page."""

from __future__ import annotations

from collections.abc import Collection

from rdflib import URIRef

from utbildningsdata.model.labels import Text, shorten, sort_key
from utbildningsdata.model.relations import INVERSES, MEMBERSHIP
from utbildningsdata.services.describe.content import Paging, Referrer, Relation
from utbildningsdata.services.describe.signpost import Signpost
from utbildningsdata.store.ports import Link

FEW = 8
"""How many referrers of one relation a page shows before it links to all of them."""

PAGE = 50
"""How many referrers there are on a page of all."""

_ENOUGH = 60


def relations(
    signpost: Signpost, iri: str, *, without: Collection[URIRef] = MEMBERSHIP
) -> list[Relation]:
    """Return the relations that lead to ``iri``, each with its first few referrers.

    A relation with few referrers in all is ordered by title; of a long one the first are shown.
    """
    counts = signpost.revision.inbound_counts(iri)
    found = []
    for predicate in sorted(counts):
        if URIRef(predicate) in without:
            continue
        links = signpost.revision.inbound(iri, predicate=predicate, limit=_ENOUGH)
        referrers = _referrers(signpost, links)
        if referrers:
            found.append(_relation(signpost, predicate, counts[predicate], referrers[:FEW]))
    return sorted(found, key=lambda relation: (-relation.count, relation.label.text))


def one(signpost: Signpost, iri: str, name: str, page: int) -> tuple[Relation, Paging] | None:
    """Return a page of the relation called ``name`` (``dcterms:publisher``); None if there is none."""
    counts = signpost.revision.inbound_counts(iri)
    predicate = next((known for known in sorted(counts) if shorten(known) == name), None)
    if predicate is None or URIRef(predicate) in MEMBERSHIP:
        return None
    paging = Paging.of(counts[predicate], page, PAGE)
    links = signpost.revision.inbound(
        iri, predicate=predicate, limit=PAGE, offset=(paging.page - 1) * PAGE
    )
    referrers = _referrers(signpost, links)
    return _relation(signpost, predicate, counts[predicate], referrers), paging


def _relation(
    signpost: Signpost, predicate: str, count: int, referrers: list[Referrer]
) -> Relation:
    return Relation(
        shorten(predicate), _inverse(signpost, URIRef(predicate)), count, tuple(referrers)
    )


def _inverse(signpost: Signpost, predicate: URIRef) -> Text:
    names = INVERSES.get(predicate)
    if names is not None:
        swedish = signpost.language == "sv"
        return Text(names[0 if swedish else 1], signpost.language)
    label = signpost.property(predicate).text.lower()
    if signpost.language == "sv":
        return Text(f"Är {label} för", "sv")
    return Text(f"Is {label} of", "en")


def _referrers(signpost: Signpost, links: Collection[Link]) -> list[Referrer]:
    """Return one referrer per subject, in the order of titles."""
    seen = {link.subject: _referrer(signpost, link) for link in links}
    return sorted(seen.values(), key=lambda item: sort_key(item.text.text, signpost.language))


def _referrer(signpost: Signpost, link: Link) -> Referrer:
    entry = signpost.revision.entry(link.record)
    kind = signpost.kind(entry)
    if link.subject == entry.thing:
        return Referrer(signpost.title(entry), entry.path, kind)
    path = signpost.path(link.subject) or entry.path
    name = signpost.name(link.subject)
    if name is None or "#" not in path:
        return Referrer(name or signpost.title(entry), path, kind)
    return Referrer(signpost.title(entry), path, kind, note=name)
