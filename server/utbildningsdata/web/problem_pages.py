"""What each type of problem means: a page for people, a concept for programs."""

from __future__ import annotations

from flask import Blueprint, Response, render_template
from rdflib import RDF, Graph, Literal, URIRef
from rdflib.namespace import SKOS

from utbildningsdata.errors import NotFound
from utbildningsdata.rdf.graphs import graph_of
from utbildningsdata.rdf.mediatypes import HTML
from utbildningsdata.rdf.serialise import document
from utbildningsdata.web.language import language
from utbildningsdata.web.problem_types import PROBLEM_TYPES, ProblemType
from utbildningsdata.web.records import split_suffix
from utbildningsdata.web.representations import announce, negotiated


def blueprint() -> Blueprint:
    """Return the route of the types of problems."""
    routes = Blueprint("problems", __name__)
    routes.add_url_rule("/problem/<name>", "problem", _shown)
    return routes


def _shown(name: str) -> Response:
    """Show what a type of problem means.

    Raises:
        NotFound: There is no such type.
    """
    plain, suffix = split_suffix(name)
    kind = PROBLEM_TYPES.get(plain)
    if kind is None:
        raise NotFound(
            f"There is no problem called '{plain}'.", sv=f"Inget problem heter '{plain}'."
        )
    syntax = negotiated(suffix)
    if syntax is HTML:
        response = Response(render_template("problem_type.html", kind=kind))
        response.headers["Content-Language"] = language()
    else:
        content = document(_described(kind), syntax, kind.iri)
        response = Response(content, content_type=syntax.content_type)
    response.headers["Cache-Control"] = "no-cache"
    return announce(response, f"problem/{plain}", syntax, negotiable=suffix is None)


def _described(kind: ProblemType) -> Graph:
    node = URIRef(kind.iri)
    graph = graph_of([(node, RDF.type, SKOS.Concept), (node, SKOS.notation, Literal(kind.name))])
    for texts, relation in ((kind.title, SKOS.prefLabel), (kind.meaning, SKOS.definition)):
        for tongue, text in texts.items():
            graph.add((node, relation, Literal(text, lang=tongue)))
    return graph
