"""Load: files → complete documents → checked → a new revision.

Loading is idempotent: files that give what they gave before change nothing, and where no file
changed nothing is checked or published. One violation anywhere, and nothing is published.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from rdflib import Graph, URIRef

from utbildningsdata.errors import Conflict, Invalid, Malformed
from utbildningsdata.model import record
from utbildningsdata.model.derive import Deriving
from utbildningsdata.model.feed_profile import FULL, NATIONAL
from utbildningsdata.model.record import Entry
from utbildningsdata.rdf import ntriples
from utbildningsdata.rdf.iris import ONTOLOGY_RECORD
from utbildningsdata.rdf.namespaces import CONCEPT, UD
from utbildningsdata.services.reconcile import Draft, Reconciliation
from utbildningsdata.store.ports import (
    DOCUMENT,
    Block,
    Memory,
    Publisher,
    Revision,
    SourceFile,
    Version,
)
from utbildningsdata.validation.report import Finding

_ANSWERED = URIRef(f"{CONCEPT}national-membership/answered-for-here")
_ATTEMPTS = 5
_ALL = 1_000_000_000

Documents = Mapping[str, Graph]
"""Record documents by the path of their record."""

Examine = Callable[[Sequence[SourceFile], Documents, Documents], Sequence[Finding]]
"""Checks documents (the second) that came from files, knowing the documents they point to."""

Blocks = Callable[[Entry, Graph], Mapping[str, bytes]]
"""Renders the pieces of feeds that a record contributes (name → text)."""


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did: paths of records; ``revision`` is None where nothing was published."""

    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    findings: tuple[Finding, ...] = ()
    revision: int | None = None


@dataclass(frozen=True, slots=True)
class Loading:
    """What a load works with.

    ``fed`` are the kinds of record that feeds have. ``rules`` is the digest of all that documents
    go through but their files: shapes, settings and software. Where it is not the published
    revision's, every record is checked and made again.
    """

    publisher: Publisher
    deriving: Deriving
    memory: Memory
    examine: Examine
    blocks: Blocks
    fed: Container[str]
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
    for attempt in range(_ATTEMPTS):
        with loading.publisher.parent(any_base=rebuild) as parent:
            run = _Run(sources, loading, parent, rebuild, today)
            try:
                return run.finish()
            except Conflict:
                if attempt + 1 == _ATTEMPTS:
                    raise
    raise AssertionError("unreachable")


class _Run:
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
        self._reconciliation = Reconciliation(parent, loading.deriving, today, whole=self._whole)
        self._given: dict[str, str] = {}
        self._conflicts: list[Conflict] = []
        self._faults: list[Finding] = []

    def finish(self) -> LoadReport:
        """Compare, check, publish."""
        drafts = self._drafts()
        report = self._report(drafts, *self._published(drafts))
        self._loading.memory.write(self._given)
        return report

    def _published(self, drafts: Sequence[Draft]) -> tuple[Sequence[Finding], int | None]:
        self._faults.extend(self._missing())
        if not drafts and not self._faults:
            return (), None
        self._faults.extend(_twins(self._reconciliation.before, drafts, self._loading))
        findings = (*self._faults, *self._examined(drafts))
        if any(finding.violates for finding in findings):
            raise Invalid("The files have faults: nothing was published.", findings)
        return findings, self._publish(drafts, findings)

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
                    _fault(source.path, source.file, error.message, error.sv, line=line)
                )
            else:
                if draft and (self._whole or _differs(draft)):
                    drafts.append(draft)
        drafts.extend(self._reconciliation.others({source.path for source in self._sources}))
        return tuple(drafts)

    def _key(self, source: SourceFile) -> str:
        context = f"{self._loading.rules} {self._loading.deriving} {source.path}\n"
        return ntriples.digest(context.encode() + source.content)

    def _missing(self) -> Iterator[Finding]:
        for entry in self._reconciliation.vanished({source.path for source in self._sources}):
            yield _fault(
                entry.path,
                None,
                "The file is gone: bring it back, or put a tombstone (ud:Tombstone) in its place.",
                "Filen är borta: ta tillbaka den, eller lägg en gravsten (ud:Tombstone) där.",
            )

    def _examined(self, drafts: Sequence[Draft]) -> Sequence[Finding]:
        """Check what changed and what points to it, knowing what those point to."""
        judged = {draft.path: draft.graph for draft in drafts}
        known: dict[str, Graph] = {}
        if self._parent:
            near = _referrers(self._parent, drafts) - judged.keys()
            judged.update(_documents(self._parent, near))
            far = _referred(self._parent, judged.values()) | {ONTOLOGY_RECORD}
            known = _documents(self._parent, far - judged.keys())
        return self._loading.examine(self._sources, judged, known)

    def _publish(self, drafts: Sequence[Draft], findings: Sequence[Finding]) -> int:
        lacking = {f.record for f in findings if f.keeps_out_of_feeds}
        versions = [self._version(draft, draft.path not in lacking) for draft in drafts]
        moved = self._parent is not None and self._parent.base != self._loading.deriving.base
        changed = sum(1 for draft in drafts if draft.changed)
        return self._loading.publisher.publish(
            versions,
            parent=self._parent.number if self._parent else 0,
            message=f"Loaded {len(self._sources)} files; {changed} records changed.",
            agent="load",
            rules=self._loading.rules,
            anew=moved,
        )

    def _version(self, draft: Draft, complete: bool) -> Version:
        entry = record.describe(
            draft.graph,
            path=draft.path,
            kind=draft.kind,
            iri=self._loading.deriving.base.resolve(draft.path),
            document=ntriples.digest(draft.document),
            origin=draft.origin,
            loaded=draft.loaded,
            edited=draft.edited,
        )
        texts = {DOCUMENT: Block.of(draft.document)}
        before = draft.before
        if not complete and before and before.feeds and not entry.removed and self._parent:
            # A harvester deletes what is missing: feeds keep the last version that was whole.
            old = self._parent.version(draft.path).blocks
            return Version(replace(entry, feeds=before.feeds), {**old, **texts})
        if complete:
            entry = replace(entry, feeds=_feeds(draft, entry, self._loading.fed))
        pieces = self._loading.blocks(entry, draft.graph)
        return Version(entry, {**{n: Block.of(t) for n, t in pieces.items()}, **texts})

    def _report(
        self, drafts: Sequence[Draft], findings: Sequence[Finding], number: int | None
    ) -> LoadReport:
        kinds: dict[str, list[str]] = {"added": [], "updated": [], "removed": []}
        for draft in drafts:
            if draft.changed:
                kinds[_operation(draft)].append(draft.path)
        changed = {path for paths in kinds.values() for path in paths}
        return LoadReport(
            added=tuple(kinds["added"]),
            updated=tuple(kinds["updated"]),
            removed=tuple(kinds["removed"]),
            unchanged=tuple(s.path for s in self._sources if s.path not in changed),
            conflicts=tuple(self._conflicts),
            findings=tuple(findings),
            revision=number,
        )


def _referrers(revision: Revision, drafts: Sequence[Draft]) -> set[str]:
    """Return the paths of the records that point to what the drafts describe, or described."""
    changed = [draft for draft in drafts if draft.changed]
    graphs = [draft.graph for draft in changed]
    graphs += [revision.document(draft.path) for draft in changed if draft.before]
    nodes = {str(s) for graph in graphs for s in graph.subjects() if isinstance(s, URIRef)}
    return {link.record for node in nodes for link in revision.inbound(node, limit=_ALL)}


def _referred(revision: Revision, graphs: Iterable[Graph]) -> set[str]:
    """Return the paths of the records that describe what the graphs point to."""
    nodes = {str(node) for graph in graphs for node in graph.objects() if isinstance(node, URIRef)}
    entries = (revision.describing(node) for node in nodes)
    return {entry.path for entry in entries if entry}


def _documents(revision: Revision, paths: set[str]) -> dict[str, Graph]:
    """Return the documents of those of the records that there are and are not removed."""
    state = revision.state()
    present = (path for path in sorted(paths) if path in state and not state[path].removed)
    return {path: revision.document(path) for path in present}


def _differs(draft: Draft) -> bool:
    before = draft.before
    was = (before.origin, before.loaded, before.edited) if before else None
    return draft.changed or was != (draft.origin, draft.loaded, draft.edited)


def _tombstone(draft: Draft) -> bool:
    return (None, None, UD.Tombstone) in draft.graph


def _operation(draft: Draft) -> str:
    if _tombstone(draft):
        return "removed"
    return "added" if draft.before is None or draft.before.removed else "updated"


def _feeds(draft: Draft, entry: Entry, fed: Container[str]) -> tuple[str, ...]:
    if draft.kind not in fed or entry.removed:
        return ()
    answered = (URIRef(entry.iri), UD.nationalMembership, _ANSWERED) in draft.graph
    return (FULL, NATIONAL) if answered else (FULL,)


def _twins(
    before: Mapping[str, Entry], drafts: Sequence[Draft], loading: Loading
) -> Iterator[Finding]:
    """Yield a fault for each draft that describes what another record describes already."""
    changed = {draft.path for draft in drafts}
    described = {e.thing: p for p, e in before.items() if p not in changed and not e.removed}
    for draft in drafts:
        topic = record.primary_topic(draft.graph, URIRef(loading.deriving.base.resolve(draft.path)))
        other = described.setdefault(str(topic), draft.path)
        if topic is not None and other != draft.path and not _tombstone(draft):
            yield _fault(
                draft.path,
                draft.source.file if draft.source else None,
                f"<{topic}> is described by the record '{other}' already.",
                f"<{topic}> beskrivs redan av posten '{other}'.",
            )


def _fault(path: str, file: Path | None, message: str, sv: str, *, line: int = 1) -> Finding:
    return Finding(
        severity="violation",
        messages={"en": message, "sv": sv},
        record=path,
        file=str(file or ""),
        line=line,
    )
