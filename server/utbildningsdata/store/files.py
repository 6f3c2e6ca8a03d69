"""Records as Turtle files in folders: which file is which record."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from utbildningsdata.errors import Malformed, OperationError
from utbildningsdata.rdf.iris import CATALOGUE_RECORD, CONCEPT_FOLDER, ONTOLOGY_RECORD, is_slug
from utbildningsdata.store import disk
from utbildningsdata.store.ports import SourceFile

_SUFFIX = ".ttl"
_ONTOLOGY = "utbildningsdata"
_CONCEPTS = "concepts"


def sources(catalog: Path, ontology: Path) -> list[SourceFile]:
    """Read every record's file, in the order of their paths.

    ``catalog`` holds ``catalog.ttl`` and a folder for each kind; of ``ontology`` only
    ``utbildningsdata.ttl`` and ``concepts/`` are records.

    Raises:
        OperationError: A folder or file cannot be read.
        Malformed: A file's name cannot be the last segment of a path.
    """
    try:
        return sorted([*_catalog(catalog), *_ontology(ontology)], key=lambda source: source.path)
    except OSError as error:
        raise OperationError(
            f"{error.filename} cannot be read ({error.strerror}).",
            sv=f"{error.filename} kan inte läsas ({error.strerror}).",
        ) from error


def write(folder: Path, path: str, content: bytes) -> bool:
    """Write the record at ``path`` into its place in ``folder``, and tell whether that changed it.

    ``folder`` has the two folders ``catalog`` and ``ontology``, as a checkout does.

    Raises:
        OperationError: The file cannot be written.
    """
    file = folder / _place(path)
    try:
        if file.exists() and file.read_bytes() == content:
            return False
        file.parent.mkdir(parents=True, exist_ok=True)
        disk.write(file, content)
    except OSError as error:
        raise OperationError(
            f"{file} cannot be written ({error.strerror}).",
            sv=f"{file} kan inte skrivas ({error.strerror}).",
        ) from error
    return True


def _place(path: str) -> str:
    if path == CATALOGUE_RECORD:
        return f"catalog/catalog{_SUFFIX}"
    if path == ONTOLOGY_RECORD:
        return f"ontology/{_ONTOLOGY}{_SUFFIX}"
    folder, slug = path.split("/")
    top = f"ontology/{_CONCEPTS}" if folder == CONCEPT_FOLDER else f"catalog/{folder}"
    return f"{top}/{slug}{_SUFFIX}"


def _catalog(folder: Path) -> Iterator[SourceFile]:
    for child in sorted(folder.iterdir()):
        if child.is_dir() and is_slug(child.name):
            for file in _turtle(child):
                yield _source(file, f"{child.name}/{file.stem}", child.name)
    whole = folder / "catalog.ttl"
    if whole.exists():
        yield _source(whole, CATALOGUE_RECORD, "")


def _ontology(folder: Path) -> Iterator[SourceFile]:
    terms = folder / f"{_ONTOLOGY}{_SUFFIX}"
    if terms.exists():
        yield _source(terms, ONTOLOGY_RECORD, "")
    concepts = folder / _CONCEPTS
    if concepts.is_dir():
        for file in _turtle(concepts):
            yield _source(file, f"{CONCEPT_FOLDER}/{file.stem}", CONCEPT_FOLDER)


def _turtle(folder: Path) -> list[Path]:
    hidden = (".", "_")
    return sorted(f for f in folder.glob(f"*{_SUFFIX}") if not f.name.startswith(hidden))


def _source(file: Path, path: str, kind: str) -> SourceFile:
    if not is_slug(file.stem):
        raise Malformed(
            f"{file}: a record's file is named with the letters a-z, digits and hyphens.",
            sv=f"{file}: en posts fil namnges med bokstäverna a–z, siffror och bindestreck.",
        )
    return SourceFile(file, path, kind, file.read_bytes())
