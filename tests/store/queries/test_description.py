"""What DESCRIBE gives of a store whose graphs are records."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox
import pytest

from utbildningsdata.store.queries.description import whole

TRIG = """
@base <https://catalogue.example/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
<dataset/a> {
  <dataset/a> a <urn:Record> ; foaf:primaryTopic <id/dataset/a> .
  <id/dataset/a> a <urn:Dataset> ; <urn:part> <id/dataset/a/csv> ; <urn:by> <urn:agent> .
  <id/dataset/a/csv> a <urn:File> .
  <urn:agent> a <urn:Agent> .
}
<organisation/o> {
  <organisation/o> a <urn:Record> ; foaf:primaryTopic <urn:agent> .
  <urn:agent> a <urn:Agent> ; <urn:name> "O" .
}
<dataset/b> {
  <dataset/b> foaf:primaryTopic <id/dataset/b> .
  <id/dataset/b> <urn:about> <urn:stray> .
  <urn:stray> <urn:name> "nobody's" .
}
"""
BASE = "https://catalogue.example/"


@pytest.fixture
def store() -> ox.Store:
    filled = ox.Store()
    filled.load(TRIG.encode(), ox.RdfFormat.TRIG)
    return filled


def described(store: ox.Store, text: str) -> list[ox.Triple]:
    found = store.query(text, base_iri=BASE, use_default_graph_as_union=True)
    assert isinstance(found, ox.QueryTriples)
    return list(whole(store, found))


def record(store: ox.Store, path: str) -> Iterator[ox.Triple]:
    graph = ox.NamedNode(BASE + path)
    return (quad.triple for quad in store.quads_for_pattern(None, None, None, graph))


@pytest.mark.parametrize("iri", ["id/dataset/a", "dataset/a", "id/dataset/a/csv"])
def test_a_thing_its_record_and_a_part_of_it_give_the_whole_record(
    store: ox.Store, iri: str
) -> None:
    found = described(store, f"DESCRIBE <{iri}>")
    assert len(found) == len(set(found))
    assert set(found) == set(record(store, "dataset/a"))


def test_the_record_with_the_thing_as_topic_goes_before_one_that_mentions_it(
    store: ox.Store,
) -> None:
    assert set(described(store, "DESCRIBE <urn:agent>")) == set(record(store, "organisation/o"))


def test_what_no_record_describes_is_what_is_said_of_it(store: ox.Store) -> None:
    (triple,) = described(store, "DESCRIBE <urn:stray>")
    assert triple.predicate.value == "urn:name"
    assert described(store, "DESCRIBE <urn:unknown>") == []


def test_several_things_give_several_records(store: ox.Store) -> None:
    found = described(store, "DESCRIBE ?x { VALUES ?x { <id/dataset/a> <urn:agent> } }")
    both = {*record(store, "dataset/a"), *record(store, "organisation/o")}
    assert (len(found), set(found)) == (len(both), both)
