"""An evaluation process: a program that runs updates and parses documents, and may be killed.

``python -m utbildningsdata.store.writes.evaluation PARENT DATA MEBIBYTES`` gives up the network,
limits its memory, and then answers one frame after another (``store.processes.frames``).

A question's header has ``ask`` and ``deadline`` (seconds). ``update`` has ``revision`` (a number),
``clones`` (the folder to make one in), ``base``, ``prefixes``, ``using`` and ``using_named``
(IRIs), and ``cap`` (how many lines may change); its body is the update. ``parse`` has
``media_type`` and ``base``; its body is the document. The body of ``stored`` is lines of N-Triples.
An answer to ``update`` has ``changes`` (graph, whether it is present, how many lines were removed
and added) and ``spelling``; the body is those lines. The others' bodies are lines. Whatever goes
wrong becomes ``error`` (an ``Outcome``) and ``message``; ``failed`` tells of an update that was
understood, but cannot be carried out.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

from utbildningsdata.store import layout
from utbildningsdata.store.processes import frames, isolation, lifeline, pipes
from utbildningsdata.store.processes.outcomes import Outcome
from utbildningsdata.store.queries import balance, tokens
from utbildningsdata.store.writes import documents, execution
from utbildningsdata.store.writes.steps import Sources
from utbildningsdata.store.writes.terms import Names

_PARSER = re.compile(r"Parser error[^:]*: ")

Answer = tuple[frames.Header, bytes]


def main() -> None:
    """Answer questions until the other end closes."""
    parent, data, memory = int(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    questions, answers = pipes.take()
    refusal = isolation.leave_network()
    lifeline.end_with(parent)
    isolation.limit_memory(memory)
    answers.write(frames.pack({"ready": True, "network": refusal}))
    pipes.fall_silent()
    while True:
        question = frames.read(questions)
        if question is None:
            return
        header, body = question
        isolation.limit_time(header["deadline"])
        answers.write(frames.pack(*_answer(data, header, body, bool(refusal))))


def _answer(data: Path, header: frames.Header, body: bytes, networked: bool) -> Answer:
    try:
        match header["ask"]:
            case "update":
                return _update(data, header, body.decode(), networked)
            case "parse":
                return _parse(header, body)
            case _:
                lines = documents.stored(body.decode().split("\n")) if body else []
                return {}, "\n".join(lines).encode()
    except MemoryError:
        return {"error": Outcome.OUT_OF_MEMORY, "message": ""}, b""
    except RecursionError:
        return {"error": Outcome.TOO_DEEP, "message": ""}, b""


def _update(data: Path, header: frames.Header, text: str, networked: bool) -> Answer:
    reading = tokens.read(text)
    if networked and reading.remote:
        return {"error": Outcome.REFUSED, "message": reading.remote}, b""
    names = Names(header["base"], header["prefixes"])
    sources = Sources(header["using"], header["using_named"])
    store = data / layout.REVISIONS / f"{header['revision']:06}" / layout.STORE
    try:
        clone = Path(header["clones"]) / str(os.getpid())  # another one, where one was killed
        changes, spelling = execution.run(text, store, clone, names, sources, header["cap"])
    except SyntaxError as error:
        unknown = next((n for n in reading.undeclared if n not in header["prefixes"]), None)
        found = {"prefix": unknown, "fault": balance.fault(text, header["prefixes"])}
        return {"error": Outcome.MALFORMED, "message": str(error), **found}, b""
    except execution.TooMuch:
        return {"error": Outcome.TOO_LARGE, "message": header["cap"]}, b""
    except RuntimeError as error:
        return _failed(error)
    except OSError as error:
        if reading.remote:
            return {"error": Outcome.REFUSED, "message": reading.remote}, b""
        return {"error": Outcome.UNREADABLE, "message": str(error)}, b""
    reply = {
        "changes": [(c.graph, c.present, len(c.removed), len(c.added)) for c in changes],
        "spelling": spelling,
    }
    lines = (line for change in changes for line in (*change.removed, *change.added))
    return reply, "\n".join(lines).encode()


def _failed(error: RuntimeError) -> Answer:
    if "orruption" in str(error):
        return {"error": Outcome.UNREADABLE, "message": str(error)}, b""
    return {"error": Outcome.MALFORMED, "message": str(error), "failed": True}, b""


def _parse(header: frames.Header, content: bytes) -> Answer:
    try:
        return {}, documents.parse(content, header["media_type"], header["base"])
    except SyntaxError as error:
        return {
            "error": Outcome.MALFORMED,
            "message": _PARSER.sub("", str(error.args[0])),
            "line": error.lineno,
            "column": error.offset,
        }, b""
    except documents.TooMuch:
        return {"error": Outcome.TOO_LARGE, "message": documents.MAX_TRIPLES}, b""
    except documents.Remote as error:
        return {"error": Outcome.REFUSED, "message": str(error)}, b""
    except ValueError as error:
        return {
            "error": Outcome.MALFORMED,
            "message": str(error),
            "line": None,
            "column": None,
        }, b""


if __name__ == "__main__":
    main()
