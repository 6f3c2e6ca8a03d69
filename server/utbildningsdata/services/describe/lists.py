"""Lists of records per kind, in the order of the reader's alphabet, with a few key facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS

from utbildningsdata.errors import NotFound
from utbildningsdata.model.labels import Text, choose_text, node_key, sort_key, tag
from utbildningsdata.model.profile import Kind, Profile
from utbildningsdata.model.record import Entry
from utbildningsdata.rdf.namespaces import UD
from utbildningsdata.services.describe.content import Paging, Value
from utbildningsdata.services.describe.memo import Memo
from utbildningsdata.services.describe.signpost import Signpost
from utbildningsdata.store.ports import Revision

PAGE = 50

FACTS: tuple[tuple[URIRef, ...], ...] = (
    (DCTERMS.publisher, UD.holderName, UD.actor, UD.awardedBy, UD.bodyName),
    (UD.schoolForm,),
)
"""What a list says of each record beside its name: who, and for which schools. In each row the
first property that the record has speaks."""

_MOST_VALUES = 4

QUERY = """SELECT ?thing ?title WHERE {
  ?record foaf:primaryTopic ?thing .
  FILTER(STRSTARTS(STR(?record), "%s"))
  ?thing dcterms:title|foaf:name ?title .
  FILTER(LANG(?title) IN ("%s", ""))
}
ORDER BY ?title
"""
"""What a list is as a query: the records of a folder, and what they are called."""

_ORDERS: Memo[Sequence[Entry]] = Memo(64)
_FOLDERS: Memo[frozenset[str]] = Memo(4)


@dataclass(frozen=True, slots=True)
class Item:
    """A record in a list: ``who`` and ``schools`` are its key facts."""

    path: str
    title: Text
    lead: Text | None
    who: Sequence[Value]
    schools: Sequence[Value]
    more_schools: int
    marks: Sequence[Value]


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of the list of a kind; ``query`` asks for all of it."""

    kind: Kind
    items: Sequence[Item]
    paging: Paging
    query: str


_PAGES: Memo[ListPage] = Memo(128)


def list_page(
    revision: Revision, profile: Profile, folder: str, page: int, language: str
) -> ListPage:
    """Return page ``page`` of the records in ``folder``.

    Raises:
        NotFound: There is no such kind of record.
    """
    kind = profile.kinds.get(folder)
    if kind is None:
        raise NotFound(
            f"There is no kind of record called '{folder}'.",
            sv=f"Det finns inget slags post som heter '{folder}'.",
        )
    key = (folder, page, language)
    return _PAGES.get(revision, key, lambda: _page(revision, profile, kind, page, language))


def _page(revision: Revision, profile: Profile, kind: Kind, page: int, language: str) -> ListPage:
    entries = ordered(revision, kind.folder, language)
    paging = Paging.of(len(entries), page, PAGE)
    start = (paging.page - 1) * PAGE
    signpost = Signpost(revision, profile, language)
    items = [item(signpost, entry) for entry in entries[start : start + PAGE]]
    query = QUERY % (revision.base.resolve(f"{kind.folder}/"), language)
    return ListPage(kind, items, paging, query)


def ordered(revision: Revision, folder: str, language: str) -> Sequence[Entry]:
    """Return the entries of a kind from A to Ö."""

    def make() -> Sequence[Entry]:
        return sorted(revision.entries(folder), key=lambda entry: _title_key(entry, language))

    return _ORDERS.get(revision, (folder, language), make)


def folders(revision: Revision) -> frozenset[str]:
    """Return the folders that hold records."""
    return _FOLDERS.get(revision, "", lambda: frozenset(entry.kind for entry in revision.entries()))


def _title_key(entry: Entry, language: str) -> tuple[tuple[str, str], str]:
    title = choose_text(entry.titles, language)
    return sort_key(title.text if title else "", language), entry.path


def item(signpost: Signpost, entry: Entry) -> Item:
    """Return what a list says of a record."""
    graph = signpost.revision.document(entry.path)
    who, schools = (_first(signpost, graph, URIRef(entry.thing), row) for row in FACTS)
    marks = [
        signpost.link(str(value))
        for value in sorted(graph.objects(URIRef(entry.thing), UD.status), key=node_key)
    ]
    return Item(
        path=entry.path,
        title=signpost.title(entry),
        lead=choose_text(entry.descriptions, signpost.language),
        who=who[:_MOST_VALUES],
        schools=schools[:_MOST_VALUES],
        more_schools=max(0, len(schools) - _MOST_VALUES),
        marks=marks,
    )


def _first(
    signpost: Signpost, graph: Graph, thing: URIRef, predicates: Sequence[URIRef]
) -> list[Value]:
    for predicate in predicates:
        objects = list(graph.objects(thing, predicate))
        if not objects:
            continue
        links = [signpost.link(str(value)) for value in objects if isinstance(value, URIRef)]
        texts = {tag(value): str(value) for value in objects if isinstance(value, Literal)}
        text = choose_text(texts, signpost.language)
        words = [Value("text", text.text, text.language)] if text else []
        return sorted([*links, *words], key=lambda value: sort_key(value.text, signpost.language))
    return []
