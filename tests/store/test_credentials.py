"""The file of tokens: private, whole, and changed by one process at a time."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from utbildningsdata.errors import OperationError
from utbildningsdata.model.token import Token
from utbildningsdata.store import locks
from utbildningsdata.store.credentials import TokenFile

TOKEN = Token(
    id="a1",
    name="Skolverket ✓",
    digest="0" * 64,
    scopes=("write:dataset", "write:need"),
    created=datetime(2026, 11, 24, 12, 30, 1, 5, tzinfo=UTC),
    expires=None,
    revoked=datetime(2026, 11, 25, tzinfo=UTC),
)


def test_tokens_come_back_as_they_were_written(tmp_path: Path) -> None:
    file = TokenFile(tmp_path / "deep/data")
    assert file.read() == ()
    file.change(lambda tokens: [*tokens, TOKEN])
    assert TokenFile(tmp_path / "deep/data").read() == (TOKEN,)


def test_only_the_owner_may_read_the_file_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        for _ in range(2):
            TokenFile(tmp_path).change(lambda tokens: [*tokens, TOKEN])
            assert (tmp_path / "tokens.json").stat().st_mode & 0o777 == 0o600
    finally:
        os.umask(before)


def test_processes_that_add_tokens_at_once_lose_none(tmp_path: Path) -> None:
    program = f"""
import dataclasses, pathlib
from tests_token import TOKEN
from utbildningsdata.store.credentials import TokenFile
for _ in range(5):
    TokenFile(pathlib.Path({str(tmp_path)!r})).change(lambda tokens: [*tokens, TOKEN])
"""
    module = tmp_path / "tests_token.py"
    module.write_text(Path(__file__).read_text())
    environ = os.environ | {"PYTHONPATH": str(tmp_path)}
    adding = [subprocess.Popen([sys.executable, "-c", program], env=environ) for _ in range(4)]
    assert [process.wait(60) for process in adding] == [0] * 4
    assert len(TokenFile(tmp_path).read()) == 20


def test_a_change_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    file = TokenFile(tmp_path)
    file.change(lambda tokens: [TOKEN])
    with pytest.raises(ZeroDivisionError):
        file.change(lambda tokens: [TOKEN] * (1 // 0))
    assert file.read() == (TOKEN,)
    file.change(lambda tokens: [])
    assert file.read() == ()


def test_whoever_waits_too_long_for_the_lock_is_told(tmp_path: Path) -> None:
    with (
        locks.writing(tmp_path / "tokens.lock"),
        pytest.raises(OperationError, match=r"tokens\.lock"),
    ):
        TokenFile(tmp_path, patience=0.1).change(lambda tokens: [TOKEN])


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"tokens": [{}]}', b'{"tokens": 1}', b"\xff"]
)
def test_a_damaged_file_is_named_and_lets_nobody_in(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "tokens.json").write_bytes(content)
    with pytest.raises(OperationError, match=r"tokens\.json is damaged"):
        TokenFile(tmp_path).read()


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(OperationError, match=r"tokens\.json cannot be written"):
        TokenFile(tmp_path / "data").change(lambda tokens: [TOKEN])
