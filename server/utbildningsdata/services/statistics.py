"""How much there is in the store, counted by queries: for the description of the data (VoID)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from utbildningsdata.errors import TimedOut, TooLarge
from utbildningsdata.store.ports import QueryEngine, Rows

_MAX_ROWS = 2000  # classes or properties

_ENTITIES = "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s a ?class }"
_GRAPHS = "SELECT (COUNT(?g) AS ?n) { GRAPH ?g {} }"
_CLASSES = (
    "SELECT ?class (COUNT(DISTINCT ?s) AS ?n) { ?s a ?class } GROUP BY ?class ORDER BY ?class"
)
# A triple that stands in several graphs is one triple of their union.
_PROPERTIES = """
SELECT ?p (COUNT(*) AS ?n) { SELECT DISTINCT ?s ?p ?o { ?s ?p ?o } } GROUP BY ?p ORDER BY ?p
"""


@dataclass(frozen=True, slots=True)
class Statistics:
    """Counts of a store: ``classes`` and ``properties`` are IRI → how often each is used.

    An entity is what has a type; a graph is the document of a record.
    """

    triples: int
    entities: int
    graphs: int
    classes: Mapping[str, int]
    properties: Mapping[str, int]


def count(engine: QueryEngine, client: str) -> Statistics | None:
    """Count what is in the store; None where that takes longer, or more, than a query may.

    Raises:
        Overloaded: Not now, or not for this client.
    """
    try:
        properties = _by_iri(_rows(engine, _PROPERTIES, client))
        return Statistics(
            triples=sum(properties.values()),
            entities=_number(_rows(engine, _ENTITIES, client)),
            graphs=_number(_rows(engine, _GRAPHS, client)),
            classes=_by_iri(_rows(engine, _CLASSES, client)),
            properties=properties,
        )
    except (TimedOut, TooLarge):
        return None


def _rows(engine: QueryEngine, text: str, client: str) -> Rows:
    return engine.rows(text, limit=_MAX_ROWS, client=client)


def _number(rows: Rows) -> int:
    return int(str(rows.rows[0][0]))


def _by_iri(rows: Rows) -> Mapping[str, int]:
    return {str(iri): int(str(number)) for iri, number in rows.rows}
