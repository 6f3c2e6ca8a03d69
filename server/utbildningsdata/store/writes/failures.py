"""The errors for the ways in which an update or a document fails: what is wrong, what can be done.

``work`` is what was asked of the evaluation process: ``update``, ``parse`` or ``stored``.
"""

from __future__ import annotations

from utbildningsdata.errors import (
    CatalogError,
    Invalid,
    Malformed,
    OperationError,
    Overloaded,
    Refused,
    TimedOut,
    TooLarge,
)
from utbildningsdata.settings import Settings
from utbildningsdata.store.processes import frames
from utbildningsdata.store.processes.outcomes import Outcome
from utbildningsdata.store.queries import errors, faults

_MEBIBYTE = 1024 * 1024
_RETRY_AFTER = 5


def error(work: str, reply: frames.Header, settings: Settings) -> CatalogError:
    """Return the error for what the evaluation process replied, or for how it ended."""
    english, swedish = ("update", "Ändringen") if work == "update" else ("document", "Dokumentet")
    match Outcome(reply["error"]):
        case Outcome.MALFORMED:
            return _update(reply) if work == "update" else _document(reply)
        case Outcome.REFUSED:
            return errors.remote(reply["message"]) if work == "update" else _context()
        case Outcome.TOO_LARGE:
            return TooLarge(
                f"The {english} is about more than {reply['message']} triples: divide it.",
                sv=f"{swedish} rör mer än {reply['message']} tripler: dela upp ändringen.",
            )
        case Outcome.OUT_OF_MEMORY:
            return TooLarge(
                f"The {english} needs more than {settings.memory} MiB of memory: divide it.",
                settings.memory * _MEBIBYTE,
                sv=f"{swedish} behöver mer än {settings.memory} MiB minne: dela upp ändringen.",
            )
        case Outcome.TIMED_OUT:
            seconds = settings.deadline
            return TimedOut(
                f"The {english} took longer than {seconds:g} seconds: nothing was changed.",
                seconds,
                sv=f"{swedish} tog längre tid än {seconds:g} sekunder: inget ändrades.",
            )
        case Outcome.TOO_DEEP:
            return Malformed(
                f"The {english} nests too deep, or its chains are too long, to be read.",
                sv=f"{swedish} har för många nivåer, eller för långa kedjor, för att kunna läsas.",
            )
        case Outcome.UNREADABLE:
            return OperationError(f"The published revision cannot be read: {reply['message']}")
        case _:
            return Overloaded(
                "The change cannot be made just now: try again in a moment.",
                _RETRY_AFTER,
                sv="Ändringen kan inte göras just nu: försök igen om en stund.",
            )


def _update(reply: frames.Header) -> Malformed | Invalid:
    message = str(reply["message"])
    if reply.get("failed"):  # its syntax is right (SPARQL 1.1 Protocol, 2.2.4: so it is no 400)
        return Invalid(
            f"The update cannot be carried out: {message}.",
            sv=f"Ändringen kan inte utföras: {message}.",
        )
    if message.startswith("it "):  # ours: it was parsed, but leaves what cannot be kept
        return Malformed(f"The update cannot be carried out: {message}.")
    found = faults.malformed(message, reply["prefix"], reply.get("fault"))
    return Malformed(
        found.message.replace("The query", "The update").replace("the query", "the update"),
        sv=found.sv.replace("Frågan", "Ändringen").replace("frågan", "ändringen"),
        line=found.line,
        column=found.column,
        expected=found.expected,
    )


def _document(reply: frames.Header) -> Malformed:
    line, column, reason = reply["line"], reply["column"], reply["message"]
    place = f" at line {line}, column {column}" if line else ""
    swedish = f" på rad {line}, tecken {column}" if line else ""
    return Malformed(
        f"The document cannot be read{place}: {reason}.",
        sv=f"Dokumentet kan inte läsas{swedish}: {reason}.",
        line=line,
        column=column,
    )


def _context() -> Refused:
    return Refused(
        "The document refers to a JSON-LD context elsewhere, which is not fetched: "
        "write the context out in the document.",
        "@context",
        sv="Dokumentet hänvisar till en JSON-LD-kontext på annan plats, som inte hämtas: "
        "skriv kontexten i dokumentet.",
    )
