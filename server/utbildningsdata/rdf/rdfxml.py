"""RDF/XML: what national portals harvest (RDF 1.1 XML Syntax, W3C 2014).

Typed node elements with one property element a statement, no abbreviations and no nesting, as
the oldest clients expect. XML 1.0 cannot hold most control characters, not even escaped: in
texts they become U+FFFD here, so that one stray character never breaks a whole feed; every
other syntax keeps them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from rdflib import RDF, BNode, Graph, Literal
from rdflib.term import Node

from utbildningsdata.errors import Malformed
from utbildningsdata.rdf.arrangement import Description, arrange, require_named
from utbildningsdata.rdf.graphs import Triple
from utbildningsdata.rdf.namespaces import PREFIXES
from utbildningsdata.rdf.ntriples import language_tag
from utbildningsdata.rdf.qnames import QName, xml_name

CLOSING = "</rdf:RDF>\n"

_RDF = str(RDF)
# Names that the grammar keeps for itself (section 5): they cannot be property elements.
_RESERVED = frozenset(
    {"RDF", "ID", "about", "bagID", "parseType", "resource", "nodeID", "datatype"}
    | {"aboutEach", "aboutEachPrefix", "Description", "li"}
)
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_ATTRIBUTE = str.maketrans({"&": "&amp;", "<": "&lt;", '"': "&quot;"})


def write(graph: Iterable[Triple], *, labelled: bool = False) -> str:
    """Return ``graph`` as an RDF/XML document that declares the prefixes it uses.

    ``labelled`` is as in :func:`utbildningsdata.rdf.arrangement.arrange`.

    Raises:
        Malformed: A property has an IRI that no XML name ends.
        ValueError: A term cannot be written in any syntax.
    """
    used = {"rdf": _RDF}
    body = "".join(_description(item, used) for item in arrange(graph, labelled=labelled))
    return _start(used) + body + CLOSING


def opening(graph: Graph) -> str:
    """Return the start of a feed: all prefixes, and the block of ``graph``."""
    return _start(PREFIXES) + block(graph)


def block(graph: Graph) -> str:
    """Return ``graph`` as a piece of a feed that :func:`opening` begins and CLOSING ends.

    Raises:
        Malformed: A property has an IRI that no XML name ends.
        ValueError: The graph holds a blank node, or a term that cannot be written.
    """
    require_named(graph)
    return "".join(_description(item, {}) for item in arrange(graph))


def _start(prefixes: Mapping[str, str]) -> str:
    lines = "".join(f'\n    xmlns:{name}="{prefixes[name]}"' for name in sorted(prefixes))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF{lines}>\n'


def _description(item: Description, used: dict[str, str]) -> str:
    element, kind = _element(item, used)
    if isinstance(item.subject, BNode):
        start = f'  <{element} rdf:nodeID="{item.subject}">\n'
    else:
        start = f'  <{element} rdf:about="{_attribute(item.subject)}">\n'
    lines = [
        _property(statement.predicate, value, used)
        for statement in item.statements
        for value in statement.objects
        if not (statement.predicate == str(RDF.type) and value == kind)
    ]
    return f"{start}{''.join(lines)}  </{element}>\n"


def _element(item: Description, used: dict[str, str]) -> tuple[str, Node | None]:
    """Return the element for a subject: its first type that has a known name, and that type."""
    first = item.statements[0]
    if first.predicate == str(RDF.type):
        for kind in first.objects:
            name = xml_name(str(kind)) if not isinstance(kind, Literal | BNode) else None
            if name and name.prefix in PREFIXES and name.namespace != _RDF:
                used[name.prefix] = name.namespace
                return str(name), kind
    return "rdf:Description", None


def _property(predicate: str, value: Node, used: dict[str, str]) -> str:
    name = _property_name(predicate)
    element, declaration = f"x:{name.local}", f' xmlns:x="{_attribute(name.namespace)}"'
    if name.prefix:
        used[name.prefix] = name.namespace
        element, declaration = str(name), ""
    if isinstance(value, BNode):
        return f'    <{element}{declaration} rdf:nodeID="{value}"/>\n'
    if not isinstance(value, Literal):
        return f'    <{element}{declaration} rdf:resource="{_attribute(value)}"/>\n'
    if value.language:
        declaration += f' xml:lang="{language_tag(value.language)}"'
    elif value.datatype is not None:
        declaration += f' rdf:datatype="{_attribute(value.datatype)}"'
    text = _UNWRITABLE.sub("\ufffd", value).translate(_TEXT)
    return f"    <{element}{declaration}>{text}</{element}>\n"


def _property_name(predicate: str) -> QName:
    name = xml_name(predicate)
    if name is None or (name.namespace == _RDF and name.local in _RESERVED):
        raise Malformed(
            f"The property <{predicate}> cannot be written in RDF/XML: an XML name must end it.",
            sv=f"Egenskapen <{predicate}> kan inte skrivas i RDF/XML: den ska sluta på ett namn.",
        )
    prefix = name.prefix if name.prefix in PREFIXES else ""
    return QName(prefix, name.namespace, name.local)


def _attribute(term: object) -> str:
    return str(term).translate(_ATTRIBUTE)
