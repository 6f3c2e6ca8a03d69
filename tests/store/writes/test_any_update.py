"""Whatever an update consists of, no change of it is overlooked."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pyoxigraph as ox
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.comparison import changed, graphs
from utbildningsdata.model.edits import GraphEdit
from utbildningsdata.store.writes.evaluator import EvaluationProcess

NAMES = ("ex:g1", "ex:g2", "ex:g3", "ex:new")
TRIPLES = ("?s ?p ?o", "ex:a ?p ?o", "?s ex:p ?o", "?s ?p 1")
TEMPLATES = (
    "?s ?p ?o",
    "GRAPH ?g { ?s ?p ?o }",
    "GRAPH ?g { ?s ex:in ?g }",
    "GRAPH ex:g2 { ?s ex:r ?o }",
    "GRAPH ex:new { ?s ex:v 01 }",
)
SOURCES = ("", "USING ex:g1", "USING NAMED ex:g2", "USING ex:g2 USING NAMED ex:g3")

name = st.sampled_from(NAMES)
place = st.sampled_from((*NAMES, "DEFAULT"))
triple = st.sampled_from(TRIPLES)
template = st.sampled_from(TEMPLATES)
simple = st.one_of(
    triple,
    st.builds("GRAPH {} {{ {} }}".format, name, triple),
    st.builds("GRAPH ?g {{ {} }}".format, triple),
)
pattern = st.one_of(
    simple,
    st.builds("{} . {}".format, simple, simple),
    st.builds("{{ {} }} UNION {{ {} }}".format, simple, simple),
    st.builds("{} OPTIONAL {{ {} }}".format, simple, simple),
    st.builds("{} FILTER NOT EXISTS {{ {} }}".format, simple, simple),
    st.builds("{} VALUES ?g {{ ex:g1 ex:new }}".format, simple),
    st.builds("{{ SELECT * {{ {} }} }}".format, simple),
)
templates = st.one_of(
    st.builds("DELETE {{ {} }}".format, template),
    st.builds("INSERT {{ {} . {} }}".format, template, template),
    st.builds("DELETE {{ {} }} INSERT {{ {} }}".format, template, template),
)
operation = st.one_of(
    st.builds("INSERT DATA {{ GRAPH {} {{ ex:a ex:p 2 }} ex:d ex:p 1 }}".format, name),
    st.builds("DELETE DATA {{ GRAPH {} {{ ex:a ex:p 001 }} }}".format, name),
    st.builds("DELETE WHERE {{ {} }}".format, simple),
    st.builds("{} SILENT {} TO {}".format, st.sampled_from(("ADD", "COPY", "MOVE")), place, place),
    st.builds("CLEAR SILENT GRAPH {}".format, name),
    st.sampled_from(("CLEAR DEFAULT", "DROP NAMED", "DROP SILENT GRAPH ex:g1")),
    st.builds(
        "{} {} {} WHERE {{ {} }}".format,
        st.one_of(st.just(""), st.builds("WITH {}".format, name)),
        templates,
        st.sampled_from(SOURCES),
        pattern,
    ),
)


def triples(edits: Mapping[str, GraphEdit]) -> Mapping[str, GraphEdit]:
    """Return the edits that change triples: engines may drop a graph that is cleared, or not."""
    return {name: edit for name, edit in edits.items() if edit.removed or edit.added}


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    operations=st.lists(operation, min_size=1, max_size=3),
    between=st.sampled_from((" ; ", " ; PREFIX more: <urn:more#> ")),
)
def test_edits_are_what_a_comparison_of_everything_finds(
    evaluator: EvaluationProcess,
    content: Callable[[], ox.Store],
    prefixes: Mapping[str, str],
    operations: list[str],
    between: str,
) -> None:
    store = content()
    for each in operations:
        store.update(each, prefixes=dict(prefixes))
    edits, _ = evaluator.update(between.join(operations), 1)
    assert triples(edits) == triples(changed(graphs(content()), graphs(store)))
