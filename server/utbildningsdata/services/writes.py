"""Write records: a request → documents → derived and dated → checked → a new revision.

It is whole or nothing. A request is judged by what it changes, not by what it says: an update that
changes nothing needs no scope, and one that changes a record besides is refused for that record.
"""

from __future__ import annotations

import time
from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from rdflib import Graph, URIRef

from utbildningsdata.errors import Invalid, Malformed, OperationError
from utbildningsdata.model.derive import Deriving, dated, derive, tombstone
from utbildningsdata.model.record import FILE
from utbildningsdata.rdf import ntriples
from utbildningsdata.services import graphs, publication, writable
from utbildningsdata.services.publication import Making, fault
from utbildningsdata.services.reconcile import Draft
from utbildningsdata.services.timing import within
from utbildningsdata.store.ports import Publisher, Revision, Version
from utbildningsdata.store.writes.ports import Evaluator, Write, Written
from utbildningsdata.validation.report import Finding

API = "api"
"""The origin of a record that was first written here, not in a file."""

_SHOWN = 200  # findings of a refused write; more help nobody


@dataclass(frozen=True, slots=True)
class Writing:
    """What writing records works with.

    ``kinds`` are the folders that records lie in. ``deadline`` is how many seconds a write may
    take before it is published.
    """

    publisher: Publisher
    evaluator: Evaluator
    making: Making
    kinds: Container[str]
    deadline: float


def write(request: Write, writing: Writing, *, today: date | None = None) -> Written:
    """Carry out a request on records; see :class:`store.writes.ports.WriteEngine`.

    Raises:
        CatalogError: As ``WriteEngine.write`` says; nothing was changed.
    """
    day = today or datetime.now(UTC).date()
    until = time.monotonic() + writing.deadline
    return graphs.attempted(
        writing.publisher, lambda parent: _Attempt(request, writing, parent, day).finish(until)
    )


class _Attempt:
    """One attempt to write, from one revision to the next."""

    def __init__(
        self, request: Write, writing: Writing, parent: Revision | None, today: date
    ) -> None:
        if parent is None:
            raise OperationError(
                "Nothing is published yet: run 'utbildningsdata load'.",
                sv="Inget är publicerat ännu: kör 'utbildningsdata load'.",
            )
        self._request = request
        self._writing = writing
        self._parent = parent
        self._today = today
        self._base = writing.making.deriving.base
        self._places = writable.Places(self._base, writing.kinds)

    def finish(self, until: float) -> Written:
        """Evaluate, judge until a time of the monotonic clock, publish."""
        documents = self._documents()
        with within(until - time.monotonic(), self._writing.deadline):
            drafts = [
                draft
                for graph, document in documents.items()
                if (draft := self._draft(self._places.path(graph), document)) is not None
            ]
            writable.check_scopes(self._request.scopes, drafts)
            versions = self._versions(drafts) if drafts else []
        if not versions:
            return Written(self._parent.number, document=self._named())
        return self._publish(drafts, versions)

    def _documents(self) -> graphs.Documents:
        """Return the records' documents as the request makes them."""
        request, parent, place = self._request, self._parent, self._places.path
        if request.graph is not None:
            self._places.check([request.graph])
        graphs.check_conditions(request, parent, place)
        evaluator = self._writing.evaluator
        documents = graphs.documents(request, parent, evaluator, place, self._base.iri)
        writable.check_size(documents)  # first, for a fault each of very many graphs helps nobody
        self._places.check(documents)
        return documents

    def _draft(self, path: str, document: bytes | None) -> Draft | None:
        """Return what becomes of a record; None where it stays as it is.

        Raises:
            Invalid: The document cannot be a record's, or the record cannot be removed.
        """
        before = graphs.found(self._parent, path)
        record = URIRef(self._base.resolve(path))
        if document:
            gone = before is None or before.removed
            previous = None if gone else self._parent.document(path)
            derived = _derived(document, path, self._writing.making.deriving)
            graph = dated(derived, record, previous, self._today)
        elif before is None or before.removed:
            return None
        else:
            writable.check_removable(path)
            graph = tombstone(record, URIRef(before.thing), self._today)
        origin = before.origin if before else API
        draft = Draft(
            path,
            path.rpartition("/")[0],
            graph,
            ntriples.document(graph),
            before,
            origin=origin,
            loaded=before.loaded if before else "",
            edited=origin == FILE,
        )
        return draft if draft.changed else None

    def _versions(self, drafts: Sequence[Draft]) -> list[Version]:
        """Return what is to be published.

        Raises:
            Invalid: The drafts violate the shapes, or make others violate them.
        """
        making = self._writing.making
        findings = publication.judged(drafts, self._parent, making)
        if any(finding.violates for finding in findings):
            raise Invalid(
                "The records would violate the shapes: nothing was changed.",
                _gravest(findings),
                sv="Posterna skulle inte följa reglerna: inget ändrades.",
            )
        return publication.versions(drafts, self._parent, making, findings)

    def _publish(self, drafts: Sequence[Draft], versions: Sequence[Version]) -> Written:
        number = self._writing.publisher.publish(
            versions,
            parent=self._parent.number,
            message=_message(drafts),
            agent=self._request.agent,
            request=self._request.request,
        )
        iris = {
            name: tuple(self._base.resolve(path) for path in paths)
            for name, paths in publication.operations(drafts).items()
        }
        return Written(number, **iris, document=self._named(drafts))

    def _named(self, drafts: Sequence[Draft] = ()) -> str:
        """Return the digest of the document of the graph that the request names, if it does."""
        if self._request.graph is None:
            return ""
        if drafts:
            return ntriples.digest(drafts[0].document)
        entry = graphs.found(self._parent, self._places.path(self._request.graph))
        return entry.document if entry else ""


def _derived(document: bytes, path: str, rules: Deriving) -> Graph:
    try:
        graph = derive(ntriples.read(document), path, rules)
    except Malformed as error:
        finding = fault(path, None, error.message, error.sv)
        raise Invalid(error.message, [finding], sv=error.sv) from error
    writable.check_nesting(graph, path)
    return graph


def _gravest(findings: Sequence[Finding]) -> list[Finding]:
    """Return as many findings as a report has, violations first."""
    return sorted(findings, key=lambda finding: not finding.violates)[:_SHOWN]


def _message(drafts: Sequence[Draft]) -> str:
    """Return what a revision is about, in one line."""
    if len(drafts) == 1:
        return f"Changed {drafts[0].path}."
    return f"Changed {len(drafts)} records."
