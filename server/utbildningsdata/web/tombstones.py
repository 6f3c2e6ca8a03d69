"""What remains of a removed record: 410, 308 to the one that replaced it, or 300 to several."""

from __future__ import annotations

from flask import Response, render_template

from utbildningsdata.model.profile import Profile
from utbildningsdata.model.record import Entry
from utbildningsdata.rdf.mediatypes import HTML, Syntax
from utbildningsdata.rdf.serialise import document
from utbildningsdata.services.describe import records
from utbildningsdata.services.describe.content import Value
from utbildningsdata.store.ports import Revision
from utbildningsdata.web import links
from utbildningsdata.web.language import language
from utbildningsdata.web.representations import announce, graph_document, negotiated, page

_STATUSES = {0: 410, 1: 308}
_SEVERAL = 300


def answer(revision: Revision, profile: Profile, entry: Entry, suffix: Syntax | None) -> Response:
    """Answer for a removed record: say what replaced it, in the syntax that is asked for."""
    successors = records.replacements(revision, profile, entry, language())
    status = _STATUSES.get(len(successors), _SEVERAL)
    syntax = negotiated(suffix)
    if syntax is HTML:
        response = page(
            revision,
            lambda: render_template(
                "tombstone.html",
                entry=entry,
                kind=profile.kinds.get(entry.kind),
                successors=successors,
                status=status,
            ),
            status,
        )
    else:
        response = graph_document(
            entry.document,
            syntax,
            lambda: document(revision.document(entry.path), syntax, entry.iri, labelled=True),
            status,
        )
    if status == _STATUSES[1]:
        response.headers["Location"] = _location(successors[0], suffix)
    return announce(response, entry.path, syntax, negotiable=suffix is None)


def _location(successor: Value, suffix: Syntax | None) -> str:
    """Return the address of the successor's page, or of its document in the same syntax.

    A successor that no record here describes is named by its own IRI, which a record of ours says.
    """
    if successor.path is None:
        return successor.iri
    if suffix is None:
        return links.href(successor.path)
    return links.document(f"{successor.path.partition('#')[0]}.{suffix.suffix}")
