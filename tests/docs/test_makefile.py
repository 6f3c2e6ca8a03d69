"""What a fresh machine lacks is said in one line that names it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def make(folder: Path, python: str) -> subprocess.CompletedProcess[str]:
    """Run ``make serve`` in a folder with nothing installed, with a Python that lacks something."""
    for name in ("Makefile", "pyproject.toml", "uv.lock"):
        shutil.copy(ROOT / name, folder)
    fake = folder / "python"
    fake.write_text(f"#!/bin/sh\n{python}\n")
    fake.chmod(0o755)
    return subprocess.run(
        ["make", "serve", f"PYTHON={fake}"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("python", "named"),
    [
        (
            f'case "$2" in *ensurepip*) exit 1;; *) exec {sys.executable} "$@";; esac',
            "python3-venv",
        ),
        ("exit 1", "Python 3.11"),
        ("exit 127", "Python 3.11"),
    ],
)
def test_what_is_missing_is_named_in_one_line(tmp_path: Path, python: str, named: str) -> None:
    done = make(tmp_path, python)
    assert done.returncode != 0
    said = [line for line in done.stderr.splitlines() if not line.startswith("make")]
    assert len(said) == 1
    assert named in said[0]
    assert not (tmp_path / ".venv").exists()
