"""What pages of records, concepts and terms have in common: two ways to show, one to link back."""

from __future__ import annotations

from flask import Response, render_template, request
from rdflib import Graph

from utbildningsdata.errors import Malformed, NotFound
from utbildningsdata.model.profile import Profile
from utbildningsdata.model.record import Entry
from utbildningsdata.rdf.mediatypes import HTML, Syntax, by_suffix
from utbildningsdata.rdf.serialise import document
from utbildningsdata.services.describe import records
from utbildningsdata.services.describe.inbound import Wanted
from utbildningsdata.store.ports import Revision
from utbildningsdata.web.language import language
from utbildningsdata.web.representations import (
    Make,
    announce,
    graph_document,
    negotiated,
    page,
)


def split_suffix(path: str) -> tuple[str, Syntax | None]:
    """Return a path without the suffix of a syntax, and that syntax.

    >>> split_suffix("dataset/x.ttl")[0], split_suffix("dataset/x")[1]
    ('dataset/x', None)
    """
    plain, dot, suffix = path.rpartition(".")
    syntax = by_suffix(suffix) if dot and plain else None
    return (plain, syntax) if syntax else (path, None)


def page_number() -> int:
    """Return the page that the query asks for, counted from 1.

    Raises:
        Malformed: It is not a number from 1.
    """
    text = request.args.get("page", "1")
    if not (text.isascii() and text.isdigit() and len(text) < 8 and int(text)):
        raise Malformed(
            "page must be a whole number from 1.", sv="page måste vara ett heltal från 1."
        )
    return int(text)


def shown(
    revision: Revision,
    entry: Entry,
    path: str,
    suffix: Syntax | None,
    make_page: Make,
    graph: Graph | None = None,
) -> Response:
    """Answer with the page or the RDF of what lies at ``path`` and the record ``entry`` describes.

    ``graph`` is what the RDF says, the whole record where it is None.

    Raises:
        NotAcceptable: The client takes neither.
    """
    syntax = negotiated(suffix)
    if syntax is HTML:
        response = page(revision, make_page)
    else:
        name = revision.base.resolve(entry.path)
        response = graph_document(
            entry.document,
            syntax,
            lambda: document(
                revision.document(entry.path) if graph is None else graph,
                syntax,
                name,
                labelled=True,
            ),
        )
    return announce(response, path, syntax, negotiable=suffix is None)


def referrers_page(revision: Revision, profile: Profile, entry: Entry, iri: str, name: str) -> str:
    """Return the page of all that point to ``iri`` with the property called ``name``.

    Raises:
        NotFound: Nothing does.
        Malformed: The page number is not one.
    """
    wanted = Wanted(name, request.args.get("kind", ""), page_number())
    content = records.relation_page(revision, profile, entry, iri, wanted, language())
    if content is None:
        raise NotFound(
            f"Nothing here points to this with '{name}'.",
            sv=f"Ingenting här pekar hit med '{name}'.",
        )
    return render_template("referrers.html", page=content)
