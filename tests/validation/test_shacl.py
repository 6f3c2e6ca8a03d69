"""Validation: a part of the catalogue is judged as it is judged within the whole."""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path

import pytest
from rdflib import RDF, XSD, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, FOAF, SH
from rdflib.term import Node

from support.kinds import MEMBERSHIPS
from utbildningsdata.errors import OperationError
from utbildningsdata.model.derive import Deriving
from utbildningsdata.rdf.iris import Base
from utbildningsdata.rdf.namespaces import DCAT, SHAPES
from utbildningsdata.rdf.ntriples import parse
from utbildningsdata.services import check
from utbildningsdata.store.files import sources
from utbildningsdata.validation.shacl import Result, validate
from utbildningsdata.validation.shapes import Shapes

ROOT = Path(__file__).parents[2]
BASE = "https://catalogue.example/"
ROUNDS = 6


@pytest.fixture(scope="module")
def shapes() -> Shapes:
    return Shapes.load(ROOT / "shapes")


@pytest.fixture(scope="module")
def documents() -> Mapping[str, Graph]:
    """Every record of the small catalogue, and the concepts."""
    files = sources(ROOT / "tests" / "small", ROOT / "ontology")
    documents, unreadable = check.parse(files, Deriving(Base(BASE), MEMBERSHIPS))
    assert unreadable == []
    return documents


def record(text: str) -> Graph:
    prefixes = f"@prefix dcat: <{DCAT}> . @prefix dcterms: <{DCTERMS}> . @prefix foaf: <{FOAF}> .\n"
    return parse((prefixes + text).encode(), base=BASE)


def said(results: list[Result], of: set[Node]) -> set[tuple[object, ...]]:
    return {(r.focus, r.shape, r.value, r.component) for r in results if r.focus in of}


def spoil(graph: Graph, dice: random.Random) -> Graph:
    """Remove some statements and misdirect or misspell others."""
    triples = sorted(graph, key=str)
    spoilt = Graph(bind_namespaces="none")
    targets = sorted(set(graph.subjects()), key=str)
    for subject, predicate, value in triples:
        luck = dice.random()
        if luck < 0.15:
            continue
        new: Node = value
        if luck < 0.25:
            new = dice.choice(targets) if dice.random() < 0.5 else Literal("fel")
        if luck > 0.9:
            spoilt.add((subject, predicate, dice.choice(targets)))
        spoilt.add((subject, predicate, new))
    return spoilt


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_a_part_is_judged_as_within_the_whole(
    seed: int, documents: Mapping[str, Graph], shapes: Shapes
) -> None:
    dice = random.Random(seed)  # noqa: S311  # no secret hangs on it
    paths = [path for path in documents if not path.startswith(("concept/", "ns"))]
    changed = set(dice.sample(sorted(paths), 3))
    ontology, rest, part = (Graph(bind_namespaces="none") for _ in range(3))
    for path, document in documents.items():
        if path in changed:
            part += spoil(document, dice)
        elif path in paths:
            rest += document
        else:
            ontology += document
    catalogue = URIRef(f"{BASE}id/catalog")
    about = set(part.subjects()) - set(rest.subjects())
    if "catalogue" in changed:
        about.add(catalogue)
    whole = said(validate(part + rest, shapes, ontology), about)
    assert said(validate(part, shapes, ontology + rest), about) == whole


def test_faults_of_the_background_are_not_reported(shapes: Shapes) -> None:
    data = record('<a> a foaf:Agent ; foaf:name "Namn"@sv, "Name"@en .')
    background = record("<b> a dcat:Dataset . <a> a foaf:Agent .")
    assert {result.focus for result in validate(data, shapes, background)} == {URIRef(f"{BASE}a")}


def test_a_missing_value_is_said_to_be_missing_and_a_second_one_to_be_too_many(
    shapes: Shapes,
) -> None:
    data = record('<d> a dcat:Distribution ; dcterms:format <x>, <y> ; dcat:version "1" .')
    messages = {shapes.rule(r.shape): r.messages for r in validate(data, shapes, Graph())}
    assert messages["Distribution-accessURL"]["en"].startswith("“Access address” is missing. Write")
    assert messages["Distribution-accessURL"]["sv"].startswith("”Adress för åtkomst” saknas. Skriv")
    several = [
        r.messages["sv"]
        for r in validate(data, shapes, Graph())
        if r.component == SH.MaxCountConstraintComponent
    ]
    assert several == [
        "”Format” anges mer än en gång. Skriv kodens IRI: dcterms:format file-type:CSV."
    ]


def test_advice_is_silent_where_the_form_is_wrong(shapes: Shapes) -> None:
    data = record('<d> a dcat:Dataset ; dcterms:title "utan språk" ; dcat:theme "EDUC" .')
    about = [r for r in validate(data, shapes, Graph()) if r.path in {DCAT.theme, DCTERMS.title}]
    themes = [r for r in about if r.value == Literal("EDUC")]
    assert [r.severity for r in themes] == ["violation"]


def test_severity_and_requirement_say_what_keeps_a_record_out(shapes: Shapes) -> None:
    data = record('<d> a dcat:Dataset ; dcterms:title "T"@sv ; dcterms:description "B"@sv .')
    found = {shapes.rule(r.shape): r for r in validate(data, shapes, Graph())}
    publisher = found["Dataset-publisher-advice"]
    assert (publisher.severity, publisher.requirement) == ("warning", "mandatory")
    keyword = found["Dataset-keyword-advice"]
    assert (keyword.severity, keyword.requirement) == ("warning", "recommended")
    assert not [r for r in found.values() if r.severity == "violation"]


def test_shapes_that_are_not_shacl_are_the_operators_business() -> None:
    graph = Graph(bind_namespaces="none")
    graph.add((SHAPES.X, RDF.type, SH.NodeShape))
    graph.add((SHAPES.X, SH.targetClass, DCAT.Dataset))
    graph.add((SHAPES.X, SH.property, SHAPES["X-lost"]))
    with pytest.raises(OperationError):
        validate(record("<d> a dcat:Dataset ."), Shapes(graph, graph), Graph())


def test_literals_keep_their_spelling_after_a_validation(shapes: Shapes) -> None:
    validate(Graph(), shapes, Graph())
    assert str(Literal("01", datatype=XSD.integer)) == "01"
