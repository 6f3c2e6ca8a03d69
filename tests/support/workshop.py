"""A catalogue of a few records in files, and the data folder that it is loaded into."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from rdflib import Graph

from support.kinds import FED, MEMBERSHIPS
from utbildningsdata.model.derive import Deriving
from utbildningsdata.model.record import Entry
from utbildningsdata.rdf.iris import Base
from utbildningsdata.services.load import Loading, LoadReport, load
from utbildningsdata.services.neighbours import Documents
from utbildningsdata.services.publication import Examine, Making
from utbildningsdata.store.files import sources
from utbildningsdata.store.memory import FileMemory
from utbildningsdata.store.ports import SourceFile
from utbildningsdata.store.publishing import Writer
from utbildningsdata.store.revisions import DataFolder
from utbildningsdata.store.verification import verify
from utbildningsdata.validation.report import Finding

BASE = "https://catalogue.example/"
TODAY = date(2026, 11, 24)

_PREFIXES = """\
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix ud: <https://w3id.org/utbildningsdata/ns/> .
@prefix vcard: <http://www.w3.org/2006/vcard/ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def content(
    sources: Sequence[SourceFile], documents: Documents, others: Documents
) -> list[Finding]:
    """Find nothing wrong."""
    return []


def blocks(entry: Entry, graph: Graph) -> Mapping[str, bytes]:
    """Render one small block that tells versions apart."""
    return {"full.nt": f"{entry.path} {entry.document}\n".encode()}


class Workshop:
    """Folders for files and data under ``root``, and the verbs that tests use."""

    def __init__(self, root: Path, base: str = BASE, *, keep: int = 10) -> None:
        self.root = root
        self.catalog = root / "catalog"
        self.ontology = root / "ontology"
        self.catalog.mkdir(exist_ok=True)
        self.ontology.mkdir(exist_ok=True)
        self.base = Base(base)
        self.data = DataFolder(root / "data", self.base)
        self.writer = Writer(self.data, keep, patience=0.2)

    def write(self, path: str, turtle: str) -> Path:
        """Write a file of ``catalog/``; the prefixes are put before ``turtle``."""
        file = self.catalog / f"{path}.ttl"
        file.parent.mkdir(exist_ok=True)
        file.write_text(_PREFIXES + turtle, encoding="utf-8")
        return file

    def dataset(self, slug: str, title: str = "Skolor", more: str = "") -> Path:
        """Write the file of a dataset; ``more`` are triples of the thing, ended by ';'."""
        return self.write(
            f"dataset/{slug}",
            f"<dataset/{slug}> foaf:primaryTopic <id/dataset/{slug}> ; "
            f'dcterms:issued "2026-01-01"^^xsd:date ; dcterms:modified "2026-01-01"^^xsd:date .\n'
            f'<id/dataset/{slug}> a dcat:Dataset ; {more} dcterms:title "{title}"@sv .\n',
        )

    def tombstone(self, path: str, replaced_by: str = "") -> Path:
        """Replace a record's file by a tombstone."""
        successor = f"dcterms:isReplacedBy <{replaced_by}> ; " if replaced_by else ""
        return self.write(
            path,
            f"<{path}> a ud:Tombstone ; {successor} foaf:primaryTopic <id/{path}> ; "
            'dcterms:modified "2026-11-24"^^xsd:date .\n',
        )

    def load(
        self,
        *,
        today: date = TODAY,
        rules: str = "rules",
        rebuild: bool = False,
        examine: Examine = content,
        publisher: str = "",
        contact: str = "",
    ) -> LoadReport:
        """Load all files."""
        loading = Loading(
            publisher=self.writer,
            making=Making(
                Deriving(self.base, MEMBERSHIPS, publisher, contact), examine, blocks, FED
            ),
            memory=FileMemory(self.data.path / "files.json"),
            rules=rules,
        )
        files = sources(self.catalog, self.ontology)
        return load(files, loading, rebuild=rebuild, today=today)

    def document(self, path: str) -> Graph:
        """Return the current document of a record."""
        with self.data.current() as revision:
            return revision.document(path)

    def entry(self, path: str) -> Entry:
        """Return the current entry of a record."""
        with self.data.current() as revision:
            return revision.entry(path)

    def title(self, slug: str) -> str:
        """Return the current Swedish title of a dataset."""
        return self.entry(f"dataset/{slug}").titles["sv"]

    def verify(self) -> None:
        """Check every kept revision."""
        for number in self.data.numbers():
            verify(self.data, number)
