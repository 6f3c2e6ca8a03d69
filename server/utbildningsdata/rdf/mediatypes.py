"""The one table of syntaxes: media type, suffix, label; for graphs and for query results."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Syntax:
    """A syntax in which an answer can be written.

    ``suffix`` is what follows the dot in a document's address; ``text`` tells whether the
    Content-Type says ``charset=utf-8``.
    """

    media_type: str
    suffix: str
    label: str
    text: bool = False

    @property
    def content_type(self) -> str:
        """The value of the Content-Type header."""
        return f"{self.media_type}; charset=utf-8" if self.text else self.media_type


HTML = Syntax("text/html", "html", "HTML", text=True)
TURTLE = Syntax("text/turtle", "ttl", "Turtle", text=True)
JSON_LD = Syntax("application/ld+json", "jsonld", "JSON-LD")
RDF_XML = Syntax("application/rdf+xml", "rdf", "RDF/XML", text=True)
N_TRIPLES = Syntax("application/n-triples", "nt", "N-Triples", text=True)
TRIG = Syntax("application/trig", "trig", "TriG", text=True)

GRAPHS: tuple[Syntax, ...] = (TURTLE, JSON_LD, RDF_XML, N_TRIPLES, TRIG)
"""For a record, in the order of the server's preference; feeds have all but TriG."""

N_QUADS = Syntax("application/n-quads", "nq", "N-Quads", text=True)

INPUTS: tuple[Syntax, ...] = (*GRAPHS, N_QUADS)
"""What a client may send as the content of a graph; in TriG and N-Quads the default graph alone."""

RESULTS_JSON = Syntax("application/sparql-results+json", "srj", "JSON")
RESULTS_XML = Syntax("application/sparql-results+xml", "srx", "XML")
RESULTS_CSV = Syntax("text/csv", "csv", "CSV", text=True)
RESULTS_TSV = Syntax("text/tab-separated-values", "tsv", "TSV", text=True)

RESULTS: tuple[Syntax, ...] = (RESULTS_JSON, RESULTS_XML, RESULTS_CSV, RESULTS_TSV)
"""For SELECT and ASK (CSV and TSV for SELECT only), in the order of the server's preference."""

ALIASES: dict[str, str] = {
    "application/xml": RDF_XML.media_type,
    "text/xml": RDF_XML.media_type,
    "application/json": RESULTS_JSON.media_type,
    "text/plain": N_TRIPLES.media_type,
    "application/x-turtle": TURTLE.media_type,
    "text/n3": TURTLE.media_type,
}
"""What older clients ask for, and what they get; never sent by us."""


def by_suffix(suffix: str) -> Syntax | None:
    """Return the page or graph syntax whose addresses end with ``suffix``.

    >>> by_suffix("ttl").media_type, by_suffix("exe")
    ('text/turtle', None)
    """
    return next((syntax for syntax in (HTML, *GRAPHS) if syntax.suffix == suffix), None)
