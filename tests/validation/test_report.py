"""Findings as people read them."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path

from rdflib import Graph

from utbildningsdata.rdf.ntriples import parse
from utbildningsdata.validation.report import Finding, finding, render
from utbildningsdata.validation.shacl import validate
from utbildningsdata.validation.shapes import Shapes

ROOT = Path(__file__).parents[2]
TEXT = b"""
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
<x> a dcat:Dataset ; dcterms:title "Betyg"@sv, "Grades"@en ; dcterms:description "B"@sv, "D"@en ;
    dcat:landingPage "www.skolverket.se" .
"""


@functools.cache
def findings() -> Mapping[str, Finding]:
    shapes = Shapes.load(ROOT / "shapes")
    graph = parse(TEXT, base="https://catalogue.example/")
    results = validate(graph, shapes, Graph())
    found = [finding(result, shapes, file="x.ttl", line=5) for result in results]
    return {item.rule: item for item in found}


def test_a_finding_says_what_is_wrong_with_what_by_which_rule() -> None:
    item = findings()["Dataset-landingPage"]
    assert item.violates
    assert item.keeps_out_of_feeds
    assert item.value == "www.skolverket.se"
    assert item.path == "http://www.w3.org/ns/dcat#landingPage"


def test_what_is_mandatory_but_unknown_warns_and_keeps_out_of_feeds() -> None:
    item = findings()["Dataset-publisher-advice"]
    assert not item.violates
    assert item.keeps_out_of_feeds
    assert not findings()["Dataset-keyword-advice"].keeps_out_of_feeds


def test_it_is_told_in_the_language_of_the_reader() -> None:
    item = findings()["Dataset-landingPage"]
    assert render([item], "sv") == (
        "x.ttl:5: fel: ”Webbsida” ska vara en webbadress. Skriv adressen inom vinkelparenteser:"
        " dcat:landingPage <https://…>. [www.skolverket.se]"
    )
    assert render([item], "en") == (
        "x.ttl:5: error: “Landing page” must be a web address. Write the address in angle brackets:"
        " dcat:landingPage <https://…>. [www.skolverket.se]"
    )


def test_findings_stand_in_the_order_of_the_files() -> None:
    def item(file: str, line: int) -> Finding:
        return Finding(severity="warning", messages={"sv": "Fel. Rätta."}, file=file, line=line)

    text = render([item("b.ttl", 1), item("a.ttl", 10), item("a.ttl", 9)], "sv")
    assert [line.split(": ")[0] for line in text.splitlines()] == ["a.ttl:9", "a.ttl:10", "b.ttl:1"]


def test_a_long_value_is_cut_and_a_message_is_there_in_any_language() -> None:
    item = Finding(severity="info", messages={"sv": "Fel. Rätta."}, record="x/y", value="a" * 200)
    assert render([item], "en") == f"x/y: advice: Fel. Rätta. [{'a' * 79}…]"
