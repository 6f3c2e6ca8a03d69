"""An answer is kept whole, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from utbildningsdata.store.queries.spool import IN_MEMORY, Spool, TooMuch


def test_a_small_answer_stays_in_memory(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "answer", 1000)
    spool.write(b"ab")
    spool.write(b"c")
    assert (spool.finish(), spool.length) == ((None, b"abc"), 3)
    assert list(tmp_path.iterdir()) == []


def test_a_large_answer_goes_to_its_file_from_the_first_byte(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "answer", 2 * IN_MEMORY)
    for _ in range(3):
        spool.write(b"x" * (IN_MEMORY // 2))
    assert spool.finish() == (tmp_path / "answer", b"")
    assert (tmp_path / "answer").read_bytes() == b"x" * spool.length


@pytest.mark.parametrize("cap", [10, IN_MEMORY + 10])
def test_over_the_cap_nothing_remains(tmp_path: Path, cap: int) -> None:
    spool = Spool(tmp_path / "answer", cap)
    spool.write(b"x" * cap)
    with pytest.raises(TooMuch):
        spool.write(b"x")
    assert list(tmp_path.iterdir()) == []
