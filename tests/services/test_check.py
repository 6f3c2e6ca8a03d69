"""Checking files: each fault at its file and line, and nothing said of what is right."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from rdflib import Graph

from support.kinds import MEMBERSHIPS
from utbildningsdata.model.derive import Deriving
from utbildningsdata.rdf.iris import Base
from utbildningsdata.services import check
from utbildningsdata.store.ports import SourceFile
from utbildningsdata.validation.report import Finding
from utbildningsdata.validation.shapes import Shapes

ROOT = Path(__file__).parents[2]
PREFIXES = """\
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix ud: <https://w3id.org/utbildningsdata/ns/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
RECORD = """\
<{path}> foaf:primaryTopic <id/{path}> ;
    dcterms:modified "2026-01-31"^^xsd:date .
<id/{path}> a {kind} ;
    dcterms:title "Titel"@sv, "Title"@en ;
    dcterms:description "Beskrivning"@sv, "Description"@en .
"""


def source(path: str, text: str) -> SourceFile:
    kind = path.partition("/")[0]
    return SourceFile(Path(f"catalog/{path}.ttl"), path, kind, (PREFIXES + text).encode())


def good(path: str, kind: str, more: str = "") -> SourceFile:
    return source(path, RECORD.format(path=path, kind=kind) + more)


@pytest.fixture(scope="module")
def shapes() -> Shapes:
    return Shapes.load(ROOT / "shapes")


def faults(
    files: Sequence[SourceFile], shapes: Shapes, base: str = "https://catalogue.example/"
) -> list[Finding]:
    documents, unreadable = check.parse(files, Deriving(Base(base), MEMBERSHIPS))
    found = check.examine(files, documents, shapes, Graph())
    return [item for item in [*unreadable, *found] if item.violates]


def test_a_record_that_is_right_has_no_fault(shapes: Shapes) -> None:
    assert faults([good("need/x", "ud:Need")], shapes) == []


@pytest.mark.parametrize("base", ["https://catalogue.example/", "https://catalogue.example/skola/"])
def test_a_fault_is_told_at_its_line(base: str, shapes: Shapes) -> None:
    file = good("dataset/x", "dcat:Dataset", '<id/dataset/x> dcat:landingPage\n  "hem" .')
    (fault,) = faults([file], shapes, base)
    assert (fault.file, fault.line) == ("catalog/dataset/x.ttl", 12)
    assert (fault.record, fault.focus) == ("dataset/x", f"{base}id/dataset/x")


def test_a_part_belongs_to_the_record_whose_file_describes_it(shapes: Shapes) -> None:
    part = (
        "<id/dataset/x> dcat:distribution <id/dataset/x/csv> .\n"
        "<id/dataset/x/csv> a dcat:Distribution ."
    )
    (fault,) = faults([good("dataset/x", "dcat:Dataset", part)], shapes)
    assert (fault.record, fault.line, fault.rule) == ("dataset/x", 12, "Distribution-accessURL")


def test_a_file_that_is_not_turtle_is_told_with_its_line(shapes: Shapes) -> None:
    (fault,) = faults([source("need/x", "\n<need/x> foaf:primaryTopic ;")], shapes)
    assert (fault.file, fault.rule) == ("catalog/need/x.ttl", "syntax")
    assert fault.line == 7


def test_a_record_lies_in_the_folder_of_its_class(shapes: Shapes) -> None:
    (fault,) = faults([good("method/x", "ud:Need")], shapes)
    assert fault.rule == "folder"
    assert "Mappen method" in fault.message("sv")


def test_a_tombstone_needs_no_more_than_what_it_was_about_and_when(shapes: Shapes) -> None:
    stone = """<need/x> a ud:Tombstone ; foaf:primaryTopic <id/need/x> ;
        dcterms:modified "2026-01-31"^^xsd:date ."""
    assert faults([source("need/x", stone)], shapes) == []


def test_two_records_of_one_thing_are_a_fault(shapes: Shapes) -> None:
    twin = '<need/y> foaf:primaryTopic <id/need/x> ; dcterms:modified "2026"^^xsd:gYear .'
    found = faults([good("need/x", "ud:Need"), source("need/y", twin)], shapes)
    assert "Thing-record" in {fault.rule for fault in found}


def test_a_portal_is_no_catalogue_that_must_list_datasets(shapes: Shapes) -> None:
    assert faults([good("portal/x", "dcat:Catalog")], shapes) == []
    listing = "<id/portal/x> dcat:dataset <id/dataset/y> ."
    rules = {fault.rule for fault in faults([good("portal/x", "dcat:Catalog", listing)], shapes)}
    assert {"Catalog-license", "Catalog-publisher"} <= rules
