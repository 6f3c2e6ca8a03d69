"""Buckets: records that lie together in one pack, by a hash of their path.

A bucket is named by the first bits of its records' hashes. Where more than :data:`LIMIT` records
share those bits, the bucket is split in two by the next bit. Which bucket a path lies in follows
from the set of paths alone, never from their history, and a split touches one bucket only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from typing import TypeVar

LIMIT = 100
"""The most records of one bucket."""

_BITS = 64
Value = TypeVar("Value")


def bits(path: str) -> str:
    """Return the hash of a record's path as 64 binary digits.

    >>> bits("dataset/x")[:8]
    '11111010'
    """
    head = hashlib.sha256(path.encode()).digest()[: _BITS // 8]
    return f"{int.from_bytes(head, 'big'):0{_BITS}b}"


def bucket(path: str, buckets: Collection[str]) -> str:
    """Return which of ``buckets`` the path lies in.

    Raises:
        KeyError: The buckets do not cover every path.
    """
    digits = bits(path)
    for length in range(_BITS + 1):
        if digits[:length] in buckets:
            return digits[:length]
    raise KeyError(path)


def grouped(paths: Iterable[str], buckets: Collection[str]) -> dict[str, list[str]]:
    """Return bucket → those of ``paths`` that lie in it."""
    groups: dict[str, list[str]] = {}
    for path in paths:
        groups.setdefault(bucket(path, buckets), []).append(path)
    return groups


def split(name: str, members: Mapping[str, Value]) -> dict[str, dict[str, Value]]:
    """Return the buckets that ``members`` of the bucket ``name`` make: itself, or its halves."""
    if len(members) <= LIMIT:
        return {name: dict(sorted(members.items()))}
    halves: dict[str, dict[str, Value]] = {"0": {}, "1": {}}
    for path, value in members.items():
        halves[bits(path)[len(name)]][path] = value
    return {
        part: content
        for digit, half in halves.items()
        for part, content in split(name + digit, half).items()
    }
