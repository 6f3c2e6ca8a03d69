"""What the catalogue says is well-formed, whole in both languages, and leads somewhere."""

from __future__ import annotations

import collections
import functools
import re
from pathlib import Path

import pytest
from rdflib import RDF, BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, FOAF, SKOS
from rdflib.term import Node

from utbildningsdata.rdf.namespaces import CONCEPT, DCAT, UD
from utbildningsdata.rdf.ntriples import parse

ROOT = Path(__file__).parents[2]
BASE = Namespace("https://catalogue.example/")
FILES = sorted(
    [
        *ROOT.glob("catalog/*.ttl"),
        *ROOT.glob("catalog/*/*.ttl"),
        *ROOT.glob("ontology/*.ttl"),
        *ROOT.glob("ontology/concepts/*.ttl"),
    ]
)
RECORDS = [file for file in FILES if file.parent.parent.name == "catalog"]
TEXTS = (
    DCTERMS.title,
    DCTERMS.description,
    UD.question,
    UD.result,
    UD.possibleResponse,
    UD.caution,
)
ANSWERED_FOR_HERE = URIRef(f"{CONCEPT}national-membership/answered-for-here")


@functools.cache
def graph(file: Path) -> Graph:
    return parse(file.read_bytes(), base=str(BASE))


@functools.cache
def everything() -> Graph:
    whole = Graph(bind_namespaces="none")
    for file in FILES:
        whole += graph(file)
    return whole


def record(file: Path) -> URIRef:
    return BASE[f"{file.parent.name}/{file.stem}"]


def name(file: Path) -> str:
    return str(file.relative_to(ROOT))


def languages(facts: Graph, subject: Node, predicate: URIRef) -> set[str | None]:
    values = facts.objects(subject, predicate)
    return {value.language for value in values if isinstance(value, Literal)}


@pytest.mark.parametrize("file", RECORDS, ids=name)
def test_a_record_describes_one_thing_and_says_how_it_is_known(file: Path) -> None:
    facts = graph(file)
    (thing,) = facts.objects(record(file), FOAF.primaryTopic)
    assert facts.value(thing, RDF.type) is not None
    for predicate in (DCTERMS.issued, DCTERMS.modified, UD.sourceNote, UD.nationalMembership):
        assert facts.value(record(file), predicate) is not None, predicate
    for predicate in (UD.verification, UD.confidence):
        assert len(list(facts.objects(record(file), predicate))) == 1, predicate


@pytest.mark.parametrize("file", FILES, ids=name)
def test_a_file_has_no_blank_nodes_and_each_text_in_both_languages(file: Path) -> None:
    facts = graph(file)
    assert [term for triple in facts for term in triple if isinstance(term, BNode)] == []
    for predicate in TEXTS:
        for subject in set(facts.subjects(predicate)):
            tags = languages(facts, subject, predicate)
            assert tags >= {"sv", "en"}, (subject, predicate)


def test_every_iri_of_ours_that_is_referred_to_is_described() -> None:
    facts = everything()
    described = set(facts.subjects())
    served = {BASE[path] for path in ("sparql", "datasets/dcat", "")}
    feeds = re.compile(rf"{BASE}catalog\.(rdf|ttl|jsonld|nt)\Z")
    missing = {
        target
        for target in facts.objects()
        if isinstance(target, URIRef)
        and str(target).startswith((str(BASE), str(CONCEPT)))
        and target not in described | served
        and not feeds.match(target)
        and not (target.startswith(str(CONCEPT)) and target.endswith("/"))  # a namespace
    }
    assert sorted(missing) == []


def test_no_two_things_of_a_kind_have_the_same_title() -> None:
    titles = collections.Counter(
        (file.parent.name, str(title))
        for file in RECORDS
        for thing in graph(file).objects(record(file), FOAF.primaryTopic)
        for title in graph(file).objects(thing, DCTERMS.title)
        if isinstance(title, Literal) and title.language == "sv"
    )
    assert [title for title, count in titles.items() if count > 1] == []


def test_an_identifier_names_one_thing() -> None:
    counts = collections.Counter(
        str(value)
        for file in RECORDS
        if file.parent.name in {"dataset", "service", "series"}
        for value in graph(file).objects(None, DCTERMS.identifier)
    )
    assert [value for value, count in counts.items() if count > 1] == []


def test_derived_statements_are_not_typed_by_hand() -> None:
    derived = (DCAT.dataset, DCAT.service, DCAT.record, DCAT.resource)
    assert [
        triple for predicate in derived for triple in everything().triples((None, predicate, None))
    ] == []


def test_only_what_is_our_own_is_answered_for_nationally() -> None:
    ours = {file.stem for file in RECORDS if (record(file), None, ANSWERED_FOR_HERE) in graph(file)}
    assert all(slug.startswith("utbildningsdata") for slug in ours)
    assert ours


def test_a_doi_from_memory_is_no_link() -> None:
    for subject, doi in everything().subject_objects(UD.unverifiedDoi):
        assert isinstance(doi, Literal)
        assert (subject, DCTERMS.references, URIRef(f"https://doi.org/{doi}")) not in everything()


def test_a_win_names_its_source() -> None:
    won = URIRef(f"{CONCEPT}nomination-outcome/won")
    for nomination in everything().subjects(UD.outcome, won):
        sources = [everything().value(nomination, p) for p in (DCTERMS.source, UD.sourceNote)]
        assert any(sources), nomination


def test_a_licence_is_one_that_has_an_address() -> None:
    known = ("http://creativecommons.org/", "http://spdx.org/licenses/")
    for licence in everything().objects(None, DCTERMS.license):
        assert str(licence).startswith(known), licence


def test_early_warning_pilots_are_proposed_and_name_law_and_gaps() -> None:
    pilots = [file for file in RECORDS if file.parent.name == "pilot"]
    proposed = URIRef(f"{CONCEPT}pilot-status/proposed")
    assert {"grundskola", "gymnasium", "hogskola", "fortbildning", "komvux", "sfi"} <= {
        file.stem.removeprefix("tidig-varning-") for file in pilots
    }
    for file in pilots:
        facts = graph(file)
        assert (None, UD.pilotStatus, proposed) in facts
        for predicate in (UD.usesDataset, UD.lacksData, UD.usesMethod, UD.legalBasis):
            assert list(facts.objects(None, predicate)), (file.stem, predicate)


def test_concepts_have_a_label_in_both_languages() -> None:
    for concept in everything().subjects(RDF.type, SKOS.Concept):
        tags = languages(everything(), concept, SKOS.prefLabel)
        assert tags >= {"sv", "en"}, concept
