"""What any IRI is called, and which page shows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rdflib import RDF, Graph, URIRef
from rdflib.namespace import OWL, RDFS, SKOS

from utbildningsdata.model.labels import Text, choose, choose_text, node_key, shorten
from utbildningsdata.model.profile import Profile
from utbildningsdata.model.record import Entry
from utbildningsdata.rdf.iris import CONCEPT_FOLDER, ONTOLOGY_RECORD
from utbildningsdata.services.describe.content import Value
from utbildningsdata.services.describe.memo import Memo
from utbildningsdata.store.ports import Revision

WORDS: Mapping[URIRef, tuple[str, str]] = {
    RDF.type: ("klass", "class"),
    RDFS.isDefinedBy: ("definieras i", "defined in"),
    RDFS.subClassOf: ("är ett slags", "is a kind of"),
    RDFS.subPropertyOf: ("är en egenskap inom", "is a property within"),
    RDFS.domain: ("sägs om", "said of"),
    RDFS.range: ("värdet är", "its value is"),
    RDFS.seeAlso: ("se även", "see also"),
    OWL.inverseOf: ("omvänd mot", "inverse of"),
    OWL.equivalentClass: ("samma klass som", "same class as"),
    OWL.equivalentProperty: ("samma egenskap som", "same property as"),
}
"""What readers of Swedish and English call the properties of all graphs. A shape names them, if at
all, for one class: ``rdf:type`` is "kind of contact" only of contacts."""


class Signpost:
    """Names and paths of IRIs in one revision, for readers of one language."""

    def __init__(self, revision: Revision, profile: Profile, language: str) -> None:
        self.revision = revision
        self.profile = profile
        self.language = language
        self._labels: dict[str, Text | None] = {}

    def name(self, iri: str) -> Text | None:
        """Return the name of ``iri``, or None where nobody has named it."""
        if iri not in self._labels:
            self._labels[iri] = choose(self.revision.labels(iri), self.language) or self._of(iri)
        return self._labels[iri]

    def _of(self, iri: str) -> Text | None:
        """Return the name of what the record ``iri`` describes; a record has no name of its own."""
        entry = self.revision.describing(iri)
        if entry is None or entry.removed or entry.iri != iri:
            return None
        return choose_text(entry.titles, self.language)

    def label(self, iri: str) -> Text:
        """Return the name of ``iri``, or its short form."""
        return self.name(iri) or Text(shorten(iri))

    def property(self, iri: URIRef) -> Text:
        """Return what a property is called by its shape, else by the ontology."""
        if iri in WORDS:
            return Text(WORDS[iri][0 if self.language == "sv" else 1], self.language)
        names = self.profile.names.get(iri)
        text = names.text(self.language) if names else None
        return text or self.label(str(iri))

    def kind(self, entry: Entry) -> Text | None:
        """Return what one record of the entry's kind is called."""
        kind = self.profile.kinds.get(entry.kind)
        return kind.names.text(self.language) if kind else None

    def title(self, entry: Entry) -> Text:
        """Return the name of what a record describes."""
        return choose_text(entry.titles, self.language) or Text(shorten(entry.thing))

    def link(self, iri: str) -> Value:
        """Return a link to whatever shows ``iri``."""
        name = self.name(iri)
        text = name or Text(shorten(iri))
        return Value(
            "link", text.text, text.language, iri=iri, path=self.path(iri), named=name is not None
        )

    def path(self, iri: str) -> str | None:
        """Return the path of the page that shows ``iri``; None where no record describes it."""
        entry = self.revision.describing(iri)
        if entry is None:
            return None
        if entry.removed or iri in (entry.thing, entry.iri):
            return entry.path
        if entry.path == ONTOLOGY_RECORD:
            return f"{entry.path}/{iri.removeprefix(entry.thing)}"
        if entry.path.startswith(f"{CONCEPT_FOLDER}/"):
            code = codes(self.revision, entry).get(iri)
            return f"{entry.path}/{code}" if code else entry.path
        return f"{entry.path}#{self.fragment(entry, iri)}"

    def fragment(self, entry: Entry, iri: str) -> str:
        """Return the fragment that a part of a record has on its page."""
        own = f"{self.revision.base.thing(entry.path)}/"
        return iri.removeprefix(own).replace("/", "-")


def codes(revision: Revision, entry: Entry) -> Mapping[str, str]:
    """Return concept IRI → code for a concept scheme's record."""
    return _CODES.get(
        revision, entry.path, lambda: dict(_codes(revision.document(entry.path), entry.thing))
    )


_CODES: Memo[Mapping[str, str]] = Memo(512)


def _codes(graph: Graph, scheme: str) -> Iterator[tuple[str, str]]:
    for concept in sorted(graph.subjects(RDF.type, SKOS.Concept), key=node_key):
        iri = str(concept)
        local = iri.removeprefix(f"{scheme}/")
        notation = str(graph.value(concept, SKOS.notation) or "")
        yield iri, local if local != iri else notation or shorten(iri)
