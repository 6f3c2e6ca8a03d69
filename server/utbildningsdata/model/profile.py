"""The application profile as the shapes say it: kinds of record, and the fields of each class.

Pages, forms and documentation read their fields here: a property shape's ``sh:name``,
``sh:description``, ``sh:order`` and ``sh:group``. Nothing else lists fields.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from rdflib import RDF, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, RDFS, SH
from rdflib.term import Node

from utbildningsdata.model.labels import Text, choose, node_key
from utbildningsdata.rdf import ntriples
from utbildningsdata.rdf.namespaces import SHAPES, UD

_LAST = 1_000_000.0


@dataclass(frozen=True, slots=True)
class Names:
    """A text in Swedish and English, as shapes and ontology carry them."""

    texts: tuple[Literal, ...]

    def text(self, language: str) -> Text | None:
        """Return the text for a reader of ``language``."""
        return choose(self.texts, language)


@dataclass(frozen=True, slots=True)
class FieldGroup:
    """A group of fields (``sh:PropertyGroup``); ``iri`` is empty for fields without one."""

    iri: str
    names: Names
    order: float


@dataclass(frozen=True, slots=True)
class ProfileField:
    """A property of a class, as its property shape describes it."""

    path: URIRef
    names: Names
    help: Names
    order: float
    group: FieldGroup


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record: its folder, and what to call one and many of it.

    ``membership`` is the property with which the catalogue lists what such a record describes
    (DCAT 3, 6.3), if it does; ``in_feeds`` tells whether feeds have such records.
    """

    folder: str
    order: float
    names: Names
    list_names: Names
    comment: Names
    membership: URIRef | None = None
    in_feeds: bool = False


NO_GROUP = FieldGroup("", Names(()), _LAST)


@dataclass(frozen=True, slots=True)
class Profile:
    """Kinds by folder in their order, and fields by class and path."""

    kinds: Mapping[str, Kind]
    classes: Mapping[URIRef, Mapping[URIRef, ProfileField]]
    names: Mapping[URIRef, Names]

    @classmethod
    def load(cls, folder: Path) -> Profile:
        """Read the profile from all Turtle files of the shapes folder.

        Raises:
            Malformed: A file is not Turtle.
        """
        return cls.from_graph(ntriples.parse_folder(folder, str(SHAPES)))

    @classmethod
    def from_graph(cls, graph: Graph) -> Profile:
        """Read the profile from a shapes graph."""
        kinds = sorted(_kinds(graph), key=lambda kind: (kind.order, kind.folder))
        classes = _classes(graph)
        names: dict[URIRef, Names] = {}
        for fields in classes.values():
            for path, item in fields.items():
                if item.names.texts:
                    names.setdefault(path, item.names)
        return cls({kind.folder: kind for kind in kinds}, classes, names)

    def fields(self, types: Iterable[Node]) -> Mapping[URIRef, ProfileField]:
        """Return path → field for a thing of these classes."""
        merged: dict[URIRef, ProfileField] = {}
        for kind in sorted(types, key=node_key):
            if isinstance(kind, URIRef):
                _merge(merged, self.classes.get(kind, {}).values())
        return merged


def _kinds(graph: Graph) -> Iterable[Kind]:
    for shape, folder in graph.subject_objects(UD.folder):
        yield Kind(
            folder=str(folder),
            order=_number(graph.value(shape, UD.kindOrder)),
            names=_names(graph, shape, RDFS.label),
            list_names=_names(graph, shape, UD.listName),
            comment=_names(graph, shape, RDFS.comment),
            membership=_iri(graph.value(shape, UD.membership)),
            in_feeds=str(graph.value(shape, UD.inFeeds)) == "true",
        )


def _classes(graph: Graph) -> dict[URIRef, dict[URIRef, ProfileField]]:
    """Return class → fields of the shapes for it.

    A shape whose target is narrower than a class names the class with ``dcterms:subject``.
    """
    found: dict[URIRef, dict[URIRef, ProfileField]] = {}
    for predicate in (SH.targetClass, DCTERMS.subject):
        for shape, node in sorted(graph.subject_objects(predicate), key=_pair_key):
            if isinstance(node, URIRef):
                _merge(found.setdefault(node, {}), _fields(graph, shape))
    return found


def _pair_key(pair: tuple[Node, Node]) -> list[tuple[str, str]]:
    return [node_key(node) for node in pair]


def _fields(graph: Graph, shape: Node) -> Iterable[ProfileField]:
    for prop in sorted(graph.objects(shape, SH.property), key=node_key):
        path = graph.value(prop, SH.path)
        if isinstance(path, URIRef):
            yield ProfileField(
                path=path,
                names=_names(graph, prop, SH.name),
                help=_names(graph, prop, SH.description),
                order=_number(graph.value(prop, SH.order)),
                group=_group(graph, graph.value(prop, SH.group)),
            )


def _group(graph: Graph, group: Node | None) -> FieldGroup:
    if group is None or (group, RDF.type, SH.PropertyGroup) not in graph:
        return NO_GROUP
    order = _number(graph.value(group, SH.order))
    return FieldGroup(str(group), _names(graph, group, RDFS.label), order)


def _merge(fields: dict[URIRef, ProfileField], more: Iterable[ProfileField]) -> None:
    """Add fields; of two with one path the one that has a name (then: comes first) is kept."""
    for item in more:
        known = fields.get(item.path)
        if known is None or (item.names.texts and not known.names.texts):
            fields[item.path] = item


def _names(graph: Graph, subject: Node, predicate: URIRef) -> Names:
    found = sorted(graph.objects(subject, predicate), key=node_key)
    return Names(tuple(value for value in found if isinstance(value, Literal)))


def _number(node: Node | None) -> float:
    try:
        return float(str(node)) if node is not None else _LAST
    except ValueError:
        return _LAST


def _iri(node: Node | None) -> URIRef | None:
    return node if isinstance(node, URIRef) else None
