"""What a request makes of graphs: their documents afterwards, and whether its conditions hold.

The same for a catalogue and for a plain store; what a document may say is for those to judge.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress

from utbildningsdata.errors import Conflict, NotFound, PreconditionFailed
from utbildningsdata.model import edits
from utbildningsdata.model.record import Entry
from utbildningsdata.store.ports import DOCUMENT, Publisher, Revision
from utbildningsdata.store.writes.ports import DEFAULT, Evaluator, Write, Written

_ATTEMPTS = 5

Place = Callable[[str], str]
"""Returns the path under which the document of a graph is kept."""

Documents = Mapping[str, bytes | None]
"""IRI of a graph → its document after the request, unsorted; None where the graph is gone."""


def attempted(publisher: Publisher, attempt: Callable[[Revision | None], Written]) -> Written:
    """Write on top of the current revision; begin again where somebody published meanwhile.

    Raises:
        Conflict: Somebody did so again and again.
        CatalogError: What ``attempt`` raises.
    """
    for _ in range(_ATTEMPTS - 1):
        with suppress(Conflict), publisher.parent() as parent:
            return attempt(parent)
    with publisher.parent() as parent:
        return attempt(parent)


def found(revision: Revision, path: str) -> Entry | None:
    """Return the entry at a path, removed ones too; None where there is and was none."""
    try:
        return revision.entry(path)
    except NotFound:
        return None


def document(revision: Revision, path: str) -> bytes:
    """Return the document at a path; nothing where there is none."""
    with suppress(NotFound):
        block = revision.block(path, DOCUMENT)
        return block.text() if block else b""
    return b""


def documents(
    write: Write, revision: Revision, evaluator: Evaluator, place: Place, base: str
) -> Documents:
    """Return the graphs that a request names or changes, with their documents afterwards.

    ``base`` is what relative IRIs in RDF documents are resolved against.

    Raises:
        NotFound: The graph to delete does not exist.
        Malformed, Refused, Unsupported, TimedOut, TooLarge: As the evaluator says.
    """
    if write.graph is None:
        return _updated(write, revision, evaluator, place)
    path = place(write.graph)
    entry = found(revision, path)
    exists = entry is not None and not entry.removed
    if write.operation == "delete":
        if not exists and write.graph != DEFAULT:
            raise NotFound(
                f"There is no graph <{write.graph}>.", sv=f"Grafen <{write.graph}> finns inte."
            )
        return {write.graph: None}
    sent = b"".join(evaluator.parse(part, base) for part in write.parts)
    if write.operation == "post" and exists:
        sent = edits.merged(document(revision, path), sent, evaluator.stored)
    return {write.graph: sent}


def check_conditions(write: Write, revision: Revision, place: Place) -> None:
    """Hold the request to its If-Match and If-None-Match (RFC 9110, section 13.1).

    Raises:
        PreconditionFailed: One of them does not hold.
    """
    tags: tuple[str, ...]
    if write.graph is None:
        exists, tags = True, (re.escape(f"revision-{revision.number}"),)
    else:
        entry = found(revision, place(write.graph))
        exists = write.graph == DEFAULT or (entry is not None and not entry.removed)
        page = f"{revision.number}-{revision.published.timestamp():.6f}-"
        tags = (f"{entry.document[:32]}.*", f"{re.escape(page)}.*") if entry else ()
    asked = write.if_match
    if asked is not None and not (exists and any(_matches(tag, tags) for tag in asked)):
        raise PreconditionFailed(
            "It has changed since you read it (If-Match): read it again, then make your change.",
            sv="Det har ändrats sedan du läste det (If-Match): läs om det och gör sedan din "
            "ändring.",
        )
    if write.if_none_match and exists:
        raise PreconditionFailed(
            "It exists already (If-None-Match).", sv="Det finns redan (If-None-Match)."
        )


def _matches(asked: str, tags: tuple[str, ...]) -> bool:
    """Tell whether a tag is one of those that regular expressions describe, or any at all."""
    return asked == "*" or any(re.fullmatch(tag, asked) for tag in tags)


def _updated(write: Write, revision: Revision, evaluator: Evaluator, place: Place) -> Documents:
    changes, spelling = evaluator.update(
        write.parts[0].content.decode(),
        revision.number,
        using_graphs=write.using_graphs,
        using_named_graphs=write.using_named_graphs,
    )
    after: dict[str, bytes | None] = {}
    for graph, edit in changes.items():
        before = document(revision, place(graph))
        text = edits.apply(before, edit, evaluator.stored, spelling)
        after[graph] = text if edit.present or graph == DEFAULT else None
    return after
