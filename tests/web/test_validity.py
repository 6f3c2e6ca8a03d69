"""Pages are valid HTML: judged by the Nu checker where it is at hand."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from flask.testing import FlaskClient

PAGES = [
    "/",
    "/dataset",
    "/dataset/skolor",
    "/dataset/fientlig",
    "/exemplar/ett",
    "/award/guld",
    "/organisation/skolverket",
    "/concept",
    "/concept/school-form",
    "/concept/school-form/GRS",
    "/ns",
    "/ns/Method",
    "/nowhere",
    "/dataset/borta",
    "/tillganglighet",
    "/sparql",
    "/sparql/reports",
    "/problem/timed-out",
    "/en/dataset/skolor",
]


def test_pages_are_valid_html(client: FlaskClient, tmp_path: Path) -> None:
    jar, java = os.environ.get("VNU_JAR"), shutil.which("java")
    if not jar or not java:
        pytest.skip("set VNU_JAR to the jar of npm's vnu-jar, and install java")
    for place, path in enumerate(PAGES):
        page = client.get(path, headers={"Accept": "text/html"})
        (tmp_path / f"{place:02}.html").write_bytes(page.data)
    command = [java, "-jar", jar, "--errors-only", str(tmp_path)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.stderr == ""
    assert result.returncode == 0
