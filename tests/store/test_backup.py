"""A backup is taken while readers and writers go on, and only a whole one is restored."""

from __future__ import annotations

import shutil
import tarfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.workshop import Workshop
from utbildningsdata.errors import OperationError
from utbildningsdata.store import backup


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    folder = tmp_path / "first"
    folder.mkdir()
    workshop = Workshop(folder)
    for number in range(3):
        for slug in range(3):
            workshop.dataset(f"d{slug}", str(number))
        workshop.load()
    workshop.writer.tag("good", 1)
    return workshop


def elsewhere(tmp_path: Path) -> Workshop:
    folder = tmp_path / "second"
    folder.mkdir(exist_ok=True)
    return Workshop(folder)


def texts(workshop: Workshop) -> dict[str, bytes]:
    with workshop.data.current() as revision:
        return {path: revision.text(path) for path in revision.state()}


def test_a_restored_folder_is_what_was_saved(workshop: Workshop, tmp_path: Path) -> None:
    file = tmp_path / "backup.tar"
    with workshop.data.current(), workshop.writer.alone():
        assert backup.save(workshop.data, file) == 3
    other = elsewhere(tmp_path)
    assert backup.restore(other.writer, file) == 3
    assert texts(other) == texts(workshop)
    assert other.data.numbers() == [1, 3]
    assert other.data.tags() == {"good": 1}
    other.verify()
    other.catalog = workshop.catalog
    assert other.load().revision is None
    other.dataset("d0", "Efteråt")
    assert other.load().revision == 4
    other.verify()


def test_only_an_empty_folder_is_restored_into(workshop: Workshop, tmp_path: Path) -> None:
    file = tmp_path / "backup.tar"
    backup.save(workshop.data, file)
    with pytest.raises(OperationError, match="holds revision 3 already"):
        backup.restore(workshop.writer, file)


def test_nothing_to_save_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(OperationError, match="utbildningsdata load"):
        backup.save(elsewhere(tmp_path).data, tmp_path / "backup.tar")
    assert not (tmp_path / "backup.tar").exists()


def test_a_place_that_cannot_be_written_is_one_clear_line(
    workshop: Workshop, tmp_path: Path
) -> None:
    with pytest.raises(OperationError, match="cannot be written"):
        backup.save(workshop.data, tmp_path / "no such folder" / "backup.tar")


def test_what_is_no_backup_is_refused(tmp_path: Path) -> None:
    other = elsewhere(tmp_path)
    foreign = tmp_path / "foreign.tar"
    with tarfile.open(foreign, "w") as archive:
        archive.add(other.catalog, "../../etc/passwd")
    text = tmp_path / "text.tar"
    text.write_text("not an archive")
    for file in (foreign, text):
        with pytest.raises(OperationError, match="is not a backup"):
            backup.restore(other.writer, file)
    with pytest.raises(OperationError, match="There is no file"):
        backup.restore(other.writer, tmp_path / "none.tar")
    assert other.data.numbers() == ()


def test_a_tag_that_would_be_another_file_is_refused(workshop: Workshop, tmp_path: Path) -> None:
    tags, file, other = workshop.data.path / "tags", tmp_path / "backup.tar", elsewhere(tmp_path)
    (tags / "left.unfinished").symlink_to("../revisions/000001")
    backup.save(workshop.data, file)
    assert backup.restore(other.writer, file) == 3
    assert other.data.tags() == {"good": 1}
    shutil.rmtree(other.data.path)
    (tags / ".hidden").symlink_to("../revisions/000001")
    backup.save(workshop.data, file)
    with pytest.raises(OperationError, match="the tag"):
        backup.restore(other.writer, file)
    assert other.data.numbers() == ()


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(place=st.floats(0, 1), cut=st.booleans())
def test_a_damaged_backup_is_refused_or_restores_exactly(
    workshop: Workshop, tmp_path: Path, place: float, cut: bool
) -> None:
    file = tmp_path / "backup.tar"
    backup.save(workshop.data, file)
    content = bytearray(file.read_bytes())
    at = min(int(place * len(content)), len(content) - 1)
    if cut:
        content = content[:at]
    else:
        content[at] ^= 0xFF
    file.write_bytes(content)
    folder = tmp_path / "third"
    folder.mkdir(exist_ok=True)
    other = Workshop(folder)
    try:
        backup.restore(other.writer, file)
    except OperationError:
        assert other.data.number() == 0
        assert not (other.data.path / "restoring").exists()
    else:  # padding was hit, which is no part of the content
        assert texts(other) == texts(workshop)
        other.verify()
        shutil.rmtree(other.data.path)
