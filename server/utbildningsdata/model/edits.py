"""Edits of record documents: what an update removed and added, applied so that the rest stays.

A store rewrites literals (``"01"^^xsd:integer`` becomes ``"1"^^xsd:integer``), a record document
keeps them. An edit comes from the store; applied to a document it removes by value, and leaves
every line that it does not touch exactly as it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GraphEdit:
    """What changed in one graph: lines of N-Triples as the store writes them.

    ``present`` tells whether the graph exists afterwards; an empty graph may (SPARQL 1.1 Update,
    section 3.2), but no record is empty.
    """

    removed: frozenset[str]
    added: frozenset[str]
    present: bool = True


Spelling = Mapping[str, str]
"""Literal as the store writes it → as the request wrote it (N-Triples)."""
