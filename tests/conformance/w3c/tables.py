"""Answers to SELECT and ASK, read from every syntax there is.

SPARQL 1.1 Query Results XML Format, JSON Format, CSV and TSV Formats; and the vocabulary in which
the suite writes some results as RDF (``rs:ResultSet``). Nothing here is shared with the server.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

from rdflib import RDF, BNode, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

RS = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/result-set#")

_XML = "{http://www.w3.org/2005/sparql-results#}"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

Row = Mapping[str, Node]


@dataclass(frozen=True, slots=True)
class Table:
    """The variables and solutions of an answer to SELECT; ``ordered`` where it is a sequence."""

    variables: frozenset[str]
    rows: Sequence[Row]
    ordered: bool = False


Answer = Table | bool


def read(content: bytes, media_type: str) -> Answer:
    """Read an answer in the syntax of a media type.

    Raises:
        ValueError: It is none, or not of this syntax.
    """
    match media_type:
        case "application/sparql-results+xml":
            return _from_xml(content)
        case "application/sparql-results+json" | "application/json":
            return _from_json(json.loads(content))
        case "text/csv":
            return _from_csv(content.decode())
        case "text/tab-separated-values":
            return _from_tsv(content.decode())
    raise ValueError(f"answered in {media_type or 'no media type'}")


def _from_xml(content: bytes) -> Answer:
    try:
        root = ET.fromstring(content)  # noqa: S314 - the server under test is no attacker
    except ET.ParseError as error:
        raise ValueError(f"not XML: {error}") from error
    if (boolean := root.find(f"{_XML}boolean")) is not None:
        return {"true": True, "false": False}[(boolean.text or "").strip()]
    variables = [str(item.get("name")) for item in root.iter(f"{_XML}variable")]
    rows = [
        {str(item.get("name")): _xml_term(item[0]) for item in result.iter(f"{_XML}binding")}
        for result in root.iter(f"{_XML}result")
    ]
    return Table(frozenset(variables), rows)


def _xml_term(element: ET.Element) -> Node:
    text = element.text or ""
    match element.tag.removeprefix(_XML):
        case "uri":
            return URIRef(text)
        case "bnode":
            return BNode(text)
        case "literal":
            return _literal(text, element.get(_LANG), element.get("datatype"))
    raise ValueError(f"an element {element.tag} in a binding")


def _literal(text: str, language: str | None, datatype: str | None) -> Literal:
    if language:
        return Literal(text, lang=language)
    return Literal(text, datatype=URIRef(datatype) if datatype else None)


def _from_json(answer: Any) -> Answer:
    if "boolean" in answer:
        return bool(answer["boolean"])
    rows = [
        {name: _json_term(term) for name, term in row.items()}
        for row in answer["results"]["bindings"]
    ]
    return Table(frozenset(answer["head"]["vars"]), rows)


def _json_term(term: Mapping[str, str]) -> Node:
    match term["type"]:
        case "uri":
            return URIRef(term["value"])
        case "bnode":
            return BNode(term["value"])
        case "literal" | "typed-literal":
            return _literal(term["value"], term.get("xml:lang"), term.get("datatype"))
    raise ValueError(f"a term of type {term['type']}")


def _from_csv(text: str) -> Table:
    """Read CSV, which says of a value neither its datatype nor whether it is an IRI."""
    header, *lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows = [
        {
            name: BNode(cell[2:]) if cell.startswith("_:") else Literal(cell)
            for name, cell in zip(header, line, strict=True)
            if cell
        }
        for line in lines
    ]
    return Table(frozenset(header), rows)


def _from_tsv(text: str) -> Table:
    header, *lines = text.splitlines()
    names = [name.lstrip("?$") for name in header.split("\t")]
    rows = [
        {
            name: _turtle_term(cell)
            for name, cell in zip(names, line.split("\t"), strict=True)
            if cell
        }
        for line in lines
    ]
    return Table(frozenset(names), rows)


def _turtle_term(cell: str) -> Node:
    """Read a term as Turtle writes it.

    >>> _turtle_term("5.5")
    rdflib.term.Literal('5.5', datatype=rdflib.term.URIRef('http://www.w3.org/2001/XMLSchema#decimal'))
    """
    if cell.startswith("_:"):
        return BNode(cell[2:])
    graph = Graph().parse(data=f"<x:s> <x:p> {cell} .", format="turtle")
    return next(iter(graph.objects()))


def from_graph(graph: Graph) -> Answer | None:
    """Read an answer that the suite wrote as RDF; None where the graph is no such thing."""
    top = graph.value(None, RDF.type, RS.ResultSet)
    if top is None:
        return None
    if (boolean := graph.value(top, RS.boolean)) is not None:
        return str(boolean) == "true"
    solutions = list(graph.objects(top, RS.solution))
    ordered = any((solution, RS["index"], None) in graph for solution in solutions)
    if ordered:
        solutions.sort(key=lambda solution: int(str(graph.value(solution, RS["index"]))))
    rows = [
        {
            str(graph.value(binding, RS.variable)): graph.value(binding, RS["value"]) or BNode()
            for binding in graph.objects(solution, RS.binding)
        }
        for solution in solutions
    ]
    names = frozenset(str(name) for name in graph.objects(top, RS.resultVariable))
    return Table(names, rows, ordered)
