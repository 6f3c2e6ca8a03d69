"""How dates, numbers and texts look on a page, in the language of the request."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from flask import Flask
from flask_babel import format_date, format_decimal
from flask_babel import gettext as _

_MOST_DIGITS = 20
_MONTH = re.compile(r"(-?\d{4})-(\d\d)(?:Z|[+-]\d\d:\d\d)?\Z")
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:T.*|Z|[+-]\d\d:\d\d)?\Z")


def register(app: Flask) -> None:
    """Give the filters to templates."""
    app.jinja_env.filters.update(
        capital=capital,
        day=day,
        number=number,
        brief=brief,
        truth=truth,
        beyond=beyond,
        sentences=sentences,
    )


def capital(text: str) -> str:
    """Return a text with its first letter as a capital: shapes name their fields in lower case.

    >>> capital("källa"), capital("")
    ('Källa', '')
    """
    return text[:1].upper() + text[1:]


def day(text: str) -> str:
    """Return an ``xsd:date``, ``xsd:dateTime``, ``xsd:gYearMonth`` or ``xsd:gYear`` for people.

    What is not well-formed is returned as it stands.
    """
    try:
        if found := _DAY.match(text):
            year, month, day_of_month = map(int, found.groups())
            return str(format_date(date(year, month, day_of_month), "d MMMM y"))
        if found := _MONTH.match(text):
            year, month = map(int, found.groups())
            return str(format_date(date(year, month, 1), "MMMM y"))
    except ValueError:
        return text
    return text


def number(text: str) -> str:
    """Return a number with the spaces and signs of the language; as it stands where it is none."""
    try:
        value = Decimal(str(text))
    except InvalidOperation:
        return str(text)
    if not value.is_finite() or abs(value.adjusted()) >= _MOST_DIGITS:
        return str(text)
    return str(format_decimal(value))


def brief(text: str, length: int = 180) -> str:
    """Return the start of a text, cut between words.

    >>> brief("En lång text", 8)
    'En lång …'
    """
    flat = " ".join(text.split())
    if len(flat) <= length:
        return flat
    return flat[: length + 1].rsplit(" ", 1)[0].rstrip(" ,;:.") + " …"


def sentences(text: str, count: int) -> str:
    """Return the first sentences of a text.

    >>> sentences("Vad finns? Data om skolan. Mer står här.", 2)
    'Vad finns? Data om skolan.'
    """
    return " ".join(re.split(r"(?<=[.?!])\s+", text.strip())[:count])


def beyond(text: str, known: str) -> str:
    """Return what a name says beyond the name it begins with; "" where it says no more.

    >>> beyond("Betyg i nian: genom API", "Betyg i nian"), beyond("Betyg", "Betyg")
    ('genom API', '')
    >>> beyond("Betygen", "Betyg")
    'Betygen'
    """
    rest = text.removeprefix(known)
    return text if rest[:1].isalnum() else rest.lstrip(" :,–-")


def truth(text: str) -> str:
    """Return an ``xsd:boolean`` in words."""
    if text in {"true", "1"}:
        return str(_("ja"))
    return str(_("nej")) if text in {"false", "0"} else text
