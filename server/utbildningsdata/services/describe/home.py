"""What the home page leads with: school forms, kinds, needs without data, questions, changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rdflib import URIRef

from utbildningsdata.errors import NotFound
from utbildningsdata.model.labels import Text, choose_text
from utbildningsdata.model.profile import Kind, Profile
from utbildningsdata.model.record import Entry
from utbildningsdata.rdf.iris import CATALOGUE_RECORD, CONCEPT_FOLDER
from utbildningsdata.rdf.namespaces import UD
from utbildningsdata.services.describe.lists import ordered
from utbildningsdata.services.describe.memo import Memo
from utbildningsdata.services.describe.signpost import Signpost, codes
from utbildningsdata.store.ports import Revision

SCHOOL_FORMS = "concept/school-form"
_FEW = 5
_FORMS = 12

QUESTIONS = (
    "query/award-winning-exemplars",
    "query/dropout-risk-in-komvux",
    "query/needs-without-data",
)
"""The questions that the home page poses, where the catalogue has them."""


@dataclass(frozen=True, slots=True)
class Count:
    """Something with a page, and how many records have to do with it."""

    path: str
    name: Text
    count: int


@dataclass(frozen=True, slots=True)
class Teaser:
    """A record that the home page points out."""

    path: str
    title: Text
    lead: Text | None
    kind: Text | None
    date: str


@dataclass(frozen=True, slots=True)
class HomePage:
    """The home page; ``needs_without`` counts the needs without data, ``needs`` are a few."""

    title: Text | None
    lead: Text | None
    kinds: Sequence[Count]
    school_forms: Sequence[Count]
    needs: Sequence[Teaser]
    needs_without: int
    questions: Sequence[Teaser]
    changed: Sequence[Teaser]


_PAGES: Memo[HomePage] = Memo(4)


def home_page(revision: Revision, profile: Profile, language: str) -> HomePage:
    """Return the home page."""
    return _PAGES.get(revision, language, lambda: _make(revision, profile, language))


def _make(revision: Revision, profile: Profile, language: str) -> HomePage:
    signpost = Signpost(revision, profile, language)
    kinds = [_kind_count(revision, kind, language) for kind in profile.kinds.values()]
    without = [entry for entry in ordered(revision, "need", language) if _lacks(revision, entry)]
    title, lead = _about(revision, language)
    return HomePage(
        title=title,
        lead=lead,
        kinds=[kind for kind in kinds if kind.count],
        school_forms=_school_forms(revision, signpost),
        needs=[_teaser(signpost, entry) for entry in without[:_FEW]],
        needs_without=len(without),
        questions=[_teaser(signpost, entry) for entry in _questions(revision, language)],
        changed=[_teaser(signpost, entry) for entry in _changed(revision, profile)],
    )


def _about(revision: Revision, language: str) -> tuple[Text | None, Text | None]:
    try:
        entry = revision.entry(CATALOGUE_RECORD)
    except NotFound:
        return None, None
    return choose_text(entry.titles, language), choose_text(entry.descriptions, language)


def _kind_count(revision: Revision, kind: Kind, language: str) -> Count:
    name = kind.list_names.text(language) or kind.names.text(language) or Text(kind.folder)
    entries = revision.entries(kind.folder)
    if kind.folder == CONCEPT_FOLDER:
        return Count(kind.folder, name, sum(len(codes(revision, entry)) for entry in entries))
    return Count(kind.folder, name, len(entries))


def _school_forms(revision: Revision, signpost: Signpost) -> list[Count]:
    try:
        scheme = revision.entry(SCHOOL_FORMS)
    except NotFound:
        return []
    counts = [
        Count(
            f"{SCHOOL_FORMS}/{code}",
            signpost.label(iri),
            revision.inbound_counts(iri).get(str(UD.schoolForm), 0),
        )
        for iri, code in codes(revision, scheme).items()
    ]
    found = [count for count in counts if count.count]
    return sorted(found, key=lambda count: (-count.count, count.name.text))[:_FORMS]


def _questions(revision: Revision, language: str) -> list[Entry]:
    """Return three questions, the chosen ones first."""
    known = ordered(revision, "query", language)
    return sorted(known, key=lambda entry: entry.path not in QUESTIONS)[: len(QUESTIONS)]


def _lacks(revision: Revision, entry: Entry) -> bool:
    """Tell whether a need has no data that comes near and nothing that answers it."""
    graph, thing = revision.document(entry.path), URIRef(entry.thing)
    return not any(graph.value(thing, term) for term in (UD.nearestDataset, UD.answeredBy))


def _changed(revision: Revision, profile: Profile) -> list[Entry]:
    """Return the records that changed last; of one day, one of each kind before two of any."""
    newest: list[tuple[int, Entry]] = []
    for kind in profile.kinds:
        of_kind = sorted(revision.entries(kind), key=lambda entry: entry.path)
        of_kind.sort(key=lambda entry: entry.modified, reverse=True)
        newest.extend(enumerate(of_kind[:_FEW]))
    newest.sort(key=lambda row: row[0])
    newest.sort(key=lambda row: row[1].modified, reverse=True)
    return [entry for _, entry in newest[:_FEW]]


def _teaser(signpost: Signpost, entry: Entry) -> Teaser:
    return Teaser(
        entry.path,
        signpost.title(entry),
        choose_text(entry.descriptions, signpost.language),
        signpost.kind(entry),
        entry.modified,
    )
