"""Load: files → complete documents → checked → a new revision.

Loading is idempotent: files that give what they gave before change nothing, and where no file
changed nothing is checked or published. One violation anywhere, and nothing is published.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime

from utbildningsdata.errors import Conflict, Invalid, Malformed
from utbildningsdata.rdf import ntriples
from utbildningsdata.services import publication
from utbildningsdata.services.publication import Making, fault
from utbildningsdata.services.reconcile import Draft, Reconciliation
from utbildningsdata.store.ports import Memory, Publisher, Revision, SourceFile
from utbildningsdata.validation.report import Finding

_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did: paths of records; ``revision`` is None where nothing was published."""

    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    revision: int | None = None


@dataclass(frozen=True, slots=True)
class Loading:
    """What a load works with.

    ``rules`` is the digest of all that documents go through but their files: shapes, settings and
    software. Where it is not the published revision's, every record is checked and made again.
    """

    publisher: Publisher
    making: Making
    memory: Memory
    rules: str


def load(
    sources: Sequence[SourceFile],
    loading: Loading,
    *,
    rebuild: bool = False,
    today: date | None = None,
) -> LoadReport:
    """Publish what files changed; with ``rebuild``, make every record again (for another base).

    Raises:
        Invalid: Some file violates the shapes or cannot be parsed; nothing was published.
        OperationError: The data folder cannot be read or written, or is of another base.
    """
    today = today or datetime.now(UTC).date()
    for _ in range(_ATTEMPTS - 1):
        with suppress(Conflict):
            return _attempt(sources, loading, rebuild, today)
    return _attempt(sources, loading, rebuild, today)


def _attempt(
    sources: Sequence[SourceFile], loading: Loading, rebuild: bool, today: date
) -> LoadReport:
    """Load once.

    Raises:
        Conflict: Somebody else published meanwhile.
    """
    with loading.publisher.parent(any_base=rebuild) as parent:
        return _Attempt(sources, loading, parent, rebuild, today).finish()


class _Attempt:
    """One attempt to load, from one revision to the next."""

    def __init__(
        self,
        sources: Sequence[SourceFile],
        loading: Loading,
        parent: Revision | None,
        rebuild: bool,
        today: date,
    ) -> None:
        self._loading = loading
        self._parent = parent
        self._sources = sources
        self._whole = rebuild or parent is None or parent.rules != loading.rules
        self._reconciliation = Reconciliation(
            parent, loading.making.deriving, today, whole=self._whole
        )
        self._given: dict[str, str] = {}
        self._conflicts: list[Conflict] = []
        self._faults: list[Finding] = []

    def finish(self) -> LoadReport:
        """Compare, check, publish."""
        drafts = self._drafts()
        report = self._report(drafts, self._published(drafts))
        self._loading.memory.write(self._given)
        return report

    def _published(self, drafts: Sequence[Draft]) -> int | None:
        """Publish the drafts as a revision, and return its number; None where there are none."""
        self._faults.extend(self._missing())
        if not drafts and not self._faults:
            return None
        judged = publication.judged(drafts, self._parent, self._loading.making, self._sources)
        findings = (*self._faults, *judged)
        if any(finding.violates for finding in findings):
            raise Invalid("The files have faults: nothing was published.", findings)
        return self._publish(drafts, findings)

    def _drafts(self) -> tuple[Draft, ...]:
        memory = self._loading.memory.read()
        drafts: list[Draft] = []
        for source in self._sources:
            key = self._key(source)
            try:
                draft, self._given[key] = self._reconciliation.draft(source, memory.get(key))
            except Conflict as conflict:
                self._conflicts.append(conflict)
            except Malformed as error:
                line = error.line or 1
                self._faults.append(
                    fault(source.path, source.file, error.message, error.sv, line=line)
                )
            else:
                if draft and (self._whole or _differs(draft)):
                    drafts.append(draft)
        drafts.extend(self._reconciliation.others({source.path for source in self._sources}))
        return tuple(drafts)

    def _key(self, source: SourceFile) -> str:
        context = f"{self._loading.rules} {self._loading.making.deriving} {source.path}\n"
        return ntriples.digest(context.encode() + source.content)

    def _missing(self) -> Iterator[Finding]:
        for entry in self._reconciliation.vanished({source.path for source in self._sources}):
            yield fault(
                entry.path,
                None,
                "The file is gone: bring it back, or put a tombstone (ud:Tombstone) in its place.",
                "Filen är borta: ta tillbaka den, eller lägg en gravsten (ud:Tombstone) där.",
            )

    def _publish(self, drafts: Sequence[Draft], findings: Sequence[Finding]) -> int:
        versions = publication.versions(drafts, self._parent, self._loading.making, findings)
        base = self._loading.making.deriving.base
        moved = self._parent is not None and self._parent.base != base
        changed = sum(1 for draft in drafts if draft.changed)
        return self._loading.publisher.publish(
            versions,
            parent=self._parent.number if self._parent else 0,
            message=f"Loaded {len(self._sources)} files; {changed} records changed.",
            agent="load",
            rules=self._loading.rules,
            anew=moved,
        )

    def _report(self, drafts: Sequence[Draft], number: int | None) -> LoadReport:
        operations = publication.operations(drafts)
        changed = {path for paths in operations.values() for path in paths}
        return LoadReport(
            **operations,
            unchanged=tuple(s.path for s in self._sources if s.path not in changed),
            conflicts=tuple(self._conflicts),
            revision=number,
        )


def _differs(draft: Draft) -> bool:
    before = draft.before
    was = (before.origin, before.loaded, before.edited) if before else None
    return draft.changed or was != (draft.origin, draft.loaded, draft.edited)
