"""The language of an answer: Swedish, or English for addresses that begin with ``en/``.

It depends on the address alone, so that a cache never has to look at Accept-Language.
"""

from __future__ import annotations

from flask import has_request_context, request

SWEDISH = "sv"
ENGLISH = "en"

ENVIRON_KEY = "utbildningsdata.language"
"""Where :class:`utbildningsdata.web.mount.Mount` leaves the language for the request."""


def language() -> str:
    """Return the language of the request: ``sv`` or ``en``."""
    if not has_request_context():
        return SWEDISH
    return str(request.environ.get(ENVIRON_KEY, SWEDISH))


def other_language() -> str:
    """Return the language that the page is not in."""
    return ENGLISH if language() == SWEDISH else SWEDISH
