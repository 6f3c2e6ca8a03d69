"""What tests of queries share: data folders made of plain triples, and brokers on them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from utbildningsdata.settings import Settings
from utbildningsdata.store.queries.client import BrokerClient

EXAMPLE = "http://example.org/"

Revise = Callable[[int, int], None]
StartBroker = Callable[..., subprocess.Popen[bytes]]


def limits(data: Path) -> Settings:
    """Return settings with small limits, so that what is too much is soon too much."""
    return Settings(
        base="https://catalogue.example/", data=data, deadline=1.5, memory=256, result=1
    )


def publish(data: Path, number: int, triples: int) -> None:
    """Publish a revision of so many triples, each in a graph of its own."""
    folder = data / f"revisions/{number:06}"
    folder.mkdir(parents=True)
    (folder / "lock").touch()
    store = ox.Store(folder / "store")
    store.bulk_extend(
        ox.Quad(
            ox.NamedNode(f"{EXAMPLE}s{i}"),
            ox.NamedNode(f"{EXAMPLE}p"),
            ox.Literal(str(i)),
            ox.NamedNode(f"{EXAMPLE}g{i}"),
        )
        for i in range(triples)
    )
    store.flush()
    (data / "next").symlink_to(f"revisions/{number:06}")
    (data / "next").rename(data / "current")


@contextmanager
def brokers(settings: Settings) -> Iterator[StartBroker]:
    """Give what starts a broker, perhaps with other settings; it is killed in the end."""
    started = []

    def start(**others: Any) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-m", "utbildningsdata.store.processes.broker", str(os.getpid())],
            env=os.environ | settings.changed(**others).to_environ(),
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return settings for a data folder of this test alone."""
    return limits(tmp_path)


@pytest.fixture
def revise(settings: Settings) -> Revise:
    """Return what publishes a revision (its number, its triples) in this test's data folder."""
    return lambda number, triples: publish(settings.data, number, triples)


@pytest.fixture
def start_broker(settings: Settings) -> Iterator[StartBroker]:
    """Return what starts a broker on this test's data folder."""
    with brokers(settings) as start:
        yield start


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrokerClient]:
    """Return a client of a running broker on 3,000 triples, which knows the prefix ``ex:``."""
    settings = limits(tmp_path_factory.mktemp("data"))
    publish(settings.data, 1, 3000)
    with brokers(settings) as start:
        start()
        yield BrokerClient(settings, {"ex": EXAMPLE})
