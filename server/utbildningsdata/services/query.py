"""A SPARQL query of a reader: refused with a sentence where it cannot be answered, else answered.

The text is only divided into tokens here; it is parsed and run in a worker.
"""

from __future__ import annotations

from functools import lru_cache

from utbildningsdata.errors import Refused, TooLarge
from utbildningsdata.store.queries import errors, tokens
from utbildningsdata.store.queries.tokens import Reading

MAX_LENGTH = 100_000
"""Bytes that a query may have (in UTF-8)."""

_MAX_DEPTH = 100  # the catalogue's own queries stay under 15; the engine's stack ends near 960
_MAX_CHAIN = 500
_SHORT = 2000  # characters of a query whose reading is remembered: clients repeat themselves
_remembered = lru_cache(maxsize=512)(tokens.read)


def read(text: str) -> Reading:
    """Read the tokens of a query, and refuse what no worker should see.

    Raises:
        TooLarge: It is longer than :data:`MAX_LENGTH`.
        Refused: It is an update, or uses SERVICE or LOAD.
        Malformed: It nests too deep, or chains too many operators, for any engine.
    """
    if len(text.encode()) > MAX_LENGTH:
        raise TooLarge(
            f"The query is longer than {MAX_LENGTH} bytes.",
            MAX_LENGTH,
            sv=f"Frågan är längre än {MAX_LENGTH} byte.",
        )
    reading = _remembered(text) if len(text) <= _SHORT else tokens.read(text)
    if reading.form in tokens.UPDATES:
        raise Refused(
            f"This is an update ({reading.form}): here only queries are answered.",
            reading.form,
            sv=f"Det här är en ändring ({reading.form}): här besvaras bara frågor.",
        )
    if reading.remote:
        raise errors.remote(reading.remote)
    if reading.depth > _MAX_DEPTH or reading.chain > _MAX_CHAIN:
        raise errors.too_deep()
    return reading
