"""Who points to a thing: relations read backwards, with counts, and never more than a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from rdflib import URIRef

from utbildningsdata.model.labels import Text, shorten, sort_key
from utbildningsdata.model.relations import INVERSES, MEMBERSHIP
from utbildningsdata.services.describe.content import KindCount, Paging, Referrer, Relation
from utbildningsdata.services.describe.signpost import Signpost
from utbildningsdata.store.ports import Link

FEW = 8
"""How many referrers of one relation a page shows before it links to all of them."""

PAGE = 50
"""How many referrers there are on a page of all."""

MOST = 2000
"""Up to how many referrers are ordered by title and counted by kind; of more, the store's order
and the plain count are shown."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which referrers a page asks for: of the property called ``name``, of one kind (or any)."""

    name: str
    kind: str = ""
    page: int = 1


def relations(
    signpost: Signpost, iri: str, *, own: str = "", without: Collection[URIRef] = MEMBERSHIP
) -> list[Relation]:
    """Return the relations that lead to ``iri``, each with its first few referrers.

    What the record ``own`` itself says is left out: its page shows that already.
    """
    counts = signpost.revision.inbound_counts(iri)
    found = []
    for predicate in sorted(counts):
        if URIRef(predicate) in without:
            continue
        limit = counts[predicate] if counts[predicate] <= MOST else FEW
        links = signpost.revision.inbound(iri, predicate=predicate, limit=limit)
        others = [link for link in links if link.record != own]
        if others:
            count = counts[predicate] - len(links) + len(others)
            few = _in_order(signpost, others)[:FEW]
            found.append(_relation(signpost, predicate, count, few, others))
    return sorted(found, key=lambda relation: (-relation.count, relation.label.text))


def one(signpost: Signpost, iri: str, wanted: Wanted) -> tuple[Relation, Paging] | None:
    """Return a page of one relation; None where nothing points to ``iri`` so."""
    counts = signpost.revision.inbound_counts(iri)
    predicate = next((known for known in sorted(counts) if shorten(known) == wanted.name), None)
    if predicate is None or URIRef(predicate) in MEMBERSHIP:
        return None
    count = counts[predicate]
    if count > MOST:
        return _long(signpost, iri, predicate, count, wanted)
    everyone = signpost.revision.inbound(iri, predicate=predicate, limit=count)
    links = [link for link in everyone if wanted.kind in ("", _folder(link))]
    if not links:
        return None
    paging = Paging.of(len(links), wanted.page, PAGE)
    start = (paging.page - 1) * PAGE
    shown = _in_order(signpost, links)[start : start + PAGE]
    return _relation(signpost, predicate, len(links), shown, everyone), paging


def _long(
    signpost: Signpost, iri: str, predicate: str, count: int, wanted: Wanted
) -> tuple[Relation, Paging]:
    paging = Paging.of(count, wanted.page, PAGE)
    links = signpost.revision.inbound(
        iri, predicate=predicate, limit=PAGE, offset=(paging.page - 1) * PAGE
    )
    return _relation(signpost, predicate, count, links, ()), paging


def _relation(
    signpost: Signpost,
    predicate: str,
    count: int,
    shown: Sequence[Link],
    counted: Sequence[Link],
) -> Relation:
    return Relation(
        name=shorten(predicate),
        label=_inverse(signpost, URIRef(predicate)),
        count=count,
        referrers=[_referrer(signpost, link) for link in shown],
        kinds=_kinds(signpost, counted),
    )


def _kinds(signpost: Signpost, links: Sequence[Link]) -> list[KindCount]:
    counts = Counter(_folder(link) for link in links)
    found = []
    for folder, kind in signpost.profile.kinds.items():
        name = kind.list_names.text(signpost.language)
        if folder in counts and name is not None:
            found.append(KindCount(folder, name, counts[folder]))
    return found


def _folder(link: Link) -> str:
    return link.record.partition("/")[0]


def _inverse(signpost: Signpost, predicate: URIRef) -> Text:
    names = INVERSES.get(predicate)
    if names is not None:
        swedish = signpost.language == "sv"
        return Text(names[0 if swedish else 1], signpost.language)
    label = signpost.property(predicate)
    words = label.text.lower() if label.language else label.text
    return Text(
        f"Är {words} för" if signpost.language == "sv" else f"Is {words} of", signpost.language
    )


def _in_order(signpost: Signpost, links: Sequence[Link]) -> list[Link]:
    """Return one link per subject: by the order of kinds, then by title."""
    order = {folder: place for place, folder in enumerate(signpost.profile.kinds)}
    one_each = {link.subject: link for link in links}

    def key(link: Link) -> tuple[int, tuple[str, str], str]:
        title = signpost.title(signpost.revision.entry(link.record))
        place = order.get(_folder(link), len(order))
        return place, sort_key(title.text, signpost.language), link.subject

    return sorted(one_each.values(), key=key)


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
