"""JSON-LD 1.1 in its plainest form: expanded values, one small context of prefixes in the document.

No remote context, no type coercion and no native numbers, so that a client needs no network and
every literal keeps its spelling.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from rdflib import RDF, BNode, Graph, Literal
from rdflib.term import Node

from utbildningsdata.rdf.arrangement import Description, arrange, require_named
from utbildningsdata.rdf.graphs import Triple
from utbildningsdata.rdf.namespaces import PREFIXES
from utbildningsdata.rdf.ntriples import language_tag
from utbildningsdata.rdf.qnames import qname

CLOSING = "\n]}\n"

_TYPE = str(RDF.type)


def write(graph: Iterable[Triple], *, labelled: bool = False) -> str:
    """Return ``graph`` as a JSON-LD document whose context holds the prefixes it uses.

    ``labelled`` is as in :func:`utbildningsdata.rdf.arrangement.arrange`.

    Raises:
        ValueError: A term cannot be written.
    """
    used: dict[str, str] = {}
    nodes = [_node(item, used) for item in arrange(graph, labelled=labelled)]
    return _start(used) + _join(nodes) + CLOSING


def opening(graph: Graph) -> str:
    """Return the start of a feed: all prefixes, and the nodes of ``graph``, which has some."""
    require_named(graph)
    return _start(PREFIXES) + _join(_node(item, {}) for item in arrange(graph))


def block(graph: Graph) -> str:
    """Return ``graph`` as a piece of a feed: each node with the comma that parts it from the last.

    Raises:
        ValueError: The graph holds a blank node, or a term that cannot be written.
    """
    require_named(graph)
    return "".join(f",\n{_node(item, {})}" for item in arrange(graph))


def _start(prefixes: Mapping[str, str]) -> str:
    context = {prefix: prefixes[prefix] for prefix in sorted(prefixes)}
    return f'{{"@context": {_json(context)},\n"@graph": [\n'


def _join(nodes: Iterable[str]) -> str:
    return ",\n".join(nodes)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def _node(item: Description, used: dict[str, str]) -> str:
    node: dict[str, Any] = {"@id": _id(item.subject)}
    for predicate, objects in item.statements:
        kinds = [value for value in objects if not isinstance(value, Literal)]
        if predicate == _TYPE and len(kinds) == len(objects):
            node["@type"] = _one_or_all([_short(str(_id(kind)), used) for kind in kinds])
        else:
            node[_short(predicate, used)] = _one_or_all([_value(term) for term in objects])
    return _json(node)


def _value(term: Node) -> dict[str, str] | str:
    if not isinstance(term, Literal):
        return {"@id": _id(term)}
    if term.language:
        return {"@value": str(term), "@language": language_tag(term.language)}
    if term.datatype is not None:
        return {"@value": str(term), "@type": str(term.datatype)}
    return str(term)


def _one_or_all(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values


def _id(term: Node) -> str:
    return f"_:{term}" if isinstance(term, BNode) else str(term)


def _short(iri: str, used: dict[str, str]) -> str:
    name = qname(iri)
    if name is None or name.prefix not in PREFIXES:
        return iri
    used[name.prefix] = name.namespace
    return str(name)
