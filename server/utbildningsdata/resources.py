"""Where the ontology, the shapes and the default catalogue lie: in the wheel or in the checkout."""

from __future__ import annotations

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
