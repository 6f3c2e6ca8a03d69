"""What is remembered for a revision."""

from __future__ import annotations

from pathlib import Path

from support.workshop import Workshop
from utbildningsdata.services.describe.memo import Memo


def test_a_value_is_made_once_for_each_revision(tmp_path: Path) -> None:
    shop = Workshop(tmp_path)
    shop.dataset("a")
    shop.load()
    memo: Memo[int] = Memo(4)
    made = []

    def value() -> int:
        made.append(1)
        return len(made)

    with shop.data.current() as revision:
        assert [memo.get(revision, "x", value) for _ in range(3)] == [1, 1, 1]
    shop.dataset("b")
    shop.load()
    with shop.data.current() as revision:
        assert memo.get(revision, "x", value) == 2


def test_the_oldest_goes_first(tmp_path: Path) -> None:
    shop = Workshop(tmp_path)
    shop.dataset("a")
    shop.load()
    memo: Memo[str] = Memo(2)
    with shop.data.current() as revision:
        for key in "abc":
            memo.get(revision, key, lambda key=key: key)  # type: ignore[misc]
        assert memo.get(revision, "c", lambda: "new") == "c"
        assert memo.get(revision, "a", lambda: "new") == "new"
