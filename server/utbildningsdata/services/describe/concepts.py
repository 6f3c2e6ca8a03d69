"""Pages of concept schemes, concepts and ontology terms, as Skosmos shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rdflib import OWL, RDF, RDFS, Graph, URIRef
from rdflib.namespace import DCTERMS, SKOS
from rdflib.term import Node

from utbildningsdata.errors import NotFound
from utbildningsdata.model.labels import Text, choose_text, node_key, sort_key
from utbildningsdata.model.profile import Profile
from utbildningsdata.model.record import DESCRIPTIONS, TITLES, Entry, texts
from utbildningsdata.model.relations import HIERARCHY, MEMBERSHIP
from utbildningsdata.rdf.graphs import graph_of
from utbildningsdata.rdf.iris import ONTOLOGY_RECORD
from utbildningsdata.services.describe import inbound
from utbildningsdata.services.describe.content import Description, Relation, Value
from utbildningsdata.services.describe.fields import Reader
from utbildningsdata.services.describe.signpost import Signpost, codes
from utbildningsdata.store.ports import Revision

_DEEPEST = 12


@dataclass(frozen=True, slots=True)
class Branch:
    """A concept in the tree of its scheme; ``path`` is its page."""

    iri: str
    path: str
    name: Text
    notation: str
    lead: Text | None
    deprecated: bool
    narrower: Sequence[Branch]


@dataclass(frozen=True, slots=True)
class ConceptPage:
    """A concept: what it is, where it stands in its scheme, and where it is used."""

    entry: Entry
    scheme: Text
    path: str
    code: str
    title: Text
    concept: Description
    broader: Sequence[Sequence[Value]]
    narrower: Sequence[Branch]
    replaced_by: Sequence[Value]
    deprecated: bool
    relations: Sequence[Relation]


@dataclass(frozen=True, slots=True)
class Term:
    """A term of the ontology, as its list shows it."""

    path: str
    local: str
    name: Text
    lead: Text | None


@dataclass(frozen=True, slots=True)
class TermPage:
    """A term of the ontology with the relations that lead to it."""

    entry: Entry
    path: str
    title: Text
    term: Description
    relations: Sequence[Relation]


def tree(revision: Revision, profile: Profile, entry: Entry, language: str) -> list[Branch]:
    """Return the concepts of a scheme as a tree, those without a broader one first."""
    graph = revision.document(entry.path)
    signpost = Signpost(revision, profile, language)
    return _branches(signpost, entry, graph, _children(graph), None, 0)


def size(revision: Revision, entry: Entry) -> int:
    """Return the number of concepts in a scheme."""
    return len(codes(revision, entry))


def concept_iri(revision: Revision, entry: Entry, code: str) -> str | None:
    """Return the IRI of the concept with ``code`` in a scheme; None if there is none."""
    return next((iri for iri, own in codes(revision, entry).items() if own == code), None)


def concept_page(
    revision: Revision, profile: Profile, entry: Entry, iri: str, language: str
) -> ConceptPage:
    """Return the page of the concept ``iri`` of the scheme that ``entry`` describes."""
    graph = revision.document(entry.path)
    signpost = Signpost(revision, profile, language)
    concept = URIRef(iri)
    others = set(graph.subjects(RDF.type, SKOS.Concept)) - {concept}
    description = Reader(graph, entry, signpost, elsewhere=others).describe(concept)
    code = codes(revision, entry)[iri]
    return ConceptPage(
        entry=entry,
        scheme=signpost.title(entry),
        path=f"{entry.path}/{code}",
        code=code,
        title=description.name,
        concept=description,
        broader=[[signpost.link(str(node)) for node in way] for way in _ways(graph, concept)],
        narrower=_branches(signpost, entry, graph, _children(graph), concept, 0),
        replaced_by=[
            signpost.link(str(node))
            for node in sorted(graph.objects(concept, DCTERMS.isReplacedBy), key=node_key)
        ],
        deprecated=_is_deprecated(graph, concept),
        relations=inbound.relations(signpost, iri, without=MEMBERSHIP | HIERARCHY),
    )


def terms(revision: Revision, entry: Entry, language: str) -> Mapping[URIRef, Sequence[Term]]:
    """Return the ontology's own terms, by what they are: classes, then properties."""
    graph = revision.document(entry.path)
    kinds = (RDFS.Class, OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, RDF.Property)
    found: dict[URIRef, list[Term]] = {}
    seen: set[Node] = set()
    for kind in kinds:
        for subject in sorted(set(graph.subjects(RDF.type, kind)) - seen, key=node_key):
            if str(subject).startswith(entry.thing) and str(subject) != entry.thing:
                seen.add(subject)
                found.setdefault(kind, []).append(_term(graph, entry, subject, language))
    for group in found.values():
        group.sort(key=lambda term: sort_key(term.name.text, language))
    return found


def term_page(
    revision: Revision, profile: Profile, entry: Entry, local: str, language: str
) -> TermPage:
    """Return the page of the term ``local`` (``Method``).

    Raises:
        NotFound: The ontology has no such term.
    """
    graph = revision.document(entry.path)
    term = URIRef(entry.thing + local)
    if not local or (term, None, None) not in graph:
        raise NotFound(
            f"The ontology has no term '{local}'.", sv=f"Ontologin har ingen term '{local}'."
        )
    signpost = Signpost(revision, profile, language)
    others = {node for node in graph.subjects() if isinstance(node, URIRef)} - {term}
    description = Reader(graph, entry, signpost, elsewhere=others).describe(term)
    relations = inbound.relations(signpost, str(term), without=MEMBERSHIP - {RDF.type})
    path = f"{ONTOLOGY_RECORD}/{local}"
    return TermPage(entry, path, description.name, description, relations)


def part_document(graph: Graph, subject: URIRef) -> Graph:
    """Return what a record document says of one subject, nested blank nodes included."""
    found = graph_of()
    todo: list[Node] = [subject]
    while todo:
        for triple in graph.triples((todo.pop(), None, None)):
            if triple not in found:
                found.add(triple)
                if not isinstance(triple[2], URIRef):
                    todo.append(triple[2])
    return found


def _term(graph: Graph, entry: Entry, subject: Node, language: str) -> Term:
    local = str(subject).removeprefix(entry.thing)
    node = URIRef(str(subject))
    name = choose_text(texts(graph, node, TITLES), language) or Text(local)
    lead = choose_text(texts(graph, node, DESCRIPTIONS), language)
    return Term(f"{ONTOLOGY_RECORD}/{local}", local, name, lead)


def _children(graph: Graph) -> Mapping[Node | None, list[Node]]:
    """Return concept → narrower ones; under None those that have no broader one here."""
    found: dict[Node | None, list[Node]] = {}
    for concept in sorted(graph.subjects(RDF.type, SKOS.Concept), key=node_key):
        parents: list[Node | None] = [*_parents(graph, concept)]
        for parent in parents or [None]:
            found.setdefault(parent, []).append(concept)
    return found


def _parents(graph: Graph, concept: Node) -> list[Node]:
    stated = {*graph.objects(concept, SKOS.broader), *graph.subjects(SKOS.narrower, concept)}
    return [
        node for node in sorted(stated, key=node_key) if (node, RDF.type, SKOS.Concept) in graph
    ]


def _ways(graph: Graph, concept: Node) -> list[list[Node]]:
    """Return the ways from the top of the scheme to just above ``concept``."""
    ways: list[list[Node]] = []
    todo: list[list[Node]] = [[concept]]
    while todo:
        way = todo.pop()
        parents = [node for node in _parents(graph, way[0]) if node not in way]
        if parents and len(way) < _DEEPEST:
            todo.extend([parent, *way] for parent in parents)
        elif len(way) > 1:
            ways.append(way[:-1])
    return sorted(ways, key=lambda way: [*map(node_key, way)])


def _is_deprecated(graph: Graph, concept: Node) -> bool:
    return any(str(value) in {"true", "1"} for value in graph.objects(concept, OWL.deprecated))


def _branches(
    signpost: Signpost,
    entry: Entry,
    graph: Graph,
    children: Mapping[Node | None, list[Node]],
    parent: Node | None,
    depth: int,
) -> list[Branch]:
    own = codes(signpost.revision, entry)
    found = []
    for node in children.get(parent, []) if depth < _DEEPEST else []:
        concept, iri = URIRef(str(node)), str(node)
        name = choose_text(texts(graph, concept, TITLES), signpost.language)
        found.append(
            Branch(
                iri=iri,
                path=f"{entry.path}/{own[iri]}",
                name=name or Text(own[iri]),
                notation=str(graph.value(node, SKOS.notation) or ""),
                lead=choose_text(texts(graph, concept, DESCRIPTIONS), signpost.language),
                deprecated=_is_deprecated(graph, node),
                narrower=_branches(signpost, entry, graph, children, node, depth + 1),
            )
        )
    return sorted(found, key=lambda branch: _branch_key(branch, signpost.language))


def _branch_key(branch: Branch, language: str) -> tuple[bool, tuple[str, str]]:
    return branch.deprecated, sort_key(branch.name.text, language)
