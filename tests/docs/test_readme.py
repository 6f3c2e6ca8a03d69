"""Every command of the README works as it stands, on a served catalogue."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

README = (Path(__file__).parents[2] / "README.md").read_text()
SHELL = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
PYTHON = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def commands() -> list[str]:
    """Return the shell commands of the README, continued lines joined."""
    return [line for block in SHELL for line in block.replace("\\\n", " ").splitlines()]


@pytest.mark.skipif(shutil.which("curl") is None, reason="There is no curl on this machine.")
@pytest.mark.parametrize("command", commands())
def test_a_shell_command_of_the_readme_works(command: str, live: Any, tmp_path: Path) -> None:
    asked = command.replace("http://localhost:8000/", live.base)
    asked = asked.replace("curl ", "curl --fail --silent --show-error ", 1)
    done = subprocess.run(
        asked, shell=True, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    saved = re.search(r"-o (\S+)", command)
    answer = (tmp_path / saved[1]).read_text() if saved else done.stdout
    assert len(answer.splitlines()) > 1


@pytest.mark.skipif(shutil.which("curl") is None, reason="There is no curl on this machine.")
def test_the_second_harvest_with_an_etag_is_empty(live: Any, tmp_path: Path) -> None:
    (command,) = (line for line in commands() if "--etag-save" in line)
    asked = command.replace("http://localhost:8000/", live.base)
    asked = asked.replace("curl ", "curl --silent --write-out '%{http_code}' ", 1)
    codes = [
        subprocess.run(
            asked, shell=True, cwd=tmp_path, capture_output=True, text=True, check=True
        ).stdout
        for _ in range(2)
    ]
    assert codes == ["200", "304"]


@pytest.mark.parametrize("program", PYTHON)
def test_a_python_program_of_the_readme_works(program: str, live: Any) -> None:
    done = subprocess.run(
        [sys.executable, "-c", program.replace("http://localhost:8000/", live.base)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) > 5


def test_the_readme_shows_each_use() -> None:
    assert len(commands()) >= 5
    assert len(PYTHON) == 1
