"""What a revision says of itself, and which packs hold its records."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from utbildningsdata.store import disk
from utbildningsdata.store.packs import damaged

_ABOUT = "revision.json"
_MANIFEST = "manifest"


@dataclass(frozen=True, slots=True)
class About:
    """What ``revision.json`` says.

    ``published`` is in UTC. ``parent`` is the number of the revision before it, 0 for the first.
    ``records`` and ``removed`` count all records and those of them that are tombstones. ``plain``
    tells whether it is of a plain store, which has graphs instead of records.
    """

    number: int
    base: str
    published: datetime
    agent: str
    message: str
    parent: int
    records: int
    removed: int
    rules: str
    plain: bool = False


Manifest = Mapping[str, str]
"""Bucket → the name of its pack, in the order of buckets."""


def write(folder: Path, about: About, manifest: Manifest) -> None:
    """Write both files into the folder of a revision."""
    fields = dataclasses.asdict(about) | {"published": about.published.isoformat()}
    disk.write(folder / _ABOUT, json.dumps(fields, indent=1, ensure_ascii=False).encode() + b"\n")
    disk.write(folder / _MANIFEST, json.dumps(dict(sorted(manifest.items()))).encode() + b"\n")


def about(folder: Path) -> About:
    """Read what a revision says of itself.

    Raises:
        OperationError: The file is missing or damaged.
    """
    file = folder / _ABOUT
    try:
        fields = json.loads(file.read_bytes())
        return About(**{**fields, "published": datetime.fromisoformat(fields["published"])})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise damaged(file) from error


def manifest(folder: Path) -> Manifest:
    """Read which packs a revision has.

    Raises:
        OperationError: The file is missing or damaged.
    """
    file = folder / _MANIFEST
    try:
        return {str(name): str(pack) for name, pack in json.loads(file.read_bytes()).items()}
    except (OSError, ValueError, AttributeError) as error:
        raise damaged(file) from error
