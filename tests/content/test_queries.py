"""The questions of the catalogue are answered by it, through the endpoint that people use."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from rdflib import RDF, URIRef
from rdflib.namespace import FOAF, SH
from SPARQLWrapper import JSON, TURTLE, SPARQLWrapper

from utbildningsdata import bootstrap
from utbildningsdata.rdf.ntriples import parse
from utbildningsdata.services.describe.signpost import Signpost
from utbildningsdata.services.parameters import RESERVED, Parameter
from utbildningsdata.services.query_results import Question, question
from utbildningsdata.settings import Settings

FOLDER = Path(__file__).parents[2] / "catalog/query"
FILES = sorted(FOLDER.glob("*.ttl"))
FORMS = (SH.select, SH.ask, SH.construct)
VALUES = {"word": "betyg", "least": "3", "since": "2026-01-01", "year": "2019"}
"""A value of each parameter that is not chosen from a list."""


@pytest.fixture(scope="module")
def asked(live: Any) -> Mapping[str, Question]:
    """Return slug → question, as the served catalogue has it."""
    services = bootstrap.services(Settings(base=live.base, data=live.data))
    with services.revisions.current() as revision:
        signpost = Signpost(revision, services.profile, "sv")
        found = [question(entry, signpost) for entry in revision.entries("query")]
    return {item.entry.path.rpartition("/")[2]: item for item in found}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
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


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
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


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_an_answer_without_choices_is_not_empty(file: Path, live: Any) -> None:
    assert answer(live, file.stem) != []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_each_choice_has_a_place_and_changes_the_answer(
    file: Path, live: Any, asked: Mapping[str, Question]
) -> None:
    described = set(parse(file.read_bytes(), base=live.base).objects(None, SH.parameter))
    parameters = asked[file.stem].parameters
    assert len(parameters) == len(described)
    assert RESERVED.isdisjoint(item.name for item in parameters)
    whole = answer(live, file.stem)
    for item in parameters:
        answers = (answer(live, file.stem, **{item.name: value}) for value in values(item))
        assert any(rows and rows != whole for rows in answers) or item.name == "since", item.name


def test_many_questions_have_choices_of_every_sort(asked: Mapping[str, Question]) -> None:
    assert len(asked) >= 25
    with_choices = [item for item in asked.values() if item.parameters]
    assert len(with_choices) >= 10
    types = {choice.datatype for item in with_choices for choice in item.parameters}
    assert {str(kind).rpartition("#")[2] for kind in types} == {
        *("None", "string", "integer", "date", "gYear")
    }


def values(item: Parameter) -> list[str]:
    """Return the value of a parameter, or the options that its form offers, the most used first."""
    if not item.options:
        return [VALUES[item.name]]
    offered = [option for option in item.options if option.count]
    return [option.code for option in sorted(offered, key=lambda option: -option.count)]


def answer(live: Any, slug: str, **chosen: str) -> Any:
    """Return the rows of an answer, its lines where it is RDF, or yes or no."""
    address = f"{live.base}query/{slug}/result?{urlencode(chosen)}"
    with urllib.request.urlopen(address, timeout=30) as response:
        content = response.read()
    if "json" not in response.headers["Content-Type"]:
        return content.splitlines()
    read = json.loads(content)
    return read["boolean"] if "boolean" in read else read["results"]["bindings"]
