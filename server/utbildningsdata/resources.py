"""Where the ontology, the shapes and the default catalogue lie: in the wheel or in the checkout."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from utbildningsdata.errors import OperationError

_PACKAGE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """Return the folder ``ontology``, ``catalog`` or ``shapes``.

    An installed wheel carries them as package data; in a checkout they are the top-level folders.

    Raises:
        OperationError: The installation holds neither.
    """
    for candidate in (_PACKAGE / "_data" / name, _PACKAGE.parents[1] / name):
        if candidate.is_dir():
            return candidate
    raise OperationError(f"The installation has no folder '{name}': install utbildningsdata again.")


@cache
def software(*suffixes: str) -> str:
    """Return the digest of the program's files with these suffixes, and of the shapes.

    It tells whether what was made from the same content may have come out otherwise.
    """
    seen = hashlib.sha256()
    own = (file for file in _PACKAGE.rglob("*") if file.suffix in suffixes)
    for file in sorted([*own, *folder("shapes").glob("*.ttl")]):
        seen.update(file.read_bytes())
    return seen.hexdigest()
