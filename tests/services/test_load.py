"""Loading: files become revisions, twice the same is once, and nobody's work is undone."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from rdflib import RDF, Literal, URIRef
from rdflib.namespace import DCTERMS, XSD

from support.workshop import BASE, TODAY, Workshop, blocks
from utbildningsdata.errors import Conflict, Invalid, OperationError
from utbildningsdata.rdf.namespaces import DCAT, UD, VCARD
from utbildningsdata.services.neighbours import Documents
from utbildningsdata.services.revisions import rollback
from utbildningsdata.store.ports import Block, SourceFile, Version
from utbildningsdata.validation.report import Finding


@pytest.fixture(params=[BASE, "https://catalogue.example/skola/"])
def workshop(tmp_path: Path, request: pytest.FixtureRequest) -> Workshop:
    return Workshop(tmp_path, request.param)


def edit(workshop: Workshop, slug: str, title: str, *, origin: str | None = None) -> None:
    """Publish another title for a dataset, as an editor would through an interface."""
    from dataclasses import replace

    from utbildningsdata.model import record
    from utbildningsdata.rdf import ntriples

    with workshop.data.current() as revision:
        entry = revision.entry(f"dataset/{slug}")
        graph = revision.document(entry.path)
        graph.set((URIRef(entry.thing), DCTERMS.title, Literal(title, lang="sv")))
        document = ntriples.document(graph)
        described = record.describe(
            graph,
            path=entry.path,
            kind=entry.kind,
            iri=entry.iri,
            document=ntriples.digest(document),
        )
        changed = replace(
            described, loaded=entry.loaded, edited=True, origin=origin or entry.origin
        )
        workshop.writer.publish(
            [Version(changed, {"document": Block.of(document)})],
            parent=revision.number,
            message="Edited",
            agent="editor",
        )


def test_a_first_load_adds_every_file_and_a_second_changes_nothing(workshop: Workshop) -> None:
    workshop.dataset("a")
    workshop.dataset("b")
    first = workshop.load()
    assert first.added == ("dataset/a", "dataset/b")
    assert first.revision == 1
    second = workshop.load()
    assert second.revision is None
    assert second.unchanged == ("dataset/a", "dataset/b")
    assert workshop.data.number() == 1
    workshop.verify()


def test_a_comment_in_a_file_changes_nothing(workshop: Workshop) -> None:
    file = workshop.dataset("a")
    workshop.load()
    file.write_text(file.read_text() + "# a thought\n")
    assert workshop.load().revision is None


def test_a_changed_file_updates_its_record_only(workshop: Workshop) -> None:
    workshop.dataset("a")
    workshop.dataset("b")
    workshop.load()
    workshop.dataset("a", "Skolenheter")
    report = workshop.load()
    assert (report.updated, report.unchanged, report.revision) == (
        ("dataset/a",),
        ("dataset/b",),
        2,
    )
    assert workshop.title("a") == "Skolenheter"
    workshop.verify()


def test_literals_keep_their_spelling_from_file_to_document(workshop: Workshop) -> None:
    more = (
        'ud:a "01"^^xsd:integer, 1.50, "2020-01-01T00:00:00.000Z"^^xsd:dateTime, '
        '"5"^^xsd:nonNegativeInteger, "x"@sv-SE, "1"^^xsd:boolean ;'
    )
    workshop.dataset("a", more=more)
    workshop.load()
    with workshop.data.current() as revision:
        text = revision.text("dataset/a").decode()
    schema = "http://www.w3.org/2001/XMLSchema#"
    for literal in (
        f'"01"^^<{schema}integer>',
        f'"1.50"^^<{schema}decimal>',
        f'"2020-01-01T00:00:00.000Z"^^<{schema}dateTime>',
        f'"5"^^<{schema}nonNegativeInteger>',
        f'"1"^^<{schema}boolean>',
        '"x"@sv-SE',
    ):
        assert f"<https://w3id.org/utbildningsdata/ns/a> {literal} ." in text


def test_membership_is_derived_from_the_class(workshop: Workshop) -> None:
    workshop.dataset("a")
    workshop.write(
        "method/m",
        "<method/m> foaf:primaryTopic <id/method/m> . "
        '<id/method/m> a ud:Method ; dcterms:title "M"@sv .',
    )
    workshop.load()
    base = workshop.base.iri
    catalogue = URIRef(f"{base}id/catalog")
    dataset = workshop.document("dataset/a")
    assert (catalogue, DCAT.dataset, URIRef(f"{base}id/dataset/a")) in dataset
    assert (catalogue, DCAT.record, URIRef(f"{base}dataset/a")) in dataset
    assert (URIRef(f"{base}dataset/a"), RDF.type, DCAT.CatalogRecord) in dataset
    method = workshop.document("method/m")
    assert (catalogue, DCAT.resource, URIRef(f"{base}id/method/m")) in method
    assert (URIRef(f"{base}id/method/m"), RDF.type, DCAT.Resource) in method


def test_settings_say_who_publishes(workshop: Workshop) -> None:
    workshop.write(
        "catalog",
        "<catalogue> foaf:primaryTopic <id/catalog> . <id/catalog> a dcat:Catalog ; "
        'dcterms:title "K"@sv ; dcterms:publisher <id/organisation/utbildningsdata> . '
        "<id/catalog/contact> vcard:hasEmail <mailto:x@y.example> .",
    )
    workshop.load(publisher="https://org.example/1", contact="hej@org.example")
    graph, base = workshop.document("catalogue"), workshop.base.iri
    assert graph.value(URIRef(f"{base}id/catalog"), DCTERMS.publisher) == URIRef(
        "https://org.example/1"
    )
    assert graph.value(URIRef(f"{base}id/catalog/contact"), VCARD.hasEmail) == URIRef(
        "mailto:hej@org.example"
    )


def test_missing_dates_are_today_and_stay(workshop: Workshop) -> None:
    workshop.write(
        "dataset/a",
        "<dataset/a> foaf:primaryTopic <id/dataset/a> . <id/dataset/a> a dcat:Dataset .",
    )
    workshop.load(today=date(2026, 1, 2))
    workshop.load(today=date(2026, 3, 4))
    entry = workshop.entry("dataset/a")
    assert (entry.issued, entry.modified) == ("2026-01-02", "2026-01-02")


def test_the_date_moves_with_the_content(workshop: Workshop) -> None:
    workshop.dataset("a")
    workshop.load()
    assert workshop.entry("dataset/a").modified == "2026-01-01"
    workshop.dataset("a", "Skolenheter")
    workshop.load(today=date(2026, 5, 6))
    assert workshop.entry("dataset/a").modified == "2026-05-06"
    document = workshop.document("dataset/a")
    dates = list(document.objects(URIRef(workshop.entry("dataset/a").iri), DCTERMS.modified))
    assert dates == [Literal("2026-05-06", datatype=XSD.date)]
    assert workshop.load(today=date(2026, 7, 8)).revision is None


def test_a_tombstone_removes_a_record_and_names_its_successor(workshop: Workshop) -> None:
    workshop.dataset("a")
    workshop.dataset("b")
    workshop.load()
    workshop.tombstone("dataset/a", "dataset/b")
    report = workshop.load()
    assert report.removed == ("dataset/a",)
    entry = workshop.entry("dataset/a")
    assert entry.removed
    assert entry.replaced_by == (workshop.base.resolve("dataset/b"),)
    with workshop.data.current() as revision:
        assert [e.path for e in revision.entries()] == ["dataset/b"]
        assert revision.about.records == 2
        assert revision.about.removed == 1
    assert workshop.load().revision is None
    workshop.dataset("a", "Igen")
    assert workshop.load().added == ("dataset/a",)
    workshop.verify()


def test_a_file_that_vanished_is_a_fault(workshop: Workshop) -> None:
    workshop.dataset("a")
    file = workshop.dataset("b")
    workshop.load()
    file.unlink()
    with pytest.raises(Invalid) as caught:
        workshop.load()
    assert [finding.record for finding in caught.value.findings] == ["dataset/b"]
    assert workshop.data.number() == 1


def test_all_faults_of_all_files_are_listed_and_nothing_is_published(workshop: Workshop) -> None:
    workshop.write("dataset/a", "<dataset/a> foaf:primaryTopic")
    workshop.write("dataset/b", "\n\n<dataset/b> wrong:prefix 1 .")
    workshop.dataset("c")
    with pytest.raises(Invalid) as caught:
        workshop.load()
    assert [finding.record for finding in caught.value.findings] == ["dataset/a", "dataset/b"]
    assert [finding.line for finding in caught.value.findings][1] == 10
    assert workshop.data.number() == 0


def test_a_violation_keeps_everything_as_it_is(workshop: Workshop) -> None:
    workshop.dataset("a")
    workshop.load()
    workshop.dataset("b")

    def refuse(
        sources: Sequence[SourceFile], documents: Documents, others: Documents
    ) -> list[Finding]:
        assert set(documents) == {"dataset/b"}
        assert set(others) == set()
        return [Finding(severity="violation", messages={"en": "no"}, record="dataset/b")]

    with pytest.raises(Invalid):
        workshop.load(examine=refuse)
    assert workshop.data.number() == 1


def test_what_points_to_a_changed_record_is_examined_with_it_knowing_its_neighbours(
    workshop: Workshop,
) -> None:
    workshop.dataset("a")
    workshop.dataset("b", more="dcterms:relation <id/dataset/a>, <id/dataset/c> ;")
    workshop.dataset("c")
    workshop.dataset("d")
    workshop.load()
    workshop.tombstone("dataset/a")
    seen: list[tuple[set[str], set[str]]] = []

    def note(
        sources: Sequence[SourceFile], documents: Documents, others: Documents
    ) -> list[Finding]:
        seen.append((set(documents), set(others)))
        return []

    workshop.load(examine=note)
    assert seen == [({"dataset/a", "dataset/b"}, {"dataset/c"})]


def test_one_thing_has_one_record(workshop: Workshop) -> None:
    workshop.dataset("a")
    workshop.write(
        "dataset/b",
        "<dataset/b> foaf:primaryTopic <id/dataset/a> . <id/dataset/a> a dcat:Dataset .",
    )
    with pytest.raises(Invalid) as caught:
        workshop.load()
    assert "dataset/a" in caught.value.findings[0].message("en")


def test_blank_nodes_in_a_circle_are_a_fault(workshop: Workshop) -> None:
    workshop.dataset("a", more="ud:a _:x ; ud:b _:y ;")
    file = workshop.catalog / "dataset/a.ttl"
    file.write_text(file.read_text() + "_:x ud:a _:y . _:y ud:a _:x .")
    with pytest.raises(Invalid):
        workshop.load()


def test_a_file_does_not_overwrite_what_was_edited_here(workshop: Workshop) -> None:
    workshop.dataset("a")
    workshop.dataset("b")
    workshop.load()
    edit(workshop, "a", "Rättad")
    assert workshop.load().revision is None
    workshop.dataset("a", "Skolenheter")
    workshop.dataset("b", "Betyg")
    report = workshop.load()
    assert report.updated == ("dataset/b",)
    assert len(report.conflicts) == 1
    assert isinstance(report.conflicts[0], Conflict)
    assert "a.ttl" in report.conflicts[0].message
    assert workshop.title("a") == "Rättad"


def test_a_file_that_says_what_was_edited_here_takes_the_record_back(workshop: Workshop) -> None:
    workshop.dataset("a")
    workshop.load()
    edit(workshop, "a", "Rättad")
    workshop.dataset("a", "Rättad")
    assert workshop.load().conflicts == ()
    assert workshop.load().revision is None
    workshop.dataset("a", "Ny")
    assert workshop.load().updated == ("dataset/a",)


def test_load_leaves_records_of_another_origin_alone(workshop: Workshop) -> None:
    file = workshop.dataset("a")
    workshop.load()
    edit(workshop, "a", "Skördad", origin="harvest:x")
    file.unlink()
    assert workshop.load().revision is None
    workshop.dataset("a", "Annan")
    assert len(workshop.load().conflicts) == 1
    assert workshop.title("a") == "Skördad"


def test_a_load_does_not_undo_a_rollback(workshop: Workshop) -> None:
    workshop.dataset("a", "Ett")
    workshop.load()
    workshop.dataset("a", "Två")
    workshop.dataset("b")
    workshop.load()
    assert rollback(1, workshop.data, workshop.writer, blocks, today=TODAY) == 3
    assert workshop.title("a") == "Ett"
    assert workshop.entry("dataset/b").removed
    assert workshop.load().revision is None
    workshop.dataset("a", "Tre")
    report = workshop.load()
    assert len(report.conflicts) == 1
    assert workshop.title("a") == "Ett"
    assert rollback(2, workshop.data, workshop.writer, blocks, today=TODAY) == 4
    assert workshop.title("a") == "Två"
    assert not workshop.entry("dataset/b").removed
    assert workshop.load().updated == ("dataset/a",)
    workshop.verify()


def test_feeds_keep_the_last_version_that_was_complete(workshop: Workshop) -> None:
    workshop.dataset("a", "Hel")
    workshop.load()

    def incomplete(
        sources: Sequence[SourceFile], documents: Documents, others: Documents
    ) -> list[Finding]:
        return [
            Finding(
                severity="warning",
                messages={},
                record=path,
                rule="Dataset-publisher-advice",
                requirement="mandatory",
            )
            for path in documents
        ]

    with workshop.data.current() as revision:
        whole = revision.block("dataset/a", "full.nt")
    workshop.dataset("a", "Halv")
    workshop.dataset("b", "Aldrig hel")
    workshop.load(examine=incomplete)
    assert workshop.title("a") == "Halv"
    assert workshop.entry("dataset/a").feeds == ("full",)
    assert workshop.entry("dataset/b").feeds == ()
    assert workshop.entry("dataset/b").lacks == ("Dataset-publisher-advice",)
    with workshop.data.current() as revision:
        assert revision.block("dataset/a", "full.nt") == whole


def test_other_rules_check_and_make_every_record_again(workshop: Workshop) -> None:
    workshop.dataset("a")
    workshop.dataset("b")
    workshop.load()
    seen: list[set[str]] = []

    def note(
        sources: Sequence[SourceFile], documents: Documents, others: Documents
    ) -> list[Finding]:
        seen.append(set(documents))
        return []

    assert workshop.load(rules="new", examine=note).revision == 2
    assert seen == [{"dataset/a", "dataset/b"}]
    assert workshop.load(rules="new").revision is None


def test_another_base_needs_a_rebuild_which_moves_every_iri(tmp_path: Path) -> None:
    before = Workshop(tmp_path)
    before.dataset("a")
    before.dataset("b")
    before.load()
    edit(before, "b", "Skördad", origin="harvest:x")
    (before.catalog / "dataset/b.ttl").unlink()
    after = Workshop(tmp_path, "https://catalogue.example/skola/")
    with pytest.raises(OperationError, match="load --rebuild"):
        after.load()
    report = after.load(rebuild=True)
    assert report.revision == 3
    assert after.title("b") == "Skördad"
    assert after.entry("dataset/b").thing == "https://catalogue.example/skola/id/dataset/b"
    assert after.load().revision is None
    with pytest.raises(OperationError, match="load --rebuild"):
        before.load()
    after.verify()


def test_a_second_load_of_450_files_takes_less_than_a_second(tmp_path: Path) -> None:
    workshop = Workshop(tmp_path)
    for number in range(450):
        workshop.dataset(f"d{number}")
    workshop.load()
    start = time.perf_counter()
    assert workshop.load().revision is None
    assert time.perf_counter() - start < 1


def test_nothing_to_load_is_a_revision_without_records(tmp_path: Path) -> None:
    workshop = Workshop(tmp_path)
    assert workshop.load().revision is None
    assert workshop.data.number() == 0


def test_a_folder_that_cannot_be_read_is_one_clear_line(tmp_path: Path) -> None:
    workshop = Workshop(tmp_path)
    workshop.catalog.rmdir()
    with pytest.raises(OperationError, match="catalog"):
        workshop.load()


def test_a_national_member_is_in_both_feeds(workshop: Workshop) -> None:
    membership = "https://w3id.org/utbildningsdata/concept/national-membership/answered-for-here"
    file = workshop.dataset("a")
    file.write_text(file.read_text() + f"<dataset/a> ud:nationalMembership <{membership}> .")
    workshop.write(
        "query/q", "<query/q> foaf:primaryTopic <id/query/q> . <id/query/q> a ud:Query ."
    )
    workshop.load()
    assert workshop.entry("dataset/a").feeds == ("full", "national")
    assert workshop.entry("query/q").feeds == ()
    assert (None, UD.nationalMembership, URIRef(membership)) in workshop.document("dataset/a")
