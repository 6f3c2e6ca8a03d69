"""Both feeds of the real catalogue hold to the official shapes of DCAT-AP 3.0.1.

The shapes are not ours to pass on: ``UTBILDNINGSDATA_STANDARDS`` names a folder that holds
``dcat-ap-3.0.1/`` from https://github.com/SEMICeu/DCAT-AP (releases/3.0.1: ``html/shacl`` as
``html-shacl``, and ``shacl``).
"""

from __future__ import annotations

import os
import urllib.request
from pathlib import Path
from typing import Protocol

import pyshacl
import pytest
import rdflib
from rdflib import RDF, RDFS, Graph, URIRef
from rdflib.namespace import DCTERMS, FOAF, ORG, PROF, SH, SKOS
from rdflib.term import Node

from utbildningsdata.rdf.mediatypes import RDF_XML
from utbildningsdata.rdf.namespaces import DCAT, VCARD
from utbildningsdata.rdf.ntriples import parse
from utbildningsdata.resources import folder


class Server(Protocol):
    base: str


STANDARDS = os.environ.get("UTBILDNINGSDATA_STANDARDS", "")
FEEDS = {"national": "datasets/dcat", "full": "catalog.rdf"}
SHAPES = {
    "base": "html-shacl/shapes.ttl",
    "range": "html-shacl/range.ttl",
    "recommended": "html-shacl/shapes_recommended.ttl",
    "codelists": "html-shacl/mdr-vocabularies.shape.ttl",
    "deprecated": "html-shacl/deprecateduris.ttl",
    "whole": "shacl/dcat-ap-SHACL.ttl",
}
# What the vocabularies say of their classes, which the official validator imports.
SUBCLASSES = [
    (VCARD.Organization, VCARD.Kind),
    (DCAT.DatasetSeries, DCAT.Dataset),
    (DCAT.Dataset, DCAT.Resource),
    (DCAT.DataService, DCAT.Resource),
    (DCAT.Catalog, DCAT.Dataset),
    (PROF.Profile, DCTERMS.Standard),
    (ORG.Organization, FOAF.Agent),
]

pytestmark = pytest.mark.skipif(
    not STANDARDS, reason="UTBILDNINGSDATA_STANDARDS names no folder with dcat-ap-3.0.1/"
)


def shapes(name: str) -> Graph:
    graph = Graph().parse(Path(STANDARDS) / "dcat-ap-3.0.1" / SHAPES[name], format="turtle")
    # Two property shapes of the published file have no path; pySHACL stops at them.
    for shape, _, part in list(graph.triples((None, SH.property, None))):
        if (part, SH.path, None) not in graph:
            graph.remove((shape, SH.property, part))
    return graph


@pytest.fixture(scope="session")
def background() -> Graph:
    """Return our concepts and those we adopted, as the official validator imports code lists."""
    graph = Graph()
    for file in sorted((folder("ontology") / "concepts").glob("*.ttl")):
        graph += parse(file.read_bytes(), base="https://catalogue.example/")
    for narrow, broad in SUBCLASSES:
        graph.add((narrow, RDFS.subClassOf, broad))
    return graph


@pytest.fixture(scope="session")
def feeds(live: Server) -> dict[str, Graph]:
    """Fetch both feeds as a harvester does."""
    found = {}
    for name, address in FEEDS.items():
        with urllib.request.urlopen(live.base + address) as response:
            assert response.headers["Content-Type"] == RDF_XML.content_type
            found[name] = Graph().parse(response.read(), format="xml")
    return found


def violations(
    data: Graph, shapes_graph: Graph, background: Graph
) -> list[tuple[Node | None, ...]]:
    _, report, _ = pyshacl.validate(data + background, shacl_graph=shapes_graph, inference="none")
    rdflib.NORMALIZE_LITERALS = False  # pySHACL leaves it on, for all that comes after
    assert isinstance(report, Graph)
    results = report.objects(None, SH.result)  # not sh:detail, which says why another result is one
    return sorted(
        tuple(report.value(result, part) for part in (SH.focusNode, SH.resultPath, SH.value))
        for result in results
        if (result, SH.resultSeverity, SH.Violation) in report
    )


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("feed", FEEDS)
def test_a_feed_has_no_violation(
    feeds: dict[str, Graph], background: Graph, feed: str, name: str
) -> None:
    assert violations(feeds[feed], shapes(name), background) == []


@pytest.mark.parametrize("feed", FEEDS)
def test_the_shapes_notice_one_missing_title(
    feeds: dict[str, Graph], background: Graph, feed: str
) -> None:
    graph = feeds[feed] + Graph()
    dataset = next(s for s in graph.subjects(RDF.type, DCAT.Dataset) if isinstance(s, URIRef))
    graph.remove((dataset, DCTERMS.title, None))
    found = violations(graph, shapes("base"), background)
    assert [(focus, path) for focus, path, _ in found] == [(dataset, DCTERMS.title)]


@pytest.mark.parametrize("feed", FEEDS)
def test_every_code_in_a_feed_has_a_name(
    feeds: dict[str, Graph], background: Graph, feed: str
) -> None:
    coded = (DCAT.theme, DCTERMS.accrualPeriodicity, DCTERMS.accessRights, DCTERMS.type)
    used = {value for path in coded for value in feeds[feed].objects(None, path)}
    assert {code for code in used if (code, SKOS.prefLabel, None) not in background} == set()
