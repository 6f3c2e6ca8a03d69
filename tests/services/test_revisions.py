"""The operator sees which revisions there are, and finds the way back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from support.workshop import TODAY, Workshop, blocks
from utbildningsdata.errors import NotFound, OperationError
from utbildningsdata.services.neighbours import Documents
from utbildningsdata.services.revisions import history, info, not_whole, rollback
from utbildningsdata.store import changelog
from utbildningsdata.store.ports import SourceFile
from utbildningsdata.validation.report import Finding


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    workshop = Workshop(tmp_path)
    workshop.dataset("a", "Ett")
    workshop.load()
    workshop.dataset("a", "Två")
    workshop.dataset("b")
    workshop.load()
    return workshop


def lacking(
    sources: Sequence[SourceFile], documents: Documents, others: Documents, rule: str
) -> list[Finding]:
    """Find that every document lacks something mandatory."""
    return [
        Finding(severity="warning", messages={}, record=path, rule=rule, requirement="mandatory")
        for path in documents
    ]


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
    assert rollback(1, workshop.data, workshop.writer, blocks, today=TODAY) == 3
    changes = changelog.read(workshop.data.path / "changes", 3)
    assert [(change.path, change.operation) for change in changes] == [
        ("dataset/a", "updated"),
        ("dataset/b", "removed"),
    ]
    with workshop.data.revision(1) as first, workshop.data.current() as current:
        assert current.entry("dataset/a").titles == first.entry("dataset/a").titles
        assert current.about.message == "Rolled back to revision 1."
    workshop.verify()


def test_what_a_rollback_changes_is_modified_on_that_day_everywhere(workshop: Workshop) -> None:
    workshop.dataset("c")
    workshop.load()
    untouched = workshop.entry("dataset/c")
    workshop.dataset("a", "Tre")
    workshop.load()
    rollback(3, workshop.data, workshop.writer, blocks, today=date(2026, 12, 1))
    with workshop.data.current() as revision:
        entry = revision.entry("dataset/a")
        block = revision.block("dataset/a", "full.nt")
        assert b'"2026-12-01"' in revision.text("dataset/a")
        assert revision.entry("dataset/c") == untouched
    assert (entry.titles["sv"], entry.modified) == ("Två", "2026-12-01")
    assert block is not None
    assert entry.document.encode() in block.text()
    assert workshop.load().revision is None
    workshop.verify()


def test_a_rollback_leaves_the_earlier_version_that_feeds_hold(workshop: Workshop) -> None:
    incomplete = partial(lacking, rule="Dataset-publisher-advice")
    workshop.dataset("a", "Halv")
    workshop.load(examine=incomplete)
    workshop.dataset("a", "Hel igen")
    workshop.load()
    with workshop.data.revision(3) as revision:
        (entry,) = not_whole(revision)
        assert (entry.path, entry.lacks) == ("dataset/a", ("Dataset-publisher-advice",))
        whole = revision.block("dataset/a", "full.nt")
    rollback(3, workshop.data, workshop.writer, blocks, today=date(2026, 12, 1))
    with workshop.data.current() as current:
        assert current.entry("dataset/a").titles["sv"] == "Halv"
        assert current.block("dataset/a", "full.nt") == whole
    workshop.verify()


def test_rollback_to_what_is_there_publishes_nothing(workshop: Workshop) -> None:
    assert rollback(2, workshop.data, workshop.writer, blocks) == 2
    rollback(1, workshop.data, workshop.writer, blocks)
    assert rollback(1, workshop.data, workshop.writer, blocks) == 3


def test_rollback_to_a_revision_that_is_not_kept_is_refused(workshop: Workshop) -> None:
    for number in (0, 3):
        with pytest.raises(NotFound):
            rollback(number, workshop.data, workshop.writer, blocks)


def test_rollback_over_a_rebuild_for_another_base_is_refused(workshop: Workshop) -> None:
    moved = Workshop(workshop.root, "https://catalogue.example/skola/")
    moved.load(rebuild=True)
    with pytest.raises(OperationError, match="base"):
        rollback(1, moved.data, moved.writer, blocks)
