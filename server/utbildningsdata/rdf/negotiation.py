"""Which representation to send: proactive negotiation of RFC 9110, section 12.5.1.

A header that makes no sense never fails: what cannot be read is ignored, as the section allows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from utbildningsdata.errors import NotAcceptable
from utbildningsdata.rdf.mediatypes import ALIASES, Syntax

_MAX_RANGES = 64


@dataclass(frozen=True, slots=True)
class MediaRange:
    """One range of an Accept header with its weight, 0 to 1."""

    type: str
    subtype: str
    quality: float

    def specificity(self, media_type: str) -> int:
        """Return 3 for an exact match, 2 for ``type/*``, 1 for ``*/*`` and 0 for none."""
        kind, _, sub = media_type.partition("/")
        if (self.type, self.subtype) == (kind, sub):
            return 3
        if (self.type, self.subtype) == (kind, "*"):
            return 2
        return 1 if (self.type, self.subtype) == ("*", "*") else 0


def choose(accept: str | None, offered: Sequence[Syntax]) -> Syntax:
    """Return the offered syntax that the client likes best; the server's order breaks ties.

    Without a header, the first that is offered is sent. A more specific range goes before a less
    specific one, whatever its weight.

    Raises:
        NotAcceptable: The client refuses everything that is offered.

    >>> from utbildningsdata.rdf.mediatypes import GRAPHS
    >>> choose("application/rdf+xml;q=0.9, text/turtle;q=0.5", GRAPHS).suffix
    'rdf'
    """
    if not accept or not accept.strip():
        return offered[0]
    ranges = parse_accept(accept)
    weighted = [(_quality(syntax, ranges), -place, syntax) for place, syntax in enumerate(offered)]
    quality, _, syntax = max(weighted, key=lambda row: row[:2])
    if quality <= 0:
        available = [syntax.media_type for syntax in offered]
        listed = ", ".join(available)
        raise NotAcceptable(
            f"None of the media types in Accept is offered here; there is {listed}.",
            available,
            sv=f"Ingen av medietyperna i Accept finns här; det som finns är {listed}.",
        )
    return syntax


def parse_accept(header: str) -> list[MediaRange]:
    """Read the ranges of an Accept header, at most 64 of them; unreadable ones are left out."""
    ranges = []
    for item in header.split(",", _MAX_RANGES)[:_MAX_RANGES]:
        name, *parameters = (part.strip() for part in item.lower().split(";"))
        name = ALIASES.get(name, name)
        kind, slash, subtype = name.partition("/")
        if slash and kind and subtype:
            ranges.append(MediaRange(kind, subtype, _weight(parameters)))
    return ranges


def accepts_gzip(header: str | None) -> bool:
    """Tell whether a client wants gzip, from its Accept-Encoding (RFC 9110, section 12.5.3).

    gzip goes before no coding at all unless the client weighs it less.

    >>> accepts_gzip("br, gzip;q=0.5"), accepts_gzip("gzip;q=0, *"), accepts_gzip(None)
    (True, False, False)
    """
    weights: dict[str, float] = {}
    for item in (header or "").lower().split(",", _MAX_RANGES)[:_MAX_RANGES]:
        name, *parameters = (part.strip() for part in item.split(";"))
        weights["gzip" if name == "x-gzip" else name] = _weight(parameters)
    gzip = weights.get("gzip", weights.get("*", 0.0))
    return gzip > 0 and gzip >= weights.get("identity", 0.0)


def _weight(parameters: Sequence[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                weight = float(value)
            except ValueError:
                return 0.0
            return weight if 0 <= weight <= 1 else 0.0
    return 1.0


def _quality(syntax: Syntax, ranges: Sequence[MediaRange]) -> float:
    matches = [(item.specificity(syntax.media_type), item.quality) for item in ranges]
    return max((match for match in matches if match[0]), default=(0, 0.0))[1]
