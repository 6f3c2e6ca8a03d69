"""Tokens as an operator makes, lists and revokes them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from utbildningsdata.services import tokens
from utbildningsdata.store.credentials import TokenFile

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Return what runs ``utbildningsdata token`` on an empty data folder."""

    def command(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "utbildningsdata", "token", *words],
            env=os.environ | {"UTBILDNINGSDATA_DATA": str(tmp_path / "data")},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    return command


def test_a_new_token_is_alone_on_standard_output(run: Run, tmp_path: Path) -> None:
    done = run("new", "Skolverket", "--scope", "write:dataset", "--scope", "write:need")
    text = done.stdout.removesuffix("\n")
    owner = tokens.owner(TokenFile(tmp_path / "data"), text)
    assert (owner.name, owner.scopes) == ("Skolverket", ("write:dataset", "write:need"))
    assert owner.id in done.stderr
    assert text not in done.stderr


def test_the_list_says_what_a_token_is_for_and_never_the_secret(run: Run) -> None:
    text = run("new", "Skolverket", "--expires", "0").stdout.strip()
    run("new", "Skolinspektionen", "--scope", "write:need", "--expires", "1")
    listed = run("list").stdout
    assert listed.split(None, 1)[0] in text
    assert "for ever" in listed.splitlines()[0]
    assert "write:need" in listed.splitlines()[1]
    assert text.split("_", 2)[2] not in listed


def test_a_revoked_token_is_listed_as_such(run: Run) -> None:
    token_id = run("new", "Skolverket").stdout.split("_")[1]
    assert "Skolverket" in run("revoke", token_id).stdout
    assert run("list").stdout.rstrip().endswith("revoked")


@pytest.mark.parametrize(
    "words", [("new", "x", "--scope", "write:nonsense"), ("new", ""), ("revoke", "0000000000")]
)
def test_what_cannot_be_done_is_said_in_one_line(run: Run, words: tuple[str, ...]) -> None:
    done = run(*words)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""
