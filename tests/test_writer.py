"""The writer as a program: frames in, frames out, until the other end closes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from utbildningsdata import bootstrap
from utbildningsdata.errors import Forbidden, Malformed, OperationError
from utbildningsdata.settings import Settings
from utbildningsdata.store.processes import frames
from utbildningsdata.store.writes import wire
from utbildningsdata.store.writes.ports import Part, Write, Written

Ask = Callable[[frames.Header, bytes], frames.Header]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Return the settings of an empty plain store."""
    data = tmp_path_factory.mktemp("data")
    settings = Settings(base="https://catalogue.example/", data=data, shapes="none")
    bootstrap.load(settings)
    return settings


@pytest.fixture(scope="module")
def ask(settings: Settings) -> Iterator[Ask]:
    """Return what asks a running writer; it must end by itself, and well, when its pipe closes."""
    process = subprocess.Popen(
        [sys.executable, "-m", "utbildningsdata.writer", str(os.getpid())],
        env=os.environ | settings.to_environ(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    questions, answers = cast(Any, process.stdin), cast(Any, process.stdout)

    def receive() -> frames.Header:
        received = frames.read(answers)
        assert received is not None
        return received[0]

    def send(header: frames.Header, body: bytes) -> frames.Header:
        questions.write(frames.pack(header, body))
        questions.flush()
        return receive()

    assert receive()["ready"] is True
    yield send
    questions.close()
    assert process.wait(timeout=20) == 0
    answers.close()


def write(text: str, scopes: tuple[str, ...] = ("write",)) -> tuple[frames.Header, bytes]:
    part = Part("application/sparql-update", text.encode())
    request = Write(operation="update", agent="a", scopes=scopes, request="r", parts=(part,))
    return wire.request(request, "192.0.2.1")


def written(reply: frames.Header) -> Written:
    return wire.result(reply, lambda fields: fields)


def test_a_write_is_published_when_it_is_answered(settings: Settings, ask: Ask) -> None:
    insert = "INSERT DATA { GRAPH <urn:g> { <urn:s> <urn:p> 1 } }"
    result = written(ask(*write(insert)))
    assert result.added == ("urn:g",)
    assert bootstrap.data_folder(settings).number() == result.revision


def test_errors_are_answers_and_the_writer_goes_on(ask: Ask) -> None:
    with pytest.raises(Malformed) as caught:
        written(ask(*write("INSERT DATA {")))
    assert caught.value.line == 1
    with pytest.raises(Forbidden):
        written(ask(*write("DROP ALL", scopes=("write:dataset",))))
    assert written(ask(*write("DROP SILENT GRAPH <urn:none>"))).updated == ()


def test_what_nobody_foresaw_tells_nothing_of_the_inside(ask: Ask) -> None:
    with pytest.raises(OperationError) as caught:
        written(ask({"client": "", "write": {"operation": "update"}}, b""))
    assert "Traceback" not in caught.value.message
    assert str(Path(__file__).parent) not in caught.value.message
    assert written(ask(*write("DROP SILENT GRAPH <urn:none>"))).updated == ()
