"""The parameters of a query, as its record describes them (``sh:Parameter``), for one reader.

A parameter is called as SHACL says (SHACL, section 6.2): by the local name of its ``sh:path``. Its
values are the concepts of a scheme (``ud:valueScheme``), the things of a class that have records
here (``sh:class``), or literals of a datatype (``sh:datatype``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rdflib import RDF, XSD, Graph, Literal, URIRef
from rdflib.namespace import OWL, SH, SKOS

from utbildningsdata.model.labels import Text, choose, node_key, sort_key
from utbildningsdata.model.record import Entry
from utbildningsdata.rdf.namespaces import PREFIXES, UD
from utbildningsdata.services.describe.inbound import MOST
from utbildningsdata.services.describe.memo import Memo
from utbildningsdata.services.describe.signpost import Signpost, codes
from utbildningsdata.store.queries.tokens import scan

RESERVED = frozenset({"format"})
"""What no parameter may be called: the address of an answer means something else by it."""

DATATYPES = (XSD.string, XSD.integer, XSD.decimal, XSD.gYear, XSD.date, XSD.boolean)
"""The datatypes that literal values may have."""

MOST_VALUES = 50
"""Values that a reader may give for one parameter where its record does not say fewer."""

_NAME = re.compile(r"(?<=[/#])[A-Za-z]\w*\Z", re.ASCII)
_LAST = 1_000_000


@dataclass(frozen=True, slots=True)
class Option:
    """A value to choose: its IRI, how an address spells it, and what it is called.

    ``count`` is how often something that the query is about has it, or a narrower one, for the
    parameter's property; 0 also for a concept that is deprecated.
    """

    iri: str
    code: str
    label: Text
    count: int


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter: ``datatype`` is None where its values are ``options``.

    ``default`` are the values that it has where a reader gives none, ``most`` is how many of them
    a reader may give.
    """

    name: str
    label: Text
    help: Text | None
    datatype: URIRef | None
    options: Sequence[Option]
    required: bool
    most: int
    default: Sequence[str]


_PARAMETERS: Memo[tuple[Parameter, ...]] = Memo(256)


@dataclass(frozen=True, slots=True)
class _Counting:
    """Counts how often options are used by things of the classes that a query names."""

    signpost: Signpost
    path: URIRef
    named: frozenset[str]

    def count(self, iri: str) -> int:
        """Count the things that have ``iri`` for the property; all of them where they are many."""
        revision = self.signpost.revision
        count = revision.inbound_counts(iri).get(str(self.path), 0)
        if not 0 < count <= MOST:
            return count
        links = revision.inbound(iri, predicate=str(self.path), limit=count)
        return sum(not self.named.isdisjoint(revision.entry(link.record).types) for link in links)


def parameters(entry: Entry, text: str, signpost: Signpost) -> tuple[Parameter, ...]:
    """Return the parameters of the query that a record describes, in their order.

    ``text`` is the query: options are counted by the things of the classes that it names.
    """
    key = (entry.path, entry.document, signpost.language)
    return _PARAMETERS.get(signpost.revision, key, lambda: _read(entry, text, signpost))


def _read(entry: Entry, text: str, signpost: Signpost) -> tuple[Parameter, ...]:
    named = frozenset(_named(text))
    graph = signpost.revision.document(entry.path)
    nodes = sorted(
        graph.objects(URIRef(entry.thing), SH.parameter),
        key=lambda node: (_number(graph.value(node, SH.order), _LAST), node_key(node)),
    )
    found: dict[str, Parameter] = {}
    for node in nodes:
        path = graph.value(node, SH.path)
        name = _NAME.search(str(path))
        if isinstance(path, URIRef) and name and name.group() not in RESERVED:
            counting = _Counting(signpost, path, named)
            made = _parameter(graph, URIRef(str(node)), name.group(), counting)
            found.setdefault(made.name, made)
    return tuple(found.values())


def _named(text: str) -> Iterator[str]:
    """Give the IRIs that a query names by the catalogue's prefixes."""
    for token in scan(text):
        prefix, colon, local = token.text.partition(":")
        if token.kind == "name" and colon and prefix in PREFIXES:
            yield PREFIXES[prefix] + local


def _parameter(graph: Graph, node: URIRef, name: str, counting: _Counting) -> Parameter:
    signpost = counting.signpost
    options = sorted(
        _options(graph, node, counting),
        key=lambda option: sort_key(option.label.text, signpost.language),
    )
    datatype = graph.value(node, SH.datatype)
    label = choose(_texts(graph, node, SH.name), signpost.language)
    return Parameter(
        name=name,
        label=label or signpost.property(counting.path),
        help=choose(_texts(graph, node, SH.description), signpost.language),
        datatype=None if options else URIRef(str(datatype or XSD.string)),
        options=options,
        required=str(graph.value(node, SH.optional)) != "true",
        most=_number(graph.value(node, SH.maxCount), MOST_VALUES),
        default=[str(value) for value in sorted(graph.objects(node, SH.defaultValue), key=str)],
    )


def _options(graph: Graph, node: URIRef, counting: _Counting) -> Iterator[Option]:
    for scheme in graph.objects(node, UD.valueScheme):
        yield from _concepts(str(scheme), counting)
    for kind in graph.objects(node, SH["class"]):
        yield from _things(str(kind), counting)


def _concepts(scheme: str, counting: _Counting) -> Iterator[Option]:
    signpost = counting.signpost
    entry = signpost.revision.describing(scheme)
    if entry is None or entry.removed:
        return
    graph = signpost.revision.document(entry.path)
    counts: Counter[str] = Counter()
    for concept in graph.subjects(RDF.type, SKOS.Concept):
        count = counting.count(str(concept))
        for broader in graph.transitive_objects(concept, SKOS.broader):
            counts[str(broader)] += count
    for iri, code in codes(signpost.revision, entry).items():
        deprecated = (URIRef(iri), OWL.deprecated, Literal(True)) in graph
        yield Option(iri, code, signpost.label(iri), 0 if deprecated else counts[iri])


def _things(kind: str, counting: _Counting) -> Iterator[Option]:
    """Give the things of a class that records describe, called by the slugs of their records."""
    signpost = counting.signpost
    for entry in signpost.revision.entries():
        if kind in entry.types and entry.kind:
            slug = entry.path.rpartition("/")[2]
            count = counting.count(entry.thing)
            yield Option(entry.thing, slug, signpost.title(entry), count)


def _texts(graph: Graph, node: URIRef, predicate: URIRef) -> list[Literal]:
    return [text for text in graph.objects(node, predicate) if isinstance(text, Literal)]


def _number(node: object, otherwise: int) -> int:
    text = str(node)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else otherwise
