"""The catalogue's own queries, as examples: what each asks, in words and in SPARQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rdflib import URIRef

from utbildningsdata.model.labels import Text, choose_text
from utbildningsdata.model.record import Entry
from utbildningsdata.rdf.namespaces import UD
from utbildningsdata.services.describe.signpost import Signpost
from utbildningsdata.services.query_results import FOLDER, sparql
from utbildningsdata.store.ports import Revision


@dataclass(frozen=True, slots=True)
class Example:
    """A query with the question that it answers; ``path`` is its record's page."""

    path: str
    title: Text
    description: Text | None
    text: str


@dataclass(frozen=True, slots=True)
class Group:
    """Examples whose answers are of one kind."""

    title: Text
    examples: Sequence[Example]


def groups(revision: Revision, signpost: Signpost) -> Sequence[Group]:
    """Return the examples by the kind of their answer, both in the order of their names."""
    found: dict[str, list[Example]] = {}
    for entry in revision.entries(FOLDER):
        text = sparql(revision, entry)
        if text is not None:
            kind = revision.document(entry.path).value(URIRef(entry.thing), UD.answerKind)
            found.setdefault(str(kind or ""), []).append(_example(entry, text, signpost))
    return [
        Group(signpost.label(kind) if kind else Text(""), sorted(examples, key=_name))
        for kind, examples in sorted(found.items())
    ]


def _example(entry: Entry, text: str, signpost: Signpost) -> Example:
    return Example(
        entry.path, signpost.title(entry), choose_text(entry.descriptions, signpost.language), text
    )


def _name(example: Example) -> str:
    return example.title.text
