"""Lines of Turtle files: every statement is found where it is written."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import BNode, Literal, URIRef
from rdflib.namespace import DCTERMS, SKOS

from utbildningsdata.rdf.namespaces import DCAT
from utbildningsdata.rdf.ntriples import parse
from utbildningsdata.validation.lines import LineIndex

ROOT = Path(__file__).parents[2]
BASE = "https://catalogue.example/"
FILES = sorted((ROOT / "catalog").glob("*/*.ttl"))[::15]
TEXT = """\
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
# a comment
<id/dataset/x> a dcat:Dataset ;
    dcterms:title "En"@sv, "One"@en,
        "Uno"@es ;

    dcterms:description \"\"\"first
second\"\"\"@sv ,
        "after"@en ; dcat:version "1" .

<id/dataset/y>
    dcterms:relation
        <id/dataset/x> ;
    dcterms:temporal [ dcat:startDate "2020" ;
        dcat:endDate "2021" ] .
"""
X, Y = URIRef(f"{BASE}id/dataset/x"), URIRef(f"{BASE}id/dataset/y")


@pytest.fixture(scope="module")
def index() -> LineIndex:
    return LineIndex(TEXT.encode(), BASE)


@pytest.mark.parametrize(
    ("subject", "predicate", "value", "line"),
    [
        (X, DCTERMS.title, Literal("En", lang="sv"), 5),
        (X, DCTERMS.title, Literal("One", lang="en"), 5),
        (X, DCTERMS.title, Literal("Uno", lang="es"), 6),
        (X, DCTERMS.description, Literal("first\nsecond", lang="sv"), 8),
        (X, DCTERMS.description, Literal("after", lang="en"), 10),
        (X, DCAT.version, Literal("1"), 10),
        (Y, DCTERMS.relation, X, 14),
    ],
)
def test_a_statement_stands_where_its_object_begins(
    index: LineIndex, subject: URIRef, predicate: URIRef, value: URIRef | Literal, line: int
) -> None:
    assert index.line(subject, predicate, value) == line


def test_a_value_that_is_not_written_is_at_the_first_of_its_property(index: LineIndex) -> None:
    assert index.line(X, DCTERMS.title, Literal("Två", lang="sv")) == 5


def test_what_is_missing_is_at_the_subject(index: LineIndex) -> None:
    assert index.line(X, DCTERMS.publisher) == 4
    assert index.line(Y) == 12


def test_what_the_file_does_not_know_is_at_its_first_line(index: LineIndex) -> None:
    assert index.line(BNode("elsewhere"), DCTERMS.title) == 1


def test_a_text_that_rdflib_cannot_read_has_lines_up_to_there() -> None:
    broken = LineIndex(TEXT.encode() + b"<a> <b> .", BASE)
    assert broken.line(X, DCAT.version, Literal("1")) == 10


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_text_of_a_record_is_on_its_line(file: Path) -> None:
    content = file.read_bytes()
    lines = content.decode().splitlines()
    index = LineIndex(content, BASE)
    for subject, predicate, value in parse(content, base=BASE):
        if isinstance(value, Literal) and predicate != SKOS.notation:
            written = str(value).split("\n")[0].replace("\\", "\\\\").replace('"', '\\"')[:30]
            line = lines[index.line(subject, predicate, value) - 1]
            assert written in line, (file, predicate, value)
