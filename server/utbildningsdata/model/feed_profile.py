"""What of a record goes into a feed: the whole catalogue, or what this catalogue answers for.

``full`` is DCAT-AP 3.0.1 for everyone. ``national`` is what the Swedish portal takes: it cannot
cope with catalogue records, and shows whatever is typed ``dcat:Resource`` as a showcase, so both
are left out (DCAT-AP-SE 3.0.1; docs/decisions/0005-compose-feeds-from-blocks.md).
"""

from __future__ import annotations

from rdflib import RDF, BNode, Graph, URIRef
from rdflib.namespace import DCTERMS, FOAF
from rdflib.term import Node

from utbildningsdata.model.record import primary_topic
from utbildningsdata.rdf.graphs import Triple, graph_of
from utbildningsdata.rdf.namespaces import DCAT

FULL = "full"
NATIONAL = "national"
FEEDS = (FULL, NATIONAL)

REFERRED_KINDS = frozenset({"organisation", "standard"})
"""Kinds of record that a feed takes along when one of its members refers to them."""

_REFERRING = frozenset({DCTERMS.publisher, DCTERMS.creator, DCTERMS.conformsTo})
_LINKS = frozenset(
    {DCAT.accessService, DCAT.servesDataset, DCAT.inSeries, DCAT.hasVersion, DCTERMS.hasVersion}
)
_PAGES = frozenset({DCAT.landingPage, FOAF.page, FOAF.homepage})
# What a dcat:CatalogRecord can be about in DCAT-AP: html/shacl/range.ttl, :DcatResource_Shape.
_CATALOGUED = frozenset({DCAT.Catalog, DCAT.Dataset, DCAT.DatasetSeries, DCAT.DataService})
_OUTSIDE_NATIONAL = frozenset({DCAT.record, DCAT.resource})


def full(graph: Graph, record: URIRef) -> Graph:
    """Return what the whole feed says of a record, without blank nodes.

    The record itself is a ``dcat:CatalogRecord`` only where DCAT-AP lets it be one: for methods,
    organisations and the like its description stays, untyped.
    """
    triples = _documents(_named(graph, record))
    thing = primary_topic(graph, record)
    if _CATALOGUED.isdisjoint(graph.objects(thing, RDF.type)):
        triples = [triple for triple in triples if not _catalogues(triple)]
    return graph_of(triples)


def national(graph: Graph, record: URIRef) -> Graph:
    """Return what the national feed says of a record, without blank nodes: only of the thing."""
    return graph_of(
        triple
        for triple in _documents(_named(graph, record))
        if triple[0] != record
        and triple[1] not in _OUTSIDE_NATIONAL
        and triple[1:] != (RDF.type, DCAT.Resource)
    )


def referred(graph: Graph) -> list[str]:
    """Return the IRIs of agents and standards that ``graph`` refers to, sorted."""
    return sorted(
        {
            str(value)
            for _, predicate, value in graph
            if predicate in _REFERRING and isinstance(value, URIRef)
        }
    )


def parted(graph: Graph) -> tuple[Graph, list[Triple]]:
    """Return ``graph`` without its links to other members of the feed, and these, sorted.

    DCAT-AP wants what such a link points to described in the same feed, and whether it is can
    change without the record that holds the link.
    """
    links = sorted(triple for triple in graph if triple[1] in _LINKS)
    return graph_of(triple for triple in graph if triple[1] not in _LINKS), links


def _named(graph: Graph, record: URIRef) -> list[Triple]:
    """Give blank nodes IRIs under the record (RDF 1.1 Concepts, 3.5): harvesters lose them."""

    def named(term: Node) -> Node:
        return URIRef(f"{record}#{term}") if isinstance(term, BNode) else term

    return [(named(subject), predicate, named(value)) for subject, predicate, value in graph]


def _documents(triples: list[Triple]) -> list[Triple]:
    """Add that pages are documents, which is the range that DCAT-AP gives them."""
    pages = {value for _, predicate, value in triples if predicate in _PAGES}
    return [*triples, *((page, RDF.type, FOAF.Document) for page in pages)]


def _catalogues(triple: Triple) -> bool:
    return triple[1] == DCAT.record or triple[1:] == (RDF.type, DCAT.CatalogRecord)
