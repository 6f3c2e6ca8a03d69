"""What the endpoint is, in its own words: SPARQL 1.1 Service Description."""

from __future__ import annotations

from rdflib import RDF, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, FOAF

from utbildningsdata.rdf.graphs import graph_of
from utbildningsdata.rdf.iris import CATALOGUE, Base
from utbildningsdata.rdf.mediatypes import GRAPHS, RESULTS
from utbildningsdata.services.query import MAX_LENGTH
from utbildningsdata.settings import Settings

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
_FORMATS = "http://www.w3.org/ns/formats/"
_NAMES = {
    "ttl": "Turtle",
    "jsonld": "JSON-LD",
    "rdf": "RDF_XML",
    "nt": "N-Triples",
    "trig": "TriG",
    "srj": "SPARQL_Results_JSON",
    "srx": "SPARQL_Results_XML",
    "csv": "SPARQL_Results_CSV",
    "tsv": "SPARQL_Results_TSV",
}
"""Suffix → the name of the W3C's IRI for that format (https://www.w3.org/ns/formats/)."""


def describe(settings: Settings) -> Graph:
    """Return the description of the endpoint, with its limits in words."""
    base = Base(settings.base)
    endpoint = URIRef(base.resolve("sparql"))
    dataset, default = (URIRef(f"{endpoint}#{part}") for part in ("dataset", "default-graph"))
    graph = graph_of(
        [
            (endpoint, RDF.type, SD.Service),
            (endpoint, SD.endpoint, endpoint),
            (endpoint, SD.supportedLanguage, SD.SPARQL11Query),
            (endpoint, SD.feature, SD.UnionDefaultGraph),
            (endpoint, SD.defaultDataset, dataset),
            (dataset, RDF.type, SD.Dataset),
            (dataset, SD.defaultGraph, default),
            (default, RDF.type, SD.Graph),
            (default, FOAF.primaryTopic, URIRef(base.resolve(CATALOGUE))),
        ]
    )
    for syntax in (*RESULTS, *GRAPHS):
        graph.add((endpoint, SD.resultFormat, URIRef(_FORMATS + _NAMES[syntax.suffix])))
    for language, text in _limits(settings).items():
        graph.add((endpoint, DCTERMS.description, Literal(text, lang=language)))
    return graph


def _limits(settings: Settings) -> dict[str, str]:
    seconds, size = f"{settings.deadline:g}", settings.result
    return {
        "en": f"A query may take {seconds} seconds, be {MAX_LENGTH} bytes long, and have an answer "
        f"of {size} MiB; otherwise there is an error and never a part of an answer. The default "
        "graph is the union of all records. SERVICE and updates are not offered.",
        "sv": f"En fråga får ta {seconds} sekunder, vara {MAX_LENGTH} byte lång och ha ett svar på "
        f"{size} MiB; annars blir det ett fel och aldrig en del av ett svar. Standardgrafen är "
        "alla poster tillsammans. SERVICE och ändringar finns inte.",
    }
