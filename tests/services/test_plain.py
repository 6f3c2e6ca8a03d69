"""A plain store: any graphs, kept as they are sent."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.desk import Desk
from support.workshop import BASE, Workshop
from utbildningsdata import bootstrap
from utbildningsdata.errors import Forbidden, Invalid, NotFound, OperationError, PreconditionFailed
from utbildningsdata.rdf.iris import Base
from utbildningsdata.services import plain
from utbildningsdata.settings import Settings
from utbildningsdata.store import backup
from utbildningsdata.store.publishing import Writer
from utbildningsdata.store.revisions import DataFolder
from utbildningsdata.store.verification import verify
from utbildningsdata.store.writes.ports import Written

SCHEMA = "http://www.w3.org/2001/XMLSchema#"
DEFAULT = ""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Return a desk for an empty plain store; whatever the test wrote is verified in the end."""
    desk = Desk.of_graphs(DataFolder(tmp_path / "data", Base(BASE), plain=True))
    yield desk
    desk.evaluator.close()
    for number in desk.data.numbers():
        verify(desk.data, number)


def graphs(desk: Desk) -> set[str]:
    """Return the graphs that there are."""
    with desk.data.current() as revision:
        return {entry.iri for entry in revision.entries()}


def test_the_first_revision_is_empty_and_made_once(desk: Desk) -> None:
    assert graphs(desk) == set()
    assert plain.begin(Writer(desk.data, keep=10)) is None
    assert desk.data.number() == 1


def test_a_graph_is_kept_as_it_was_sent(desk: Desk) -> None:
    written = desk.put("urn:g", '<urn:s> <urn:p> "01"^^xsd:integer, 1.50, "x"@sv .')
    assert written.added == ("urn:g",)
    text = desk.text("urn:g")
    assert text == (
        f'<urn:s> <urn:p> "01"^^<{SCHEMA}integer> .\n'
        f'<urn:s> <urn:p> "1.50"^^<{SCHEMA}decimal> .\n'
        '<urn:s> <urn:p> "x"@sv .\n'
    )


def test_relative_iris_are_resolved_against_the_graph(desk: Desk) -> None:
    desk.put("http://example.org/graph/", "<> <urn:p> <x> .")
    assert "<http://example.org/graph/> <urn:p> <http://example.org/graph/x> ." in desk.text(
        "http://example.org/graph/"
    )


def test_two_documents_never_share_a_blank_node(desk: Desk) -> None:
    for graph in ("urn:a", "urn:b"):
        desk.put(graph, f"_:x <urn:p> <{graph}> .")
    assert desk.text("urn:a").split()[0] != desk.text("urn:b").split()[0]


def test_the_default_graph_is_a_graph_of_its_own(desk: Desk) -> None:
    desk.update("INSERT DATA { <urn:s> <urn:p> 1 }")
    assert desk.text(DEFAULT) == f'<urn:s> <urn:p> "1"^^<{SCHEMA}integer> .\n'
    assert desk.put(DEFAULT, "<urn:s> <urn:p> 2 .").updated == (DEFAULT,)
    assert desk.update("MOVE DEFAULT TO <urn:g>").added == ("urn:g",)
    assert desk.text(DEFAULT) == ""
    assert '"2"' in desk.text("urn:g")


def test_deleting_the_default_graph_clears_it(desk: Desk) -> None:
    assert desk.delete(DEFAULT).revision == 1
    desk.put(DEFAULT, "<urn:s> <urn:p> 2 .")
    desk.delete(DEFAULT)
    assert desk.text(DEFAULT) == ""


def test_empty_graphs_exist_until_they_are_dropped(desk: Desk) -> None:
    assert desk.put("urn:a", "").added == ("urn:a",)
    assert desk.update("CREATE GRAPH <urn:b>").added == ("urn:b",)
    assert graphs(desk) == {"urn:a", "urn:b"}
    with pytest.raises(Invalid, match="exists"):
        desk.update("CREATE GRAPH <urn:a>")
    desk.delete("urn:a")
    desk.update("DROP GRAPH <urn:b>")
    assert graphs(desk) == set()
    with pytest.raises(NotFound):
        desk.delete("urn:a")
    assert desk.put("urn:a", "").added == ("urn:a",)


def test_an_update_that_fails_in_its_last_operation_changes_nothing(desk: Desk) -> None:
    with pytest.raises(Invalid):
        desk.update("INSERT DATA { <urn:s> <urn:p> 1 } ; DROP GRAPH <urn:none>")
    assert desk.data.number() == 1


def test_what_changes_nothing_publishes_nothing(desk: Desk) -> None:
    desk.put("urn:g", "<urn:s> <urn:p> 1 .")
    assert desk.put("urn:g", "<urn:s> <urn:p> 1 .").revision == 2
    assert desk.update("DROP SILENT GRAPH <urn:none>") == Written(2)
    assert desk.data.number() == 2


def test_conditions_are_held_to(desk: Desk) -> None:
    digest = desk.put("urn:g", "<urn:s> <urn:p> 1 .").document
    desk.put("urn:g", "<urn:s> <urn:p> 2 .", if_match=(f"{digest[:32]}-x",))
    with pytest.raises(PreconditionFailed):
        desk.put("urn:g", "<urn:s> <urn:p> 3 .", if_match=(f"{digest[:32]}-x",))
    with pytest.raises(PreconditionFailed):
        desk.put("urn:g", "<urn:s> <urn:p> 3 .", if_none_match=True)


def test_a_scope_for_a_kind_of_record_is_not_enough(desk: Desk) -> None:
    with pytest.raises(Forbidden):
        desk.put("urn:g", "", scopes=("write:dataset",))


def test_a_backup_holds_empty_and_default_graphs(desk: Desk, tmp_path: Path) -> None:
    desk.put("urn:empty", "")
    desk.put(DEFAULT, "<urn:s> <urn:p> 1 .")
    desk.put("urn:gone", "")
    desk.delete("urn:gone")
    backup.save(desk.data, tmp_path / "saved.tar")
    restored = DataFolder(tmp_path / "restored", Base(BASE), plain=True)
    verify(restored, backup.restore(Writer(restored, keep=10), tmp_path / "saved.tar"))
    with restored.current() as revision:
        assert {entry.iri for entry in revision.entries()} == {"urn:empty", DEFAULT}


def test_a_folder_of_one_mode_is_refused_in_the_other(tmp_path: Path) -> None:
    workshop = Workshop(tmp_path)
    workshop.dataset("a")
    workshop.load()
    records = Settings(base=BASE, data=workshop.data.path, catalog=workshop.catalog)
    with pytest.raises(OperationError, match=r"holds a catalogue.*another folder"):
        bootstrap.load(records.changed(shapes="none"))
    graphs = records.changed(shapes="none", data=tmp_path / "plain")
    assert bootstrap.load(graphs).revision == 1
    for rebuild in (False, True):
        with pytest.raises(OperationError, match=r"holds a plain store.*another folder"):
            bootstrap.load(graphs.changed(shapes="all"), rebuild=rebuild)
    with pytest.raises(OperationError, match="no records"):
        bootstrap.rollback(graphs, 1)
    with pytest.raises(OperationError, match="no records"):
        bootstrap.export(graphs, tmp_path / "out")
