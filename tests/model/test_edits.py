"""Edits change what they say and leave every other line as it is written."""

from __future__ import annotations

from collections.abc import Sequence

import pyoxigraph as ox
from hypothesis import given
from hypothesis import strategies as st

from utbildningsdata.model.edits import GraphEdit, apply, lines, merged

XSD = "http://www.w3.org/2001/XMLSchema#"
SUBJECTS = ["<urn:a>", "<urn:b>", "_:c"]
PREDICATES = ["<urn:p>", "<urn:q>"]
OBJECTS = [
    "<urn:o@sv>",
    "_:c",
    '"01"',
    '"a\\"@SV"',
    '"line\\nend \u2028 \x85 @sv"',
    '"x"@sv-SE',
    '"x"@sv',
    *(f'"{text}"^^<{XSD}integer>' for text in ("1", "01", "+1", "001", "1.0")),
    *(f'"{text}"^^<{XSD}decimal>' for text in ("1.0", "1.00", "01.0")),
    f'"2024-01-01T00:00:00.000Z"^^<{XSD}dateTime>',
    f'"2024-01-01T00:00:00Z"^^<{XSD}dateTime>',
    f'"1"^^<{XSD}boolean>',
    f'"true"^^<{XSD}boolean>',
    f'"1"^^<{XSD}nonNegativeInteger>',
]


def stored(content: Sequence[str]) -> list[str]:
    """Return lines as Oxigraph's store writes them: it is asked, line by line."""
    answers = []
    for line in content:
        store = ox.Store()
        store.extend(ox.parse(line.encode(), ox.RdfFormat.N_TRIPLES))
        (quad,) = store
        answers.append(f"{quad.triple} .")
    return answers


def document(content: Sequence[str]) -> bytes:
    return "".join(f"{line}\n" for line in sorted(set(content))).encode()


def edit(removed: Sequence[str] = (), added: Sequence[str] = ()) -> GraphEdit:
    return GraphEdit(frozenset(stored(removed)), frozenset(stored(added)))


some_line = st.builds(
    "{} {} {} .".format,
    st.sampled_from(SUBJECTS),
    st.sampled_from(PREDICATES),
    st.sampled_from(OBJECTS),
)
some_lines = st.lists(some_line, max_size=12)


@st.composite
def spellings(draw: st.DrawFn) -> dict[str, str]:
    written = draw(st.lists(st.sampled_from(OBJECTS[2:])))
    forms = stored([f"<urn:a> <urn:p> {literal} ." for literal in written])
    return {
        form.split(" ", 2)[2].removesuffix(" ."): literal
        for form, literal in zip(forms, written, strict=True)
    }


@given(some_lines, some_lines, some_lines, spellings())
def test_what_a_document_says_is_what_it_said_less_the_removed_and_the_added(
    before: list[str], removed: list[str], added: list[str], spelling: dict[str, str]
) -> None:
    change = edit(removed, added)
    after = apply(document(before), change, stored, spelling)
    assert set(stored(lines(after))) == (set(stored(before)) - change.removed) | change.added


@given(some_lines, some_lines, some_lines, spellings())
def test_lines_that_no_edit_names_stay_byte_for_byte(
    before: list[str], removed: list[str], added: list[str], spelling: dict[str, str]
) -> None:
    change = edit(removed, added)
    after = apply(document(before), change, stored, spelling)
    untouched = {line for line in before if stored([line])[0] not in change.removed}
    assert untouched <= set(lines(after))
    assert after == document(lines(after))


@given(some_lines, some_lines)
def test_merging_keeps_what_is_there_and_adds_only_what_is_new_by_value(
    before: list[str], more: list[str]
) -> None:
    after = lines(merged(document(before), document(more), stored))
    assert set(before) <= set(after)
    assert set(stored(after)) == set(stored(before)) | set(stored(more))
    known = set(stored(before))
    assert all(line in before for line in after if stored([line])[0] in known)


def test_a_removed_value_goes_in_all_its_spellings() -> None:
    one, same = f'<urn:a> <urn:p> "1"^^<{XSD}integer> .', f'<urn:a> <urn:p> "01"^^<{XSD}integer> .'
    assert apply(document([one, same]), edit([one]), stored, {}) == b""


def test_an_added_literal_is_written_as_the_request_wrote_it() -> None:
    line = f'<urn:a> <urn:p> "1.5"^^<{XSD}decimal> .'
    spelling = {f'"1.5"^^<{XSD}decimal>': f'"1.50"^^<{XSD}decimal>'}
    assert b'"1.50"' in apply(b"", edit(added=[line]), stored, spelling)


def test_a_value_that_moves_to_another_subject_keeps_its_spelling() -> None:
    before = [f'<urn:a> <urn:p> "01"^^<{XSD}integer> .']
    moved = [f'<urn:b> <urn:p> "1"^^<{XSD}integer> .']
    assert apply(document(before), edit(before, moved), stored, {}) == (
        f'<urn:b> <urn:p> "01"^^<{XSD}integer> .\n'.encode()
    )


def test_a_value_that_moves_to_another_predicate_is_written_as_the_store_does() -> None:
    before = [f'<urn:a> <urn:p> "01"^^<{XSD}integer> .']
    moved = [f'<urn:a> <urn:q> "1"^^<{XSD}integer> .']
    assert apply(document(before), edit(before, moved), stored, {}) == document(moved)


def test_added_language_tags_are_spelled_as_in_documents() -> None:
    after = apply(b"", edit(added=['<urn:a> <urn:p> "x@sv-se"@sv-se .']), stored, {})
    assert after == b'<urn:a> <urn:p> "x@sv-se"@sv-SE .\n'
