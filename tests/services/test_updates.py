"""Updates are refused with a sentence before anything is spent on them."""

from __future__ import annotations

import pytest

from utbildningsdata.errors import Malformed, Refused, TooLarge
from utbildningsdata.services import updates

GRAPH = "INSERT DATA { GRAPH <g> { <a> <b> 1 } }"


def test_an_update_of_named_graphs_is_taken() -> None:
    found = updates.read(GRAPH + " ; DROP GRAPH <h>", plain=False)
    assert [operation.graphs for operation in found.operations] == [["<g>"], ["<h>"]]


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("INSERT DATA {\n  <a> <b> 1 }", 2, 3),
        ("CLEAR ALL ;\nDELETE WHERE { ?s ?p ?o }", 2, 16),
        (GRAPH + ";CLEAR DEFAULT", 1, 47),
        ("DELETE { GRAPH <g> { ?s ?p 1 } }\nWHERE { ?s ?p 1 }", 2, 9),
        ("COPY <g> TO DEFAULT", 1, 13),
        ("ADD DEFAULT TO <g>", 1, 5),
    ],
)
def test_the_default_graph_is_no_graph_of_a_catalogue(text: str, line: int, column: int) -> None:
    with pytest.raises(Malformed, match=r"default graph .* with GRAPH, WITH or USING") as caught:
        updates.read(text, plain=False)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert "standardgrafen" in caught.value.sv
    updates.read(text, plain=True)


def test_graphs_that_the_request_chooses_are_what_where_reads() -> None:
    reading = "INSERT { GRAPH <g> { ?s ?p ?o } } WHERE { ?s ?p ?o }"
    updates.read(reading, plain=False, dataset=True)
    with pytest.raises(Malformed, match="default graph"):
        updates.read(reading, plain=False)
    with pytest.raises(Malformed, match="default graph"):
        updates.read("INSERT { ?s ?p ?o } WHERE { ?s ?p ?o }", plain=False, dataset=True)


@pytest.mark.parametrize(
    "text",
    [
        "WITH <g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "INSERT { GRAPH <g> { ?s ?p ?o } } USING <h> WHERE { ?s ?p ?o }",
        GRAPH + "; INSERT { GRAPH <g> { ?s ?p 1 } } USING NAMED <h> WHERE { GRAPH ?h { ?s ?p 1 } }",
    ],
)
def test_with_and_using_conflict_with_graphs_that_the_request_chooses(text: str) -> None:
    with pytest.raises(Malformed, match="using-graph-uri"):
        updates.read(text, plain=True, dataset=True)
    updates.read(text, plain=False)


@pytest.mark.parametrize(
    "text",
    [
        "LOAD <http://x/>",
        "LOAD SILENT <http://x/> INTO GRAPH <g>",
        "INSERT { GRAPH <g> { ?s ?p 1 } } WHERE { SERVICE <http://x/> { ?s ?p 1 } }",
    ],
)
def test_fetching_is_refused_and_a_plain_store_leaves_that_to_the_process(text: str) -> None:
    with pytest.raises(Refused):
        updates.read(text, plain=False)
    updates.read(text, plain=True)


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { GRAPH <g> { " + "[ <p> " * 101 + "]" * 101 + " } }",
        "DELETE { GRAPH <g> { ?s ?p 1 } } WHERE " + "{" * 101 + "}" * 101,
        "DELETE { GRAPH <g> { ?s ?p 1 } } WHERE { GRAPH <g> { ?s "
        + "/".join(["<p>"] * 502)
        + " 1 } }",
        GRAPH + " ; DELETE { GRAPH <g> { ?s ?p 1 } } WHERE { {} " + "UNION {} " * 501 + " }",
    ],
)
def test_what_nests_too_deep_or_chains_too_long_is_malformed(text: str) -> None:
    with pytest.raises(Malformed, match="nests too deep"):
        updates.read(text, plain=True)


def test_much_data_is_not_a_long_chain() -> None:
    values = ", ".join(f'-{number}, "{number}"^^<urn:t>' for number in range(1000))
    updates.read(f"INSERT DATA {{ GRAPH <g> {{ <a> <b> {values} }} }}", plain=False)


def test_an_update_that_is_too_long_is_not_read() -> None:
    updates.read(GRAPH.ljust(updates.MAX_LENGTH), plain=False)
    with pytest.raises(TooLarge, match="1048576 bytes"):
        updates.read(GRAPH.ljust(updates.MAX_LENGTH - 1) + "é", plain=False)


def test_what_is_no_update_is_left_to_the_parser() -> None:
    assert not updates.read("SELECT * { ?s ?p ?o }", plain=False).readable
