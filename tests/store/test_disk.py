"""A full disk refuses the write in one clear line, loses nothing, and heals by itself."""

from __future__ import annotations

import resource
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from support.workshop import Workshop
from utbildningsdata.errors import OperationError


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a disk of three megabytes."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(tmp_path)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("only root may mount the small disk that this test fills")
    yield tmp_path
    subprocess.run(["umount", "--lazy", str(tmp_path)], check=True)


@contextmanager
def small_files() -> Iterator[None]:
    """Let no file grow over 2,000 bytes for a while: the nearest to a full disk without root.

    It ends before the test does: what reports the tests may write into a file too.
    """
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


def fill(folder: Path, *, left: int) -> Path:
    filler = folder / "filler"
    filler.write_bytes(bytes(shutil.disk_usage(folder).free - left))
    return filler


@pytest.mark.parametrize("left", [0, 4096, 16384, 65536, 131072])
def test_a_full_disk_loses_nothing_and_heals_when_there_is_room(
    small_disk: Path, tmp_path_factory: pytest.TempPathFactory, left: int
) -> None:
    workshop = Workshop(small_disk)
    workshop.catalog = tmp_path_factory.mktemp("catalog")
    workshop.dataset("a", "Ett")
    workshop.load()
    filler = fill(small_disk, left=left)
    workshop.dataset("a", "Två")
    for _ in range(2):
        with pytest.raises(OperationError, match="full: nothing was changed"):
            workshop.load()
        assert workshop.title("a") == "Ett"
        workshop.verify()
    filler.unlink()
    assert workshop.load().revision == 2
    assert workshop.title("a") == "Två"
    workshop.verify()


def test_a_first_load_on_a_full_disk_leaves_nothing(
    small_disk: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    workshop = Workshop(small_disk)
    workshop.catalog = tmp_path_factory.mktemp("catalog")
    workshop.dataset("a")
    filler = fill(small_disk, left=32768)
    with pytest.raises(OperationError, match="full: nothing was changed"):
        workshop.load()
    filler.unlink()
    assert workshop.load().revision == 1
    workshop.verify()


def test_a_limit_on_files_is_a_full_disk(tmp_path: Path) -> None:
    workshop = Workshop(tmp_path)
    workshop.dataset("a", "Ett")
    workshop.load()
    workshop.dataset("a", "Två " * 1000)
    with small_files(), pytest.raises(OperationError, match="nothing was changed"):
        workshop.load()
    assert workshop.title("a") == "Ett"


def test_a_data_folder_that_is_a_file_is_one_clear_line(tmp_path: Path) -> None:
    workshop = Workshop(tmp_path)
    workshop.data.path.write_text("not a folder")
    workshop.dataset("a")
    with pytest.raises(OperationError, match="data"):
        workshop.load()
    with pytest.raises(OperationError, match="data"), workshop.data.current():
        pass


@pytest.mark.parametrize("name", ["revision.json", "manifest", "store/CURRENT"])
def test_a_damaged_revision_is_one_clear_line(tmp_path: Path, name: str) -> None:
    workshop = Workshop(tmp_path)
    workshop.dataset("a")
    workshop.load()
    (workshop.data.folder(1) / name).write_text("?")
    with pytest.raises(OperationError, match="damaged"), workshop.data.current() as revision:
        revision.labels("https://catalogue.example/id/dataset/a")
    with pytest.raises(OperationError):
        workshop.verify()


def test_a_damaged_pack_is_found(tmp_path: Path) -> None:
    workshop = Workshop(tmp_path)
    workshop.dataset("a")
    workshop.load()
    (pack,) = (workshop.data.path / "objects").iterdir()
    content = bytearray(pack.read_bytes())
    content[-10] ^= 1
    pack.write_bytes(content)
    with pytest.raises(OperationError, match="damaged"):
        workshop.verify()
    pack.write_bytes(content[:100])
    with pytest.raises(OperationError, match="damaged"):
        workshop.entry("dataset/a")
