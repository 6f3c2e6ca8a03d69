"""Export: published records back into files, in canonical Turtle, for review in git."""

from __future__ import annotations

from collections.abc import Callable

from utbildningsdata.model.derive import Deriving, underived
from utbildningsdata.rdf import turtle
from utbildningsdata.store.ports import Revision

Write = Callable[[str, bytes], bool]
"""Writes the file of the record at a path, and tells whether that changed the file."""


def export(revision: Revision, deriving: Deriving, write: Write) -> list[str]:
    """Write every record's file, and return the paths of those that differ from what was there.

    A file says what an editor would write: what is derived at load is left out, and IRIs of the
    catalogue are relative, so that the files hold under any base. Loading them changes nothing.

    Raises:
        OperationError: A file cannot be written.
    """
    return [path for path in revision.state() if write(path, file(revision, deriving, path))]


def file(revision: Revision, deriving: Deriving, path: str) -> bytes:
    """Return the content of a record's file.

    Raises:
        NotFound: There is no such record.
    """
    graph = underived(revision.document(path), path, deriving)
    return turtle.write(graph, revision.base.iri).encode()
