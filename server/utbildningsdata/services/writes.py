"""Write records: a request → documents → derived and dated → checked → a new revision.

It is whole or nothing. A request is judged by what it changes, not by what it says: an update that
changes nothing needs no scope, and one that changes a record besides is refused for that record.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from rdflib import Graph, URIRef

from utbildningsdata.errors import Forbidden, Invalid, Malformed, OperationError
from utbildningsdata.model.derive import Deriving, dated, derive, tombstone
from utbildningsdata.model.record import FILE
from utbildningsdata.model.token import covers
from utbildningsdata.rdf import ntriples
from utbildningsdata.rdf.iris import CATALOGUE_RECORD, CONCEPT_FOLDER, ONTOLOGY_RECORD, is_slug
from utbildningsdata.services import graphs, publication
from utbildningsdata.services.publication import Making, fault
from utbildningsdata.services.reconcile import Draft
from utbildningsdata.store.ports import Publisher, Revision
from utbildningsdata.store.writes.ports import DEFAULT, Evaluator, Write, Written
from utbildningsdata.validation.report import Finding

API = "api"
"""The origin of a record that was first written here, not in a file."""

_SINGLE = (CATALOGUE_RECORD, ONTOLOGY_RECORD)


@dataclass(frozen=True, slots=True)
class Writing:
    """What writing records works with; ``kinds`` are the folders that records lie in."""

    publisher: Publisher
    evaluator: Evaluator
    making: Making
    kinds: Container[str]


def write(request: Write, writing: Writing, *, today: date | None = None) -> Written:
    """Carry out a request on records; see :class:`store.writes.ports.WriteEngine`.

    Raises:
        CatalogError: As ``WriteEngine.write`` says; nothing was changed.
    """
    day = today or datetime.now(UTC).date()
    return graphs.attempted(
        writing.publisher, lambda parent: _Attempt(request, writing, parent, day).finish()
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

    def finish(self) -> Written:
        """Evaluate, judge, publish."""
        request, parent = self._request, self._parent
        if request.graph is not None:
            self._check_places([request.graph])
        graphs.check_conditions(request, parent, self._place)
        documents = graphs.documents(
            request, parent, self._writing.evaluator, self._place, self._base.iri
        )
        self._check_places(documents)
        drafts = [
            draft
            for graph, document in documents.items()
            if (draft := self._draft(self._place(graph), document)) is not None
        ]
        if not drafts:
            return Written(parent.number, document=self._named())
        self._check_scopes(drafts)
        return self._publish(drafts)

    def _place(self, graph: str) -> str:
        """Return the path of a record; empty where the graph is not under the base."""
        return self._base.path(graph) or ""

    def _named(self, drafts: Sequence[Draft] = ()) -> str:
        """Return the digest of the document of the graph that the request names, if it does."""
        if self._request.graph is None:
            return ""
        if drafts:
            return ntriples.digest(drafts[0].document)
        entry = graphs.found(self._parent, self._place(self._request.graph))
        return entry.document if entry else ""

    def _check_places(self, named: Sequence[str] | graphs.Documents) -> None:
        """Refuse graphs that are no record.

        Raises:
            Malformed: The default graph, which holds nothing of its own here.
            Invalid: Any other graph.
        """
        if DEFAULT in named:
            raise Malformed(
                "The default graph is the union of all records, and cannot be changed: "
                "name a graph, with GRAPH, WITH or USING.",
                sv="Standardgrafen är alla poster tillsammans och kan inte ändras: "
                "ange en graf med GRAPH, WITH eller USING.",
            )
        faults = [
            self._no_record(graph) for graph in named if not self._is_record(self._place(graph))
        ]
        if faults:
            raise Invalid(
                "Only graphs of records can be changed: nothing was.",
                faults,
                sv="Bara posters grafer kan ändras: inget ändrades.",
            )

    def _is_record(self, path: str) -> bool:
        folder, _, slug = path.partition("/")
        known = folder == CONCEPT_FOLDER or folder in self._writing.kinds
        return path in _SINGLE or (known and is_slug(slug))

    def _no_record(self, graph: str) -> Finding:
        form = f"{self._base.iri}<kind>/<name>"
        return fault(
            graph,
            None,
            f"<{graph}> is not the graph of a record, which is {form} with a kind that there is "
            "and a name of a-z, 0-9 and hyphens.",
            f"<{graph}> är inte en posts graf, som är {form} med en sort som finns och ett namn "
            "av a–z, 0–9 och bindestreck.",
        )

    def _draft(self, path: str, document: bytes | None) -> Draft | None:
        """Return what becomes of a record; None where it stays as it is.

        Raises:
            Invalid: The document cannot be a record's, or the record cannot be removed.
        """
        before = graphs.found(self._parent, path)
        gone = before is None or before.removed
        record = URIRef(self._base.resolve(path))
        if document:
            previous = None if gone else self._parent.document(path)
            derived = _derived(document, path, self._writing.making.deriving)
            graph = dated(derived, record, previous, self._today)
        elif before is None or before.removed:
            return None
        else:
            _check_removable(path)
            graph = tombstone(record, URIRef(before.thing), self._today)
        origin = before.origin if before else API
        draft = Draft(
            path,
            path.partition("/")[0] if "/" in path else "",
            graph,
            ntriples.document(graph),
            before,
            origin=origin,
            loaded=before.loaded if before else "",
            edited=origin == FILE,
        )
        return draft if draft.changed else None

    def _check_scopes(self, drafts: Sequence[Draft]) -> None:
        scopes = self._request.scopes
        refused = sorted(draft.path for draft in drafts if not covers(scopes, draft.kind))
        if refused:
            named = ", ".join(f"'{path}'" for path in refused[:5])
            raise Forbidden(
                f"Your token does not cover what this would change: {named}. Nothing was changed.",
                sv=f"Din nyckel gäller inte för det som skulle ändras: {named}. Inget ändrades.",
            )

    def _publish(self, drafts: Sequence[Draft]) -> Written:
        making, request = self._writing.making, self._request
        findings = publication.judged(drafts, self._parent, making)
        if any(finding.violates for finding in findings):
            raise Invalid(
                "The records would violate the shapes: nothing was changed.",
                findings,
                sv="Posterna skulle inte följa reglerna: inget ändrades.",
            )
        operations = publication.operations(drafts)
        number = self._writing.publisher.publish(
            publication.versions(drafts, self._parent, making, findings),
            parent=self._parent.number,
            message=_message(drafts),
            agent=request.agent,
            request=request.request,
        )
        iris = {
            name: tuple(self._base.resolve(path) for path in paths)
            for name, paths in operations.items()
        }
        return Written(number, **iris, document=self._named(drafts))


def _derived(document: bytes, path: str, rules: Deriving) -> Graph:
    try:
        return derive(ntriples.read(document), path, rules)
    except Malformed as error:
        finding = fault(path, None, error.message, error.sv)
        raise Invalid(error.message, [finding], sv=error.sv) from error


def _check_removable(path: str) -> None:
    if path in _SINGLE:
        message = f"'{path}' cannot be removed: the catalogue would not be one without it."
        sv = f"'{path}' kan inte tas bort: utan den vore katalogen ingen katalog."
        raise Invalid(message, [fault(path, None, message, sv)], sv=sv)


def _message(drafts: Sequence[Draft]) -> str:
    """Return what a revision is about, in one line."""
    if len(drafts) == 1:
        return f"Changed {drafts[0].path}."
    return f"Changed {len(drafts)} records."
