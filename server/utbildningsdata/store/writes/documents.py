"""RDF documents parsed to N-Triples, and literals as a store writes them.

Everything here is foreign text: call it only where it can be killed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from xml.parsers import expat

import pyoxigraph as ox

_NEWER = re.compile(r'\S+ \S+ <<\(|.*"@[A-Za-z0-9-]+--[a-z]+ \.\Z')
MAX_TRIPLES = 200_000
"""How much a document may say."""

_MAX_BYTES = 64 * 1024 * 1024
_MAX_NESTING = 1000
_PLAIN = {
    "http://www.w3.org/2001/XMLSchema#string",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString",
}


class TooMuch(Exception):
    """The document says more than a request may."""


class Remote(Exception):
    """The document refers to a context elsewhere, which is not fetched."""


def parse(content: bytes, media_type: str, base: str) -> bytes:
    """Return an RDF document as canonical N-Triples, every literal as it is written.

    Blank nodes are labelled by the document and the base: the same document gives the same labels,
    and no other document has them.

    Raises:
        SyntaxError: It cannot be parsed, or says what RDF 1.1 or one graph cannot.
        TooMuch: It says too much.
        Remote: It refers to a context elsewhere.
    """
    syntax = ox.RdfFormat.from_media_type(media_type)
    if syntax is None:
        raise ValueError(media_type)
    if syntax == ox.RdfFormat.RDF_XML:
        _check_xml(content)
    labels = _Labels(content, base)
    lines: set[str] = set()
    size = 0
    for quad in _quads(content, syntax, base):
        if quad.graph_name != ox.DefaultGraph():
            raise SyntaxError("it names graphs: the request does that, so write triples only")
        line = f"{labels.term(quad.subject)} {quad.predicate} {labels.term(quad.object)} .\n"
        if line not in lines:
            lines.add(line)
            size += len(line)
        if len(lines) > MAX_TRIPLES or size > _MAX_BYTES:
            raise TooMuch
    return "".join(sorted(lines)).encode()


def stored(lines: Sequence[str]) -> list[str]:
    """Return lines of N-Triples as the store writes them, without line ends."""
    text = "\n".join(lines).encode()
    triples = list(ox.parse(text, ox.RdfFormat.N_TRIPLES))
    literals = [t.object for t in triples if isinstance(t.object, ox.Literal)]
    forms = dict(zip(literals, as_stored(literals), strict=True))
    return [
        f"{t.subject} {t.predicate} "
        f"{forms[t.object] if isinstance(t.object, ox.Literal) else t.object} ."
        for t in triples
    ]


def as_stored(literals: Sequence[ox.Literal]) -> list[ox.Literal]:
    """Return literals as the store gives them back."""
    typed = list(dict.fromkeys(lit for lit in literals if lit.datatype.value not in _PLAIN))
    scratch = ox.Store()
    subject = ox.NamedNode("urn:x-literal")
    scratch.extend(
        ox.Quad(subject, ox.NamedNode(f"urn:x-{place}"), literal)
        for place, literal in enumerate(typed)
    )
    forms: dict[ox.Literal, ox.Literal] = {}
    for quad in scratch:
        if isinstance(quad.object, ox.Literal):
            forms[typed[int(quad.predicate.value.removeprefix("urn:x-"))]] = quad.object
    return [forms.get(literal, literal) for literal in literals]


def is_newer(line: str) -> bool:
    """Tell whether a line of N-Triples says what RDF 1.1 cannot.

    >>> is_newer('<urn:s> <urn:p> "x"@ar--rtl .'), is_newer('<urn:s> <urn:p> "<<( " .')
    (True, False)
    """
    return bool(_NEWER.match(line))


class _Labels:
    """Labels for the blank nodes of one document."""

    def __init__(self, content: bytes, base: str) -> None:
        self._digest = hashlib.sha256(base.encode() + b"\0" + content).hexdigest()[:24]
        self._known: dict[str, str] = {}

    def term(self, term: object) -> str:
        """Return a term in N-Triples, blank nodes with their new label.

        Raises:
            SyntaxError: RDF 1.1 does not have it.
        """
        if isinstance(term, ox.BlankNode):
            number = len(self._known)
            return self._known.setdefault(term.value, f"_:d{self._digest}x{number}")
        direction = isinstance(term, ox.Literal) and term.direction is not None
        if isinstance(term, ox.Triple) or direction:
            raise SyntaxError("it has terms of RDF 1.2, which are not supported: write RDF 1.1")
        return str(term)


def _quads(content: bytes, syntax: ox.RdfFormat, base: str) -> Iterable[ox.Quad]:
    try:
        yield from ox.parse(content, syntax, base_iri=base)
    except SyntaxError as error:
        if "LoadDocumentCallback" in str(error):
            raise Remote from error
        raise


def _check_xml(content: bytes) -> None:
    """Refuse what makes little XML large or slow: entities of its own, and endless nesting.

    What is wrong in other ways is for the RDF parser to say.

    Raises:
        SyntaxError: It has either.
    """
    parser = expat.ParserCreate()
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _MAX_NESTING:
            raise SyntaxError(f"it nests more than {_MAX_NESTING} elements")

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1

    def entity(*declared: object) -> None:
        raise SyntaxError("it declares entities (<!ENTITY), which are not supported")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.EntityDeclHandler = entity
    try:
        parser.Parse(content, True)
    except expat.ExpatError:
        return
