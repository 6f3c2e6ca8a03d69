"""Changes lead from one state to another, whatever the states are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utbildningsdata.errors import Conflict
from utbildningsdata.model.changes import apply, diff

STATES = st.dictionaries(st.sampled_from("abcdef"), st.sampled_from("123"))


@given(STATES, STATES)
def test_applying_the_difference_gives_the_other_state(
    before: dict[str, str], after: dict[str, str]
) -> None:
    assert apply(diff(before, after), before) == after


@given(STATES)
def test_equal_states_have_no_difference(state: dict[str, str]) -> None:
    assert diff(state, state) == ()


def test_a_change_applies_only_to_the_version_that_it_begins_with() -> None:
    changes = diff({"a": "1"}, {"a": "2"})
    with pytest.raises(Conflict):
        apply(changes, {"a": "3"})


def test_changes_say_what_was_done() -> None:
    changes = diff({"a": "1", "b": "1"}, {"b": "2", "c": "1"})
    assert [(change.path, change.operation) for change in changes] == [
        ("a", "removed"),
        ("b", "updated"),
        ("c", "added"),
    ]
