"""Record documents are canonical, and no literal changes its spelling on the way."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import XSD, Graph, Literal, URIRef

from utbildningsdata.errors import Malformed
from utbildningsdata.rdf.ntriples import digest, document, parse, read

EX = "https://catalogue.example/"
SPELLINGS = [
    ("01", XSD.integer),
    ("1.50", XSD.decimal),
    ("2020-01-01T00:00:00.000Z", XSD.dateTime),
    ("5", XSD.nonNegativeInteger),
    ("1", XSD.boolean),
    ("1e0", XSD.double),
    ("P1Y0M", XSD.duration),
    ("igår", XSD.date),
]

iris = st.from_regex(r"https://catalogue\.example/[a-z0-9å/-]{1,12}", fullmatch=True).map(URIRef)
literals = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs"])).map(Literal),
    st.text(max_size=9).map(lambda text: Literal(text.replace("\x00", ""), lang="sv")),
    st.sampled_from(SPELLINGS).map(lambda pair: Literal(pair[0], datatype=pair[1])),
)
triples = st.lists(st.tuples(iris, iris, st.one_of(iris, literals)), max_size=12)


@given(triples, st.randoms())
def test_equal_graphs_give_equal_bytes_whatever_their_order(
    rows: list[tuple[URIRef, URIRef, Literal]], shuffler: random.Random
) -> None:
    shuffled = list(rows)
    shuffler.shuffle(shuffled)
    assert document(rows) == document(shuffled + rows)


@given(triples)
def test_a_document_read_and_written_again_is_the_same(
    rows: list[tuple[URIRef, URIRef, Literal]],
) -> None:
    assert document(read(document(rows))) == document(rows)


@pytest.mark.parametrize(("lexical", "datatype"), SPELLINGS)
def test_a_literal_keeps_its_spelling_from_turtle(lexical: str, datatype: URIRef) -> None:
    graph = parse(f'<x> <p> "{lexical}"^^<{datatype}> .'.encode(), base=EX)
    assert f'"{lexical}"^^<{datatype}>'.encode() in document(graph)


def test_bare_numbers_keep_their_spelling_too() -> None:
    text = document(parse(b"<x> <p> 01, 1.50, 1E0 .", base=EX)).decode()
    assert all(f'"{number}"^^' in text for number in ("01", "1.50", "1E0"))


def test_a_syntax_error_says_where() -> None:
    with pytest.raises(Malformed) as caught:
        parse(b"<x> <p> 1 .\n<x> <p> .\n", base=EX)
    assert (caught.value.line, caught.value.column) == (2, 9)


def test_a_relative_iri_without_a_base_is_refused() -> None:
    with pytest.raises(Malformed):
        parse(b"<x> <p> 1 .")


def test_the_digest_names_the_content() -> None:
    assert digest(document(Graph())) == digest(b"")
    assert digest(b"a") != digest(b"b")
