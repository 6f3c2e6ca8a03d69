"""The errors for the ways in which a query fails: what is wrong, and what the asker can do."""

from __future__ import annotations

import re

from utbildningsdata.errors import (
    CatalogError,
    Malformed,
    NotAcceptable,
    OperationError,
    Overloaded,
    RateLimited,
    Refused,
    TimedOut,
    TooLarge,
)
from utbildningsdata.settings import Settings
from utbildningsdata.store.queries import frames
from utbildningsdata.store.queries.outcomes import Outcome

_RETRY_AFTER = 5
_PLACE = re.compile(r"error at (\d+):(\d+): (?:expected )?(.*)", re.DOTALL)
_MAX_ALTERNATIVES = 6


def error(reply: frames.Header, settings: Settings) -> CatalogError:
    """Return the error for what the broker replied instead of an answer."""
    outcome, message = Outcome(reply["error"]), str(reply["message"])
    match outcome:
        case Outcome.MALFORMED:
            return _malformed(message, reply["prefix"])
        case Outcome.TOO_LARGE | Outcome.OUT_OF_MEMORY | Outcome.TIMED_OUT | Outcome.TOO_DEEP:
            return _over_limit(outcome, settings)
        case Outcome.REFUSED:
            return remote()
        case Outcome.NO_MEDIA_TYPE:
            return NotAcceptable(
                f"The answer to this query is a {message}: none of the media types asked for is.",
                sv="Svaret på den här frågan finns inte i någon av de efterfrågade medietyperna.",
            )
        case Outcome.UNREADABLE:
            return OperationError(f"The published revision cannot be queried: {message}")
        case Outcome.RATE_LIMITED:
            return _rate_limited(reply["retry_after"])
        case _:
            return unavailable(reply.get("retry_after", _RETRY_AFTER))


def remote() -> Refused:
    """Return the error for a query that wants to fetch from elsewhere."""
    return Refused(
        "Queries cannot fetch from elsewhere: SERVICE and LOAD are not offered here.",
        sv="Frågor kan inte hämta från andra ställen: SERVICE och LOAD finns inte här.",
    )


def too_deep() -> Malformed:
    """Return the error for a query that nests deeper than the engine can read."""
    return Malformed(
        "The query nests too deep, or its chains are too long, to be read.",
        sv="Frågan har för många nivåer, eller för långa kedjor, för att kunna läsas.",
    )


def unavailable(retry_after: int = _RETRY_AFTER) -> Overloaded:
    """Return the error for a query whose turn does not come, or that nobody is there to answer."""
    return Overloaded(
        "Queries cannot be answered just now, for too many are waiting or a process is starting: "
        "try again in a moment.",
        retry_after,
        sv="Frågor kan inte besvaras just nu, för många väntar eller en process startar: "
        "försök igen om en stund.",
    )


def _rate_limited(retry_after: int) -> RateLimited:
    return RateLimited(
        "You have used your share of the time that there is for queries, or have too many waiting: "
        f"try again in {retry_after} seconds.",
        retry_after,
        sv="Du har använt din andel av den tid som finns för frågor, eller har för många som "
        f"väntar: försök igen om {retry_after} sekunder.",
    )


def _over_limit(outcome: Outcome, settings: Settings) -> CatalogError:
    match outcome:
        case Outcome.TOO_LARGE:
            return TooLarge(
                f"The answer is larger than {settings.result} MiB: use LIMIT and OFFSET.",
                sv=f"Svaret är större än {settings.result} MiB: använd LIMIT och OFFSET.",
            )
        case Outcome.OUT_OF_MEMORY:
            return TooLarge(
                f"The query needs more than {settings.memory} MiB of memory: join fewer patterns, "
                "or sort and group fewer rows.",
                sv=f"Frågan behöver mer än {settings.memory} MiB minne: kombinera färre mönster, "
                "eller sortera och gruppera färre rader.",
            )
        case Outcome.TIMED_OUT:
            seconds = settings.deadline
            return TimedOut(
                f"The query took longer than {seconds:g} seconds: make it more specific.",
                seconds,
                sv=f"Frågan tog längre tid än {seconds:g} sekunder: gör den mer avgränsad.",
            )
        case _:
            return too_deep()


def _malformed(message: str, prefix: str | None) -> Malformed:
    """Take out of the parser's message where the query is wrong, and make the rest short."""
    match = _PLACE.match(message)
    if match is None:
        return Malformed(
            f"The query cannot be read: {message}", sv=f"Frågan kan inte läsas: {message}"
        )
    line, column = int(match[1]), int(match[2])
    english, swedish = _reason(match[3], prefix)
    return Malformed(
        f"The query cannot be read at line {line}, column {column}: {english}.",
        sv=f"Frågan kan inte läsas på rad {line}, tecken {column}: {swedish}.",
        line=line,
        column=column,
    )


def _reason(expected: str, prefix: str | None) -> tuple[str, str]:
    """Return in English and Swedish what was expected, without the parser's character classes.

    Where the query has a prefix that nobody knows, that is the reason.

    >>> _reason("one of GRAPH, MINUS, [_]", None)
    ('expected GRAPH, MINUS', 'väntade GRAPH, MINUS')
    """
    if prefix is not None:
        return (
            f"the prefix '{prefix}:' is not known, declare it with PREFIX",
            f"prefixet '{prefix}:' är inte känt, deklarera det med PREFIX",
        )
    if "unbound" in expected:
        return (
            "a selected variable is neither grouped by nor aggregated",
            "en vald variabel är varken grupperad eller sammanfattad",
        )
    alternatives = re.split(r",\s", expected.removeprefix("one of "))
    wanted = [part for part in alternatives if not re.search(r"[\[\]|]|\\u", part)]
    if not 0 < len(wanted) <= _MAX_ALTERNATIVES:
        return "something else is expected there", "något annat väntas där"
    return f"expected {', '.join(wanted)}", f"väntade {', '.join(wanted)}"
