"""A record and its entry: what lists, pages and feeds need to know without reading the document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rdflib import RDF, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, FOAF, RDFS, SKOS

from utbildningsdata.rdf.namespaces import SCHEMA, UD, VCARD

TITLES: tuple[URIRef, ...] = (
    DCTERMS.title,
    SKOS.prefLabel,
    FOAF.name,
    RDFS.label,
    UD.recipientName,
    SCHEMA.name,
    VCARD.fn,
)
"""The properties that name a thing, the best first."""

DESCRIPTIONS: tuple[URIRef, ...] = (DCTERMS.description, SKOS.definition, RDFS.comment)

FILE = "file"
"""The origin of a record that the repository's files are the master of."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a revision knows of one record beside its document.

    ``path`` is the record's path (``dataset/x``), ``kind`` its folder (``dataset``; empty for the
    catalogue itself and the ontology), ``document`` the digest of its document. ``loaded`` is the
    digest of what the record's file last gave (before the loader set its dates): a file that gives
    the same again has not changed. ``edited`` tells that the document is not what the file last
    gave: it was changed here or rolled back. Dates are those of the description.

    ``feeds`` are those that it is in, and ``lacks`` the rules that keep this version out of them;
    where it has both, feeds hold its last version that was whole.
    """

    path: str
    kind: str
    iri: str
    thing: str
    types: tuple[str, ...]
    titles: Mapping[str, str]
    descriptions: Mapping[str, str]
    issued: str
    modified: str
    document: str
    origin: str = FILE
    loaded: str = ""
    edited: bool = False
    feeds: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    removed: bool = False
    replaced_by: tuple[str, ...] = ()


def texts(graph: Graph, subject: URIRef, predicates: tuple[URIRef, ...]) -> dict[str, str]:
    """Return language → text for the first of ``predicates`` that the subject has ("" untagged)."""
    for predicate in predicates:
        found = {
            value.language or "": str(value)
            for value in sorted(graph.objects(subject, predicate), key=str)
            if isinstance(value, Literal)
        }
        if found:
            return found
    return {}


def is_tombstone(graph: Graph, record: URIRef) -> bool:
    """Tell whether the record says that it and what it described are no longer here."""
    return (record, RDF.type, UD.Tombstone) in graph


def primary_topic(graph: Graph, record: URIRef) -> URIRef | None:
    """Return the one thing that the record describes, or None where it does not say exactly one."""
    topics = [
        topic for topic in graph.objects(record, FOAF.primaryTopic) if isinstance(topic, URIRef)
    ]
    return topics[0] if len(topics) == 1 else None


def modified(graph: Graph, record: URIRef) -> str:
    """Return the date on which a record was last modified, as its document says it."""
    return str(graph.value(record, DCTERMS.modified) or "")


def describe(
    graph: Graph,
    *,
    path: str,
    kind: str,
    iri: str,
    document: str,
    origin: str = FILE,
    loaded: str = "",
    edited: bool = False,
    feeds: tuple[str, ...] = (),
) -> Entry:
    """Make the entry of a record from its document.

    Raises:
        ValueError: The record has no primary topic (checked before by the shapes).
    """
    record = URIRef(iri)
    thing = primary_topic(graph, record)
    if thing is None:
        raise ValueError(f"{iri} must describe exactly one thing with foaf:primaryTopic")
    return Entry(
        path=path,
        kind=kind,
        iri=iri,
        thing=str(thing),
        types=tuple(sorted(str(kind) for kind in graph.objects(thing, RDF.type))),
        titles=texts(graph, thing, TITLES),
        descriptions=texts(graph, thing, DESCRIPTIONS),
        issued=str(graph.value(record, DCTERMS.issued) or ""),
        modified=modified(graph, record),
        document=document,
        origin=origin,
        loaded=loaded,
        edited=edited,
        feeds=feeds,
        removed=is_tombstone(graph, record),
        replaced_by=tuple(sorted(str(o) for o in graph.objects(record, DCTERMS.isReplacedBy))),
    )
