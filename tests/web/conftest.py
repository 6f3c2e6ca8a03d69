"""Clients of a small catalogue, with and without a path in its base."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from support.site import BASE, DEEP_BASE, application, workshop
from support.workshop import Workshop
from support.writing import Recorder, Writer, bearer
from utbildningsdata.bootstrap import services
from utbildningsdata.settings import Settings
from utbildningsdata.store.credentials import TokenFile
from utbildningsdata.web.app import create_app

QUERY = """
<query/alla> foaf:primaryTopic <id/query/alla> ; dcterms:modified "2026-11-23"^^xsd:date .
<id/query/alla> a <http://www.w3.org/ns/shacl#SPARQLExecutable> ;
    dcterms:title "Vilka data finns?"@sv, "Which data are there?"@en ;
    <http://www.w3.org/ns/shacl#select> "SELECT ?d { ?d a dcat:Dataset }" .
"""


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """Return the catalogue under a base without a path."""
    return workshop(tmp_path_factory.mktemp("site"), BASE)


@pytest.fixture(scope="session")
def app(shop: Workshop) -> Flask:
    """Return the application over it."""
    return application(shop)


@pytest.fixture
def client(app: Flask) -> Iterator[FlaskClient]:
    """Return a client whose requests name a host that is not the base's."""
    with app.test_client() as opened:
        opened.environ_base["HTTP_HOST"] = "evil.example"
        yield opened


@pytest.fixture(scope="session")
def deep_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Return the application under a base with a path."""
    return application(workshop(tmp_path_factory.mktemp("deep"), DEEP_BASE))


@pytest.fixture
def deep(deep_app: Flask) -> Iterator[FlaskClient]:
    """Return a client of the catalogue under a base with a path."""
    with deep_app.test_client() as opened:
        opened.environ_base["HTTP_HOST"] = "evil.example"
        yield opened


@pytest.fixture(scope="session")
def recorder() -> Recorder:
    """Return the engine that requests to write go to."""
    return Recorder()


@pytest.fixture(scope="session")
def written_app(shop: Workshop, recorder: Recorder) -> Flask:
    """Return the application over the catalogue, with that engine."""
    return application(shop, recorder)


@pytest.fixture
def credentials(shop: Workshop) -> TokenFile:
    """Return the tokens of the catalogue, which has none yet."""
    kept = TokenFile(shop.data.path)
    kept.change(lambda tokens: [])
    return kept


@pytest.fixture
def writer(written_app: Flask, recorder: Recorder, credentials: TokenFile) -> Writer:
    """Return a client with a token for everything."""
    fresh = Recorder()
    recorder.asked, recorder.answer = fresh.asked, fresh.answer
    return Writer(written_app.test_client(), recorder, bearer(credentials))


@pytest.fixture(scope="session")
def asking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """Return a client of an application that has a broker, on a catalogue of a few datasets."""
    shop = Workshop(tmp_path_factory.mktemp("asked"), BASE)
    for number in range(3):
        shop.dataset(f"d{number}", f"Data <{number}>")
    shop.write("query/alla", QUERY)
    shop.load()
    settings = Settings(base=BASE, data=Path(shop.data.path), deadline=5, memory=512)
    broker = subprocess.Popen(
        [sys.executable, "-m", "utbildningsdata.store.processes.broker", str(os.getpid())],
        env=os.environ | settings.to_environ(),
    )
    yield create_app(services(settings)).test_client()
    broker.kill()
    broker.wait()
