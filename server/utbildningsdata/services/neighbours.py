"""Which records a change has to be checked with: those that point to it, and what those point to.

The shapes ask a neighbour for its class and its scheme, and whether it points here; so what lies
further away cannot change what they say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rdflib import Graph, URIRef

from utbildningsdata.rdf.iris import CATALOGUE, CATALOGUE_RECORD, ONTOLOGY_RECORD
from utbildningsdata.services.reconcile import Draft
from utbildningsdata.store.ports import Revision

_ALL = 1_000_000_000

Documents = Mapping[str, Graph]
"""Record documents by the path of their record."""


def judged(revision: Revision, drafts: Sequence[Draft]) -> dict[str, Graph]:
    """Return the documents to check: the drafts', and those of the records that point to them."""
    found = {draft.path: draft.graph for draft in drafts}
    return {**_documents(revision, _referrers(revision, drafts) - found.keys()), **found}


def known(revision: Revision, checked: Documents) -> dict[str, Graph]:
    """Return the other documents that tell what the ``checked`` ones point to."""
    paths = _referred(revision, checked.values()) | {ONTOLOGY_RECORD}
    return _documents(revision, paths - checked.keys())


def _referrers(revision: Revision, drafts: Sequence[Draft]) -> set[str]:
    """Return the paths of the records that point to what the drafts describe, or described."""
    changed = [draft for draft in drafts if draft.changed]
    graphs = [draft.graph for draft in changed]
    graphs += [revision.document(draft.path) for draft in changed if draft.before]
    nodes = {str(s) for graph in graphs for s in graph.subjects() if isinstance(s, URIRef)}
    if all(draft.path != CATALOGUE_RECORD for draft in changed):
        # What lists a record is derived: it says nothing of the catalogue that could be wrong.
        nodes.discard(revision.base.resolve(CATALOGUE))
    return {link.record for node in nodes for link in revision.inbound(node, limit=_ALL)}


def _referred(revision: Revision, graphs: Iterable[Graph]) -> set[str]:
    """Return the paths of the records that describe what the graphs point to."""
    nodes = {str(node) for graph in graphs for node in graph.objects() if isinstance(node, URIRef)}
    entries = (revision.describing(node) for node in nodes)
    return {entry.path for entry in entries if entry}


def _documents(revision: Revision, paths: set[str]) -> dict[str, Graph]:
    """Return the documents of those of the records that there are and are not removed."""
    state = revision.state()
    present = (path for path in sorted(paths) if path in state and not state[path].removed)
    return {path: revision.document(path) for path in present}
