"""Reports: each revision says who made it, when, at which request, and how much changed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest

from support.workshop import BASE, Workshop, blocks
from utbildningsdata.errors import OperationError
from utbildningsdata.services.revisions import rollback
from utbildningsdata.store import backup
from utbildningsdata.store.ports import Version
from utbildningsdata.store.publishing import Writer
from utbildningsdata.store.revisions import DataFolder
from utbildningsdata.store.verification import verify

QUERY = """
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX ud: <https://w3id.org/utbildningsdata/ns/>
SELECT ?activity ?agent ?request ?added ?updated ?removed ?revision ?before WHERE {
  GRAPH ?activity {
    ?activity a prov:Activity ; prov:endedAtTime ?time ;
      prov:wasAssociatedWith [ foaf:name ?agent ] ;
      ud:addedCount ?added ; ud:updatedCount ?updated ; ud:removedCount ?removed ;
      prov:generated ?revision .
    OPTIONAL { ?activity dcterms:identifier ?request }
    OPTIONAL { ?revision prov:wasRevisionOf ?before }
  }
} ORDER BY ?time
"""


def activities(data: DataFolder) -> list[list[str]]:
    """Return what the current revision's reports say of each activity."""
    folder = data.folder(data.number()) / "reports"
    rows = ox.Store.read_only(str(folder)).query(QUERY)
    assert isinstance(rows, ox.QuerySolutions)
    return [[getattr(cell, "value", "") for cell in row] for row in rows]


def republish(workshop: Workshop, request: str) -> None:
    """Publish a record as it is once more, at a request."""
    with workshop.data.current() as revision:
        version: Version = revision.version("dataset/a")
        workshop.writer.publish(
            [version], parent=revision.number, message="Again", agent="Skolverket", request=request
        )


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    """Return a catalogue that was loaded twice."""
    workshop = Workshop(tmp_path)
    workshop.dataset("a")
    workshop.dataset("b")
    workshop.load()
    workshop.dataset("a", "Annat")
    workshop.tombstone("dataset/b")
    workshop.dataset("c")
    workshop.load()
    return workshop


FIRST = [f"{BASE}activity/1", "load", "", "2", "0", "0", f"{BASE}revision/1", ""]
SECOND = [
    *(f"{BASE}activity/2", "load", "", "1", "1", "1"),
    *(f"{BASE}revision/2", f"{BASE}revision/1"),
]


def test_every_revision_has_its_activity(workshop: Workshop) -> None:
    assert activities(workshop.data) == [FIRST, SECOND]
    workshop.verify()


def test_an_activity_names_who_asked_and_the_request(workshop: Workshop) -> None:
    republish(workshop, "r-7")
    assert activities(workshop.data)[2][1:6] == ["Skolverket", "r-7", "0", "0", "0"]


def test_a_rollback_is_an_activity_too(workshop: Workshop) -> None:
    rollback(1, workshop.data, workshop.writer, blocks)
    assert activities(workshop.data)[2][:6] == [
        *(f"{BASE}activity/3", "rollback", "", "1", "1", "1")
    ]
    workshop.verify()


def test_the_public_store_holds_no_reports(workshop: Workshop) -> None:
    store = ox.Store.read_only(str(workshop.data.folder(2) / "store"))
    assert not [g for g in store.named_graphs() if "activity" in str(g)]


def test_another_base_moves_the_reports(workshop: Workshop) -> None:
    other = Workshop(workshop.root, "https://elsewhere.example/")
    other.load(rebuild=True)
    found = [row[0] for row in activities(other.data)]
    assert found == [f"https://elsewhere.example/activity/{n}" for n in (1, 2, 3)]
    verify(other.data, 3)


def test_a_backup_brings_the_reports_back(workshop: Workshop, tmp_path: Path) -> None:
    workshop.writer.prune(1)
    backup.save(workshop.data, tmp_path / "saved.tar")
    restored = DataFolder(tmp_path / "restored", workshop.base)
    backup.restore(Writer(restored, keep=10), tmp_path / "saved.tar")
    assert activities(restored) == [FIRST, SECOND]


def _older(workshop: Workshop) -> None:
    """Make the data folder as software without reports left it."""
    for number in workshop.data.numbers():
        shutil.rmtree(workshop.data.folder(number) / "reports")
        about = workshop.data.folder(number) / "revision.json"
        fields = json.loads(about.read_bytes())
        del fields["plain"]
        about.write_text(json.dumps(fields))
    for file in (workshop.data.path / "changes").glob("*.json"):
        content = json.loads(file.read_bytes())
        file.write_text(json.dumps({key: content[key] for key in ("revision", "changes")}))


def test_a_folder_without_reports_opens_and_has_them_from_now_on(
    workshop: Workshop, tmp_path: Path
) -> None:
    _older(workshop)
    workshop.verify()
    workshop.dataset("a", "Tredje")
    workshop.load()
    assert [row[0] for row in activities(workshop.data)] == [f"{BASE}activity/3"]
    workshop.verify()
    backup.save(workshop.data, tmp_path / "saved.tar")
    restored = DataFolder(tmp_path / "restored", workshop.base)
    backup.restore(Writer(restored, keep=10), tmp_path / "saved.tar")
    assert [row[0] for row in activities(restored)] == [f"{BASE}activity/3"]


def test_reports_that_differ_from_the_log_are_found(workshop: Workshop) -> None:
    log = workshop.data.path / "changes" / "000001.json"
    log.write_text(log.read_text().replace('"agent": "load"', '"agent": "nobody"'))
    with pytest.raises(OperationError, match="reports"):
        verify(workshop.data, 2)


def test_lost_reports_are_found(workshop: Workshop) -> None:
    shutil.rmtree(workshop.data.folder(2) / "reports")
    with pytest.raises(OperationError, match="reports"):
        verify(workshop.data, 2)
