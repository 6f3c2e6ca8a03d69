"""What a client sends: the parameters of an address or a form, and a body within its limit."""

from __future__ import annotations

from threading import BoundedSemaphore
from urllib.parse import parse_qsl

from flask import Request
from werkzeug.exceptions import LengthRequired

from utbildningsdata.errors import Malformed, Overloaded, TooLarge, Unsupported

FORM = "application/x-www-form-urlencoded"

_MAX_PARAMETERS = 1000
_RECEIVING = BoundedSemaphore(8)  # bodies received at a time, of a process's 32 threads
_PATIENCE = 0.5  # seconds to wait for another body that is being received
_UTF_8 = ("utf-8", "utf8", "us-ascii", "ascii")


def parameters(encoded: bytes) -> list[tuple[str, str]]:
    """Read the parameters of an address or a form, in their order.

    Raises:
        Malformed: They are not UTF-8, or are too many.
    """
    try:
        return parse_qsl(
            encoded.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MAX_PARAMETERS,
        )
    except ValueError as error:
        raise Malformed(
            f"The parameters are not percent-encoded UTF-8, or are more than {_MAX_PARAMETERS}.",
            sv=f"Parametrarna är inte procentkodad UTF-8, eller fler än {_MAX_PARAMETERS}.",
        ) from error


def text(content: bytes) -> str:
    """Return a body as text.

    Raises:
        Malformed: It is not UTF-8.
    """
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise Malformed("The body is not UTF-8.", sv="Innehållet är inte UTF-8.") from error


def is_utf_8(charset: str | None) -> bool:
    """Tell whether a media type's charset is what we read; none at all is.

    >>> is_utf_8(None), is_utf_8("UTF-8"), is_utf_8("utf-16")
    (True, True, False)
    """
    return (charset or "utf-8").lower() in _UTF_8


def receive(request: Request, limit: int) -> bytes:
    """Return the body of a request, of at most ``limit`` bytes, if all of it has arrived.

    A body without a length is refused: where its client is cut off, the server's stream ends as if
    that were all, and what is written is whole or nothing.

    Raises:
        LengthRequired: It is sent in chunks, without Content-Length.
        Unsupported: It is compressed.
        TooLarge: It is larger than that.
        Malformed: The client ended before it had sent all of it.
        Overloaded: Too many bodies are being received just now.
    """
    coding = request.headers.get("Content-Encoding", "identity")
    if coding.strip().lower() not in ("", "identity"):
        raise Unsupported(
            "Send the body as it is, without Content-Encoding.",
            sv="Skicka innehållet som det är, utan Content-Encoding.",
        )
    if request.content_length is None:
        raise LengthRequired
    if request.content_length > limit:
        raise TooLarge(
            f"What is sent may have {limit} bytes.",
            limit,
            sv=f"Det som skickas får ha {limit} byte.",
        )
    if not _RECEIVING.acquire(timeout=_PATIENCE):
        raise Overloaded(
            "Too many requests are being received: try again in a moment.",
            sv="För många begäranden tas emot just nu: försök igen om en stund.",
        )
    try:
        request.max_content_length = limit
        content = request.get_data()
    finally:
        _RECEIVING.release()
    if len(content) != request.content_length:
        raise Malformed(
            "The connection ended before the whole body was received: nothing was changed.",
            sv="Anslutningen bröts innan hela innehållet tagits emot: inget ändrades.",
        )
    return content
