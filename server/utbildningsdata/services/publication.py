"""What loading and writing share: drafts are judged, with their neighbours, and become versions."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rdflib import URIRef

from utbildningsdata.model import record
from utbildningsdata.model.derive import Deriving
from utbildningsdata.model.record import Entry
from utbildningsdata.services import neighbours
from utbildningsdata.services.neighbours import Documents
from utbildningsdata.services.reconcile import Draft
from utbildningsdata.services.versions import Blocks, Versioning
from utbildningsdata.store.ports import Revision, SourceFile, Version
from utbildningsdata.validation.report import Finding

Examine = Callable[[Sequence[SourceFile], Documents, Documents], Sequence[Finding]]
"""Checks documents (the second) that came from files, knowing the documents they point to."""


@dataclass(frozen=True, slots=True)
class Making:
    """What versions are made with; ``fed`` are the kinds of record that feeds have."""

    deriving: Deriving
    examine: Examine
    blocks: Blocks
    fed: Container[str]


def judged(
    drafts: Sequence[Draft],
    parent: Revision | None,
    making: Making,
    sources: Sequence[SourceFile] = (),
) -> Sequence[Finding]:
    """Return what is wrong with drafts and with what points to them.

    ``sources`` are the files that they came from, so that findings name files and lines.
    """
    before: Mapping[str, Entry] = parent.state() if parent else {}
    twins = _twins(before, drafts, making.deriving)
    if parent is None:
        graphs = {draft.path: draft.graph for draft in drafts}
        return (*twins, *making.examine(sources, graphs, {}))
    checked = neighbours.judged(parent, drafts)
    known = neighbours.known(parent, checked)
    return (*twins, *making.examine(sources, checked, known))


def versions(
    drafts: Sequence[Draft],
    parent: Revision | None,
    making: Making,
    findings: Sequence[Finding],
) -> list[Version]:
    """Return what is published of drafts; some findings keep a record out of feeds."""
    lacks: dict[str, set[str]] = {}
    for finding in findings:
        if finding.keeps_out_of_feeds:
            lacks.setdefault(finding.record, set()).add(finding.rule)
    versioning = Versioning(making.deriving.base, making.fed, making.blocks)
    return [
        versioning.version(draft, parent, sorted(lacks.get(draft.path, ()))) for draft in drafts
    ]


def operations(drafts: Sequence[Draft]) -> dict[str, tuple[str, ...]]:
    """Return the paths of the drafts that change something, by what they do.

    The keys are ``added``, ``updated`` and ``removed``.
    """
    paths: dict[str, list[str]] = {"added": [], "updated": [], "removed": []}
    for draft in drafts:
        if draft.changed:
            paths[_operation(draft)].append(draft.path)
    return {name: tuple(found) for name, found in paths.items()}


def fault(path: str, file: Path | None, message: str, sv: str, *, line: int = 1) -> Finding:
    """Return the finding for what no shape can say of a record."""
    return Finding(
        severity="violation",
        messages={"en": message, "sv": sv},
        record=path,
        file=str(file or ""),
        line=line,
    )


def _operation(draft: Draft) -> str:
    if draft.removed:
        return "removed"
    return "added" if draft.before is None or draft.before.removed else "updated"


def _twins(
    before: Mapping[str, Entry], drafts: Sequence[Draft], deriving: Deriving
) -> Iterator[Finding]:
    """Yield a fault for each draft that describes what another record describes already."""
    changed = {draft.path for draft in drafts}
    described = {e.thing: p for p, e in before.items() if p not in changed and not e.removed}
    for draft in drafts:
        topic = record.primary_topic(draft.graph, URIRef(deriving.base.resolve(draft.path)))
        if topic is None or draft.removed:
            continue
        other = described.setdefault(str(topic), draft.path)
        if other != draft.path:
            yield fault(
                draft.path,
                draft.source.file if draft.source else None,
                f"<{topic}> is described by the record '{other}' already.",
                f"<{topic}> beskrivs redan av posten '{other}'.",
            )
