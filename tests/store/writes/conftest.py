"""What tests of evaluation share: a published store of a few graphs, and a process on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pyoxigraph as ox
import pytest

from utbildningsdata.settings import Settings
from utbildningsdata.store.writes.evaluator import EvaluationProcess

BASE = "https://catalogue.example/"
PREFIXES = {"ex": "http://example.org/", "xsd": "http://www.w3.org/2001/XMLSchema#"}
CONTENT = """
PREFIX ex: <http://example.org/>
ex:own ex:p "default" .
ex:g1 { ex:a ex:p 1 , "one"@sv . ex:b ex:p 1.50 ; ex:q _:n . _:n ex:p "in a blank node" . }
ex:g2 { ex:a ex:p 2 . ex:c ex:list ( 1 2 ) . }
ex:g3 { ex:a ex:q ex:b }
"""


QUADS = list(ox.parse(CONTENT, ox.RdfFormat.TRIG))  # once, for its blank nodes


def make() -> ox.Store:
    """Return the published quads, and a graph that is empty, in memory."""
    store = ox.Store()
    store.extend(QUADS)
    store.add_graph(ox.NamedNode("http://example.org/empty"))
    return store


def publish(data: Path) -> None:
    """Publish :data:`CONTENT` as revision 1."""
    folder = data / "revisions/000001"
    folder.mkdir(parents=True)
    (folder / "lock").touch()
    store = ox.Store(folder / "store")
    store.extend(QUADS)
    store.add_graph(ox.NamedNode("http://example.org/empty"))
    store.flush()
    (data / "current").symlink_to("revisions/000001")


@pytest.fixture(scope="module")
def evaluated(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Return the settings of a folder where revision 1 is published, with small limits."""
    settings = Settings(
        base=BASE, data=tmp_path_factory.mktemp("data"), deadline=5, memory=512, shapes="none"
    )
    publish(settings.data)
    return settings


@pytest.fixture(scope="module")
def evaluator(evaluated: Settings) -> Iterator[EvaluationProcess]:
    """Return what evaluates on that folder, and knows the prefixes ``ex:`` and ``xsd:``."""
    process = EvaluationProcess(evaluated, PREFIXES)
    yield process
    process.close()


@pytest.fixture
def content() -> Callable[[], ox.Store]:
    """Return what gives a copy of what is published."""
    return make


@pytest.fixture
def prefixes() -> Mapping[str, str]:
    """Return the prefixes that updates may use without declaring them."""
    return PREFIXES
