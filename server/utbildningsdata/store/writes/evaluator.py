"""The evaluation process as the writer sees it: started, asked, killed at the deadline."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import BinaryIO, cast

from utbildningsdata.errors import Malformed, OperationError, Unsupported
from utbildningsdata.model.edits import GraphEdit, Spelling
from utbildningsdata.rdf.iris import is_iri
from utbildningsdata.rdf.mediatypes import ALIASES, INPUTS
from utbildningsdata.rdf.ntriples import language_tag
from utbildningsdata.settings import Settings
from utbildningsdata.store.processes import frames, isolation, runtime
from utbildningsdata.store.processes.outcomes import Outcome, of_death
from utbildningsdata.store.writes import failures
from utbildningsdata.store.writes.ports import Part

CAP = 200_000
"""Lines of N-Triples that an update may remove and add."""

_TAG = re.compile(r'(?<="@)[a-z0-9-]+(?= \.$)', re.MULTILINE)
_ACCEPTED = tuple(syntax.media_type for syntax in INPUTS)
_TRIES = 2
_START_PATIENCE = 30.0  # seconds; a loaded machine may need some

Reply = tuple[frames.Header, bytes]


class EvaluationProcess:
    """Fulfils ``ports.Evaluator``; for one thread, which must be the main one (``lifeline``)."""

    def __init__(self, settings: Settings, prefixes: Mapping[str, str], *, cap: int = CAP) -> None:
        """Evaluate with ``prefixes`` (name → IRI) known; what a writer left behind is removed.

        ``cap`` is how many lines an update may remove and add.

        Raises:
            OperationError: The data folder cannot be written.
        """
        self._settings = settings
        self._prefixes = dict(prefixes)
        self._cap = cap
        self._clones = runtime.clones(settings.data)
        self._process: _Process | None = None

    def update(
        self,
        text: str,
        revision: int,
        *,
        using_graphs: Sequence[str] = (),
        using_named_graphs: Sequence[str] = (),
    ) -> tuple[Mapping[str, GraphEdit], Spelling]:
        """Run an update on a clone of a revision; see ``ports.Evaluator``."""
        _check_iris([*using_graphs, *using_named_graphs])
        clones = self._clones / uuid.uuid4().hex
        header = {
            "revision": revision,
            "clones": str(clones.absolute()),
            "base": self._settings.base,
            "prefixes": self._prefixes,
            "cap": self._cap,
            "using": list(using_graphs),
            "using_named": list(using_named_graphs),
        }
        try:
            clones.mkdir(mode=0o700)
            reply, body = self._ask("update", header, text.encode())
        except OSError as error:
            raise OperationError(
                f"The data folder cannot be written ({error.strerror}): nothing was changed.",
                sv=f"Datamappen kan inte skrivas ({error.strerror}): inget ändrades.",
            ) from error
        finally:
            shutil.rmtree(clones, ignore_errors=True)
        lines = iter(body.decode().split("\n"))
        edits = {
            graph: GraphEdit(_taken(lines, removed), _taken(lines, added), present)
            for graph, present, removed, added in reply["changes"]
        }
        return edits, reply["spelling"]

    def parse(self, part: Part, base: str) -> bytes:
        """Return an RDF document as N-Triples in the form of a record document.

        Every literal is in its own spelling, and each blank node has a label that no other
        document has; see ``ports.Evaluator``.
        """
        media_type = ALIASES.get(part.media_type, part.media_type)
        if media_type not in _ACCEPTED:
            raise Unsupported(
                f"'{part.media_type}' is not an RDF syntax that is taken here: "
                f"send one of {', '.join(_ACCEPTED)}.",
                _ACCEPTED,
                sv=f"'{part.media_type}' är ingen RDF-syntax som tas emot här: "
                f"skicka någon av {', '.join(_ACCEPTED)}.",
            )
        header = {"media_type": media_type, "base": base}
        _, body = self._ask("parse", header, part.content)
        text = _TAG.sub(lambda match: language_tag(match.group()), body.decode())
        return "".join(sorted(f"{line}\n" for line in text.split("\n") if line)).encode()

    def stored(self, lines: Sequence[str]) -> Sequence[str]:
        """Return lines of N-Triples as the store writes them; see ``ports.Evaluator``."""
        if not lines:
            return []
        _, body = self._ask("stored", {}, "\n".join(lines).encode())
        return body.decode().split("\n")

    def close(self) -> None:
        """End the process, if there is one; the next question starts another."""
        if self._process is not None:
            self._process.end()
        self._process = None

    def _ask(self, work: str, header: frames.Header, body: bytes) -> Reply:
        """Ask the process, and once more if it is killed from outside: it changes nothing.

        Raises:
            CatalogError: It has no answer.
        """
        question = header | {"ask": work, "deadline": self._settings.deadline}
        outcome = Outcome.LOST
        for _ in range(_TRIES):
            try:
                reply, lines = self._running().ask(question, body, self._settings.deadline)
            except _Ended as ended:
                self.close()
                outcome = ended.outcome
                if outcome is not Outcome.LOST:
                    break
                continue
            if "error" in reply:
                raise failures.error(work, reply, self._settings)
            return reply, lines
        raise failures.error(work, {"error": outcome, "message": ""}, self._settings)

    def _running(self) -> _Process:
        if self._process is None:
            self._process = _Process(self._settings)
        return self._process


class _Ended(Exception):
    """The process ended instead of answering."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome)
        self.outcome = outcome


class _Process:
    """A running evaluation process."""

    def __init__(self, settings: Settings) -> None:
        """Start one, and wait until it is ready.

        Raises:
            _Ended: It ended before.
        """
        command = [
            *(sys.executable, "-m", "utbildningsdata.store.writes.evaluation"),
            *(str(os.getpid()), str(settings.data.absolute()), str(settings.memory)),
        ]
        self._process = subprocess.Popen(  # noqa: S603
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=isolation.environment(),
        )
        self._questions = cast(BinaryIO, self._process.stdin)
        self._answers = cast(BinaryIO, self._process.stdout)
        try:
            self._receive(b"", _START_PATIENCE)
        except _Ended:
            self.end()
            raise _Ended(Outcome.LOST) from None

    def ask(self, header: frames.Header, body: bytes, seconds: float) -> Reply:
        """Ask one question, and kill the process where it takes longer than ``seconds``.

        Raises:
            _Ended: It ended before it answered.
        """
        return self._receive(frames.pack(header, body), seconds)

    def end(self) -> None:
        """Kill the process, and wait until nothing of it is left."""
        self._process.kill()
        with suppress(BrokenPipeError), self._process:  # closes its pipes too
            pass
        self._process.wait()

    def _receive(self, question: bytes, seconds: float) -> Reply:
        late = threading.Event()
        watch = threading.Timer(seconds, self._expire, (late,))
        watch.start()
        try:
            self._questions.write(question)
            self._questions.flush()
            received = frames.read(self._answers)
        except BrokenPipeError:
            received = None
        finally:
            watch.cancel()
            watch.join()
        if received is None:
            self._process.kill()
            returncode = self._process.wait()
            raise _Ended(Outcome.TIMED_OUT if late.is_set() else of_death(returncode))
        return received

    def _expire(self, late: threading.Event) -> None:
        late.set()
        self._process.kill()


def _check_iris(graphs: Sequence[str]) -> None:
    """Refuse graphs that could not be named in an update.

    Raises:
        Malformed: One is not an absolute IRI.
    """
    for iri in graphs:
        if not is_iri(iri):
            raise Malformed(
                f"'{iri}' is not an absolute IRI, as graphs have.",
                sv=f"'{iri}' är ingen absolut IRI, som grafer har.",
            )


def _taken(lines: Iterator[str], count: int) -> frozenset[str]:
    return frozenset(next(lines) for _ in range(count))
