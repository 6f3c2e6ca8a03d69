"""The shapes themselves: complete, unambiguous, in both languages, and only plain SHACL Core."""

from __future__ import annotations

import collections
import functools
from pathlib import Path

import pytest
from rdflib import RDF, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import DCTERMS, RDFS, SH, SKOS
from rdflib.term import Node

from utbildningsdata.rdf.namespaces import PREFIXES, SHAPES, UD
from utbildningsdata.rdf.ntriples import parse

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "shapes").glob("*.ttl"))
SAYS = {SH.path, SH.name, SH.description, SH.message, SH.order, SH.group, SH.severity}
CORE = {
    *SAYS,
    *(SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.property, SH.inversePath),
    *(SH.minCount, SH.maxCount, SH.datatype, SH.nodeKind, SH["class"], SH["in"], SH.node),
    *(SH.pattern, SH.hasValue, SH.uniqueLang, SH["or"], SH["not"]),
    *(SH.PropertyShape, SH.NodeShape, SH.PropertyGroup, SH.IRI, SH.Literal, SH.BlankNodeOrIRI),
    *(SH.Violation, SH.Warning, SH.select, SH.ask, SH.construct, SH.SPARQLExecutable),
    *(SH.Parameter, SH.parameter, SH.optional, SH.defaultValue),
}
FOREIGN = (
    "http://data.europa.eu/",
    "http://publications.europa.eu/resource/authority/",
    "http://purl.org/adms/publishertype/",
    "http://creativecommons.org/",
    "https://docs.dataportal.se/dcat/3.0.1/en/",
    "https://semiceu.github.io/DCAT-AP/releases/3.0.1/",
    "https://w3id.org/utbildningsdata/profile",
    "https://w3id.org/utbildningsdata/concept/",
    "http://www.opengis.net/ont/geosparql#",
    "http://www.w3.org/2006/time#",
    "http://www.w3.org/ns/locn#",
    "http://www.w3.org/ns/odrl/2/",
    "http://www.w3.org/ns/shacl#",
)
"""What the shapes may name beside the catalogue's own prefixes; each was looked up once."""
EASILY_MISTAKEN = ("https://www.w3.org/ns/org#classification",)
"""DCAT-AP-SE writes this one property with https; W3C's namespace is http."""


@functools.cache
def graph() -> Graph:
    whole = Graph(bind_namespaces="none")
    for file in FILES:
        whole += parse(file.read_bytes(), base=str(SHAPES))
    return whole


def named(kind: URIRef) -> list[URIRef]:
    return sorted(s for s in graph().subjects(RDF.type, kind) if isinstance(s, URIRef))


PROPERTIES = [s for s in named(SH.PropertyShape) if (s, UD.adviceOn, None) not in graph()]
ADVICE = [s for s in named(SH.PropertyShape) if (s, UD.adviceOn, None) in graph()]
KINDS = sorted(s for s in graph().subjects(UD.folder) if isinstance(s, URIRef))


def short(shape: URIRef) -> str:
    return str(shape).removeprefix(str(SHAPES))


def languages(shape: Node, predicate: URIRef) -> list[str | None]:
    return sorted(
        getattr(text, "language", None) or "" for text in graph().objects(shape, predicate)
    )


def path(shape: Node) -> tuple[Node | None, ...]:
    node = graph().value(shape, SH.path)
    return (
        (SH.inversePath, graph().value(node, SH.inversePath))
        if isinstance(node, BNode)
        else (node,)
    )


@pytest.mark.parametrize("shape", PROPERTIES, ids=short)
def test_a_property_shape_says_everything_in_both_languages(shape: URIRef) -> None:
    for predicate in (SH.name, SH.description, SH.message):
        assert languages(shape, predicate) == ["en", "sv"], predicate
    for predicate in (SH.path, SH.order, SH.group, SH.severity, UD.requirement):
        assert len(list(graph().objects(shape, predicate))) == 1, predicate
    assert (shape, RDFS.seeAlso, None) in graph()
    assert str(graph().value(shape, UD.requirement)) in {"mandatory", "recommended", "optional"}


@pytest.mark.parametrize("shape", ADVICE, ids=short)
def test_advice_warns_and_belongs_to_the_shape_of_its_property(shape: URIRef) -> None:
    about = graph().value(shape, UD.adviceOn)
    assert str(shape) == f"{about}-advice"
    assert path(shape) == path(about) if about is not None else False
    assert languages(shape, SH.message) == ["en", "sv"]
    assert graph().value(shape, SH.severity) == SH.Warning
    assert (shape, RDFS.seeAlso, None) in graph()
    assert str(graph().value(shape, UD.requirement)) in {"mandatory", "recommended"}


@pytest.mark.parametrize("shape", PROPERTIES + ADVICE, ids=short)
def test_a_property_shape_constrains_something(shape: URIRef) -> None:
    said = {p for p in graph().predicates(shape) if str(p).startswith(str(SH))}
    assert said - SAYS, "a shape without a constraint never fires"


@pytest.mark.parametrize("kind", KINDS, ids=short)
def test_a_kind_of_record_says_what_lists_call_it(kind: URIRef) -> None:
    for predicate in (RDFS.label, RDFS.comment, UD.listName):
        assert languages(kind, predicate) == ["en", "sv"], predicate
    assert len(list(graph().objects(kind, SH.targetClass))) == 1
    assert len(list(graph().objects(kind, UD.kindOrder))) == 1


def test_a_class_has_one_shape_for_each_property() -> None:
    seen: collections.Counter[tuple[Node | None, ...]] = collections.Counter()
    for shape, prop in graph().subject_objects(SH.property):
        seen[(shape, *path(prop))] += 1
    assert [item for item, count in seen.items() if count > 1] == []


def test_names_are_class_and_property() -> None:
    for shape in PROPERTIES:
        owner, _, prop = short(shape).partition("-")
        assert SHAPES[owner] in named(SH.NodeShape), shape
        assert prop[:1].islower(), shape
        assert "-" not in prop, shape


def test_every_term_is_plain_shacl_core() -> None:
    terms = {node for triple in graph() for node in triple if str(node).startswith(str(SH))}
    assert terms - {*CORE, URIRef(str(SH))} == set()


def test_nothing_dangles() -> None:
    described = set(graph().subjects())
    referring = (SH.property, SH.node, SH.group, SH["not"], SH.inversePath, UD.adviceOn)
    for predicate in referring:
        for node in graph().objects(None, predicate):
            assert node in described or predicate == SH.inversePath, node
    for head in graph().objects(None, SH["or"]):
        for member in Collection(graph(), head):
            assert member in described, member


def test_no_property_shape_lies_inside_another() -> None:
    inside = [s for s in graph().subjects(SH.property) if (s, SH.path, None) in graph()]
    anonymous = [s for s in graph().subjects(SH.path) if isinstance(s, BNode)]
    assert inside + anonymous == []


def test_a_neighbour_is_only_asked_for_its_class_and_its_scheme() -> None:
    """Validation of a part of the catalogue gives shapes no more than that of the rest."""
    for node in set(graph().objects(None, SH.node)):
        read = {graph().value(prop, SH.path) for prop in graph().objects(node, SH.property)}
        assert read == {SKOS.inScheme}, node


def test_every_property_shape_is_used() -> None:
    used = {*graph().objects(None, SH.property)}
    for head in graph().objects(None, SH["or"]):
        for member in Collection(graph(), head):
            used |= {member, *graph().objects(member, SH["not"])}
    assert set(named(SH.PropertyShape)) - used == set()


def test_namespaces_are_the_ones_that_are_meant() -> None:
    spaces = (*PREFIXES.values(), *FOREIGN)
    for node in {term for triple in graph() for term in triple if isinstance(term, URIRef)}:
        assert str(node).startswith(spaces) or str(node) in EASILY_MISTAKEN, node


def test_own_terms_are_declared_in_the_ontology() -> None:
    ontology = parse((ROOT / "ontology" / "utbildningsdata.ttl").read_bytes(), base="https://x/")
    used = {node for triple in graph() for node in triple if str(node).startswith(str(UD))}
    assert {term for term in used if (term, RDF.type, None) not in ontology} == set()


def test_groups_are_told_in_both_languages_and_in_order() -> None:
    groups = named(SH.PropertyGroup)
    orders = [graph().value(group, SH.order) for group in groups]
    assert len({int(order) for order in orders if isinstance(order, Literal)}) == len(groups)
    for group in groups:
        assert languages(group, RDFS.label) == ["en", "sv"]


def test_the_profile_names_every_file() -> None:
    parts = {str(part).removeprefix(str(SHAPES)) for part in graph().objects(None, DCTERMS.hasPart)}
    assert parts == {file.name for file in FILES} - {"profile.ttl"}
