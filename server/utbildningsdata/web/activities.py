"""Activities and revisions at their addresses: what was done here, as RDF (PROV-O)."""

from __future__ import annotations

from flask import Blueprint, Response, request

from utbildningsdata.bootstrap import Services
from utbildningsdata.errors import NotFound
from utbildningsdata.rdf import ntriples, serialise
from utbildningsdata.rdf.graphs import graph_of
from utbildningsdata.rdf.iris import Base
from utbildningsdata.rdf.mediatypes import GRAPHS
from utbildningsdata.web.clients import client_of
from utbildningsdata.web.representations import graph_document, negotiated

_MOST = 1_000  # statements of an activity, which has some fifteen


def blueprint(services: Services) -> Blueprint:
    """Return the routes of activities, and of the revisions that they made."""
    views = _Views(services)
    routes = Blueprint("activities", __name__)
    routes.add_url_rule("/activity/<int:number>", "activity", views.activity)
    routes.add_url_rule("/revision/<int:number>", "revision", views.activity)
    return routes


class _Views:
    """The views, which share the services."""

    def __init__(self, services: Services) -> None:
        self._engine = services.engine
        self._base = Base(services.settings.base)

    def activity(self, number: int) -> Response:
        """Show what made a revision: who, when, and how much it changed.

        Raises:
            NotFound: There is no such revision, or nothing is known of it.
        """
        syntax = negotiated(None, GRAPHS)
        name = self._base.resolve(f"activity/{number}")
        found = self._engine.rows(
            f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{name}> {{ ?s ?p ?o }} }}",
            limit=_MOST,
            client=client_of(request),
            store="reports",
        )
        graph = graph_of((s, p, o) for s, p, o in found.rows if s and p and o is not None)
        if not graph:
            raise NotFound(
                f"Nothing is known of revision {number}.",
                sv=f"Om revision {number} är inget känt.",
            )
        digest = ntriples.digest(ntriples.document(graph))
        response = graph_document(
            digest, syntax, lambda: serialise.document(graph, syntax, name, labelled=True)
        )
        response.vary.add("Accept")
        return response
