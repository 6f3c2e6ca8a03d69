"""Our shapes against the official ones of DCAT-AP 3.0.1: nothing that they demand is missing.

The official files are not in the repository. ``UTBILDNINGSDATA_STANDARDS`` names a folder that
holds ``dcat-ap-3.0.1/``, as published by SEMIC (github.com/SEMICeu/DCAT-AP, releases/3.0.1, with
``html/shacl`` as ``html-shacl``). They are read, never run: some of their shapes dangle.
"""

from __future__ import annotations

import functools
import os
from pathlib import Path

import pytest
from rdflib import BNode, Graph, URIRef
from rdflib.namespace import SH
from rdflib.term import Node

from utbildningsdata.rdf.namespaces import DCAT, UD, VCARD
from utbildningsdata.rdf.ntriples import parse
from utbildningsdata.validation.shapes import Shapes

ROOT = Path(__file__).parents[2]
STANDARDS = os.environ.get("UTBILDNINGSDATA_STANDARDS")
pytestmark = pytest.mark.skipif(
    not STANDARDS,
    reason="the official shapes are compared where UTBILDNINGSDATA_STANDARDS names their folder",
)
# Left over from DCAT-AP 2: dcat:hasVersion took its place.
LEFT_OUT = {"http://purl.org/dc/terms/hasVersion"}
FILES = ("html-shacl/shapes.ttl", "shacl/dcat-ap-SHACL.ttl")
CLASSES = {
    DCAT.Catalog: "Catalog",
    DCAT.Dataset: "Dataset",
    DCAT.DatasetSeries: "DatasetSeries",
    DCAT.Distribution: "Distribution",
    DCAT.DataService: "DataService",
    DCAT.CatalogRecord: "Record",
    DCAT.Relationship: "Relationship",
    URIRef("http://xmlns.com/foaf/0.1/Agent"): "Agent",
    URIRef("http://purl.org/dc/terms/PeriodOfTime"): "PeriodOfTime",
    URIRef("http://purl.org/dc/terms/Location"): "Location",
    URIRef("http://www.w3.org/ns/adms#Identifier"): "Identifier",
    URIRef("http://spdx.org/rdf/terms#Checksum"): "Checksum",
    URIRef("http://www.w3.org/2004/02/skos/core#Concept"): "Concept",
    URIRef("http://www.w3.org/2004/02/skos/core#ConceptScheme"): "ConceptScheme",
    VCARD.Kind: "Contact",
}
Rule = tuple[str, URIRef]
"""One of our classes, and a property."""


@functools.cache
def ours() -> Graph:
    return Shapes.load(ROOT / "shapes").graph


@functools.cache
def official(file: str) -> Graph:
    text = (Path(STANDARDS or "") / "dcat-ap-3.0.1" / file).read_bytes()
    return parse(text, base="https://semiceu.github.io/")


def rules(graph: Graph, bound: URIRef) -> set[Rule]:
    """Return the (class, property) of official violations that have the bound ``1``."""
    found: set[Rule] = set()
    for shape, target in graph.subject_objects(SH.targetClass):
        for prop in graph.objects(shape, SH.property):
            path, limit = graph.value(prop, SH.path), graph.value(prop, bound)
            grave = graph.value(prop, SH.severity) in {None, SH.Violation}
            if isinstance(path, URIRef) and str(limit) == "1" and grave and target in CLASSES:
                found.add((CLASSES[URIRef(str(target))], path))
    return {rule for rule in found if str(rule[1]) not in LEFT_OUT}


def mine(rule: Rule) -> list[Node]:
    """Return our shapes, advice included, for a class and a property."""
    owner, path = rule
    nodes = [shape for shape in ours().subjects(SH.path, path) if not isinstance(shape, BNode)]
    return [shape for shape in nodes if str(shape).rpartition("/")[2].split("-")[0] == owner]


@pytest.mark.parametrize("file", FILES)
def test_what_is_mandatory_in_europe_is_mandatory_here(file: str) -> None:
    demanded = rules(official(file), SH.minCount)
    assert len(demanded) >= 19
    for rule in demanded:
        shapes = [s for s in mine(rule) if (s, SH.minCount, None) in ours()]
        assert any(str(ours().value(s, UD.requirement)) == "mandatory" for s in shapes), rule


@pytest.mark.parametrize("file", FILES)
def test_what_stands_once_in_europe_stands_once_here(file: str) -> None:
    bounded = rules(official(file), SH.maxCount)
    assert len(bounded) >= 50
    for rule in bounded:
        assert any(str(ours().value(s, SH.maxCount)) == "1" for s in mine(rule)), rule


def test_every_property_of_europe_has_a_shape() -> None:
    graph = official("shacl/dcat-ap-SHACL.ttl")
    lacking = {
        (CLASSES[URIRef(str(target))], str(path))
        for shape, target in graph.subject_objects(SH.targetClass)
        if target in CLASSES
        for prop in graph.objects(shape, SH.property)
        if isinstance(path := graph.value(prop, SH.path), URIRef)
        and str(path) not in LEFT_OUT
        and not mine((CLASSES[URIRef(str(target))], path))
    }
    assert lacking == set()
