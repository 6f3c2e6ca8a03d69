"""Export writes files that an editor could have written, and that load back as they were."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from support.kinds import MEMBERSHIPS
from support.workshop import BASE, Workshop
from utbildningsdata.model.derive import Deriving
from utbildningsdata.services.export import export
from utbildningsdata.store import files
from utbildningsdata.store.ports import Revision


def deriving(revision: Revision) -> Deriving:
    return Deriving(revision.base, MEMBERSHIPS)


@pytest.fixture(params=[BASE, "https://catalogue.example/skola/"])
def workshop(tmp_path: Path, request: pytest.FixtureRequest) -> Workshop:
    workshop = Workshop(tmp_path, request.param)
    workshop.dataset(
        "a",
        more='ud:a "01"^^xsd:integer, 1.50, "2020-01-01T00:00:00.000Z"^^xsd:dateTime, '
        '"5"^^xsd:nonNegativeInteger, "x"@sv-SE, "rad\\n\\"två\\"\\\\" ; '
        'dcterms:temporal [ dcat:startDate "2020"^^xsd:gYear ] ;',
    )
    workshop.dataset("b")
    workshop.write(
        "method/m",
        "<method/m> foaf:primaryTopic <id/method/m> . "
        '<id/method/m> a ud:Method ; dcterms:title "M"@sv .',
    )
    workshop.write(
        "catalog",
        "<catalogue> foaf:primaryTopic <id/catalog> . <id/catalog> a dcat:Catalog ; "
        'dcterms:title "K"@sv .',
    )
    concepts = workshop.ontology / "concepts"
    concepts.mkdir()
    (concepts / "task.ttl").write_text(
        "@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix skos: "
        "<http://www.w3.org/2004/02/skos/core#> . <concept/task> foaf:primaryTopic "
        "<https://w3id.org/utbildningsdata/concept/task> . "
        "<https://w3id.org/utbildningsdata/concept/task> a skos:ConceptScheme ."
    )
    workshop.load()
    workshop.tombstone("dataset/b", "dataset/a")
    workshop.load()
    return workshop


def test_exported_files_load_as_the_same_documents(workshop: Workshop, tmp_path: Path) -> None:
    target = tmp_path / "exported"
    with workshop.data.current() as revision:
        texts = {path: revision.text(path) for path in revision.state()}
        written = export(revision, deriving(revision), partial(files.write, target))
        assert sorted(written) == sorted(texts)
        assert export(revision, deriving(revision), partial(files.write, target)) == []
    (tmp_path / "other").mkdir()
    other = Workshop(tmp_path / "other", workshop.base.iri)
    other.catalog, other.ontology = target / "catalog", target / "ontology"
    other.load()
    with other.data.current() as revision:
        assert {path: revision.text(path) for path in revision.state()} == texts


def test_loading_what_was_exported_changes_nothing(workshop: Workshop, tmp_path: Path) -> None:
    target = tmp_path / "exported"
    with workshop.data.current() as revision:
        export(revision, deriving(revision), partial(files.write, target))
    workshop.catalog, workshop.ontology = target / "catalog", target / "ontology"
    report = workshop.load()
    assert (report.added, report.updated, report.removed, report.conflicts) == ((), (), (), ())
    assert workshop.load().revision is None


def test_a_file_says_only_what_an_editor_writes(workshop: Workshop, tmp_path: Path) -> None:
    with workshop.data.current() as revision:
        export(
            revision,
            deriving(revision),
            partial(files.write, tmp_path / "exported"),
        )
    text = (tmp_path / "exported/catalog/dataset/a.ttl").read_text(encoding="utf-8")
    assert "CatalogRecord" not in text
    assert "dcat:record" not in text
    assert workshop.base.iri not in text
    for literal in (
        '"01"^^xsd:integer',
        '"1.50"^^xsd:decimal',
        '"2020-01-01T00:00:00.000Z"^^xsd:dateTime',
        '"5"^^xsd:nonNegativeInteger',
        '"x"@sv-SE',
    ):
        assert literal in text
