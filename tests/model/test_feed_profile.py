"""What of a record goes into each feed, and what a portal cannot cope with stays out."""

from __future__ import annotations

import pytest
from rdflib import RDF, BNode, Graph, URIRef
from rdflib.namespace import DCTERMS, FOAF

from support.kinds import MEMBERSHIPS
from utbildningsdata.model.derive import Deriving, derive
from utbildningsdata.model.feed_profile import full, national, parted, referred
from utbildningsdata.rdf.iris import Base
from utbildningsdata.rdf.namespaces import DCAT, UD
from utbildningsdata.rdf.ntriples import parse

BASE = "https://catalogue.example/skola/"
DATASET = b"""
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
<dataset/x> foaf:primaryTopic <id/dataset/x> ; dcterms:modified "2026-11-23" .
<id/dataset/x> a dcat:Dataset ; dcterms:temporal [ dcat:startDate "2011" ] ;
  dcterms:publisher <id/organisation/o> ; dcterms:conformsTo <id/standard/s> ;
  foaf:page <https://example.org/> ; dcterms:relation <id/dataset/y> .
"""
METHOD = b"""
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix ud: <https://w3id.org/utbildningsdata/ns/> .
<method/m> foaf:primaryTopic <id/method/m> . <id/method/m> a ud:Method .
"""
RECORD, THING = URIRef(f"{BASE}dataset/x"), URIRef(f"{BASE}id/dataset/x")
METHOD_RECORD, METHOD_THING = URIRef(f"{BASE}method/m"), URIRef(f"{BASE}id/method/m")

dataset = derive(parse(DATASET, base=BASE), "dataset/x", Deriving(Base(BASE), MEMBERSHIPS))
method = derive(parse(METHOD, base=BASE), "method/m", Deriving(Base(BASE), MEMBERSHIPS))


def test_the_whole_feed_keeps_the_record_of_a_dataset() -> None:
    graph = full(dataset, RECORD)
    assert (RECORD, RDF.type, DCAT.CatalogRecord) in graph
    assert (None, DCAT.record, RECORD) in graph


def test_the_whole_feed_lists_a_method_without_calling_its_record_a_catalogue_record() -> None:
    graph = full(method, METHOD_RECORD)
    assert (None, DCAT.resource, METHOD_THING) in graph
    assert (METHOD_RECORD, FOAF.primaryTopic, METHOD_THING) in graph
    assert (None, RDF.type, DCAT.CatalogRecord) not in graph
    assert (None, DCAT.record, None) not in graph


def test_the_national_feed_says_nothing_of_records() -> None:
    graph = national(dataset, RECORD)
    assert RECORD not in graph.all_nodes()
    assert (None, DCAT.dataset, THING) in graph


def test_the_national_feed_types_nothing_as_a_showcase() -> None:
    graph = national(method, METHOD_RECORD)
    assert set(graph) == {(METHOD_THING, RDF.type, UD.Method)}


@pytest.mark.parametrize("profile", [full, national])
def test_no_blank_node_reaches_a_harvester(profile: type) -> None:
    graph = profile(dataset, RECORD)
    assert not any(isinstance(node, BNode) for node in graph.all_nodes())
    period = graph.value(THING, DCTERMS.temporal)
    assert str(period).startswith(f"{RECORD}#")
    assert (period, DCAT.startDate, None) in graph


@pytest.mark.parametrize("profile", [full, national])
def test_pages_are_documents(profile: type) -> None:
    assert (URIRef("https://example.org/"), RDF.type, FOAF.Document) in profile(dataset, RECORD)


def test_agents_and_standards_are_referred_to_and_related_datasets_are_not() -> None:
    assert referred(dataset) == [f"{BASE}id/organisation/o", f"{BASE}id/standard/s"]


def test_links_to_other_members_are_parted_from_the_rest() -> None:
    link = (URIRef(f"{BASE}id/service/s"), DCAT.servesDataset, THING)
    rest, links = parted(dataset + Graph().add(link))
    assert links == [link]
    assert set(rest) == set(dataset)
