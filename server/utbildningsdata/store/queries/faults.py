"""What is wrong with a query that the engine does not take, in words for who wrote it.

The engine's own words are for those who make it: from them come the place and the sentences that
are known here, and nothing else reaches a reader.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from utbildningsdata.errors import Malformed

Fault = tuple[int, int, str, Sequence[str]]
"""Line and column (from 1), the word or sign that stands there, and what could stand there."""

_PLACE = re.compile(r"error at (\d+):(\d+): (?:expected )?(.*)", re.DOTALL)
_MAX_ALTERNATIVES = 6
_SENTENCES = (
    (
        "variable that is unbound",
        "a selected variable is neither grouped by nor aggregated",
        "en vald variabel är varken grupperad eller sammanfattad",
    ),
    (
        "SELECT * is not authorized with GROUP BY",
        "SELECT * cannot be used with GROUP BY",
        "SELECT * kan inte användas med GROUP BY",
    ),
    (
        "Duplicated variable name in SELECT",
        "a variable is selected twice",
        "en variabel är vald två gånger",
    ),
    (
        "overrides an existing variable",
        "a variable that already has values is given one by AS",
        "en variabel som redan har värden får ett med AS",
    ),
    (
        "overriding an existing variable",
        "a variable that already has values is given one by BIND",
        "en variabel som redan har värden får ett med BIND",
    ),
    (
        "same number of values",
        "a row of VALUES has more or fewer values than there are variables",
        "en rad i VALUES har fler eller färre värden än det finns variabler",
    ),
    (
        "Unexpected aggregate",
        "an aggregate cannot stand there",
        "en sammanfattande funktion kan inte stå där",
    ),
    ("IRI parsing failed", "the IRI is not valid", "IRI:n är inte giltig"),
    ("language tag parsing failed", "the language tag is not valid", "språkkoden är inte giltig"),
    (
        "escape sequence",
        "an escape sequence in a string is not valid",
        "en kod med \\ i en sträng är inte giltig",
    ),
)
"""Part of the engine's message → what it means, in English and Swedish."""

_FUNCTION = re.compile(r"custom function (<[^<>]*>) is not supported")


def malformed(message: str, prefix: str | None, fault: Fault | None = None) -> Malformed:
    """Return the error for a query that cannot be parsed.

    ``message`` is the engine's, ``prefix`` one that is used and not known, and ``fault`` what the
    tokens tell (``balance.fault``), which is said where the engine stumbled there or further on.
    """
    match = _PLACE.match(message)
    if match is None:
        return _without_place(message)
    place, expected = (int(match[1]), int(match[2])), _alternatives(match[3])
    english, swedish = _reason(match[3], prefix, expected)
    if fault is not None and (fault[0], fault[1]) <= place:
        place, expected = (fault[0], fault[1]), tuple(fault[3])
        english, swedish = _found(fault[2], expected)
    return Malformed(
        f"The query cannot be read at line {place[0]}, column {place[1]}: {english}.",
        sv=f"Frågan kan inte läsas på rad {place[0]}, tecken {place[1]}: {swedish}.",
        line=place[0],
        column=place[1],
        expected=expected,
    )


def _without_place(message: str) -> Malformed:
    function = _FUNCTION.search(message)
    if function is not None:
        return Malformed(
            f"The query cannot be run: there is no function {function[1]}.",
            sv=f"Frågan kan inte köras: funktionen {function[1]} finns inte.",
        )
    return Malformed(
        "The query cannot be run as it is written.", sv="Frågan kan inte köras som den är skriven."
    )


def _reason(expected: str, prefix: str | None, wanted: Sequence[str]) -> tuple[str, str]:
    """Return in English and Swedish what is wrong.

    Where the query has a prefix that nobody knows, that is the reason.
    """
    if prefix is not None:
        return _unknown(f"{prefix}:")
    for part, english, swedish in _SENTENCES:
        if part in expected:
            return english, swedish
    return _expected(wanted)


def _found(text: str, wanted: Sequence[str]) -> tuple[str, str]:
    if wanted == ("PREFIX",):
        return _unknown(text)
    if not text and wanted[0][0] in "'\"":
        return "the string is never closed", "strängen avslutas aldrig"
    english, swedish = _expected(wanted) if wanted else ("it closes nothing", "den avslutar inget")
    if not text:
        return f"the query ends there, {english}", f"frågan slutar där, {swedish}"
    return f"there stands {text}, {english}", f"där står {text}, {swedish}"


def _unknown(prefix: str) -> tuple[str, str]:
    return (
        f"the prefix '{prefix}' is not known, declare it with PREFIX",
        f"prefixet '{prefix}' är inte känt, deklarera det med PREFIX",
    )


def _expected(wanted: Sequence[str]) -> tuple[str, str]:
    if not 0 < len(wanted) <= _MAX_ALTERNATIVES:
        return "something else is expected there", "något annat väntas där"
    return f"expected {', '.join(wanted)}", f"väntade {', '.join(wanted)}"


def _alternatives(expected: str) -> tuple[str, ...]:
    """Return the words and signs that were expected, without the parser's character classes.

    >>> _alternatives('one of GRAPH, MINUS, "{", [_]')
    ('GRAPH', 'MINUS', '{')
    """
    parts = re.split(r",\s", expected.removeprefix("one of "))
    words = (re.fullmatch(r'"([^"\w\s]+)"|([A-Z]+)', part) for part in parts)
    return tuple(word[1] or word[2] for word in words if word)
