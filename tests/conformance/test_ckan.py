"""CKAN's harvester, a client that others wrote, takes every dataset of the feeds.

``UTBILDNINGSDATA_CKAN_PYTHON`` names a Python that has ``ckan[requirements]``, ``ckanext-harvest``
and ``ckanext-dcat``.
"""

from __future__ import annotations

import json
import os
import subprocess
import urllib.request
from pathlib import Path
from typing import Any, Protocol

import pytest
from rdflib import RDF
from rdflib.namespace import DCTERMS

from utbildningsdata.rdf.namespaces import DCAT
from utbildningsdata.rdf.ntriples import read

CLIENT = Path(__file__).parent / "clients" / "ckan_harvest.py"
PYTHON = os.environ.get("UTBILDNINGSDATA_CKAN_PYTHON", "")

pytestmark = pytest.mark.skipif(
    not PYTHON, reason="UTBILDNINGSDATA_CKAN_PYTHON names no Python with CKAN and ckanext-dcat"
)


class Server(Protocol):
    base: str


def harvest(address: str) -> tuple[str, list[dict[str, Any]]]:
    done = subprocess.run(
        [PYTHON, str(CLIENT), address], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    return answer["media_type"], answer["datasets"]


def extras(dataset: dict[str, Any]) -> dict[str, str]:
    return {extra["key"]: extra["value"] for extra in dataset["extras"]}


@pytest.mark.parametrize(
    ("address", "media_type"),
    [
        ("datasets/dcat", "application/rdf+xml"),
        ("catalog.rdf", "application/rdf+xml"),
        ("catalog.ttl", "text/turtle"),
        ("catalog.jsonld", "application/ld+json"),
    ],
)
def test_ckan_sees_every_dataset_with_its_title_and_publisher(
    live: Server, address: str, media_type: str
) -> None:
    with urllib.request.urlopen(f"{live.base}{address.split('.')[0]}.nt") as response:
        graph = read(response.read())
    expected = {
        str(dataset): {str(title) for title in graph.objects(dataset, DCTERMS.title)}
        for dataset in graph.subjects(RDF.type, DCAT.Dataset)
    }
    told, datasets = harvest(live.base + address)
    seen = {extras(dataset)["uri"]: dataset for dataset in datasets}
    assert told == media_type
    assert seen.keys() == expected.keys()
    assert all(dataset["title"] in expected[iri] for iri, dataset in seen.items())
    assert all(extras(dataset)["publisher_name"] for dataset in seen.values())


def test_ckan_sees_the_distributions_of_a_dataset(live: Server) -> None:
    _, datasets = harvest(live.base + "datasets/dcat")
    resources = [resource for dataset in datasets for resource in dataset["resources"]]
    assert resources
    assert all(resource["url"].startswith("http") for resource in resources)
