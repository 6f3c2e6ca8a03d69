"""Where tests write: a data folder, the evaluation process, and the verbs of the protocols."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any

from support.kinds import FED, MEMBERSHIPS
from support.workshop import TODAY, Workshop, blocks, content
from utbildningsdata.model.derive import Deriving
from utbildningsdata.services import plain, writes
from utbildningsdata.services.publication import Examine, Making
from utbildningsdata.settings import Settings
from utbildningsdata.store.publishing import Writer
from utbildningsdata.store.revisions import DataFolder
from utbildningsdata.store.writes.evaluator import EvaluationProcess
from utbildningsdata.store.writes.ports import Part, Write, Written

PREFIXES = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "ud": "https://w3id.org/utbildningsdata/ns/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
KINDS = ("dataset", "method", "need")


class Desk:
    """Writes into a data folder, as somebody with a token."""

    def __init__(
        self, data: DataFolder, carry_out: Callable[[Write], Written], evaluator: EvaluationProcess
    ) -> None:
        self.data = data
        self.carry_out = carry_out
        self.evaluator = evaluator

    @classmethod
    def of_records(
        cls,
        workshop: Workshop,
        *,
        examine: Examine = content,
        today: date = TODAY,
        deadline: float = 10.0,
    ) -> Desk:
        """Return a desk for the records of a workshop."""
        settings = Settings(base=workshop.base.iri, data=workshop.data.path)
        evaluator = EvaluationProcess(settings, PREFIXES)
        making = Making(Deriving(workshop.base, MEMBERSHIPS), examine, blocks, FED)
        writing = writes.Writing(workshop.writer, evaluator, making, KINDS, deadline)
        return cls(workshop.data, partial(writes.write, writing=writing, today=today), evaluator)

    @classmethod
    def of_graphs(cls, data: DataFolder) -> Desk:
        """Return a desk for a plain store, in which something is published."""
        settings = Settings(base=data.base.iri, data=data.path, shapes="none", default_graph="own")
        evaluator = EvaluationProcess(settings, PREFIXES)
        publisher = Writer(data, keep=10)
        plain.begin(publisher)
        writing = plain.PlainWriting(publisher, evaluator, data.base.iri)
        return cls(data, partial(plain.write, writing=writing), evaluator)

    def write(self, **fields: Any) -> Written:
        """Carry out a write with a token for everything, unless told otherwise."""
        return self.carry_out(
            Write(**({"agent": "Skolverket", "scopes": ("write",), "request": "r-1"} | fields))
        )

    def update(self, text: str, **fields: Any) -> Written:
        """Carry out an update."""
        part = Part("application/sparql-update", text.encode())
        return self.write(operation="update", parts=(part,), **fields)

    def put(self, graph: str, *texts: str, **fields: Any) -> Written:
        """Replace a graph by Turtle."""
        return self.write(operation="put", graph=graph, parts=_turtle(texts), **fields)

    def post(self, graph: str, *texts: str, **fields: Any) -> Written:
        """Add Turtle to a graph."""
        return self.write(operation="post", graph=graph, parts=_turtle(texts), **fields)

    def delete(self, graph: str, **fields: Any) -> Written:
        """Remove a graph."""
        return self.write(operation="delete", graph=graph, **fields)

    def text(self, path: str) -> str:
        """Return the current document at a path."""
        with self.data.current() as revision:
            return revision.text(path).decode()


def _turtle(texts: Sequence[str]) -> tuple[Part, ...]:
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    return tuple(Part("text/turtle", (prefixes + text).encode()) for text in texts)
