"""The second store of a revision: what was done here, by whom and when, as PROV.

One activity for each revision that was published, in a graph of its own: ``<base>activity/42``
generated ``<base>revision/42``. All of it follows from the change log, so that it can be made
again, and compared. The public store holds nothing of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path

from rdflib import RDF, XSD, Literal, URIRef
from rdflib.namespace import DCTERMS, FOAF, PROV

from utbildningsdata.rdf import ntriples
from utbildningsdata.rdf.graphs import Triple
from utbildningsdata.rdf.iris import Base
from utbildningsdata.rdf.namespaces import UD
from utbildningsdata.store import changelog, disk, layout, oxigraph
from utbildningsdata.store.changelog import Activity

ACTIVITY = "activity"
REVISION = "revision"
"""The folders of addresses of activities and revisions: ``<base>revision/42``."""

_COUNTS: Mapping[str, URIRef] = {
    "added": UD.addedCount,
    "updated": UD.updatedCount,
    "removed": UD.removedCount,
}


def add(parent: Path, revision: Path, base: Base, activity: Activity) -> None:
    """Make the reports of the revision in a folder: those of its parent, and its own activity.

    Raises:
        OSError: They cannot be written.
        OperationError: The parent's are damaged.
    """
    known, folder = parent / layout.REPORTS, revision / layout.REPORTS
    if not known.exists():  # published by software that had no reports
        oxigraph.build(folder, [_document(base, activity)])
    else:
        oxigraph.change(known, folder, [_document(base, activity)])
    disk.sync_tree(folder)


def build(log: Path, revision: Path, base: Base, activity: Activity | None = None) -> None:
    """Make the reports of the revision in a folder anew, from the change log.

    ``activity`` is what published it, where that is not in the log yet.

    Raises:
        OSError: They cannot be written.
        OperationError: The log is damaged.
    """
    folder = revision / layout.REPORTS
    own = [_document(base, activity)] if activity else []
    oxigraph.build(folder, chain(_documents(log, revision, base), own))
    disk.sync_tree(folder)


def differ(log: Path, revision: Path, base: Base) -> bool:
    """Tell whether the reports of a revision are not exactly what the change log says.

    Raises:
        OperationError: They, or the log, are missing or damaged.
    """
    expected = list(_documents(log, revision, base))
    folder = revision / layout.REPORTS
    if not expected and not folder.exists():
        return False
    return next(oxigraph.differing(folder, expected), None) is not None


def _documents(log: Path, revision: Path, base: Base) -> Iterator[oxigraph.Document]:
    for activity in changelog.activities(log, int(revision.name)):
        yield _document(base, activity)


def _document(base: Base, activity: Activity) -> oxigraph.Document:
    iri = base.resolve(f"{ACTIVITY}/{activity.number}")
    return oxigraph.Document(iri, ntriples.document(_triples(base, URIRef(iri), activity)))


def _triples(base: Base, iri: URIRef, activity: Activity) -> Iterator[Triple]:
    agent = URIRef(f"{iri}#agent")
    yield iri, RDF.type, PROV.Activity
    ended = activity.published.isoformat().replace("+00:00", "Z")
    yield iri, PROV.endedAtTime, Literal(ended, datatype=XSD.dateTime)
    yield iri, DCTERMS.description, Literal(activity.message, lang="en")
    if activity.request:
        yield iri, DCTERMS.identifier, Literal(activity.request)
    yield iri, PROV.wasAssociatedWith, agent
    yield agent, RDF.type, PROV.Agent
    yield agent, FOAF.name, Literal(activity.agent)
    counts = Counter(str(change.operation) for change in activity.changes)
    for name, predicate in _COUNTS.items():
        yield iri, predicate, Literal(str(counts[name]), datatype=XSD.integer)
    revision = URIRef(base.resolve(f"{REVISION}/{activity.number}"))
    yield iri, PROV.generated, revision
    yield revision, RDF.type, PROV.Entity
    yield revision, PROV.wasGeneratedBy, iri
    if activity.number > 1:
        before = URIRef(base.resolve(f"{REVISION}/{activity.number - 1}"))
        yield revision, PROV.wasRevisionOf, before
