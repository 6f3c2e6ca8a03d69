"""The headers that every answer carries, errors included."""

from __future__ import annotations

from flask import Response

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
"""Nothing inline, nothing from elsewhere, and no script at all."""

# Scripts of any site may read every answer, errors too: all is open, and no cookie tells who asks.
_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Accept-Query, Allow, Content-Location, ETag, Link, Location, "
    "Request-Id, Retry-After, WWW-Authenticate",
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
}


def protect(response: Response) -> Response:
    """Add the headers, but leave those that a view has set itself."""
    present = {name.lower() for name, _ in response.headers}
    missing = [(name, value) for name, value in _HEADERS.items() if name.lower() not in present]
    response.headers.extend(missing)
    return response
