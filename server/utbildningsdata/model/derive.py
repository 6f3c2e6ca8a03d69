"""What is derived and never typed by hand: membership, dates, publisher and contact, blank nodes.

Deriving is pure: the same file and settings give the same graph, and so the same document.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from rdflib import RDF, XSD, BNode, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, FOAF
from rdflib.term import Node

from utbildningsdata.errors import Malformed
from utbildningsdata.model.record import is_tombstone, primary_topic
from utbildningsdata.rdf import ntriples
from utbildningsdata.rdf.graphs import Triple, graph_of
from utbildningsdata.rdf.iris import CATALOGUE, Base
from utbildningsdata.rdf.namespaces import DCAT, UD, VCARD

DEMONSTRATION = "id/organisation/utbildningsdata"
"""The path of the publisher that files name, until a setting says who publishes."""

CONTACT = "id/catalog/contact"


@dataclass(frozen=True, slots=True)
class Deriving:
    """What deriving needs to know beside the file: the base, and who publishes (empty: nobody yet).

    ``memberships`` is the property with which the catalogue lists a thing, by the record's kind;
    ``publisher`` is an IRI, ``contact`` an e-mail address.
    """

    base: Base
    memberships: Mapping[str, URIRef]
    publisher: str = ""
    contact: str = ""


def derive(graph: Graph, path: str, rules: Deriving) -> Graph:
    """Return the complete graph of the record at ``path``, but for its dates.

    Raises:
        Malformed: Blank nodes refer to each other in a circle, so that they cannot be named.
    """
    derived = graph_of(_substituted(triple, rules) for triple in _named(graph, path))
    derived += _membership(derived, path, rules)
    return derived


def underived(graph: Graph, path: str, rules: Deriving) -> Graph:
    """Return what a file says of a record: its graph without what is derived.

    ``derive(underived(graph))`` is ``graph`` again.
    """
    derived = set(_membership(graph, path, rules))
    return graph_of(triple for triple in graph if triple not in derived)


def _membership(graph: Graph, path: str, rules: Deriving) -> list[Triple]:
    record, catalogue = URIRef(rules.base.resolve(path)), URIRef(rules.base.resolve(CATALOGUE))
    if is_tombstone(graph, record):
        return []
    triples: list[Triple] = [(record, RDF.type, DCAT.CatalogRecord)]
    thing, listed = primary_topic(graph, record), rules.memberships.get(path.partition("/")[0])
    if thing is not None and listed is not None:
        triples += [(catalogue, listed, thing), (catalogue, DCAT.record, record)]
        if listed == DCAT.resource:
            triples.append((thing, RDF.type, DCAT.Resource))
    return triples


def _substituted(triple: Triple, rules: Deriving) -> Triple:
    subject, predicate, value = triple
    publishes = predicate in {DCTERMS.publisher, DCTERMS.creator}
    if rules.publisher and publishes and str(value) == rules.base.resolve(DEMONSTRATION):
        return subject, predicate, URIRef(rules.publisher)
    mails = predicate == VCARD.hasEmail
    if rules.contact and mails and str(subject) == rules.base.resolve(CONTACT):
        return subject, predicate, URIRef(f"mailto:{rules.contact}")
    return triple


def _named(graph: Graph, path: str) -> list[Triple]:
    """Name each blank node by the hash of what hangs on it, so that equal graphs look equal."""
    names: dict[Node, BNode] = {}
    waiting, users = _dependencies(graph)
    ready = [node for node, objects in waiting.items() if not objects]
    for node in ready:  # grows while it is read
        tree = sorted(
            ntriples.line((UD.Tombstone, predicate, names.get(value, value)))
            for predicate, value in graph.predicate_objects(node)
        )
        names[node] = BNode("b" + ntriples.digest("".join([path, *tree]).encode())[:32])
        for user in users.get(node, ()):
            waiting[user].discard(node)
            if not waiting[user]:
                ready.append(user)
    if len(names) < len(waiting):
        raise Malformed(
            "Blank nodes refer to each other in a circle: give one of them an IRI.",
            sv="Tomma noder pekar på varandra i en cirkel: ge en av dem en IRI.",
        )
    return [
        (names.get(subject, subject), predicate, names.get(value, value))
        for subject, predicate, value in graph
    ]


def nesting(graph: Graph) -> int:
    """Return how deep blank nodes hang on each other, where they do not do so in a circle."""
    waiting, users = _dependencies(graph)
    depths = dict.fromkeys(waiting, 1)
    ready = [node for node, objects in waiting.items() if not objects]
    for node in ready:  # grows while it is read
        for user in users.get(node, ()):
            depths[user] = max(depths[user], depths[node] + 1)
            waiting[user].discard(node)
            if not waiting[user]:
                ready.append(user)
    return max(depths.values(), default=0)


def _dependencies(graph: Graph) -> tuple[dict[Node, set[Node]], dict[Node, set[Node]]]:
    """Return each blank node → those that it points to, and → those that point to it."""
    waiting: dict[Node, set[Node]] = {}
    users: dict[Node, set[Node]] = {}
    for subject, _, value in graph:
        for node in (subject, value):
            if isinstance(node, BNode):
                waiting.setdefault(node, set())
        if isinstance(subject, BNode) and isinstance(value, BNode):
            waiting[subject].add(value)
            users.setdefault(value, set()).add(subject)
    return waiting, users


def dated(graph: Graph, record: URIRef, previous: Graph | None, today: date) -> Graph:
    """Return ``graph`` with both dates of its record.

    The file's dates hold where it gives them. ``dcterms:modified`` changes only when something
    else does: to the file's date if that moved forward, or to ``today``.
    """
    issued = _date(graph, record, DCTERMS.issued)
    modified = _date(graph, record, DCTERMS.modified)
    now = Literal(today.isoformat(), datatype=XSD.date)
    if previous is None:
        issued, modified = issued or now, modified or now
    else:
        before = _date(previous, record, DCTERMS.modified) or now
        issued = issued or _date(previous, record, DCTERMS.issued) or now
        if modified is None or _day(modified) <= _day(before):
            modified = before if _undated(graph, record) == _undated(previous, record) else now
    dates = [(record, DCTERMS.issued, issued), (record, DCTERMS.modified, modified)]
    return graph_of([*_undated(graph, record), *dates])


def tombstone(record: URIRef, thing: URIRef, today: date) -> Graph:
    """Return the graph that says that the record and what it described are no longer here."""
    return graph_of(
        [
            (record, RDF.type, UD.Tombstone),
            (record, FOAF.primaryTopic, thing),
            (record, DCTERMS.modified, Literal(today.isoformat(), datatype=XSD.date)),
        ]
    )


def _undated(graph: Graph, record: URIRef) -> set[Triple]:
    dates = {DCTERMS.issued, DCTERMS.modified}
    return {triple for triple in graph if triple[0] != record or triple[1] not in dates}


def _date(graph: Graph, record: URIRef, predicate: URIRef) -> Literal | None:
    values = [value for value in graph.objects(record, predicate) if isinstance(value, Literal)]
    return max(values, key=_day, default=None)


def _day(value: Literal) -> str:
    return str(value)[:10]
