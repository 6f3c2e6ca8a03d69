"""Which graph a request means: SPARQL 1.1 Graph Store HTTP Protocol, section 4."""

from __future__ import annotations

import uuid
from urllib.parse import quote

from flask import request

from utbildningsdata.errors import Malformed
from utbildningsdata.rdf.iris import Base, is_iri
from utbildningsdata.settings import Settings
from utbildningsdata.store.writes.ports import DEFAULT
from utbildningsdata.web import bodies

GRAPHS = "sparql/graphs"
"""The path of the graph store; the addresses below it are graphs by those names."""

_MAX_IRI = 4096
_SAFE = "/:@!$&'()*+,;=~-._"


def indirect() -> str | None:
    """Return the IRI of the graph that the parameters name; None where they name none.

    Raises:
        Malformed: They name more than one, or what is no absolute IRI.
    """
    pairs = bodies.parameters(request.query_string)
    graphs = [value for name, value in pairs if name == "graph"]
    defaults = [value for name, value in pairs if name == "default"]
    if not graphs and not defaults:
        return None
    if len(graphs) + len(defaults) > 1 or any(defaults):
        raise Malformed(
            "Name one graph: '?graph=' and its IRI, or '?default'.",
            sv="Ange en graf: '?graph=' och dess IRI, eller '?default'.",
        )
    return _checked(graphs[0]) if graphs else DEFAULT


def direct(base: Base, path: str) -> str:
    """Return the IRI of the graph at an address: the base and its path, percent-encoded.

    Raises:
        Malformed: The parameters name a graph too.
    """
    if indirect() is not None:
        raise Malformed(
            "The address names the graph already: leave '?graph=' and '?default' away.",
            sv="Adressen anger redan grafen: ta bort '?graph=' och '?default'.",
        )
    return _checked(base.resolve(quote(path, safe=_SAFE)))


def new(base: Base) -> str:
    """Return an IRI for a graph that nobody has named."""
    return base.resolve(f"{GRAPHS}/{uuid.uuid4()}")


def place(iri: str, settings: Settings) -> str | None:
    """Return the path under which a revision keeps a graph; None where it cannot keep it.

    A plain store keeps graphs under their IRIs, a catalogue keeps records under their paths.
    """
    return iri if settings.plain else Base(settings.base).path(iri)


def address(iri: str, base: Base) -> str:
    """Return the address that a graph is read at: its own IRI, if that is here.

    It is absolute, so that a client can take it for the graph's IRI too.
    """
    if base.path(iri) is not None:
        return iri
    return base.resolve(f"{GRAPHS}?graph={quote(iri, safe='')}")


def _checked(iri: str) -> str:
    if len(iri) > _MAX_IRI:
        raise Malformed(
            f"The IRI of a graph may have {_MAX_IRI} characters.",
            sv=f"En grafs IRI får ha {_MAX_IRI} tecken.",
        )
    if not is_iri(iri):
        raise Malformed(f"'{iri}' is not an absolute IRI.", sv=f"'{iri}' är ingen absolut IRI.")
    return iri
