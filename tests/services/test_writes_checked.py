"""Writes into the real catalogue, judged by the real shapes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from utbildningsdata import bootstrap
from utbildningsdata.errors import Invalid
from utbildningsdata.settings import Settings
from utbildningsdata.store.verification import verify
from utbildningsdata.store.writes.ports import Part, Write, Written
from utbildningsdata.validation.report import Finding

BASE = "https://catalogue.example/"
SALSA = f"{BASE}dataset/skolverket-salsa"
THING = f"{BASE}id/dataset/skolverket-salsa"

Carry = Callable[[Write], Written]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Load the catalogue once for all tests of this module."""
    settings = Settings(base=BASE, data=tmp_path_factory.mktemp("data"))
    bootstrap.load(settings)
    return settings


@pytest.fixture(scope="module")
def carry_out(settings: Settings) -> Iterator[Carry]:
    """Return what writes into the catalogue, as the writer does."""
    with bootstrap.writing(settings) as carry_out:
        yield carry_out


def ask(operation: str, graph: str | None = None, text: str = "") -> Write:
    media_type = "application/sparql-update" if graph is None else "text/turtle"
    parts = (Part(media_type, text.encode()),) if text else ()
    return Write(
        operation=operation,  # type: ignore[arg-type]  # one of the four
        agent="test",
        scopes=("write",),
        request="r",
        graph=graph,
        parts=parts,
    )


def update(triples: str, verb: str = "INSERT DATA", graph: str = SALSA) -> Write:
    return ask("update", text=f"{verb} {{ GRAPH <{graph}> {{ {triples} }} }}")


def faults(carry_out: Carry, write: Write) -> list[Finding]:
    with pytest.raises(Invalid) as caught:
        carry_out(write)
    return [finding for finding in caught.value.findings if finding.violates]


def titled(slug: str, folder: str = "dataset") -> str:
    return f"""
    @prefix dcterms: <http://purl.org/dc/terms/> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
    @prefix dcat: <http://www.w3.org/ns/dcat#> .
    <{folder}/{slug}> foaf:primaryTopic <id/{folder}/{slug}> .
    <id/{folder}/{slug}> a dcat:Dataset ; dcterms:title "Ny"@sv, "New"@en ;
      dcterms:description "Om det nya."@sv, "About the new."@en .
    """


def test_what_violates_the_shapes_is_refused_with_the_report(
    settings: Settings, carry_out: Carry
) -> None:
    before = bootstrap.data_folder(settings).number()
    found = faults(carry_out, update(f"<{THING}> dcterms:title ?t", "DELETE WHERE"))
    assert {(fault.record, fault.focus, fault.rule) for fault in found} == {
        ("dataset/skolverket-salsa", THING, "Dataset-title")
    }
    assert bootstrap.data_folder(settings).number() == before


def test_one_fault_anywhere_and_nothing_is_published(settings: Settings, carry_out: Carry) -> None:
    before = bootstrap.data_folder(settings).number()
    other = f"{BASE}dataset/scb-yh-studerande"
    good = f'INSERT DATA {{ GRAPH <{SALSA}> {{ <{THING}> dcat:keyword "ord"@sv }} }}'
    bad = f'INSERT DATA {{ GRAPH <{other}> {{ <{other}> foaf:primaryTopic "x" }} }}'
    assert faults(carry_out, ask("update", text=f"{good} ; {bad}"))
    assert bootstrap.data_folder(settings).number() == before


def test_a_record_without_a_thing_is_refused(carry_out: Carry) -> None:
    write = ask("put", f"{BASE}dataset/nothing", "<urn:s> <urn:p> <urn:o> .")
    assert {fault.rule for fault in faults(carry_out, write)} >= {"Record-primaryTopic"}


def test_a_record_of_two_things_is_refused(carry_out: Carry) -> None:
    more = "<dataset/two> foaf:primaryTopic <id/dataset/other> ."
    write = ask("put", f"{BASE}dataset/two", titled("two") + more)
    assert {fault.rule for fault in faults(carry_out, write)} >= {"Record-primaryTopic"}


def test_a_record_in_the_folder_of_another_kind_is_refused(carry_out: Carry) -> None:
    write = ask("put", f"{BASE}method/new", titled("new", "method"))
    assert {fault.rule for fault in faults(carry_out, write)} >= {"folder"}


def test_a_record_that_others_need_is_not_removed(carry_out: Carry) -> None:
    found = faults(carry_out, ask("delete", f"{BASE}organisation/skolverket"))
    assert found
    assert "organisation/skolverket" not in {fault.record for fault in found}


def test_a_record_comes_and_goes(settings: Settings, carry_out: Carry) -> None:
    graph = f"{BASE}dataset/guest"
    assert carry_out(ask("put", graph, titled("guest"))).added == (graph,)
    with bootstrap.data_folder(settings).current() as revision:
        assert revision.entry("dataset/guest").lacks  # no publisher: advice, and out of feeds
        assert revision.entry("dataset/guest").feeds == ()
    assert carry_out(ask("delete", graph)).removed == (graph,)
    assert bootstrap.load(settings).revision is None
    verify(bootstrap.data_folder(settings), bootstrap.data_folder(settings).number())


def test_a_file_of_the_repository_can_be_put_as_it_is(settings: Settings, carry_out: Carry) -> None:
    file = Path(settings.catalog) / "dataset" / "skolverket-salsa.ttl"
    written = carry_out(ask("put", SALSA, file.read_text(encoding="utf-8")))
    assert written.updated == ()
