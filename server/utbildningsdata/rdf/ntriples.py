"""N-Triples: the canonical form of a record document, and the exact way in for any RDF text.

A *record document* is the record's triples as N-Triples, each line once, sorted by code point,
UTF-8. Equal graphs give equal bytes, so that the hash of a document is the record's version.
Parsing goes through pyoxigraph's parser, which keeps every literal as it is written; rdflib's
Turtle parser turns ``01`` into ``1``. (pyoxigraph's *store* rewrites them too: see
``docs/architecture.md``.)
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.term import Node

from utbildningsdata.errors import Malformed
from utbildningsdata.rdf.graphs import Triple, graph_of


def document(graph: Iterable[Triple]) -> bytes:
    """Return the canonical N-Triples of ``graph``."""
    return "".join(sorted({line(triple) for triple in graph})).encode()


def line(triple: Triple) -> str:
    """Return one triple as a line of N-Triples, line end included."""
    return " ".join(written(term) for term in triple) + " .\n"


def digest(content: bytes) -> str:
    """Return the SHA-256 of ``content`` in hexadecimal: the name of its version."""
    return hashlib.sha256(content).hexdigest()


def read(document: bytes) -> Graph:
    """Return the graph of a record document."""
    return parse(document, ox.RdfFormat.N_TRIPLES)


def parse(
    text: bytes, syntax: ox.RdfFormat = ox.RdfFormat.TURTLE, base: str | None = None
) -> Graph:
    """Parse RDF text into a graph whose literals keep their spelling.

    Raises:
        Malformed: With line and column where the parser says them.
    """
    return graph_of(_triples(text, syntax, base))


def parse_folder(folder: Path, base: str) -> Graph:
    """Parse every Turtle file of a folder into one graph.

    Raises:
        Malformed: A file is not Turtle.
    """
    files = sorted(folder.glob("*.ttl"))
    return graph_of(
        triple
        for file in files
        for triple in _triples(file.read_bytes(), ox.RdfFormat.TURTLE, base)
    )


def _triples(text: bytes, syntax: ox.RdfFormat, base: str | None) -> Iterator[Triple]:
    try:
        for quad in ox.parse(text, syntax, base_iri=base):
            yield triple_of(quad)
    except (SyntaxError, ValueError) as error:
        raise Malformed(
            _reason(error),
            line=getattr(error, "lineno", None),
            column=getattr(error, "offset", None),
        ) from error


def language_tag(tag: str) -> str:
    """Return a language tag in the spelling that RFC 5646 section 2.1.1 recommends.

    Tags are equal whatever their case (RDF 1.1 Concepts, 3.3) and pyoxigraph gives all of them in
    lower case, so that one spelling is chosen for documents.

    >>> language_tag("sv-se"), language_tag("zh-hant-TW"), language_tag("en-x-us")
    ('sv-SE', 'zh-Hant-TW', 'en-x-us')
    """
    first, *rest = tag.lower().split("-")
    spelled = [first]
    for subtag in rest:
        if len(spelled[-1]) == 1:
            spelled.append(subtag)
        elif len(subtag) == 2:
            spelled.append(subtag.upper())
        else:
            spelled.append(subtag.title() if len(subtag) == 4 and subtag.isalpha() else subtag)
    return "-".join(spelled)


def written(term: Node) -> str:
    """Return a term as N-Triples writes it, which SPARQL reads as the same term.

    Raises:
        ValueError: The IRI is not valid.
    """
    if isinstance(term, Literal) and term.language:
        return f"{ox.Literal(str(term))}@{language_tag(term.language)}"
    return str(to_oxigraph(term))


def _reason(error: Exception) -> str:
    text = str(error.args[0]) if error.args else str(error)
    return text.split(": ", 1)[-1] if text.startswith("Parser error") else text


def from_oxigraph(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Node:
    """Return a term of pyoxigraph as rdflib's.

    Raises:
        ValueError: It is a triple, which RDF 1.1 does not have as a term.
    """
    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    if isinstance(term, ox.Literal):
        if term.language:
            return Literal(term.value, lang=language_tag(term.language))
        datatype = term.datatype.value
        plain = datatype == "http://www.w3.org/2001/XMLSchema#string"
        return Literal(term.value, datatype=None if plain else URIRef(datatype))
    if isinstance(term, ox.BlankNode):
        return BNode(term.value)
    raise ValueError("a triple as a term is not supported: write it as an ordinary triple")


def triple_of(quad: ox.Triple | ox.Quad) -> Triple:
    """Return a triple of pyoxigraph, or what a quad says, as rdflib's.

    Raises:
        ValueError: It has a triple as a term.
    """
    return from_oxigraph(quad.subject), from_oxigraph(quad.predicate), from_oxigraph(quad.object)


def to_oxigraph(term: Node) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    """Return an rdflib term as pyoxigraph's.

    Raises:
        ValueError: The IRI is not valid.
    """
    if isinstance(term, Literal):
        if term.language:
            return ox.Literal(str(term), language=term.language)
        if term.datatype is not None:
            return ox.Literal(str(term), datatype=ox.NamedNode(str(term.datatype)))
        return ox.Literal(str(term))
    if isinstance(term, BNode):
        return ox.BlankNode(str(term))
    return ox.NamedNode(str(term))
