"""Killed at any moment, a writer leaves the last published revision whole."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from support import loader
from support.workshop import Workshop
from utbildningsdata.errors import OperationError
from utbildningsdata.store import disk, layout, manifest, publishing

KILLS = int(os.environ.get("KILLS", "8"))


def files(folder: Path) -> set[str]:
    return {str(file.relative_to(folder)) for file in folder.rglob("*")}


def left_over(workshop: Workshop) -> set[str]:
    """Return what lies in the data folder without belonging to a kept revision."""
    path = workshop.data.path
    numbers = workshop.data.numbers()
    named = {
        name
        for number in numbers
        for name in manifest.manifest(workshop.data.folder(number)).values()
    }
    strangers = {f"objects/{f.name}" for f in (path / "objects").iterdir() if f.name not in named}
    strangers |= {
        f"revisions/{f.name}" for f in (path / "revisions").iterdir() if int(f.name) not in numbers
    }
    strangers |= {
        f"changes/{f.name}"
        for f in (path / "changes").iterdir()
        if not f.name.endswith(".json") or int(f.stem) > workshop.data.number()
    }
    return strangers | {f.name for f in path.glob(f"*{disk.UNFINISHED}")}


def environ() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(Path(loader.__file__).parents[1])}


def killed(workshop: Workshop, start: int, delay: float) -> int:
    """Run the loader, kill it ``delay`` seconds after its first answer; return its last answer."""
    with subprocess.Popen(
        [sys.executable, loader.__file__, str(workshop.root), str(start)],
        stdout=subprocess.PIPE,
        text=True,
        env=environ(),
    ) as process:
        assert process.stdout is not None
        answered = int(process.stdout.readline())
        threading.Timer(delay, process.kill).start()
        for line in process.stdout:
            answered = int(line)
        assert process.wait() == -9
    return answered


def test_a_killed_writer_leaves_the_last_revision_whole(tmp_path: Path) -> None:
    workshop = Workshop(tmp_path, keep=3)
    chance = random.Random(20261124)  # noqa: S311  # moments, not secrets
    for round_ in range(KILLS):
        answered = killed(workshop, round_ * 1000, chance.uniform(0, 0.15))
        current = workshop.data.number()
        assert current >= answered, "an answered revision was lost"
        workshop.verify()
    workshop.dataset("d0", "After it all")
    assert workshop.load().revision == current + 1
    assert left_over(workshop) == set()
    workshop.verify()


STEPS = [
    "packs.write",
    "oxigraph.change",
    "disk.sync_tree",
    "manifest.write",
    "changelog.append",
    "disk.link",
]
CRASH = """
import os, sys, importlib
from pathlib import Path
from support.workshop import Workshop
module_name, step = sys.argv[2].split(".")
module = importlib.import_module(f"utbildningsdata.store.{module_name}")
real = getattr(module, step)
def crash(*arguments, **named):
    if sys.argv[3] == "after":
        real(*arguments, **named)
    os._exit(9)
setattr(module, step, crash)
Workshop(Path(sys.argv[1])).load()
"""


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_crash_at_each_step_is_swept_away(tmp_path: Path, step: str, moment: str) -> None:
    workshop = Workshop(tmp_path)
    workshop.dataset("a", "Ett")
    workshop.load()
    workshop.dataset("a", "Två")
    crash = [sys.executable, "-c", CRASH, str(tmp_path), step, moment]
    assert subprocess.run(crash, env=environ(), check=False).returncode == 9
    published = step == "disk.link" and moment == "after"
    assert workshop.title("a") == ("Två" if published else "Ett")
    workshop.verify()
    workshop.dataset("a", "Två" if published else "Ett")
    assert workshop.load().revision is None
    assert left_over(workshop) <= {"current.unfinished"}
    workshop.dataset("a", "Tre")
    assert workshop.load().revision == (3 if published else 2)
    assert left_over(workshop) == set()
    workshop.verify()


def test_everything_is_synced_before_current_moves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workshop = Workshop(tmp_path)
    workshop.dataset("a")
    workshop.load()
    workshop.dataset("a", "Två")
    done: list[str] = []
    sync = os.fsync
    replace = Path.replace

    def note_sync(descriptor: int) -> None:
        done.append(str(Path(os.readlink(f"/proc/self/fd/{descriptor}"))))
        sync(descriptor)

    def note_replace(file: Path, target: Path) -> Path:
        done.append(f"{file.name} -> {target.name}")
        return replace(file, target)

    monkeypatch.setattr(os, "fsync", note_sync)
    monkeypatch.setattr(Path, "replace", note_replace)
    workshop.load()
    data = workshop.data.path
    folder = workshop.data.folder(2)
    moved = done.index(f"current{disk.UNFINISHED} -> current")
    before, after = done[:moved], done[moved + 1 :]
    kept = [folder, folder / "store", data / "objects", data / "changes", data / "revisions"]
    assert {str(path) for path in kept} <= set(before)
    stored = {str(file) for file in (folder / "store").iterdir()}
    assert {name for name in stored if name.endswith(".sst")} <= set(before)
    assert str(data) in after


def test_a_lost_link_is_named_with_its_cure_and_nothing_is_deleted(tmp_path: Path) -> None:
    workshop = Workshop(tmp_path)
    workshop.dataset("a")
    workshop.load()
    workshop.dataset("a", "Två")
    workshop.load()
    before = files(workshop.data.path / "revisions")
    link = workshop.data.path / layout.CURRENT
    link.unlink()
    with pytest.raises(OperationError, match="ln -s revisions/000002"):
        workshop.load()
    assert files(workshop.data.path / "revisions") == before
    link.symlink_to("revisions/000002")
    assert workshop.load().revision is None


def test_publishing_waits_its_turn(tmp_path: Path) -> None:
    workshop = Workshop(tmp_path)
    workshop.dataset("a")
    patient = publishing.Writer(workshop.data, 10, patience=10)

    def hold() -> None:
        with workshop.writer.alone():
            held.set()
            time.sleep(0.2)

    held = threading.Event()
    other = threading.Thread(target=hold)
    other.start()
    held.wait()
    with (
        pytest.raises(OperationError, match=r"writer\.lock"),
        publishing.Writer(workshop.data, 10, patience=0.05).alone(),
    ):
        pass
    with patient.alone():
        pass
    other.join()
