"""Pages and documents of records: the home page, lists, records, and the way there from a thing."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from utbildningsdata.bootstrap import Services
from utbildningsdata.errors import Malformed, NotFound
from utbildningsdata.model.record import Entry
from utbildningsdata.rdf.iris import is_iri
from utbildningsdata.rdf.mediatypes import HTML, Syntax
from utbildningsdata.services.describe import home, lists, records
from utbildningsdata.services.describe.signpost import Signpost
from utbildningsdata.store.ports import Revision
from utbildningsdata.web import links, tombstones
from utbildningsdata.web.language import language
from utbildningsdata.web.reading import reading
from utbildningsdata.web.records import page_number, referrers_page, shown, split_suffix
from utbildningsdata.web.representations import announce, negotiated, page, see_other


def blueprint(services: Services) -> Blueprint:
    """Return the routes of pages; what no other room answers comes to ``record``."""
    views = _Views(services)
    routes = Blueprint("pages", __name__)
    routes.add_url_rule("/", "home", views.home)
    routes.add_url_rule("/resolve", "resolve", views.resolve)
    routes.add_url_rule("/tillganglighet", "accessibility", views.accessibility)
    routes.add_url_rule("/id/<path:rest>", "thing", views.thing)
    routes.add_url_rule("/<path:path>", "record", views.record)
    return routes


class _Views:
    """The views, which share the services."""

    def __init__(self, services: Services) -> None:
        self._revisions = services.revisions
        self._profile = services.profile

    def home(self) -> Response:
        """Show the home page."""
        with reading(self._revisions) as revision:

            def make() -> str:
                content = home.home_page(revision, self._profile, language())
                return render_template("home.html", page=content)

            return announce(page(revision, make), "", HTML, negotiable=False, graphs=False)

    def accessibility(self) -> Response:
        """Show how accessible the pages are, and how to report a fault (the law 2018:1937)."""
        with reading(self._revisions) as revision:
            response = page(revision, lambda: render_template("accessibility.html"))
            return announce(response, "tillganglighet", HTML, negotiable=False, graphs=False)

    def resolve(self) -> Response:
        """Lead from any IRI, ours or not, to the page that shows it.

        Raises:
            Malformed: ``iri`` is missing or not an absolute IRI.
            NotFound: No record describes it.
        """
        iri = request.args.get("iri", "")
        if not is_iri(iri):
            raise Malformed(
                "Give an absolute IRI: /resolve?iri=https://…",
                sv="Ange en absolut IRI: /resolve?iri=https://…",
            )
        with reading(self._revisions) as revision:
            return self._lead_to(revision, iri)

    def thing(self, rest: str) -> Response:
        """Lead from a thing, or a part of one, to the record that describes it."""
        with reading(self._revisions) as revision:
            whole = revision.describing(revision.base.thing("/".join(rest.split("/")[:2])))
            if whole is not None and whole.removed:  # and its parts with it
                return tombstones.answer(revision, self._profile, whole, None)
            return self._lead_to(revision, revision.base.resolve(f"id/{rest}"))

    def record(self, path: str) -> Response:
        """Show a record, or the list of a kind, in the syntax that is asked for."""
        plain, suffix = split_suffix(path)
        with reading(self._revisions) as revision:
            if plain in self._profile.kinds and suffix in (None, HTML):
                return self._list(revision, plain, suffix)
            entry = revision.entry(plain)
            if entry.removed:
                return tombstones.answer(revision, self._profile, entry, suffix)
            return shown(revision, entry, plain, suffix, lambda: self._page(revision, entry))

    def _page(self, revision: Revision, entry: Entry) -> str:
        relation = request.args.get("inbound")
        if relation is not None:
            return referrers_page(revision, self._profile, entry, entry.thing, relation)
        content = records.record_page(revision, self._profile, entry.path, language())
        return render_template(
            ["kinds/" + (entry.kind or "other") + ".html", "record.html"], page=content
        )

    def _list(self, revision: Revision, folder: str, suffix: Syntax | None) -> Response:
        number = page_number()
        negotiated(suffix, (HTML,))

        def make() -> str:
            content = lists.list_page(revision, self._profile, folder, number, language())
            return render_template("list.html", page=content)

        return announce(page(revision, make), folder, HTML, negotiable=False, graphs=False)

    def _lead_to(self, revision: Revision, iri: str) -> Response:
        entry = revision.describing(iri)
        if entry is None:
            raise NotFound(
                f"No record here describes {iri}.", sv=f"Ingen post här beskriver {iri}."
            )
        if entry.removed:
            return tombstones.answer(revision, self._profile, entry, None)
        path = Signpost(revision, self._profile, language()).path(iri) or entry.path
        return see_other(links.href(path))
