"""Wiring: the one place that names concrete adapters and gives them to services."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache, partial
from itertools import chain
from pathlib import Path

from utbildningsdata.errors import OperationError
from utbildningsdata.model.derive import Deriving
from utbildningsdata.model.profile import Profile
from utbildningsdata.model.record import Entry
from utbildningsdata.rdf import ntriples
from utbildningsdata.rdf.graphs import graph_of
from utbildningsdata.rdf.iris import Base
from utbildningsdata.rdf.namespaces import CODE_LISTS, CONCEPT, PREFIXES
from utbildningsdata.resources import folder, software
from utbildningsdata.services import check, feed, plain, writes
from utbildningsdata.services import export as exporting
from utbildningsdata.services import load as loading
from utbildningsdata.services import revisions as keeping
from utbildningsdata.services.neighbours import Documents
from utbildningsdata.services.publication import Making
from utbildningsdata.settings import Settings
from utbildningsdata.store import backup, files
from utbildningsdata.store.credentials import TokenFile
from utbildningsdata.store.memory import FileMemory
from utbildningsdata.store.ports import Credentials, QueryEngine, Revisions, SourceFile
from utbildningsdata.store.publishing import Writer
from utbildningsdata.store.queries.client import BrokerClient
from utbildningsdata.store.revisions import DataFolder
from utbildningsdata.store.writes.client import WriteClient
from utbildningsdata.store.writes.evaluator import EvaluationProcess
from utbildningsdata.store.writes.ports import Write, WriteEngine, Written
from utbildningsdata.validation.report import Finding
from utbildningsdata.validation.shapes import Shapes


@dataclass(frozen=True, slots=True)
class Services:
    """What the web works with."""

    settings: Settings
    revisions: Revisions
    engine: QueryEngine
    profile: Profile
    credentials: Credentials
    writes: WriteEngine
    prefixes: Mapping[str, str]
    """Name → namespace of the prefixes that a query need not declare."""


def services(settings: Settings) -> Services:
    """Wire what a web process needs: it reads revisions and asks the broker."""
    return Services(
        settings=settings,
        revisions=data_folder(settings),
        engine=BrokerClient(settings, _prefixes()),
        profile=profile(),
        credentials=credentials(settings),
        writes=WriteClient(settings, lambda fields: Finding(**fields)),
        prefixes=_prefixes(),
    )


@cache
def profile() -> Profile:
    """Return the application profile, read from the shapes once."""
    return Profile.load(folder("shapes"))


def data_folder(settings: Settings) -> DataFolder:
    """Return the published revisions of the settings' data folder."""
    return DataFolder(settings.data, Base(settings.base), plain=settings.plain)


def writer(settings: Settings) -> Writer:
    """Return the writer of the settings' data folder."""
    return Writer(data_folder(settings), settings.keep)


def credentials(settings: Settings) -> TokenFile:
    """Return the tokens of those who may write into the settings' data folder."""
    return TokenFile(settings.data)


def sources(settings: Settings) -> list[SourceFile]:
    """Read the files of all records: the settings' catalogue, and the ontology."""
    return files.sources(settings.catalog, folder("ontology"))


def deriving(settings: Settings) -> Deriving:
    """Return what deriving takes from the settings."""
    kinds = profile().kinds.items()
    memberships = {name: kind.membership for name, kind in kinds if kind.membership}
    return Deriving(Base(settings.base), memberships, settings.publisher, settings.contact)


def check_files(settings: Settings) -> list[Finding]:
    """Check all files against the shapes; nothing is published."""
    read = sources(settings)
    documents, unreadable = check.parse(read, deriving(settings))
    return [*unreadable, *_examine(read, documents, {})]


def load(settings: Settings, *, rebuild: bool = False) -> loading.LoadReport:
    """Publish what is new or changed in the files; see :func:`services.load.load`.

    A plain store has no files: there, it is made sure that something is published.
    """
    if settings.plain:
        return loading.LoadReport(revision=plain.begin(writer(settings)))
    work = loading.Loading(
        publisher=writer(settings),
        making=_making(settings),
        memory=FileMemory(settings.data / "files.json"),
        rules=_rules(settings),
    )
    return loading.load(sources(settings), work, rebuild=rebuild)


@contextmanager
def writing(settings: Settings) -> Iterator[Callable[[Write], Written]]:
    """Give what carries out writes, for the one process that does; see ``WriteEngine``."""
    with closing(EvaluationProcess(settings, _prefixes())) as evaluator:
        if settings.plain:
            graphs = plain.PlainWriting(writer(settings), evaluator, settings.base)
            yield partial(plain.write, writing=graphs)
        else:
            kinds = profile().kinds
            records = writes.Writing(
                writer(settings), evaluator, _making(settings), kinds, settings.deadline
            )
            yield partial(writes.write, writing=records)


def export(settings: Settings, target: Path) -> list[str]:
    """Write the published records into ``target``; return the paths of those that differed."""
    _check_records(settings)
    with data_folder(settings).current() as revision:
        return exporting.export(revision, deriving(settings), partial(files.write, target))


def history(settings: Settings) -> list[keeping.Row]:
    """Return the revisions that are kept, the newest first."""
    return keeping.history(data_folder(settings))


def info(settings: Settings) -> Mapping[str, object]:
    """Return what is published, and where: name → value."""
    with data_folder(settings).current() as revision:
        return {"data": settings.data.resolve(), **keeping.info(revision)}


def not_whole(settings: Settings) -> Sequence[Entry]:
    """Return the entries of the published records that rules keep out of feeds."""
    with data_folder(settings).current() as revision:
        return keeping.not_whole(revision)


def rollback(settings: Settings, number: int) -> int:
    """Publish what revision ``number`` held, and return the number of the new revision."""
    _check_records(settings)
    return keeping.rollback(number, data_folder(settings), writer(settings), feed.blocks)


def save(settings: Settings, file: Path) -> int:
    """Save what is published into ``file``, and return the number of the revision."""
    return backup.save(data_folder(settings), file)


def restore(settings: Settings, file: Path) -> int:
    """Restore a backup into an empty data folder, and return the number of the revision."""
    return backup.restore(writer(settings), file)


def _check_records(settings: Settings) -> None:
    if settings.plain:
        raise OperationError(
            "This is for a catalogue; a plain store (UTBILDNINGSDATA_SHAPES=none) has no records.",
            sv="Det här är för en katalog; en ren graflagring (UTBILDNINGSDATA_SHAPES=none) har "
            "inga poster.",
        )


def _prefixes() -> dict[str, str]:
    """Return the prefixes that queries may use: the field's, the code lists' and our schemes'."""
    schemes = (file.stem for file in sorted((folder("ontology") / "concepts").glob("*.ttl")))
    own = {scheme: f"{CONCEPT}{scheme}/" for scheme in schemes}
    return {**own, **CODE_LISTS, **PREFIXES}


def _examine(
    read: Sequence[SourceFile], documents: Documents, others: Documents
) -> Sequence[Finding]:
    background = graph_of(chain.from_iterable(others.values()))
    return check.examine(read, documents, _shapes(), background)


@cache
def _shapes() -> Shapes:
    return Shapes.load(folder("shapes"))


def _making(settings: Settings) -> Making:
    fed = {name for name, kind in profile().kinds.items() if kind.in_feeds}
    return Making(deriving(settings), _examine, feed.blocks, fed)


def _rules(settings: Settings) -> str:
    """Return the digest of what documents and blocks are made by, beside files."""
    return ntriples.digest(f"{software('.py')} {deriving(settings)}".encode())
