"""The commands of the documentation of the endpoint work as they stand, on a served catalogue."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from utbildningsdata.services.query import MAX_LENGTH
from utbildningsdata.settings import Settings

TEXT = (Path(__file__).parents[2] / "docs/api.md").read_text()
SECTION = re.findall(r"^## Query with SPARQL\n(.*?)^## ", TEXT, re.DOTALL | re.MULTILINE)[0]
COMMANDS = re.findall(r"```sh\n(.*?)```", SECTION, re.DOTALL)[0].splitlines()


@pytest.mark.skipif(shutil.which("curl") is None, reason="There is no curl on this machine.")
@pytest.mark.parametrize("command", COMMANDS)
def test_a_query_by_command_has_an_answer(command: str, live: Any) -> None:
    asked = command.replace("http://localhost:8000/", live.base)
    asked = asked.replace("curl ", "curl --fail --silent --show-error ", 1)
    done = subprocess.run(asked, shell=True, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout) > 100


def test_the_limits_that_are_told_are_the_defaults() -> None:
    defaults = Settings()
    for told in (
        f"{MAX_LENGTH:,} bytes",
        f"{defaults.deadline:g} seconds",
        f"{defaults.memory} MiB",
        f"{defaults.result} MiB",
        f"{defaults.share:g} seconds",
    ):
        assert told in SECTION
