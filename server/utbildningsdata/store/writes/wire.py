"""Writes on their way through the broker: requests, results and failures as headers of frames.

Whatever goes wrong in the writer travels as the name of its class in ``errors`` and its fields,
and is the same error again in the web process.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from utbildningsdata import errors
from utbildningsdata.store.processes import frames
from utbildningsdata.store.writes.ports import Part, Write, Written

MakeFinding = Callable[[Mapping[str, Any]], Any]
"""Makes a finding of its fields; storage does not know what validation finds."""

_FIELDS = (
    "line",
    "column",
    "seconds",
    "retry_after",
    "accepted",
    "available",
    "expected",
    "limit",
    "feature",
)
_ERRORS: Mapping[str, type[errors.CatalogError]] = {
    name: kind
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, errors.CatalogError)
}


def request(write: Write, client: str) -> tuple[frames.Header, bytes]:
    """Return the frame that asks for a write: its header, and the parts one after another."""
    fields = {
        item.name: getattr(write, item.name)
        for item in dataclasses.fields(write)
        if item.name != "parts"
    }
    parts = [(part.media_type, len(part.content)) for part in write.parts]
    body = b"".join(part.content for part in write.parts)
    return {"client": client, "write": fields | {"parts": parts}}, body


def requested(header: frames.Header, body: bytes) -> Write:
    """Return the write that a frame asks for.

    Raises:
        ValueError: It does not say all there is to know.
    """
    try:
        fields = _tupled(header["write"])
        return Write(**(fields | {"parts": tuple(_parts(fields["parts"], body))}))
    except (KeyError, TypeError) as error:
        raise ValueError(str(error)) from error


def _tupled(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return fields with tuples where JSON has lists."""
    return {n: tuple(v) if isinstance(v, list) else v for n, v in fields.items()}


def _parts(lengths: Iterable[tuple[str, int]], body: bytes) -> Iterator[Part]:
    start = 0
    for media_type, length in lengths:
        yield Part(media_type, body[start : start + length])
        start += length


def success(written: Written) -> frames.Header:
    """Return the header that tells what was written."""
    return {"written": {f.name: getattr(written, f.name) for f in dataclasses.fields(written)}}


def failure(error: errors.CatalogError) -> frames.Header:
    """Return the header that tells why nothing was written."""
    fields = {name: getattr(error, name) for name in _FIELDS if hasattr(error, name)}
    if isinstance(error, errors.Invalid):
        fields["findings"] = [dataclasses.asdict(finding) for finding in error.findings]
    kind = type(error).__name__
    return {"failure": {"error": kind, "message": error.message, "sv": error.sv, **fields}}


def result(reply: frames.Header, finding: MakeFinding) -> Written:
    """Return what was written.

    Raises:
        CatalogError: Nothing was; the error that the writer met.
    """
    if "failure" in reply:
        raise _error(dict(reply["failure"]), finding)
    return Written(**_tupled(reply["written"]))


def _error(fields: dict[str, Any], finding: MakeFinding) -> errors.CatalogError:
    kind = _ERRORS[fields.pop("error")]
    if "findings" in fields:
        fields["findings"] = [finding(item) for item in fields["findings"]]
    retry_after = fields.pop("retry_after", None)
    message = fields.pop("message")
    error = kind(message, **fields)
    if retry_after is not None and isinstance(error, errors.Overloaded):
        error.retry_after = retry_after
    return error
