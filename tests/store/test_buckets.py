"""Which bucket a record lies in follows from the set of paths, never from their history."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from utbildningsdata.store import buckets

PATHS = [f"dataset/d{number}" for number in range(2000)]


def grow(paths: list[str], steps: int) -> dict[str, dict[str, str]]:
    """Add paths in batches, as revisions do."""
    content: dict[str, dict[str, str]] = {"": {}}
    for start in range(0, len(paths), steps):
        groups = buckets.grouped(paths[start : start + steps], content)
        for name, members in groups.items():
            merged = content.pop(name) | dict.fromkeys(members, "")
            content.update(buckets.split(name, merged))
    return content


@given(st.permutations(PATHS[:500]), st.integers(1, 500))
def test_buckets_do_not_depend_on_history(paths: list[str], steps: int) -> None:
    assert grow(paths, steps) == grow(PATHS[:500], 500)


@given(st.integers(0, 2000))
def test_every_path_lies_in_one_bucket_of_at_most_the_limit(count: int) -> None:
    content = grow(PATHS[:count], 2000)
    assert sorted(path for members in content.values() for path in members) == sorted(PATHS[:count])
    assert all(len(members) <= buckets.LIMIT for members in content.values())
    for path in PATHS[:count]:
        assert path in content[buckets.bucket(path, content)]


def test_one_more_path_touches_one_bucket() -> None:
    before = grow(PATHS[:1000], 1000)
    after = grow(PATHS[:1001], 1001)
    gone = [name for name in before if after.get(name) != before[name]]
    assert len(gone) == 1


def test_the_hash_never_changes() -> None:
    assert buckets.bits("dataset/x").startswith("111110100000")
