"""An update gives exactly the edits that it would make, and changes nothing that is published."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pyoxigraph as ox
import pytest

from support.comparison import changed, graphs
from utbildningsdata.errors import Invalid, Malformed, Refused, TooLarge
from utbildningsdata.settings import Settings
from utbildningsdata.store.writes.evaluator import EvaluationProcess

EX = "http://example.org/"
XSD = "http://www.w3.org/2001/XMLSchema#"

Content = Callable[[], ox.Store]


@pytest.mark.parametrize(
    "operations",
    [
        ["INSERT DATA { GRAPH ex:g1 { ex:a ex:p 01, 7 } GRAPH ex:new { ex:a ex:p 1 } }"],
        ["DELETE DATA { GRAPH ex:g1 { ex:a ex:p 001 . ex:b ex:p 1.5 } }"],
        ["DELETE WHERE { GRAPH ex:g1 { ?s ex:p ?o } }"],
        ["DELETE WHERE { GRAPH ?g { ex:a ?p ?o } }"],
        ["DELETE WHERE { ?s ?p ?o }"],
        ["INSERT DATA { ex:x ex:y ex:z }"],
        ["DELETE { GRAPH ?g { ?s ?p ?o } } INSERT { GRAPH ?h { ?s ?p ?o } } WHERE"
         " { GRAPH ?g { ?s ?p ?o } GRAPH ?h { ex:c ?q ?r } FILTER(isLiteral(?o)) }"],
        ["INSERT { GRAPH ?g { ?s ex:in ?g } } WHERE { GRAPH ?g { ?s ?p ?o } BIND(UUID() AS ?u) }"],
        ["INSERT { GRAPH ?n { ?s ex:was ?g } } WHERE"
         " { GRAPH ?g { ?s ex:p ?o } BIND(IRI(CONCAT(STR(?g), '/new')) AS ?n) }"],
        ["INSERT { GRAPH ?g { ex:few ex:p 1 } } WHERE"
         " { { SELECT ?g { GRAPH ?g { ?s ex:p ?o } } ORDER BY ?g LIMIT 2 } }"],
        ["WITH ex:g1 DELETE { ?s ex:p ?o } INSERT { ?s ex:r ?o } WHERE { ?s ex:p ?o }"],
        ["WITH ex:g2 INSERT { GRAPH ?t { ?s ?p ?t } } WHERE"
         " { ?s ?p ?o VALUES ?t { ex:t ex:u } }"],
        ["WITH ex:g2 DELETE { ?s ?p ?o } USING ex:g1 WHERE { ?s ?p ?o }"],
        ["DELETE { GRAPH ?g { ?s ?p ?o } } USING NAMED ex:g1 WHERE { GRAPH ?g { ?s ?p ?o } }"],
        ["INSERT { GRAPH ex:g3 { ?s ?p ?o } } USING ex:g1 USING ex:g2 WHERE { ?s ?p ?o }"],
        ["CLEAR GRAPH ex:g1"],
        ["DROP GRAPH ex:g1"],
        ["CLEAR DEFAULT"],
        ["CLEAR NAMED"],
        ["DROP ALL"],
        ["DROP SILENT GRAPH ex:none"],
        ["CREATE GRAPH ex:new"],
        ["CREATE SILENT GRAPH ex:g1"],
        ["DROP GRAPH ex:empty"],
        ["COPY ex:g1 TO ex:g2"],
        ["MOVE ex:g1 TO ex:new"],
        ["ADD DEFAULT TO ex:g1"],
        ["MOVE ex:g3 TO DEFAULT"],
        ["MOVE DEFAULT TO ex:g3"],
        ["COPY DEFAULT TO ex:new"],
        ["COPY SILENT ex:none TO ex:g1"],
        ["INSERT DATA { GRAPH ex:new { ex:a ex:p 1 } }", "MOVE ex:new TO ex:newer",
         "DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p 1 . ?s ?p ?o } }"],
        ["INSERT DATA { GRAPH ex:new { ex:a ex:p 1 } }", "DROP GRAPH ex:new"],
        ["INSERT DATA { GRAPH ex:g1 { ex:a ex:p 1 } }"],
        ["INSERT DATA { GRAPH <relative> { <> <#p> <../up> } }"],
        ["INSERT DATA { GRAPH ex:alsoʼs { ex:a ex:p 1 } GRAPH <urn:it's> { ex:a ex:p 1 } }"],
        ["INSERT { GRAPH ex:new { ex:a ex:p 1 } } WHERE { FILTER(1<'>') }",
         "INSERT DATA { GRAPH ex:g1 { ex:hidden ex:p '<' } }"],
        [],
    ],
)  # fmt: skip
def test_its_edits_are_what_a_comparison_of_everything_finds(
    evaluator: EvaluationProcess,
    content: Content,
    prefixes: Mapping[str, str],
    operations: list[str],
) -> None:
    store = content()
    for operation in operations:
        store.update(operation, base_iri="https://catalogue.example/", prefixes=dict(prefixes))
    edits, _ = evaluator.update(" ; ".join(operations), 1)
    assert edits == changed(graphs(content()), graphs(store))


def test_a_prefix_that_is_declared_anew_holds_from_there_on(evaluator: EvaluationProcess) -> None:
    edits, spelling = evaluator.update(
        "PREFIX n: <urn:one#> INSERT DATA { GRAPH n:g { n:s n:p '01'^^n:t } } ;\n"
        "PREFIX n: <urn:two#> INSERT DATA { GRAPH n:g { n:s n:p '01'^^n:t, 01 } } ; BASE <urn:x>",
        1,
    )
    assert {name: len(edit.added) for name, edit in edits.items()} == {
        "urn:one#g": 1,
        "urn:two#g": 2,
    }
    assert set(spelling.values()) == {
        f'"01"^^<{end}>' for end in ("urn:one#t", "urn:two#t", f"{XSD}integer")
    }


def test_a_later_operation_sees_what_an_earlier_one_did_also_in_steps(
    evaluator: EvaluationProcess,
) -> None:
    edits, _ = evaluator.update(
        "INSERT DATA { GRAPH ex:new { ex:a ex:p 1 } } ; PREFIX n: <urn:n#>"
        "INSERT { GRAPH ?g { ?s n:seen ?o } } WHERE { GRAPH ?g { ?s ?p ?o } FILTER(?g = ex:new) }",
        1,
    )
    assert len(edits[f"{EX}new"].added) == 2


@pytest.mark.parametrize(
    "text",
    [
        "INSERT { GRAPH ex:new { ?s ?p ?o } } WHERE { ?s ?p ?o }",
        "INSERT { GRAPH ?g { ?s ?p ?o } } WHERE { ?s ?p ?o VALUES ?g { ex:new } }",
    ],
)
def test_the_request_chooses_what_where_sees(evaluator: EvaluationProcess, text: str) -> None:
    edits, _ = evaluator.update(text, 1, using_graphs=[f"{EX}g2"])
    assert len(edits[f"{EX}new"].added) == 6


def test_what_the_engine_does_otherwise_is_mended_as_in_queries(
    evaluator: EvaluationProcess,
) -> None:
    edits, _ = evaluator.update(
        "INSERT { GRAPH ex:new { ex:a ex:all ?all } } WHERE { { SELECT (GROUP_CONCAT(?o) AS ?all)"
        "{ GRAPH ex:g1 { ex:a ex:p ?o FILTER(lang(?o) = 'sv') } } } FILTER(1 = 1 || ex:f(1)) }",
        1,
    )
    assert edits[f"{EX}new"].added == {f'<{EX}a> <{EX}all> "one" .'}
    with pytest.raises(Invalid, match=r"http://example\.org/f"):
        evaluator.update(
            "INSERT { GRAPH ex:new { ex:a ex:p ?x } } WHERE { BIND(ex:f(1) AS ?x) }", 1
        )


def test_the_request_chooses_the_named_graphs_of_where_too(evaluator: EvaluationProcess) -> None:
    named = [f"{EX}g1", f"{EX}g3"]
    edits, _ = evaluator.update(
        "DELETE WHERE { GRAPH ?g { ex:a ?p ?o } }", 1, using_named_graphs=named
    )
    assert set(edits) == set(named)


def test_an_iri_that_would_end_its_clause_is_refused(evaluator: EvaluationProcess) -> None:
    with pytest.raises(Malformed, match="not an absolute IRI"):
        evaluator.update("DELETE WHERE { ?s ?p ?o }", 1, using_graphs=["urn:g> WHERE {} #"])


def test_literals_are_known_as_the_request_wrote_them(evaluator: EvaluationProcess) -> None:
    _, spelling = evaluator.update(
        "DELETE { GRAPH ex:g1 { ?s ex:p ?o } } INSERT { GRAPH ex:g1 { ?s ex:p 2.50, ?x } }"
        "WHERE { GRAPH ex:g1 { ?s ex:p ?o FILTER(?o < 9.0) } BIND(007 AS ?x) }",
        1,
    )
    assert spelling == {
        f'"2.5"^^<{XSD}decimal>': f'"2.50"^^<{XSD}decimal>',
        f'"7"^^<{XSD}integer>': f'"007"^^<{XSD}integer>',
    }


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("INSERT DATA {\n  GRAPH ex:g { ex:a ex:b }\n}", 2, 26),
        ("DROP ALL ;\nPREFIX a: <urn:a>\nINSERT DATA { GRAPH a:g { a:s } }", 3, 31),
        ("INSERT { GRAPH ?g { ?s ?p ?o } }\nWHERE { GRAPH ?g { ?s ?p ?o } ", 2, 31),
        ("INSERT { GRAPH ?g { ?s ?p ?o } }\nWHERE { GRAPH ?g { ?s ?p ] } }", 2, 26),
    ],
)
def test_what_cannot_be_parsed_is_placed(
    evaluator: EvaluationProcess, text: str, line: int, column: int
) -> None:
    with pytest.raises(Malformed, match="The update cannot be read") as caught:
        evaluator.update(text, 1)
    assert (caught.value.line, caught.value.column) == (line, column)


def test_clauses_of_the_request_do_not_move_the_place(evaluator: EvaluationProcess) -> None:
    places = []
    for chosen in ([], [f"{EX}g1"]):
        with pytest.raises(Malformed) as caught:
            evaluator.update(
                "INSERT { GRAPH ex:g { ?s ?p 1 } } WHERE { ?s ?p ] }", 1, using_graphs=chosen
            )
        places.append((caught.value.line, caught.value.column))
    assert places[0] == places[1] != (None, None)


def test_words_that_run_together_are_not_run_without_the_clauses_of_the_request(
    evaluator: EvaluationProcess,
) -> None:
    with pytest.raises(Malformed):
        evaluator.update("DELETE WHERE { GRAPHex:g1 { ?s ?p ?o } }", 1, using_graphs=[f"{EX}g2"])


def test_an_unknown_prefix_is_named(evaluator: EvaluationProcess) -> None:
    with pytest.raises(Malformed, match="prefix 'nope:' is not known"):
        evaluator.update("INSERT DATA { GRAPH nope:g { nope:s nope:p 1 } }", 1)


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { GRAPH ex:new { ex:a ex:p 1 } } ; DROP GRAPH ex:none",
        "CREATE GRAPH ex:g1",
    ],
)
def test_an_update_that_fails_halfway_is_no_fault_of_its_syntax(
    evaluator: EvaluationProcess, text: str
) -> None:
    with pytest.raises(Invalid, match=r"cannot be carried out: The graph .*exist"):
        evaluator.update(text, 1)


def test_what_rdf_1_1_cannot_say_is_refused(evaluator: EvaluationProcess) -> None:
    for value in ("<<( ex:a ex:b ex:c )>>", "'x'@ar--rtl"):
        with pytest.raises(Malformed, match=r"RDF 1\.2"):
            evaluator.update(f"INSERT DATA {{ GRAPH ex:g {{ ex:a ex:p {value} }} }}", 1)


def test_text_that_only_looks_like_a_newer_term_is_taken(evaluator: EvaluationProcess) -> None:
    edits, _ = evaluator.update(
        "INSERT DATA { GRAPH ex:g { ex:a ex:p '<<( x )>>', '\"@ar--rtl .', 'a\\nb\u2028c' } }", 1
    )
    assert len(edits[f"{EX}g"].added) == 3


def test_nothing_is_fetched(evaluator: EvaluationProcess) -> None:
    with pytest.raises(Refused):
        evaluator.update("LOAD <http://127.0.0.1:80/>", 1)
    with pytest.raises(Refused):
        evaluator.update(
            "INSERT { GRAPH ex:g { ?s ?p ?o } } WHERE { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }",
            1,
        )


def test_loading_silently_changes_nothing(evaluator: EvaluationProcess) -> None:
    edits, _ = evaluator.update("LOAD SILENT <http://127.0.0.1:80/> INTO GRAPH ex:g1", 1)
    assert edits == {}


def test_more_changes_than_the_cap_are_refused(
    evaluated: Settings, prefixes: Mapping[str, str]
) -> None:
    evaluator = EvaluationProcess(evaluated, prefixes, cap=10)
    evaluator.update("INSERT DATA { GRAPH ex:g { ex:a ex:p 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 } }", 1)
    with pytest.raises(TooLarge, match="more than 10 triples"):
        evaluator.update("DROP ALL", 1)
    evaluator.close()


def test_the_published_store_stays_and_no_clone_is_left(
    evaluator: EvaluationProcess, evaluated: Settings, content: Content
) -> None:
    evaluator.update("DROP ALL", 1)
    with pytest.raises(Invalid):
        evaluator.update("DROP ALL ; CREATE GRAPH ex:x ; CREATE GRAPH ex:x", 1)
    store = ox.Store.read_only(str(evaluated.data / "revisions/000001/store"))
    assert graphs(store) == graphs(content())
    assert list(Path(evaluated.data / "run/clones").iterdir()) == []
