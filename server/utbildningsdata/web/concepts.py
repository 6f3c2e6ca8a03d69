"""Pages of concept schemes, concepts and the ontology's terms."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _
from rdflib import OWL, RDF, RDFS, URIRef

from utbildningsdata.bootstrap import Services
from utbildningsdata.errors import NotFound
from utbildningsdata.model.record import Entry
from utbildningsdata.rdf.iris import CONCEPT_FOLDER, ONTOLOGY_RECORD
from utbildningsdata.rdf.mediatypes import HTML, Syntax
from utbildningsdata.services.describe import concepts, lists, records
from utbildningsdata.store.ports import Revision
from utbildningsdata.web import links, tombstones
from utbildningsdata.web.language import language
from utbildningsdata.web.reading import reading
from utbildningsdata.web.records import referrers_page, shown, split_suffix
from utbildningsdata.web.representations import announce, negotiated, page, see_other


def blueprint(services: Services) -> Blueprint:
    """Return the routes of concepts and terms."""
    views = _Views(services)
    routes = Blueprint("concepts", __name__)
    routes.add_url_rule(f"/{CONCEPT_FOLDER}", "schemes", views.schemes)
    routes.add_url_rule(f"/{CONCEPT_FOLDER}/<scheme>", "scheme", views.scheme)
    routes.add_url_rule(f"/{CONCEPT_FOLDER}/<scheme>/<path:code>", "concept", views.concept)
    routes.add_url_rule(f"/{ONTOLOGY_RECORD}", "ontology", views.ontology)
    routes.add_url_rule(f"/{ONTOLOGY_RECORD}.<suffix>", "ontology_document", views.ontology)
    routes.add_url_rule(f"/{ONTOLOGY_RECORD}/", "namespace", views.namespace)
    routes.add_url_rule(f"/{ONTOLOGY_RECORD}/<local>", "term", views.term)
    return routes


class _Views:
    """The views, which share the services."""

    def __init__(self, services: Services) -> None:
        self._revisions = services.revisions
        self._profile = services.profile

    def schemes(self) -> Response:
        """Show the list of all concept schemes."""
        with reading(self._revisions) as revision:
            negotiated(None, (HTML,))

            def make() -> str:
                entries = lists.ordered(revision, CONCEPT_FOLDER, language())
                rows = [(entry, concepts.size(revision, entry)) for entry in entries]
                return render_template("schemes.html", rows=rows)

            response = page(revision, make)
            return announce(response, CONCEPT_FOLDER, HTML, negotiable=False, graphs=False)

    def scheme(self, scheme: str) -> Response:
        """Show a concept scheme with its tree."""
        path, suffix = split_suffix(f"{CONCEPT_FOLDER}/{scheme}")
        with reading(self._revisions) as revision:
            entry = revision.entry(path)
            if entry.removed:
                return tombstones.answer(revision, self._profile, entry, suffix)

            def make() -> str:
                relation = request.args.get("inbound")
                if relation is not None:
                    return referrers_page(revision, self._profile, entry, entry.thing, relation)
                content = records.record_page(revision, self._profile, path, language())
                tree = concepts.tree(revision, self._profile, entry, language())
                return render_template("scheme.html", page=content, tree=tree)

            return shown(revision, entry, path, suffix, make)

    def concept(self, scheme: str, code: str) -> Response:
        """Show a concept.

        Raises:
            NotFound: The scheme has no concept with this code.
        """
        with reading(self._revisions) as revision:
            entry = revision.entry(f"{CONCEPT_FOLDER}/{scheme}")
            plain, suffix, iri = self._concept(revision, entry, code)
            if iri is None:
                raise NotFound(
                    f"The scheme '{scheme}' has no concept '{code}'.",
                    sv=f"Begreppsschemat '{scheme}' har inget begrepp '{code}'.",
                )
            path = f"{entry.path}/{plain}"
            graph = concepts.part_document(revision.document(entry.path), URIRef(iri))
            return shown(
                revision, entry, path, suffix, lambda: self._page(revision, entry, iri), graph
            )

    def _concept(
        self, revision: Revision, entry: Entry, code: str
    ) -> tuple[str, Syntax | None, str | None]:
        """Return code, suffix and IRI; a code may itself end like a suffix does."""
        iri = concepts.concept_iri(revision, entry, code)
        if iri is not None:
            return code, None, iri
        plain, suffix = split_suffix(code)
        return plain, suffix, concepts.concept_iri(revision, entry, plain) if suffix else None

    def _page(self, revision: Revision, entry: Entry, iri: str) -> str:
        relation = request.args.get("inbound")
        if relation is not None:
            return referrers_page(revision, self._profile, entry, iri, relation)
        content = concepts.concept_page(revision, self._profile, entry, iri, language())
        return render_template("concept.html", page=content)

    def ontology(self, suffix: str = "") -> Response:
        """Show the ontology with all its terms."""
        path, syntax = split_suffix(f"{ONTOLOGY_RECORD}.{suffix}" if suffix else ONTOLOGY_RECORD)
        with reading(self._revisions) as revision:
            entry = revision.entry(path)

            def make() -> str:
                content = records.record_page(revision, self._profile, path, language())
                terms = concepts.terms(revision, entry, language())
                return render_template(
                    "ontology.html", page=content, terms=terms, kind_names=_kind_names()
                )

            return shown(revision, entry, path, syntax, make)

    def namespace(self) -> Response:
        """Lead from the namespace, which is the ontology's IRI, to its page."""
        return see_other(links.href(ONTOLOGY_RECORD))

    def term(self, local: str) -> Response:
        """Show a term of the ontology."""
        plain, suffix = split_suffix(local)
        with reading(self._revisions) as revision:
            entry = revision.entry(ONTOLOGY_RECORD)
            path, iri = f"{entry.path}/{plain}", entry.thing + plain

            def make() -> str:
                relation = request.args.get("inbound")
                if relation is not None:
                    return referrers_page(revision, self._profile, entry, iri, relation)
                content = concepts.term_page(revision, self._profile, entry, plain, language())
                return render_template("term.html", page=content)

            graph = concepts.part_document(revision.document(entry.path), URIRef(iri))
            if not graph:
                raise NotFound(
                    f"The ontology has no term '{plain}'.",
                    sv=f"Ontologin har ingen term '{plain}'.",
                )
            return shown(revision, entry, path, suffix, make, graph)


def _kind_names() -> dict[URIRef, str]:
    """Return the headings of the ontology's page."""
    return {
        RDFS.Class: _("Klasser"),
        OWL.Class: _("Klasser"),
        OWL.ObjectProperty: _("Egenskaper som länkar"),
        OWL.DatatypeProperty: _("Egenskaper med text, tal eller datum"),
        RDF.Property: _("Andra egenskaper"),
    }
