"""A plain store: any graphs, kept as they are sent; no records, nothing derived or checked.

The path of a graph is its IRI, and that of the default graph is empty. The rest is as it is for
records: documents with the spelling that was sent, one revision for each write, one activity.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from utbildningsdata.errors import Forbidden, OperationError
from utbildningsdata.model import edits
from utbildningsdata.model.changes import between
from utbildningsdata.model.record import Entry
from utbildningsdata.model.token import covers
from utbildningsdata.rdf import ntriples
from utbildningsdata.services import graphs
from utbildningsdata.store.ports import DOCUMENT, Block, Publisher, Revision, Version
from utbildningsdata.store.writes.ports import DEFAULT, Evaluator, Write, Written

ORIGIN = "api"
"""The origin of every graph."""


@dataclass(frozen=True, slots=True)
class PlainWriting:
    """What writing into a plain store works with; ``base`` is for relative IRIs."""

    publisher: Publisher
    evaluator: Evaluator
    base: str


def begin(publisher: Publisher) -> int | None:
    """Publish a first revision without any graph; None where there is a revision already.

    Raises:
        OperationError: The data folder holds records, or cannot be read or written.
    """
    with publisher.parent() as parent:
        if parent is not None:
            return None
    return publisher.publish([], parent=0, message="An empty plain store.", agent="load")


def write(request: Write, writing: PlainWriting) -> Written:
    """Carry out a request on graphs; see :class:`store.writes.ports.WriteEngine`.

    Raises:
        CatalogError: As ``WriteEngine.write`` says; nothing was changed.
    """
    if not covers(request.scopes, ""):
        raise Forbidden(
            "Your token is for some kinds of record; a plain store has none.",
            sv="Din nyckel är för vissa sorters poster; en ren graflagring har inga.",
        )
    return graphs.attempted(writing.publisher, lambda parent: _written(request, writing, parent))


def _written(request: Write, writing: PlainWriting, parent: Revision | None) -> Written:
    if parent is None:
        raise OperationError(
            "Nothing is published yet: run 'utbildningsdata load'.",
            sv="Inget är publicerat ännu: kör 'utbildningsdata load'.",
        )
    graphs.check_conditions(request, parent, _place)
    base = request.graph or writing.base
    documents = graphs.documents(request, parent, writing.evaluator, _place, base)
    versions = [
        version
        for graph, document in documents.items()
        if (version := _version(graph, document, graphs.found(parent, graph))) is not None
    ]
    if not versions:
        return Written(parent.number, document=_digest(request, documents))
    number = writing.publisher.publish(
        versions,
        parent=parent.number,
        message=f"Changed {len(versions)} graphs.",
        agent=request.agent,
        request=request.request,
    )
    operations = _operations(versions, parent)
    return Written(number, **operations, document=_digest(request, documents))


def _place(graph: str) -> str:
    return graph


def _version(graph: str, document: bytes | None, before: Entry | None) -> Version | None:
    """Return the new version of a graph; None where it stays as it is."""
    gone = document is None and graph != DEFAULT
    content = _sorted(document or b"")
    digest = ntriples.digest(content)
    if before is None and (gone or (graph == DEFAULT and not content)):
        return None
    if before is not None and (before.document, before.removed) == (digest, gone):
        return None
    entry = Entry(
        path=graph,
        kind="",
        iri=graph,
        thing="",
        types=(),
        titles={},
        descriptions={},
        issued="",
        modified="",
        document=digest,
        origin=ORIGIN,
        removed=gone,
    )
    return Version(entry, {DOCUMENT: Block.of(content)})


def _sorted(document: bytes) -> bytes:
    """Return N-Triples as documents are: each line once, in order."""
    return "".join(f"{line}\n" for line in sorted(set(edits.lines(document)))).encode()


def _digest(request: Write, documents: graphs.Documents) -> str:
    if request.graph is None:
        return ""
    return ntriples.digest(_sorted(documents[request.graph] or b""))


def _operations(versions: list[Version], parent: Revision) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {"added": [], "updated": [], "removed": []}
    for version in versions:
        path = version.entry.path
        change = between(graphs.found(parent, path), version.entry)
        if change is not None:
            found[change.operation].append(path)
    return {name: tuple(paths) for name, paths in found.items()}
