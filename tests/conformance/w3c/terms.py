"""RDF terms and graphs as they are compared: term for term, or numbers and booleans by value."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

import rdflib
from rdflib import XSD, BNode, Graph, Literal
from rdflib.compare import to_isomorphic
from rdflib.term import Node

rdflib.NORMALIZE_LITERALS = False  # "01" is not "1" until something computes with it

_SYNTAXES = {".ttl": "turtle", ".rdf": "xml", ".nt": "nt"}
_INTEGERS = {
    XSD.integer,
    *(XSD.nonPositiveInteger, XSD.negativeInteger, XSD.nonNegativeInteger, XSD.positiveInteger),
    *(XSD.long, XSD.int, XSD.short, XSD.byte),
    *(XSD.unsignedLong, XSD.unsignedInt, XSD.unsignedShort, XSD.unsignedByte),
}
_BOOLEANS = {"1": "true", "true": "true", "0": "false", "false": "false"}

Key = tuple[str, ...]
"""A term in a form that is equal exactly when the terms are; a blank node begins with ``bnode``."""


def parse(content: bytes, suffix: str, base: str) -> Graph:
    """Parse a document by the suffix of its file."""
    return Graph().parse(data=content, format=_SYNTAXES[suffix], publicID=base)


def key(node: Node | None, *, by_value: bool = False) -> Key:
    """Return what two terms are compared by: with ``by_value`` numbers and booleans by their value.

    A simple literal and one of xsd:string are the same term (RDF 1.1 Concepts, section 3.3).
    """
    if node is None:
        return ("unbound",)
    if isinstance(node, BNode):
        return ("bnode", str(node))
    if not isinstance(node, Literal):
        return ("iri", str(node))
    if node.language:
        return ("literal", str(node), "", node.language.lower())
    value = _value(node) if by_value else None
    return ("literal", *(value or (str(node), str(node.datatype or XSD.string))))


def _value(literal: Literal) -> tuple[str, str] | None:
    """Return value and type as SPARQL compares them (section 17.3); derived integers are integers.

    None where the literal is no number or boolean, or is ill-typed.

    >>> _value(Literal("1.0E6", datatype=XSD.double)) == _value(Literal("1e6", datatype=XSD.double))
    True
    """
    text, datatype = str(literal), literal.datatype
    try:
        if datatype in _INTEGERS:
            return str(int(text)), str(XSD.integer)
        if datatype == XSD.decimal:
            return str(Decimal(text).normalize() + 0), str(datatype)
        if datatype in (XSD.double, XSD.float):
            return repr(float(text.replace("INF", "inf"))), str(datatype)
    except (InvalidOperation, ValueError):
        return None
    if datatype == XSD.boolean and text in _BOOLEANS:
        return _BOOLEANS[text], str(datatype)
    return None


def isomorphic(one: Graph, other: Graph) -> bool:
    """Tell whether two graphs are the same but for the names of blank nodes."""
    return bool(to_isomorphic(_plain(one)) == to_isomorphic(_plain(other)))


def _plain(graph: Graph) -> Graph:
    """Return a graph in which no literal is said to be of xsd:string, since all others are."""
    plain = Graph()
    for subject, predicate, value in graph:
        if isinstance(value, Literal) and value.datatype == XSD.string:
            value = Literal(str(value))
        plain.add((subject, predicate, value))
    return plain
