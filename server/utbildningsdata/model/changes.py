"""What changed between two states of a catalogue: records added, updated and removed.

A state is a mapping from a record's path to its version: the digest of its document. A change
knows both versions, so that ``apply(diff(a, b), a) == b``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from utbildningsdata.errors import Conflict
from utbildningsdata.model.record import Entry

Operation = Literal["added", "updated", "removed"]


@dataclass(frozen=True, slots=True)
class Change:
    """The change of one record; ``before`` is None where it was added.

    A record that is removed leaves a tombstone, whose document is ``after``. In a bare state,
    where a path may vanish, ``after`` is then None.
    """

    path: str
    operation: Operation
    before: str | None
    after: str | None


def diff(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Change, ...]:
    """Return the changes that lead from one state to another, in the order of paths."""
    changes = []
    for path in sorted(before.keys() | after.keys()):
        old, new = before.get(path), after.get(path)
        if old != new:
            operation: Operation = "updated"
            if old is None or new is None:
                operation = "added" if old is None else "removed"
            changes.append(Change(path, operation, old, new))
    return tuple(changes)


def apply(changes: Iterable[Change], before: Mapping[str, str]) -> dict[str, str]:
    """Return the state that the changes lead to.

    Raises:
        Conflict: A change begins at another version than ``before`` has.
    """
    state = dict(before)
    for change in changes:
        if state.get(change.path) != change.before:
            raise Conflict(f"'{change.path}' is not at the version that the change begins with.")
        if change.after is None:
            del state[change.path]
        else:
            state[change.path] = change.after
    return state


def between(before: Entry | None, after: Entry) -> Change | None:
    """Return the change from one entry of a record to the next; None where both are the same."""
    same = before is not None and (before.document, before.removed) == (
        after.document,
        after.removed,
    )
    if same:
        return None
    operation: Operation = "updated"
    if after.removed:
        operation = "removed"
    elif before is None or before.removed:
        operation = "added"
    return Change(after.path, operation, before.document if before else None, after.document)
