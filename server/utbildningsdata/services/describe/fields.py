"""From a record document to descriptions: the shapes give fields, order, groups and labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rdflib import RDF, XSD, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from utbildningsdata.model.labels import Text, choose_text, node_key, shorten, sort_key, tag
from utbildningsdata.model.profile import NO_GROUP, FieldGroup, ProfileField
from utbildningsdata.model.record import TITLES, Entry, texts
from utbildningsdata.rdf.iris import is_iri
from utbildningsdata.services.describe.content import (
    Description,
    Field,
    Section,
    Statement,
    Value,
    ValueKind,
)
from utbildningsdata.services.describe.signpost import Signpost

_DATES = {XSD.date, XSD.dateTime, XSD.gYear, XSD.gYearMonth}
NUMBERS = {
    XSD.integer,
    XSD.decimal,
    XSD.double,
    XSD.float,
    XSD.int,
    XSD.long,
    XSD.nonNegativeInteger,
    XSD.positiveInteger,
}


class Reader:
    """Reads one record document; each triple is given out once, and the rest in the end.

    Subjects in ``elsewhere`` have pages of their own (the concepts of a scheme): they are linked
    to, not nested.
    """

    def __init__(
        self, graph: Graph, entry: Entry, signpost: Signpost, elsewhere: Iterable[Node] = ()
    ) -> None:
        self._graph = graph
        self._entry = entry
        self._signpost = signpost
        self._subjects = set(graph.subjects())
        self._shown: set[Node] = {URIRef(entry.iri), URIRef(entry.thing), *elsewhere}
        self._done: set[Node] = set(elsewhere)
        self._parts: set[Node] = {URIRef(entry.iri)}

    def describe(self, subject: Node) -> Description:
        """Return what the document says of ``subject``, nested parts included."""
        self._shown.add(subject)
        self._done.add(subject)
        types = sorted(self._graph.objects(subject, RDF.type), key=node_key)
        profile = self._signpost.profile.fields(types)
        return Description(
            iri=str(subject) if isinstance(subject, URIRef) else "",
            fragment=self._signpost.fragment(self._entry, str(subject)),
            name=self._name(subject),
            types=[self._type(kind) for kind in types],
            sections=self._sections(subject, profile),
        )

    def rest(self) -> list[Statement]:
        """Return the triples that no description has shown, the classes of parts included."""
        return [
            Statement(
                self._signpost.link(str(subject)),
                self._signpost.property(URIRef(str(predicate))),
                self._value(value),
            )
            for subject, predicate, value in sorted(
                self._graph, key=lambda triple: [*map(node_key, triple)]
            )
            if subject not in self._done or (predicate == RDF.type and subject in self._parts)
        ]

    def _name(self, subject: Node) -> Text:
        own = texts(self._graph, URIRef(str(subject)), TITLES)
        return choose_text(own, self._signpost.language) or Text(
            shorten(str(subject)) if isinstance(subject, URIRef) else ""
        )

    def _type(self, kind: Node) -> Value:
        return Value("link", shorten(str(kind)), iri=str(kind), path=self._signpost.path(str(kind)))

    def _sections(self, subject: Node, profile: Mapping[URIRef, ProfileField]) -> list[Section]:
        found: dict[FieldGroup, list[tuple[float, Field]]] = {}
        for predicate in sorted(set(self._graph.predicates(subject)), key=node_key):
            if predicate == RDF.type or not isinstance(predicate, URIRef):
                continue
            field = profile.get(predicate)
            group = field.group if field else NO_GROUP
            order = field.order if field else NO_GROUP.order
            found.setdefault(group, []).append((order, self._field(subject, predicate, field)))
        return [
            Section(
                group.iri,
                group.names.text(self._signpost.language),
                [item for _, item in sorted(fields, key=lambda row: (row[0], row[1].name))],
            )
            for group, fields in sorted(found.items(), key=lambda row: (row[0].order, row[0].iri))
        ]

    def _field(self, subject: Node, predicate: URIRef, field: ProfileField | None) -> Field:
        language = self._signpost.language
        own = field.names.text(language) if field else None
        objects = sorted(self._graph.objects(subject, predicate), key=node_key)
        here, others = _by_language(objects, language)
        return Field(
            name=shorten(str(predicate)),
            iri=str(predicate),
            label=own or self._signpost.property(predicate),
            help=field.help.text(language) if field else None,
            values=sorted((self._value(node) for node in here), key=self._order),
            others=[self._value(node) for node in others],
        )

    def _order(self, value: Value) -> tuple[bool, tuple[str, str]]:
        return value.kind == "part", sort_key(value.text, self._signpost.language)

    def _value(self, node: Node) -> Value:
        if isinstance(node, Literal):
            return literal_value(node)
        if node in self._subjects and node not in self._shown and self._is_part(node):
            self._parts.add(node)
            part = self.describe(node)
            return Value("part", part.name.text, part.name.language, iri=part.iri, part=part)
        if isinstance(node, BNode):
            return Value("code", f"_:{node}")
        return self._signpost.link(str(node))

    def _is_part(self, node: Node) -> bool:
        """Tell whether this record describes the node: of the catalogue it says membership only."""
        if not isinstance(node, URIRef):
            return True
        described = self._signpost.revision.describing(str(node))
        return described is None or described.path == self._entry.path


def literal_value(literal: Literal) -> Value:
    """Return the value to show for a literal; what is not well-formed is shown as it stands.

    >>> literal_value(Literal("2016", datatype=XSD.gYear)).kind
    'date'
    """
    if literal.datatype == XSD.anyURI and is_iri(str(literal)):
        return Value("link", shorten(str(literal)), iri=str(literal))
    kind: ValueKind = "text"
    if literal.datatype in _DATES:
        kind = "date"
    elif literal.datatype in NUMBERS:
        kind = "number"
    elif literal.datatype == XSD.boolean:
        kind = "boolean"
    elif literal.datatype is not None and literal.datatype != XSD.string:
        kind = "code"
    return Value(kind, str(literal), tag(literal))


def _by_language(objects: Iterable[Node], language: str) -> tuple[list[Node], list[Node]]:
    """Part values into those to show at once and those that repeat them in other languages."""
    nodes = list(objects)
    tagged = {tag(node) for node in nodes if isinstance(node, Literal) and node.language}
    if not tagged:
        return nodes, []
    best = next((wanted for wanted in (language, "sv", "en") if wanted in tagged), min(tagged))
    here: list[Node] = []
    others: list[Node] = []
    for node in nodes:
        foreign = isinstance(node, Literal) and node.language and tag(node) != best
        (others if foreign else here).append(node)
    return here, others
