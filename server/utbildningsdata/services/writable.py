"""What a write may change: which graphs, how much of them, and by whom."""

from __future__ import annotations

from collections.abc import Collection, Container, Mapping, Sequence
from dataclasses import dataclass

from rdflib import Graph

from utbildningsdata.errors import Forbidden, Invalid, Malformed, TooLarge
from utbildningsdata.model.derive import nesting
from utbildningsdata.model.token import covers
from utbildningsdata.rdf.iris import (
    CATALOGUE_RECORD,
    CONCEPT_FOLDER,
    ONTOLOGY_RECORD,
    Base,
    is_slug,
)
from utbildningsdata.services.publication import fault
from utbildningsdata.services.reconcile import Draft
from utbildningsdata.store.writes.ports import DEFAULT
from utbildningsdata.validation.report import Finding

MOST_RECORDS = 50
"""Records that one write may change: each is checked with its neighbours, before the answer."""

MOST_STATEMENTS = 2_000
"""Statements that a record may have to be written here; the largest of ours has some 800."""

MOST_NESTED = 50
"""How deep blank nodes may hang on each other, the cells of a list too: who draws them waits."""

_SINGLE = (CATALOGUE_RECORD, ONTOLOGY_RECORD)
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Places:
    """Where records are: under a base, in folders of the ``kinds`` that there are."""

    base: Base
    kinds: Container[str]

    def path(self, graph: str) -> str:
        """Return the path of the record whose graph it is; empty for none of ours."""
        return self.base.path(graph) or ""

    def check(self, named: Collection[str]) -> None:
        """Refuse graphs that are no record.

        Raises:
            Malformed: The default graph, which holds nothing of its own here.
            Invalid: Any other graph.
        """
        if DEFAULT in named:
            raise Malformed(
                "The default graph is the union of all records, and cannot be changed: "
                "name a graph, with GRAPH, WITH or USING.",
                sv="Standardgrafen är alla poster tillsammans och kan inte ändras: "
                "ange en graf med GRAPH, WITH eller USING.",
            )
        faults = [self._fault(graph) for graph in named if not self._is_record(self.path(graph))]
        if faults:
            raise Invalid(
                "Only graphs of records can be changed: nothing was.",
                faults,
                sv="Bara posters grafer kan ändras: inget ändrades.",
            )

    def _is_record(self, path: str) -> bool:
        folder, _, slug = path.partition("/")
        known = folder == CONCEPT_FOLDER or folder in self.kinds
        return path in _SINGLE or (known and is_slug(slug))

    def _fault(self, graph: str) -> Finding:
        form = f"{self.base.iri}<kind>/<name>"
        return fault(
            graph,
            None,
            f"<{graph}> is not the graph of a record, which is {form} with a kind that there is "
            "and a name of a-z, 0-9 and hyphens.",
            f"<{graph}> är inte en posts graf, som är {form} med en sort som finns och ett namn "
            "av a–z, 0–9 och bindestreck.",
        )


def check_size(documents: Mapping[str, bytes | None]) -> None:
    """Refuse what would take longer to check than anybody waits; keys are graphs.

    Raises:
        TooLarge: Too many records would change, or one of them is too large.
    """
    if len(documents) > MOST_RECORDS:
        raise TooLarge(
            f"This would change {len(documents)} records, and a write may change at most "
            f"{MOST_RECORDS}: divide it. Nothing was changed.",
            sv=f"Det här skulle ändra {len(documents)} poster, och en skrivning får ändra högst "
            f"{MOST_RECORDS}: dela upp den. Inget ändrades.",
        )
    for graph, document in documents.items():
        size = (document or b"").count(b"\n")
        if size > MOST_STATEMENTS:
            raise TooLarge(
                f"<{graph}> would have {size} statements, and a record has at most "
                f"{MOST_STATEMENTS}. Nothing was changed.",
                sv=f"<{graph}> skulle ha {size} påståenden, och en post har högst "
                f"{MOST_STATEMENTS}. Inget ändrades.",
            )


def check_nesting(graph: Graph, path: str) -> None:
    """Refuse what would take too long to write in a syntax that nests.

    Raises:
        TooLarge: Blank nodes hang on each other too deep.
    """
    depth = nesting(graph)
    if depth > MOST_NESTED:
        raise TooLarge(
            f"'{path}' has blank nodes that nest {depth} deep, and {MOST_NESTED} is the most: give "
            "some of them an IRI.",
            sv=f"'{path}' har tomma noder i {depth} nivåer, och högst {MOST_NESTED} får det vara: "
            "ge några av dem en IRI.",
        )


def check_scopes(scopes: Sequence[str], drafts: Sequence[Draft]) -> None:
    """Hold a token to what it is for, by what would change.

    Raises:
        Forbidden: Some record is not of a kind that the scopes cover.
    """
    refused = sorted(draft.path for draft in drafts if not covers(scopes, draft.kind))
    if refused:
        named = ", ".join(f"'{path}'" for path in refused[:_NAMED])
        raise Forbidden(
            f"Your token does not cover what this would change: {named}. Nothing was changed.",
            sv=f"Din nyckel gäller inte för det som skulle ändras: {named}. Inget ändrades.",
        )


def check_removable(path: str) -> None:
    """Keep the records that a catalogue cannot be without.

    Raises:
        Invalid: It is the catalogue's own record, or the ontology.
    """
    if path in _SINGLE:
        message = f"'{path}' cannot be removed: the catalogue would not be one without it."
        sv = f"'{path}' kan inte tas bort: utan den vore katalogen ingen katalog."
        raise Invalid(message, [fault(path, None, message, sv)], sv=sv)
