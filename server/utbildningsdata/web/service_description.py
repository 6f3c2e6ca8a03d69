"""What is offered, in the words of SPARQL 1.1 Service Description and VoID.

All of it is made from the tables that the code works with: syntaxes, prefixes, settings and what
queries count in the store. A revision never changes, so it is counted once for each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain

from rdflib import DCTERMS, RDF, Literal, Namespace, URIRef
from rdflib.namespace import FOAF, SH, VOID, XSD

from utbildningsdata.bootstrap import Services
from utbildningsdata.errors import Overloaded
from utbildningsdata.rdf.graphs import Triple, graph_of
from utbildningsdata.rdf.iris import CATALOGUE, Base
from utbildningsdata.rdf.mediatypes import GRAPHS, INPUTS, RESULTS, Syntax
from utbildningsdata.rdf.namespaces import UD
from utbildningsdata.rdf.serialise import FEEDS, document
from utbildningsdata.services.describe.memo import Memo
from utbildningsdata.services.query import MAX_LENGTH
from utbildningsdata.services.statistics import Statistics, count

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
_FORMATS = "http://www.w3.org/ns/formats/"
_NAMES = {
    "ttl": "Turtle",
    "jsonld": "JSON-LD",
    "rdf": "RDF_XML",
    "nt": "N-Triples",
    "nq": "N-Quads",
    "trig": "TriG",
    "srj": "SPARQL_Results_JSON",
    "srx": "SPARQL_Results_XML",
    "csv": "SPARQL_Results_CSV",
    "tsv": "SPARQL_Results_TSV",
}
"""Suffix → the name of the W3C's IRI for that format (https://www.w3.org/ns/formats/)."""

_SPECIFICATIONS: Mapping[str, str] = {
    "sparql": "https://www.w3.org/TR/sparql11-protocol/",
    "sparql/reports": "https://www.w3.org/TR/sparql11-protocol/",
    "sparql/update": "https://www.w3.org/TR/sparql11-protocol/",
    "sparql/graphs": "https://www.w3.org/TR/sparql11-http-rdf-update/",
}
"""Path of a service → the specification that it follows."""

_CC0 = URIRef("http://creativecommons.org/publicdomain/zero/1.0/")
_MEBIBYTE = 1024 * 1024
_REVISIONS = 2


class Description:
    """The description of all services and of the data, for the current revision."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._base = Base(services.settings.base)
        self._counted: Memo[Statistics | None] = Memo(_REVISIONS)
        self._written: Memo[bytes] = Memo(_REVISIONS * len(GRAPHS))

    def document(self, syntax: Syntax, client: str) -> bytes:
        """Return the description; what has to be counted first is counted for ``client``.

        Where there is no room for that now, the counts are left out.
        """
        engine = self._services.engine
        with self._services.revisions.current() as revision:
            try:
                counted = self._counted.get(revision, "counts", lambda: count(engine, client))
            except Overloaded:
                return self._write(syntax, None)
            return self._written.get(revision, syntax, lambda: self._write(syntax, counted))

    def _write(self, syntax: Syntax, counted: Statistics | None) -> bytes:
        parts = [self._services_offered(), self._prefixes(), self._data()]
        if counted is not None:
            parts.append(self._counts(counted))
        return document(graph_of(chain.from_iterable(parts)), syntax, self._iri("sparql"))

    def _iri(self, path: str) -> URIRef:
        return URIRef(self._base.resolve(path))

    def _services_offered(self) -> Iterator[Triple]:
        for path, specification in _SPECIFICATIONS.items():
            yield self._iri(path), DCTERMS.conformsTo, URIRef(specification)
        for path in ("sparql", "sparql/reports"):
            endpoint = self._iri(path)
            yield from self._endpoint(endpoint, SD.SPARQL11Query)
            for syntax in (*RESULTS, *GRAPHS):
                yield endpoint, SD.resultFormat, _format(syntax)
            yield from self._limits(endpoint)
        update = self._iri("sparql/update")
        yield from self._endpoint(update, SD.SPARQL11Update)
        for syntax in INPUTS:
            yield update, SD.inputFormat, _format(syntax)
            yield self._iri("sparql/graphs"), DCTERMS.format, _format(syntax)  # no sd:Service
        for path in ("sparql", "sparql/update"):
            yield self._iri(path), SD.defaultDataset, self._iri("sparql#dataset")

    def _endpoint(self, endpoint: URIRef, language: URIRef) -> Iterator[Triple]:
        yield endpoint, RDF.type, SD.Service
        yield endpoint, SD.endpoint, endpoint
        yield endpoint, SD.supportedLanguage, language
        if self._services.settings.default_graph == "union":
            yield endpoint, SD.feature, SD.UnionDefaultGraph
        if self._services.settings.plain:
            yield endpoint, SD.feature, SD.EmptyGraphs

    def _limits(self, endpoint: URIRef) -> Iterator[Triple]:
        settings = self._services.settings
        limits = {
            UD.timeLimit: Literal(f"PT{settings.deadline:g}S", datatype=XSD.duration),
            UD.queryLimit: Literal(MAX_LENGTH),
            UD.answerLimit: Literal(settings.result * _MEBIBYTE),
        }
        for relation, value in limits.items():
            yield endpoint, relation, value
        seconds, size, share = f"{settings.deadline:g}", settings.result, f"{settings.share:g}"
        texts = {
            "en": f"A query may take {seconds} seconds, be {MAX_LENGTH} bytes long, and have an "
            f"answer of {size} MiB; otherwise there is an error and never a part of an answer. A "
            f"client may use {share} seconds of work in a minute. The prefixes here are known "
            "without declaring them, and relative IRIs resolve against the base. SERVICE is not "
            "offered.",
            "sv": f"En fråga får ta {seconds} sekunder, vara {MAX_LENGTH} byte lång och ha ett "
            f"svar på {size} MiB; annars blir det ett fel och aldrig en del av ett svar. En klient "
            f"får använda {share} sekunders arbete i minuten. Prefixen här är kända utan att "
            "deklareras, och relativa IRI:er löses mot basen. SERVICE finns inte.",
        }
        for language, text in texts.items():
            yield endpoint, DCTERMS.description, Literal(text, lang=language)

    def _prefixes(self) -> Iterator[Triple]:
        for prefix, namespace in self._services.prefixes.items():
            node = self._iri(f"sparql#prefix-{prefix}")
            yield self._iri("sparql"), SH.declare, node
            yield node, RDF.type, SH.PrefixDeclaration
            yield node, SH.prefix, Literal(prefix)
            yield node, SH.namespace, Literal(namespace, datatype=XSD.anyURI)

    def _data(self) -> Iterator[Triple]:
        dataset, default = self._iri("sparql#dataset"), self._iri("sparql#default-graph")
        yield dataset, RDF.type, SD.Dataset
        yield dataset, RDF.type, VOID.Dataset
        yield dataset, SD.defaultGraph, default
        yield default, RDF.type, SD.Graph
        yield dataset, VOID.sparqlEndpoint, self._iri("sparql")
        for syntax in GRAPHS:
            yield dataset, VOID.feature, _format(syntax)
        if self._services.settings.plain:
            return
        yield dataset, DCTERMS.license, _CC0
        yield dataset, VOID.uriSpace, Literal(self._base.iri)
        yield dataset, FOAF.primaryTopic, self._iri(CATALOGUE)
        for syntax in FEEDS:
            yield dataset, VOID.dataDump, self._iri(f"catalog.{syntax.suffix}")

    def _counts(self, counted: Statistics) -> Iterator[Triple]:
        dataset = self._iri("sparql#dataset")
        totals = {
            VOID.triples: counted.triples,
            VOID.entities: counted.entities,
            VOID.documents: counted.graphs,
            VOID.classes: len(counted.classes),
            VOID.properties: len(counted.properties),
        }
        for relation, number in totals.items():
            yield dataset, relation, Literal(number)
        used = (*counted.classes, *counted.properties)
        for namespace in self._services.prefixes.values():
            if any(iri.startswith(namespace) for iri in used):
                yield dataset, VOID.vocabulary, URIRef(namespace)
        for place, (iri, number) in enumerate(counted.classes.items(), 1):
            part = self._iri(f"sparql#class-{place}")
            yield dataset, VOID.classPartition, part
            yield part, VOID["class"], URIRef(iri)
            yield part, VOID.entities, Literal(number)
        for place, (iri, number) in enumerate(counted.properties.items(), 1):
            part = self._iri(f"sparql#property-{place}")
            yield dataset, VOID.propertyPartition, part
            yield part, VOID.property, URIRef(iri)
            yield part, VOID.triples, Literal(number)


def _format(syntax: Syntax) -> URIRef:
    return URIRef(_FORMATS + _NAMES[syntax.suffix])
