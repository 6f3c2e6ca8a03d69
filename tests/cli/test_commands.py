"""The commands as an operator types them, on a small catalogue, in processes of their own."""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

BASE = "https://catalogue.example/skola/"
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(tmp_path: Path, small: Path) -> Run:
    """Return what runs a command in an empty folder, with the small catalogue."""

    def command(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
        settings = {
            "UTBILDNINGSDATA_BASE": BASE,
            "UTBILDNINGSDATA_CATALOG": str(small),
            "UTBILDNINGSDATA_DATA": str(tmp_path / "data"),
        }
        return subprocess.run(
            [sys.executable, "-m", "utbildningsdata", *words],
            cwd=tmp_path,
            env=os.environ | settings | environ,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    return command


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    """Return the one line that a failed command said."""
    assert done.returncode == 1, done
    (line,) = done.stderr.splitlines()
    assert "Traceback" not in line
    return line


def test_a_second_load_changes_nothing(run: Run) -> None:
    assert "Published revision 1" in run("load").stdout
    again = run("load")
    assert again.returncode == 0
    assert "Nothing changed" in again.stdout
    assert len(run("revisions").stdout.splitlines()) == 1


def test_faulty_files_are_listed_with_lines_and_nothing_is_published(run: Run, small: Path) -> None:
    run("load")
    before = run("info").stdout
    broken = small / "dataset/betyg.ttl"
    broken.write_text(broken.read_text() + "\n<id/dataset/betyg> dcterms:title .\n")
    untitled = small / "dataset/skolor.ttl"
    text = untitled.read_text()
    untitled.write_text(text.replace("dcterms:title", "dcterms:alternative"))
    for command in ("check", "load"):
        done = run(command)
        assert done.returncode == 1
        line = broken.read_text().count("\n")
        assert f"catalog/dataset/betyg.ttl:{line}: error: " in done.stdout
        assert "catalog/dataset/skolor.ttl:" in done.stdout
        assert "dcterms:title" in done.stdout
        assert "Traceback" not in done.stderr
    assert run("info").stdout == before


def test_check_says_in_swedish_what_to_do(run: Run, small: Path) -> None:
    file = small / "dataset/skolor.ttl"
    file.write_text(file.read_text().replace("dcterms:title", "dcterms:alternative"))
    done = run("check", "--language", "sv", "--no-advice")
    assert done.returncode == 1
    assert ": fel: " in done.stdout
    assert "saknas" in done.stdout


def test_a_rollback_is_a_new_revision_that_load_leaves_alone(run: Run, small: Path) -> None:
    run("load")
    file = small / "dataset/betyg.ttl"
    text = file.read_text()
    file.write_text(text.replace('"@sv', ' (ny)"@sv', 1))
    assert "Published revision 2: 0 added, 1 updated" in run("load").stdout
    assert "Revision 3 holds what revision 1 held." in run("rollback", "1").stdout
    assert "Nothing changed" in run("load").stdout
    newest, *_ = run("revisions").stdout.splitlines()
    assert newest.startswith("*      3")


def test_a_backup_is_restored_into_an_empty_folder(run: Run, tmp_path: Path) -> None:
    run("load")
    assert "Saved revision 1" in run("backup", "kept.tar").stdout
    elsewhere = {"UTBILDNINGSDATA_DATA": str(tmp_path / "elsewhere")}
    assert run("restore", "kept.tar", **elsewhere).returncode == 0
    ours, theirs = run("info").stdout, run("info", **elsewhere).stdout
    assert ours.splitlines()[1:] == theirs.splitlines()[1:]
    assert "data" in one_line(run("restore", "kept.tar"))


def test_what_is_exported_and_loaded_again_changes_nothing(run: Run, tmp_path: Path) -> None:
    run("load")
    assert run("export", "--to", "out").returncode == 0
    assert (tmp_path / "out/catalog/dataset/betyg.ttl").exists()
    again = run("load", UTBILDNINGSDATA_CATALOG=str(tmp_path / "out/catalog"))
    assert "Nothing changed" in again.stdout


def test_a_tagged_revision_outlives_pruning(run: Run, small: Path) -> None:
    file = small / "dataset/betyg.ttl"
    for number in range(3):
        file.write_text(file.read_text().replace('"@sv', f' {number}"@sv', 1))
        run("load")
    assert "kept as 'first'" in run("tag", "1", "first").stdout
    assert "Deleted 1 revisions." in run("prune", "--keep", "1").stdout
    numbers = [
        line.split()[-1] if "[" in line else "" for line in run("revisions").stdout.splitlines()
    ]
    assert numbers == ["", "[first]"]


def test_nothing_published_is_said_with_the_command_that_helps(run: Run) -> None:
    assert "utbildningsdata load" in one_line(run("info"))


def test_another_base_is_refused_with_the_command_that_rebuilds(run: Run) -> None:
    run("load")
    other = {"UTBILDNINGSDATA_BASE": "https://other.example/"}
    for command in ("info", "load", "serve"):
        line = one_line(run(command, **other))
        assert "load --rebuild" in line
        assert BASE in line
    assert run("load", "--rebuild", **other).returncode == 0
    assert "https://other.example/" in run("info", **other).stdout


def test_a_second_writer_waits_and_then_says_who_is_in_the_way(run: Run, tmp_path: Path) -> None:
    run("load")
    with (tmp_path / "data/writer.lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert "writer.lock" in one_line(run("load", "--rebuild"))
    assert run("load", "--rebuild").returncode == 0


def test_a_data_folder_that_is_no_folder_is_one_clear_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("not a folder")
    for command in ("load", "serve", "info"):
        assert str(tmp_path / "data") in one_line(run(command))


def test_a_damaged_data_folder_is_one_clear_line(run: Run, tmp_path: Path) -> None:
    run("load")
    (pack,) = list((tmp_path / "data/objects").iterdir())[:1]
    pack.write_bytes(b"")
    shutil.rmtree(tmp_path / "data/revisions/000001/store")
    assert str(tmp_path / "data") in one_line(run("export", "--to", "out"))


def test_a_port_in_use_is_one_clear_line(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert f"Port {port}" in one_line(run("serve", "--port", port))


def test_a_catalogue_that_does_not_exist_is_one_clear_line(run: Run, tmp_path: Path) -> None:
    nowhere = str(tmp_path / "nowhere")
    assert nowhere in one_line(run("check", "--catalog", nowhere))


@pytest.mark.parametrize("words", [["serv"], ["load", "--colour"], ["rollback"], ["rollback", "x"]])
def test_a_command_that_is_written_wrongly_exits_with_two(run: Run, words: list[str]) -> None:
    assert run(*words).returncode == 2
