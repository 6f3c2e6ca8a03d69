"""The operator sees which revisions there are, and finds the way back."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.workshop import TODAY, Workshop
from utbildningsdata.errors import NotFound, OperationError
from utbildningsdata.services.revisions import history, info, rollback
from utbildningsdata.store import changelog


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    workshop = Workshop(tmp_path)
    workshop.dataset("a", "Ett")
    workshop.load()
    workshop.dataset("a", "Två")
    workshop.dataset("b")
    workshop.load()
    return workshop


def test_history_lists_the_newest_first(workshop: Workshop) -> None:
    workshop.writer.tag("good", 1)
    rows = history(workshop.data)
    assert [(row.number, row.tags, row.current) for row in rows] == [
        (2, (), True),
        (1, ("good",), False),
    ]
    assert rows[0].message == "Loaded 2 files; 2 records changed."


def test_info_counts_records_by_kind(workshop: Workshop) -> None:
    with workshop.data.current() as revision:
        described = info(revision)
    assert described["records"] == 2
    assert described["dataset"] == 2
    assert described["removed"] == 0


def test_rollback_is_a_new_revision_that_logs_what_it_undid(workshop: Workshop) -> None:
    assert rollback(1, workshop.data, workshop.writer, today=TODAY) == 3
    changes = changelog.read(workshop.data.path / "changes", 3)
    assert [(change.path, change.operation) for change in changes] == [
        ("dataset/a", "updated"),
        ("dataset/b", "removed"),
    ]
    with workshop.data.revision(1) as first, workshop.data.current() as current:
        assert current.text("dataset/a") == first.text("dataset/a")
        assert current.about.message == "Rolled back to revision 1."
    workshop.verify()


def test_rollback_to_what_is_there_publishes_nothing(workshop: Workshop) -> None:
    assert rollback(2, workshop.data, workshop.writer) == 2
    rollback(1, workshop.data, workshop.writer)
    assert rollback(1, workshop.data, workshop.writer) == 3


def test_rollback_to_a_revision_that_is_not_kept_is_refused(workshop: Workshop) -> None:
    for number in (0, 3):
        with pytest.raises(NotFound):
            rollback(number, workshop.data, workshop.writer)


def test_rollback_over_a_rebuild_for_another_base_is_refused(workshop: Workshop) -> None:
    moved = Workshop(workshop.root, "https://catalogue.example/skola/")
    moved.load(rebuild=True)
    with pytest.raises(OperationError, match="base"):
        rollback(1, moved.data, moved.writer)
