"""The wire: what goes into the broker's frames comes out the same at the other end."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from utbildningsdata import errors
from utbildningsdata.store.writes import wire
from utbildningsdata.store.writes.ports import Part, Write, Written
from utbildningsdata.validation.report import Finding

WRITE = Write(
    operation="post",
    agent="Skolverket",
    scopes=("write:dataset", "write:need"),
    request="r-1",
    parts=(Part("text/turtle", "<a> <b> 'å' .".encode()), Part("application/n-triples", b"")),
    graph="https://catalogue.example/dataset/å",
    using_graphs=("urn:g",),
    if_match=("one", "two"),
    if_none_match=True,
)
ERRORS = [
    errors.Malformed("m", sv="s", line=3, column=4),
    errors.Invalid("m", [Finding(severity="violation", messages={"sv": "fel"}, record="a")]),
    errors.PreconditionFailed("m", sv="s"),
    errors.Refused("m", "LOAD"),
    errors.Unsupported("m", ("text/turtle",)),
    errors.TooLarge("m", 1000),
    errors.Forbidden("m"),
    errors.NotFound("m"),
    errors.NotAcceptable("m", ("text/html",)),
    errors.Overloaded("m", 9),
    errors.TimedOut("m", 2.5),
    errors.RateLimited("m", 7),
    errors.OperationError("m"),
    errors.Conflict("m"),
]


def sent(header: Mapping[str, Any]) -> dict[str, Any]:
    """Return a header as it is after its way."""
    received: dict[str, Any] = json.loads(json.dumps(header))
    return received


def finding(fields: Mapping[str, Any]) -> Finding:
    return Finding(**fields)


@pytest.mark.parametrize("if_match", [None, (), ("*",)])
def test_a_write_is_the_same_at_the_other_end(if_match: tuple[str, ...] | None) -> None:
    write = replace(WRITE, if_match=if_match)
    header, body = wire.request(write, "192.0.2.1")
    assert header["client"] == "192.0.2.1"
    assert wire.requested(sent(header), body) == write


def test_a_write_that_lacks_something_is_no_write() -> None:
    header, body = wire.request(WRITE, "")
    del header["write"]["agent"]
    with pytest.raises(ValueError, match="agent"):
        wire.requested(sent(header), body)


def test_a_result_is_the_same_at_the_other_end() -> None:
    written = Written(7, ("urn:a",), (), ("urn:b", "urn:c"), "0a")
    assert wire.result(sent(wire.success(written)), finding) == written


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_an_error_is_the_same_at_the_other_end(error: errors.CatalogError) -> None:
    with pytest.raises(type(error)) as caught:
        wire.result(sent(wire.failure(error)), finding)
    assert type(caught.value) is type(error)
    assert vars(caught.value) == vars(error)
    assert str(caught.value) == str(error)
