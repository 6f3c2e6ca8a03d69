"""The errors for the ways in which a query fails: what is wrong, and what the asker can do."""

from __future__ import annotations

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
from utbildningsdata.store.processes import frames
from utbildningsdata.store.processes.outcomes import Outcome
from utbildningsdata.store.queries import faults

_RETRY_AFTER = 5
_REMOTE = ("SERVICE", "LOAD")
_MEBIBYTE = 1024 * 1024


def error(reply: frames.Header, settings: Settings) -> CatalogError:
    """Return the error for what the broker replied instead of an answer."""
    outcome, message = Outcome(reply["error"]), str(reply["message"])
    match outcome:
        case Outcome.MALFORMED:
            return faults.malformed(message, reply["prefix"], reply.get("fault"))
        case Outcome.TOO_LARGE | Outcome.OUT_OF_MEMORY | Outcome.TIMED_OUT | Outcome.TOO_DEEP:
            return _over_limit(outcome, settings)
        case Outcome.REFUSED:
            return remote(message if message in _REMOTE else _REMOTE[0])
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


def remote(feature: str) -> Refused:
    """Return the error for a query that wants to fetch from elsewhere, by SERVICE or LOAD."""
    return Refused(
        "Queries cannot fetch from elsewhere: SERVICE and LOAD are not offered here.",
        feature,
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
                settings.result * _MEBIBYTE,
                sv=f"Svaret är större än {settings.result} MiB: använd LIMIT och OFFSET.",
            )
        case Outcome.OUT_OF_MEMORY:
            return TooLarge(
                f"The query needs more than {settings.memory} MiB of memory: join fewer patterns, "
                "or sort and group fewer rows.",
                settings.memory * _MEBIBYTE,
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
