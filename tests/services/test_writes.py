"""Writing records: whole or nothing, by those who may, with every spelling kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from rdflib import URIRef
from rdflib.namespace import DCTERMS

from support.desk import Desk
from support.workshop import BASE, TODAY, Workshop
from utbildningsdata.errors import (
    Conflict,
    Forbidden,
    Invalid,
    Malformed,
    NotFound,
    PreconditionFailed,
    Refused,
    TimedOut,
    TooLarge,
    Unsupported,
)
from utbildningsdata.services.writes import API
from utbildningsdata.store.writes.ports import Part, Written
from utbildningsdata.validation.report import Finding

A, THING = f"{BASE}dataset/a", f"{BASE}id/dataset/a"
SCHEMA = "http://www.w3.org/2001/XMLSchema#"
RECORD = """
<dataset/new> foaf:primaryTopic <id/dataset/new> .
<id/dataset/new> a dcat:Dataset ; dcterms:title "Ny"@sv .
"""


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    """Return a catalogue of two datasets."""
    workshop = Workshop(tmp_path)
    workshop.dataset("a", more='ud:size "01"^^xsd:integer, "1.50"^^xsd:decimal ;')
    workshop.dataset("b")
    workshop.load()
    return workshop


@pytest.fixture
def desk(workshop: Workshop) -> Iterator[Desk]:
    desk = Desk.of_records(workshop)
    yield desk
    desk.evaluator.close()


def insert(triples: str, graph: str = A) -> str:
    return f"INSERT DATA {{ GRAPH <{graph}> {{ {triples} }} }}"


def test_an_update_changes_its_records_and_nothing_else(workshop: Workshop, desk: Desk) -> None:
    untouched = desk.text("dataset/b")
    written = desk.update(insert(f'<{THING}> dcterms:title "Schools"@en'))
    assert written == Written(2, updated=(A,))
    assert '"Schools"@en' in desk.text("dataset/a")
    assert desk.text("dataset/b") == untouched
    workshop.verify()


def test_literals_that_an_update_does_not_touch_keep_their_spelling(desk: Desk) -> None:
    desk.update(insert(f'<{THING}> ud:size "007"^^xsd:integer'))
    text = desk.text("dataset/a")
    for literal in (f'"01"^^<{SCHEMA}integer>', f'"1.50"^^<{SCHEMA}decimal>'):
        assert f"ns/size> {literal} ." in text
    assert f'"007"^^<{SCHEMA}integer>' in text


def test_deletion_is_by_value(desk: Desk) -> None:
    desk.update(f"DELETE DATA {{ GRAPH <{A}> {{ <{THING}> ud:size 1 }} }}")
    assert '"01"' not in desk.text("dataset/a")


def test_all_operations_of_a_request_are_one_change(desk: Desk) -> None:
    with pytest.raises(Invalid):
        desk.update(insert(f'<{THING}> dcterms:title "X"@en') + " ; " + insert("<> <> <>", "urn:x"))
    assert '"X"@en' not in desk.text("dataset/a")
    assert desk.data.number() == 1


def test_what_changes_nothing_publishes_nothing(desk: Desk) -> None:
    again = insert(f'<{THING}> dcterms:title "Skolor"@sv ; ud:size 1')
    assert desk.update(again, scopes=()) == Written(1)
    assert desk.data.number() == 1


def test_a_changed_record_is_modified_today(workshop: Workshop) -> None:
    desk = Desk.of_records(workshop, today=date(2027, 1, 2))
    desk.update(insert(f'<{THING}> dcterms:title "Schools"@en'))
    desk.evaluator.close()
    assert workshop.entry("dataset/a").modified == "2027-01-02"
    assert workshop.entry("dataset/a").issued == "2026-01-01"
    assert workshop.entry("dataset/b").modified == "2026-01-01"


def test_a_new_record_gets_what_is_derived(workshop: Workshop, desk: Desk) -> None:
    written = desk.put(f"{BASE}dataset/new", RECORD)
    entry = workshop.entry("dataset/new")
    assert written == Written(2, added=(f"{BASE}dataset/new",), document=entry.document)
    assert (entry.kind, entry.origin, entry.edited) == ("dataset", API, False)
    assert (entry.issued, entry.modified) == (TODAY.isoformat(), TODAY.isoformat())
    assert entry.feeds == ("full",)
    catalogue = f"<{BASE}id/catalog>"
    assert f"{catalogue} <http://www.w3.org/ns/dcat#dataset> <{entry.thing}> ." in desk.text(
        "dataset/new"
    )
    workshop.verify()


def test_putting_a_record_as_it_is_changes_nothing(desk: Desk) -> None:
    part = Part("application/n-triples", desk.text("dataset/a").encode())
    with desk.data.current() as revision:
        digest = revision.entry("dataset/a").document
    assert desk.write(operation="put", graph=A, parts=(part,)) == Written(1, document=digest)


def test_posting_adds_to_a_record_and_keeps_what_is_there(desk: Desk) -> None:
    desk.post(A, '<id/dataset/a> dcterms:title "Schools"@en ; ud:size 1 .')
    text = desk.text("dataset/a")
    assert '"Skolor"@sv' in text
    assert '"Schools"@en' in text
    assert f'"01"^^<{SCHEMA}integer>' in text
    assert f'"1"^^<{SCHEMA}integer>' not in text


def test_several_documents_are_one_graph(desk: Desk) -> None:
    desk.put(f"{BASE}dataset/new", RECORD, '<id/dataset/new> dcterms:title "New"@en .')
    assert '"New"@en' in desk.text("dataset/new")


def test_a_record_of_a_file_stays_the_file_s(workshop: Workshop, desk: Desk) -> None:
    loaded = workshop.entry("dataset/a").loaded
    desk.update(insert(f'<{THING}> dcterms:title "Schools"@en'))
    entry = workshop.entry("dataset/a")
    assert (entry.origin, entry.loaded, entry.edited) == ("file", loaded, True)
    assert workshop.load().revision is None
    workshop.dataset("a", "Annat")
    assert [type(conflict) for conflict in workshop.load().conflicts] == [Conflict]


def test_a_deleted_record_leaves_a_tombstone(workshop: Workshop, desk: Desk) -> None:
    assert desk.delete(A).removed == (A,)
    entry = workshop.entry("dataset/a")
    assert (entry.removed, entry.thing, entry.feeds) == (True, THING, ())
    assert workshop.load().revision is None
    with pytest.raises(NotFound):
        desk.delete(A)
    workshop.verify()


def test_an_emptied_record_leaves_a_tombstone_too(workshop: Workshop, desk: Desk) -> None:
    written = desk.update(
        f"DELETE WHERE {{ GRAPH <{A}> {{ ?s ?p ?o }} }} ; DROP GRAPH <{BASE}dataset/b>"
    )
    assert set(written.removed) == {A, f"{BASE}dataset/b"}
    assert workshop.entry("dataset/a").removed
    assert workshop.entry("dataset/b").removed


def test_a_deleted_record_can_come_back(workshop: Workshop, desk: Desk) -> None:
    desk.delete(A)
    record = RECORD.replace("/new", "/a")
    assert desk.put(A, record).added == (A,)
    entry = workshop.entry("dataset/a")
    assert (entry.removed, entry.origin, entry.edited) == (False, "file", True)


@pytest.mark.parametrize(
    "graph",
    [
        "urn:x",
        f"{BASE}planet/x",
        f"{BASE}dataset/X",
        f"{BASE}dataset/a/b",
        f"{BASE}dataset/../a",
        f"{BASE}id/dataset/a",
        BASE,
    ],
)
def test_graphs_that_are_no_record_are_refused(desk: Desk, graph: str) -> None:
    with pytest.raises(Invalid) as caught:
        desk.update(insert("<urn:s> <urn:p> <urn:o>", graph))
    assert [finding.record for finding in caught.value.findings] == [graph]
    with pytest.raises(Invalid):
        desk.put(graph, RECORD)
    assert desk.data.number() == 1


def test_the_default_graph_cannot_be_changed(desk: Desk) -> None:
    with pytest.raises(Malformed, match="GRAPH"):
        desk.update("INSERT DATA { <urn:s> <urn:p> <urn:o> }")
    with pytest.raises(Malformed):
        desk.put("", RECORD)


def test_a_scope_is_for_what_changes(workshop: Workshop, desk: Desk) -> None:
    text = insert(f'<{THING}> dcterms:title "Schools"@en')
    for scopes in ((), ("write:need",)):
        with pytest.raises(Forbidden, match="dataset/a"):
            desk.update(text, scopes=scopes)
    both = (
        text
        + " ; "
        + insert("<need/n> foaf:primaryTopic <id/need/n> . <id/need/n> a ud:Need", f"{BASE}need/n")
    )
    with pytest.raises(Forbidden, match="need/n"):
        desk.update(both, scopes=("write:dataset",))
    assert desk.data.number() == 1
    desk.update(both, scopes=("write:dataset", "write:need"))
    assert workshop.entry("need/n").kind == "need"


def test_a_write_holds_to_the_version_that_it_was_made_for(desk: Desk) -> None:
    with desk.data.current() as revision:
        tag = f"{revision.entry('dataset/a').document[:32]}-software-ttl"
        page = f"1-{revision.published.timestamp():.6f}-software-sv"
    change = '<id/dataset/a> dcterms:title "{}"@en .'
    desk.post(A, change.format(1), if_match=("other", tag))
    for stale in (tag, page, "other", ""):
        with pytest.raises(PreconditionFailed):
            desk.post(A, change.format(2), if_match=(stale,))
    desk.post(A, change.format(3), if_match=("*",))
    with pytest.raises(PreconditionFailed):
        desk.put(A, RECORD, if_none_match=True)
    with pytest.raises(PreconditionFailed):
        desk.put(f"{BASE}dataset/new", RECORD, if_match=("*",))
    assert desk.put(f"{BASE}dataset/new", RECORD, if_none_match=True).added


def test_an_update_holds_to_the_revision_that_it_was_made_for(desk: Desk) -> None:
    first, second = (insert(f'<{THING}> dcterms:title "{n}"@en') for n in "12")
    desk.update(first, if_match=("revision-1",))
    for other in ("revision-1", "revision-20"):
        with pytest.raises(PreconditionFailed):
            desk.update(second, if_match=(other,))
    desk.update(second, if_match=("other", "revision-2"))


def test_a_write_begins_again_when_somebody_publishes_meanwhile(
    workshop: Workshop, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish = workshop.writer.publish

    def interrupted(*versions: object, **fields: object) -> int:
        monkeypatch.setattr(workshop.writer, "publish", publish)
        workshop.dataset("b", "Annat")
        workshop.load()
        return publish(*versions, **fields)  # type: ignore[arg-type]  # as they came

    monkeypatch.setattr(workshop.writer, "publish", interrupted)
    written = desk.update(insert(f'<{THING}> dcterms:title "Schools"@en'))
    assert written.revision == 3
    assert workshop.title("b") == "Annat"
    assert '"Schools"@en' in desk.text("dataset/a")


def test_two_records_cannot_describe_one_thing(desk: Desk) -> None:
    twin = RECORD.replace("id/dataset/new", "id/dataset/a")
    with pytest.raises(Invalid) as caught:
        desk.put(f"{BASE}dataset/new", twin)
    assert "dataset/a" in caught.value.findings[0].message("en")


@pytest.mark.parametrize("path", ["catalogue", "ns"])
def test_the_catalogue_itself_cannot_be_removed(workshop: Workshop, desk: Desk, path: str) -> None:
    graph = f"{BASE}{path}"
    desk.put(graph, f"<{path}> foaf:primaryTopic <id/{path}> .")
    with pytest.raises(Invalid, match="cannot be removed"):
        desk.delete(graph)


def test_blank_nodes_in_a_circle_are_no_record(desk: Desk) -> None:
    with pytest.raises(Invalid, match="circle"):
        desk.post(A, "_:x dcterms:relation _:y . _:y dcterms:relation _:x .")


@pytest.mark.parametrize(
    "more",
    [
        "".join(f'<id/dataset/a> dcat:keyword "{n}"@sv .\n' for n in range(2_000)),
        "<id/dataset/a> ud:p " + "[ ud:p " * 51 + "1" + " ]" * 51 + " .",
        "<id/dataset/a> ud:p (" + " 1" * 51 + ") .",
    ],
    ids=["many statements", "deep nodes", "a long list"],
)
def test_a_record_has_bounds(desk: Desk, more: str) -> None:
    with pytest.raises(TooLarge):
        desk.post(A, more)
    assert desk.data.number() == 1


def test_a_write_changes_a_bounded_number_of_records(desk: Desk) -> None:
    with pytest.raises(TooLarge, match="51 records"):
        desk.update(
            " ; ".join(
                insert("<urn:s> <urn:p> <urn:o>", f"{BASE}dataset/d{number}")
                for number in range(51)
            )
        )
    assert desk.data.number() == 1


def test_a_judgement_that_takes_too_long_is_broken_off(workshop: Workshop) -> None:
    def ponder(*_: object) -> list[Finding]:
        while True:
            pass

    desk = Desk.of_records(workshop, examine=ponder, deadline=2.0)
    with pytest.raises(TimedOut, match="2 seconds"):
        desk.delete(A)
    desk.evaluator.close()
    assert workshop.data.number() == 1


def test_text_that_cannot_be_read_or_run_says_so(desk: Desk) -> None:
    with pytest.raises(Malformed) as caught:
        desk.put(A, "<dataset/a> <urn:p> ")
    assert caught.value.line == 6
    with pytest.raises(Malformed):
        desk.update("INSERT DATA {")
    with pytest.raises(Refused):
        desk.update(f"LOAD <http://127.0.0.1/x> INTO GRAPH <{A}>")
    with pytest.raises(Unsupported):
        desk.write(operation="put", graph=A, parts=(Part("text/csv", b"a,b"),))


def test_the_write_is_reported_with_its_request_and_agent(desk: Desk) -> None:
    desk.delete(A, request="r-42", agent="Skolverket")
    about = desk.data.about(2)
    assert (about.agent, about.message) == ("Skolverket", "Changed dataset/a.")


def test_a_date_that_an_editor_gives_holds_where_it_is_later(desk: Desk) -> None:
    desk.post(A, '<dataset/a> dcterms:modified "2030-01-01"^^xsd:date .')
    with desk.data.current() as revision:
        graph = revision.document("dataset/a")
    dates = list(graph.objects(URIRef(A), DCTERMS.modified))
    assert [str(value) for value in dates] == ["2030-01-01"]


def test_a_write_that_others_always_come_before_is_a_conflict(
    workshop: Workshop, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts = []

    def lost(*versions: object, **fields: object) -> int:
        attempts.append(fields)
        raise Conflict("somebody else was first")

    monkeypatch.setattr(workshop.writer, "publish", lost)
    with pytest.raises(Conflict):
        desk.delete(A)
    assert len(attempts) == 5
