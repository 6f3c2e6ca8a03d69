"""Deriving: equal graphs give equal documents, and what is derived can be taken away again."""

from __future__ import annotations

import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import RDF, BNode, Graph, Literal, URIRef
from rdflib.graph import _TripleType as Triple
from rdflib.namespace import FOAF, XSD
from rdflib.term import Node

from support.kinds import MEMBERSHIPS
from utbildningsdata.errors import Malformed
from utbildningsdata.model.derive import Deriving, dated, derive, underived
from utbildningsdata.rdf import ntriples
from utbildningsdata.rdf.iris import Base
from utbildningsdata.rdf.namespaces import DCAT, UD

RULES = Deriving(Base("https://catalogue.example/skola/"), MEMBERSHIPS)
RECORD = URIRef("https://catalogue.example/skola/dataset/x")
THING = URIRef("https://catalogue.example/skola/id/dataset/x")

IRIS = st.sampled_from([RECORD, THING, UD.a, UD.b])
LITERALS = st.one_of(
    st.builds(Literal, st.text(max_size=5)),
    st.builds(Literal, st.sampled_from(["01", "1", "+1"]), datatype=st.just(XSD.integer)),
    st.builds(Literal, st.text(max_size=3), lang=st.sampled_from(["sv", "sv-SE", "en"])),
)
TRIPLES = st.lists(st.tuples(IRIS, IRIS, st.one_of(IRIS, LITERALS)), max_size=12)
TREES = st.lists(st.tuples(st.integers(0, 4), IRIS, st.one_of(IRIS, LITERALS)), max_size=8)


def graph(triples: list[Triple]) -> Graph:
    made = Graph(bind_namespaces="none")
    for triple in triples:
        made.add(triple)
    return made


@given(TRIPLES, st.randoms(use_true_random=False))
def test_a_document_does_not_depend_on_order(triples: list[Triple], chance: random.Random) -> None:
    shuffled = chance.sample(triples, len(triples))
    assert ntriples.document(triples) == ntriples.document([*shuffled, *triples])


@given(TRIPLES)
def test_a_document_reads_back_as_the_same_document(triples: list[Triple]) -> None:
    document = ntriples.document(triples)
    assert ntriples.document(ntriples.read(document)) == document


@given(TREES, st.randoms(use_true_random=False))
def test_the_names_of_blank_nodes_follow_from_what_they_say(
    tree: list[tuple[int, Node, Node]], chance: random.Random
) -> None:
    def written() -> list[Triple]:
        """Return the tree with fresh blank nodes: each hangs on the thing and on the one before."""
        nodes = [BNode() for _ in range(5)]
        triples: list[Triple] = [(THING, UD.a, node) for node in nodes]
        triples += [(nodes[i], UD.next, nodes[i + 1]) for i in range(4)]
        triples += [(nodes[i], predicate, value) for i, predicate, value in tree]
        return chance.sample(triples, len(triples))

    first, second = (derive(graph(written()), "dataset/x", RULES) for _ in range(2))
    assert ntriples.document(first) == ntriples.document(second)
    assert ntriples.document(derive(first, "dataset/x", RULES)) == ntriples.document(first)


@given(TRIPLES, st.sampled_from([DCAT.Dataset, DCAT.DataService, UD.Method, UD.Other]))
def test_what_is_derived_can_be_taken_away_and_derived_again(
    triples: list[Triple], kind: URIRef
) -> None:
    whole = graph([*triples, (RECORD, FOAF.primaryTopic, THING), (THING, RDF.type, kind)])
    complete = derive(whole, "dataset/x", RULES)
    again = derive(underived(complete, "dataset/x", RULES), "dataset/x", RULES)
    assert ntriples.document(again) == ntriples.document(complete)


def test_blank_nodes_in_a_circle_cannot_be_named() -> None:
    first, second = BNode(), BNode()
    with pytest.raises(Malformed, match="circle"):
        derive(graph([(first, UD.a, second), (second, UD.a, first)]), "dataset/x", RULES)


@given(TRIPLES)
def test_dating_twice_changes_nothing(triples: list[Triple]) -> None:
    first = dated(graph(triples), RECORD, None, date(2026, 1, 1))
    second = dated(graph(triples), RECORD, first, date(2026, 2, 2))
    assert ntriples.document(second) == ntriples.document(first)
