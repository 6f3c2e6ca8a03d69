"""IRIs of the catalogue: the one place that computes them from paths and paths from them.

A *path* is what follows the base, without a leading slash: ``dataset/x`` is a record,
``id/dataset/x`` the thing it describes, ``id/dataset/x/csv`` a part of the thing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

CATALOGUE_RECORD = "catalogue"
CATALOGUE = "id/catalog"
ONTOLOGY_RECORD = "ns"
CONCEPT_FOLDER = "concept"

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\Z")
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]*\Z")


def is_slug(text: str) -> bool:
    """Tell whether ``text`` can be the last segment of a record's path.

    >>> is_slug("skolverket-salsa"), is_slug("Å"), is_slug("../x")
    (True, False, False)
    """
    return bool(_SLUG.match(text))


def is_iri(text: str) -> bool:
    """Tell whether ``text`` is an absolute IRI without characters that RFC 3987 forbids.

    >>> is_iri("https://example.org/å"), is_iri("dataset/x"), is_iri("urn:a b")
    (True, False, False)
    """
    return bool(_IRI.match(text))


@dataclass(frozen=True, slots=True)
class Base:
    """The base IRI of a catalogue, which ends with a slash and may have a path."""

    iri: str

    @property
    def root(self) -> str:
        """The path of the base on its host, with slashes at both ends.

        >>> Base("https://catalogue.example/skola/").root
        '/skola/'
        """
        return urlsplit(self.iri).path

    def resolve(self, path: str) -> str:
        """Return the IRI of ``path``."""
        return self.iri + path

    def path(self, iri: str) -> str | None:
        """Return what follows the base in ``iri``, or None where the IRI is not under it.

        >>> Base("http://localhost:8000/").path("http://localhost:8000/dataset/x")
        'dataset/x'
        """
        return iri[len(self.iri) :] if iri.startswith(self.iri) else None

    def thing(self, record_path: str) -> str:
        """Return the IRI that this catalogue gives to what the record ``record_path`` describes."""
        if record_path == CATALOGUE_RECORD:
            return self.resolve(CATALOGUE)
        return self.resolve(f"id/{record_path}")
