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


def test_there_are_at_least_fifteen_questions() -> None:
    assert len(list(FOLDER.glob("*.ttl"))) >= 15
