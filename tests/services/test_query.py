"""What of a query is refused before any worker sees it."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import Graph, Namespace

from utbildningsdata.errors import CatalogError, Malformed, Refused, TooLarge
from utbildningsdata.services.query import MAX_LENGTH, read

SH = Namespace("http://www.w3.org/ns/shacl#")
QUERIES = sorted((Path(__file__).parents[2] / "catalog/query").glob("*.ttl"))


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("ASK {} #" + "å" * (MAX_LENGTH // 2), TooLarge),
        ("INSERT DATA { <urn:a> <urn:b> <urn:c> }", Refused),
        ("LOAD <http://x/>", Refused),
        ("SELECT * { SERVICE <http://x/> {} }", Refused),
        ("ASK " + "{" * 101, Malformed),
        ("SELECT * { {} " + "UNION {} " * 501 + "}", Malformed),
    ],
)
def test_it_is_refused_in_both_languages(text: str, error: type[CatalogError]) -> None:
    with pytest.raises(error) as caught:
        read(text)
    assert caught.value.message != caught.value.sv


@pytest.mark.parametrize("file", QUERIES, ids=lambda file: file.stem)
def test_the_catalogues_own_queries_are_far_from_every_limit(file: Path) -> None:
    graph = Graph().parse(file, publicID="https://catalogue.example/")
    (text,) = [
        str(value)
        for predicate in (SH.select, SH.ask, SH.construct)
        for value in graph.objects(None, predicate)
    ]
    reading = read(text)
    assert reading.depth < 20
    assert reading.chain < 50
