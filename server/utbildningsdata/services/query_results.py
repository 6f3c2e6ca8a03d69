"""A query of the catalogue as an API: its question, its text, and its answers remembered."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock

from rdflib import RDF, Literal, URIRef
from rdflib.namespace import DCTERMS, FOAF, SH

from utbildningsdata.errors import NotFound
from utbildningsdata.model.labels import Text, choose_text
from utbildningsdata.model.record import Entry
from utbildningsdata.rdf import ntriples
from utbildningsdata.rdf.namespaces import DCAT, UD
from utbildningsdata.services.binding import Bound, bind, places
from utbildningsdata.services.describe.signpost import Signpost
from utbildningsdata.services.parameters import Parameter, parameters
from utbildningsdata.services.query import read
from utbildningsdata.store.ports import Revision
from utbildningsdata.store.queries.tokens import Reading

FOLDER = "query"
"""The folder of the records that describe queries."""

_TEXTS = (SH.select, SH.ask, SH.construct)
_NAME = "Name"
_VOCABULARIES = (UD, RDF, DCTERMS, DCAT, FOAF)
_WORDS: Mapping[str, tuple[str, str]] = {
    "subject": ("subjekt", "subject"),
    "predicate": ("predikat", "predicate"),
    "object": ("objekt", "object"),
    "record": ("post", "record"),
    "records": ("poster", "records"),
    "resource": ("resurs", "resource"),
    "count": ("antal", "number"),
    "why": ("varför", "why"),
}
"""What questions call what is no term: in Swedish and English."""


@dataclass(frozen=True, slots=True)
class Question:
    """A query's record as a question: in words, in SPARQL, and with what may be chosen."""

    entry: Entry
    title: Text
    description: Text | None
    text: str
    parameters: Sequence[Parameter]

    @property
    def path(self) -> str:
        """The path of the answer's page."""
        return f"{self.entry.path}/result"

    def bind(self, given: Sequence[tuple[str, str]]) -> tuple[Bound, Reading]:
        """Put values into the text, and read what it then is.

        Raises:
            Malformed: A value is not possible; see :func:`services.binding.bind`.
            Refused, TooLarge: No worker should see the text; see :func:`services.query.read`.
        """
        bound = bind(self.text, self.parameters, given)
        return bound, read(bound.text)


def question(entry: Entry, signpost: Signpost) -> Question:
    """Return the question that a record asks.

    A parameter that has no place in the text is left out: it could not change the answer.

    Raises:
        NotFound: The record has no SPARQL text.
    """
    text = sparql(signpost.revision, entry)
    if text is None:
        raise NotFound(
            f"The record {entry.path} has no query.", sv=f"Posten {entry.path} har ingen fråga."
        )
    there = places(text)
    return Question(
        entry=entry,
        title=signpost.title(entry),
        description=choose_text(entry.descriptions, signpost.language),
        text=text,
        parameters=[item for item in parameters(entry, text, signpost) if item.name in there],
    )


def sparql(revision: Revision, entry: Entry) -> str | None:
    """Return the SPARQL text of the query that a record describes; None where it has none."""
    graph = revision.document(entry.path)
    for predicate in _TEXTS:
        text = graph.value(URIRef(entry.thing), predicate)
        if isinstance(text, Literal):
            return str(text)
    return None


def tag(revision: Revision, asked: Question, bound: Bound, *parts: str) -> str:
    """Return what tells an answer from all others: revision, query, values, and ``parts``."""
    made = f"{revision.published.timestamp():.6f}"
    whole = "\0".join((made, asked.entry.document, bound.text, *parts))
    return f"{revision.number}-{ntriples.digest(whole.encode())[:32]}"


def headings(columns: Sequence[str], asked: Question, signpost: Signpost) -> list[Text]:
    """Return what readers call the columns of an answer: by parameter, word, kind or term."""
    labels = {parameter.name: parameter.label for parameter in asked.parameters}
    return [labels.get(column) or _heading(column, signpost) for column in columns]


def _heading(column: str, signpost: Signpost) -> Text:
    name = column.removesuffix(_NAME) or column
    kinds = signpost.profile.kinds
    if name in _WORDS:
        return Text(_WORDS[name][0 if signpost.language == "sv" else 1], signpost.language)
    if name in kinds:
        return kinds[name].names.text(signpost.language) or Text(name)
    if name.removesuffix("s") in kinds:
        return kinds[name.removesuffix("s")].list_names.text(signpost.language) or Text(name)
    for vocabulary in _VOCABULARIES:
        term = signpost.property(URIRef(f"{vocabulary}{name}"))
        if term.language:
            return term
    return Text(column)


class Recent:
    """Answers remembered by their tags, the oldest forgotten first; safe to share by threads.

    ``size`` is how many bytes there may be in all, ``most`` how many one answer may have.
    """

    def __init__(self, size: int, most: int) -> None:
        self.most = most
        self._size = size
        self._held = 0
        self._answers: OrderedDict[str, bytes] = OrderedDict()
        self._lock = Lock()

    def get(self, tag: str) -> bytes | None:
        """Return the answer with this tag, if it is remembered."""
        with self._lock:
            return self._answers.get(tag)

    def put(self, tag: str, answer: bytes) -> None:
        """Remember an answer, unless it is too large."""
        if len(answer) > self.most:
            return
        with self._lock:
            self._held -= len(self._answers.pop(tag, b""))
            self._answers[tag] = answer
            self._held += len(answer)
            while self._held > self._size:
                self._held -= len(self._answers.popitem(last=False)[1])
