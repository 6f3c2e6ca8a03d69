"""RDF documents that a client sends: one as the body, or several as parts of a form."""

from __future__ import annotations

from collections.abc import Iterator

from flask import request
from werkzeug.datastructures import Headers
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import (
    Data,
    Epilogue,
    Field,
    File,
    MultipartDecoder,
    NeedData,
)

from utbildningsdata.errors import Malformed, TooLarge, Unsupported
from utbildningsdata.rdf.mediatypes import ALIASES, INPUTS
from utbildningsdata.store.writes.ports import Part
from utbildningsdata.web import bodies
from utbildningsdata.web.writes import MAX_BODY

MULTIPART = "multipart/form-data"

ACCEPTED = (*(syntax.media_type for syntax in INPUTS), MULTIPART)
"""The media types that PUT and POST take."""

_MAX_PARTS = 100
_UNKNOWN = ("", "application/octet-stream")  # what clients say of a file whose suffix they forgot


def read() -> tuple[Part, ...]:
    """Return the documents of the request, each with its bare media type.

    Raises:
        Unsupported: One is in no RDF syntax that is read here, or not in UTF-8.
        Malformed: The form cannot be read or is empty, or a piece of a document was sent.
        TooLarge: They are too large, or too many.
        Overloaded: Too many are sending just now.
    """
    if "Content-Range" in request.headers:
        raise Malformed(
            "Send the whole graph, without Content-Range.",
            sv="Skicka hela grafen, utan Content-Range.",
        )
    if request.mimetype != MULTIPART:
        media_type = _media_type(request.mimetype, request.mimetype_params.get("charset"))
        return (Part(media_type, bodies.receive(request, MAX_BODY)),)
    boundary = request.mimetype_params.get("boundary", "")
    parts = tuple(_parts(bodies.receive(request, MAX_BODY), boundary))
    if not parts:
        raise _unreadable()
    return parts


def _parts(content: bytes, boundary: str) -> Iterator[Part]:
    """Give the parts of a form, which is RFC 7578."""
    decoder = MultipartDecoder(boundary.encode(), max_parts=_MAX_PARTS)
    try:
        decoder.receive_data(content)
        decoder.receive_data(None)
        media_type, chunks = "", list[bytes]()
        while not isinstance(event := decoder.next_event(), Epilogue | NeedData):
            if isinstance(event, Field | File):
                name = event.filename if isinstance(event, File) else event.name
                media_type = _part_type(event.headers, name or "")
            elif isinstance(event, Data):
                chunks.append(event.data)
                if not event.more_data:
                    yield Part(media_type, b"".join(chunks))
                    chunks = []
    except RequestEntityTooLarge as error:
        raise TooLarge(
            f"A form may have {_MAX_PARTS} parts.", sv=f"Ett formulär får ha {_MAX_PARTS} delar."
        ) from error
    except ValueError as error:
        raise _unreadable() from error


def _part_type(headers: Headers, name: str) -> str:
    """Return the media type of a part, by the suffix of its name where its sender knew none."""
    media_type, options = parse_options_header(headers.get("Content-Type"))
    if media_type.lower() in _UNKNOWN:
        suffix = name.rpartition(".")[2].lower()
        media_type = next((known.media_type for known in INPUTS if known.suffix == suffix), "")
    return _media_type(media_type.lower(), options.get("charset"))


def _media_type(media_type: str, charset: str | None) -> str:
    known = [syntax.media_type for syntax in INPUTS]
    bare = media_type if media_type in known else ALIASES.get(media_type, media_type)
    if bare not in known or not bodies.is_utf_8(charset):
        raise Unsupported(
            f"Send RDF in UTF-8 with its Content-Type: {', '.join(known)}.",
            ACCEPTED,
            sv=f"Skicka RDF i UTF-8 med dess Content-Type: {', '.join(known)}.",
        )
    return bare


def _unreadable() -> Malformed:
    return Malformed(
        "The form cannot be read, or has no parts.",
        sv="Formuläret går inte att läsa, eller är tomt.",
    )
