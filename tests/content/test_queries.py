"""The questions of the catalogue are answered by it, through the endpoint that people use."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rdflib import RDF, URIRef
from rdflib.namespace import FOAF, SH
from SPARQLWrapper import JSON, TURTLE, SPARQLWrapper

from utbildningsdata.rdf.ntriples import parse

FOLDER = Path(__file__).parents[2] / "catalog/query"
FORMS = (SH.select, SH.ask, SH.construct)


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.ttl")), ids=lambda file: file.stem)
def test_a_question_has_an_answer(file: Path, live: Any) -> None:
    graph = parse(file.read_bytes(), base=live.base)
    query = graph.value(URIRef(f"{live.base}query/{file.stem}"), FOAF.primaryTopic)
    assert (query, RDF.type, SH.SPARQLExecutable) in graph
    (text,) = (value for form in FORMS for value in graph.objects(query, form))
    endpoint = SPARQLWrapper(f"{live.base}sparql")
    endpoint.setQuery(str(text))
    if (query, SH.construct, None) in graph:
        endpoint.setReturnFormat(TURTLE)
        answer: Any = endpoint.query().convert()
        assert b"<" in answer
        return
    endpoint.setReturnFormat(JSON)
    answer = endpoint.queryAndConvert()
    assert answer.get("boolean") or answer["results"]["bindings"]


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.ttl")), ids=lambda file: file.stem)
def test_a_program_gets_names_beside_what_they_name(file: Path, live: Any) -> None:
    texts = list(parse(file.read_bytes(), base=live.base).objects(None, SH.select))
    if not texts:
        pytest.skip("This question is not answered with a table.")
    endpoint = SPARQLWrapper(f"{live.base}sparql", returnFormat=JSON)
    endpoint.setQuery(str(texts[0]))
    answer: Any = endpoint.queryAndConvert()
    columns = answer["head"]["vars"]
    named = [column for column in columns if f"{column}Name" in columns]
    assert named
    for column in named:
        assert columns.index(f"{column}Name") == columns.index(column) + 1
        rows = answer["results"]["bindings"]
        assert all((column in row) == (f"{column}Name" in row) for row in rows)
        assert {row[f"{column}Name"]["xml:lang"] for row in rows if column in row} <= {"sv"}


def test_there_are_at_least_fifteen_questions() -> None:
    assert len(list(FOLDER.glob("*.ttl"))) >= 15
