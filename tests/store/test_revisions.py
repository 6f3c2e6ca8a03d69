"""Revisions: what a reader sees does not change under it, and what nobody needs goes."""

from __future__ import annotations

import gc
import os
from pathlib import Path

import pytest
from rdflib import Literal

from support.workshop import BASE, Workshop
from utbildningsdata.errors import NotFound, OperationError
from utbildningsdata.rdf.namespaces import DCAT
from utbildningsdata.store import packs
from utbildningsdata.store.ports import Link
from utbildningsdata.store.revisions import DataFolder

RELATION = "http://purl.org/dc/terms/relation"


@pytest.fixture(params=[BASE, "https://catalogue.example/skola/"])
def workshop(tmp_path: Path, request: pytest.FixtureRequest) -> Workshop:
    return Workshop(tmp_path, request.param, keep=2)


def test_a_reader_keeps_its_revision_while_others_publish(workshop: Workshop) -> None:
    workshop.dataset("a", "Ett")
    workshop.load()
    with workshop.data.current() as revision:
        workshop.dataset("a", "Två")
        workshop.load()
        assert revision.entry("dataset/a").titles["sv"] == "Ett"
        assert str(revision.labels(revision.entry("dataset/a").thing)[0]) == "Ett"
        assert workshop.title("a") == "Två"


def test_a_revision_that_is_read_is_not_pruned(workshop: Workshop) -> None:
    workshop.dataset("a", "0")
    workshop.load()
    other = DataFolder(workshop.data.path, workshop.base)
    with other.current() as revision:
        for number in range(1, 5):
            workshop.dataset("a", str(number))
            workshop.load()
        assert workshop.data.numbers() == [1, 4, 5]
        assert revision.document("dataset/a")
        assert revision.entry("dataset/a").titles["sv"] == "0"
    with other.current():
        pass
    workshop.dataset("a", "5")
    workshop.load()
    assert workshop.data.numbers() == [5, 6]


def test_readers_do_not_keep_files_open_for_ever(workshop: Workshop) -> None:
    workshop.dataset("a", "0")
    workshop.load()
    with workshop.data.current():
        pass
    gc.collect()
    before = len(os.listdir("/proc/self/fd"))
    for number in range(1, 6):
        workshop.dataset("a", str(number))
        workshop.load()
        with workshop.data.current() as revision:
            revision.labels("urn:x")
    gc.collect()
    assert len(os.listdir("/proc/self/fd")) <= before + 40


def test_tagged_revisions_are_kept(workshop: Workshop) -> None:
    for number in range(5):
        workshop.dataset("a", str(number))
        workshop.load()
        if number == 1:
            workshop.writer.tag("good", 2)
    assert workshop.data.numbers() == [2, 4, 5]
    assert workshop.data.tags() == {"good": 2}
    with workshop.data.revision(2) as revision:
        assert revision.entry("dataset/a").titles["sv"] == "1"
    assert workshop.title("a") == "4"  # the reader lets go of the one before
    assert workshop.writer.prune(1) == [4]
    workshop.writer.tag("good", 5)
    workshop.dataset("a", "6")
    workshop.load()
    assert workshop.data.numbers() == [5, 6]
    workshop.verify()
    with pytest.raises(NotFound):
        workshop.writer.tag("lost", 2)
    with pytest.raises(NotFound), workshop.data.revision(7):
        pass


def test_packs_that_no_revision_names_are_deleted(workshop: Workshop) -> None:
    for number in range(6):
        workshop.dataset("a", str(number))
        workshop.load()
    assert len(list((workshop.data.path / "objects").iterdir())) == 2


def test_unchanged_packs_are_shared_and_read_once(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(300):
        workshop.dataset(f"d{number}")
    workshop.load()
    with workshop.data.current() as revision:
        assert len(revision.entries()) == 300
        before = dict(revision.manifest)
    workshop.dataset("d7", "Annat")
    workshop.load()
    opened: list[Path] = []
    read = packs.Pack.__init__

    def note(pack: packs.Pack, file: Path) -> None:
        opened.append(file)
        read(pack, file)

    monkeypatch.setattr(packs.Pack, "__init__", note)
    with workshop.data.current() as revision:
        assert len(revision.entries()) == 300
        changed = [name for name in before if revision.manifest[name] != before[name]]
    assert len(opened) == len(changed) == 1


def test_links_and_labels_are_found(workshop: Workshop) -> None:
    workshop.dataset("a", "Ett")
    workshop.dataset("b", more="dcterms:relation <id/dataset/a> ;")
    workshop.dataset("c", more="dcterms:relation <id/dataset/a>, <id/dataset/c/csv> ;")
    file = workshop.catalog / "dataset/c.ttl"
    file.write_text(file.read_text() + "<id/dataset/c/csv> a dcat:Distribution .")
    workshop.load()
    base = workshop.base.iri
    thing = f"{base}id/dataset/a"
    with workshop.data.current() as revision:
        assert revision.labels(thing) == [Literal("Ett", lang="sv")]
        assert revision.inbound(thing, predicate=RELATION, limit=10) == [
            Link(f"{base}id/dataset/b", RELATION, "dataset/b"),
            Link(f"{base}id/dataset/c", RELATION, "dataset/c"),
        ]
        assert len(revision.inbound(thing, predicate=RELATION, limit=1, offset=1)) == 1
        assert revision.inbound_counts(thing)[RELATION] == 2
        assert revision.inbound_counts(thing)[str(DCAT.dataset)] == 1
        for iri, path in {
            thing: "dataset/a",
            f"{base}dataset/a": "dataset/a",
            f"{base}id/dataset/c/csv": "dataset/c",
            "https://elsewhere.example/": None,
        }.items():
            found = revision.describing(iri)
            assert (found.path if found else None) == path
        assert revision.labels("https://elsewhere.example/") == ()
        assert revision.describing("not an IRI") is None
        assert revision.inbound("not an IRI", limit=1) == ()


def test_entries_come_in_the_order_of_feeds(workshop: Workshop) -> None:
    for number in range(150):
        workshop.dataset(f"d{number}")
    workshop.load()
    with workshop.data.current() as revision:
        order = [entry.path for entry in revision.entries()]
        assert [entry.path for entry in revision.entries("dataset")] == order
        assert revision.entries("need") == ()
        by_bucket = [p for name in revision.manifest for p in sorted(revision.pack(name).entries)]
        assert order == by_bucket
        with pytest.raises(NotFound):
            revision.entry("dataset/none")
        with pytest.raises(NotFound):
            revision.document("dataset/none")
        with pytest.raises(NotFound):
            revision.block("dataset/none", "full.nt")
        assert revision.block("dataset/d1", "no.such") is None


def test_nothing_published_is_one_clear_line(workshop: Workshop) -> None:
    with pytest.raises(OperationError, match="utbildningsdata load"), workshop.data.current():
        pass
    assert workshop.data.numbers() == ()


def test_another_base_is_refused_with_the_command_that_rebuilds(workshop: Workshop) -> None:
    workshop.dataset("a")
    workshop.load()
    other = Workshop(workshop.root, "https://elsewhere.example/")
    with pytest.raises(OperationError, match="load --rebuild"), other.data.current():
        pass


@pytest.mark.parametrize("name", ["", "..", "../out", "a/b", ".hidden", "x.unfinished", "å"])
def test_a_tag_is_never_the_name_of_another_file(workshop: Workshop, name: str) -> None:
    workshop.dataset("a")
    workshop.load()
    with pytest.raises(OperationError):
        workshop.writer.tag(name, 1)
    assert workshop.data.tags() == {}
