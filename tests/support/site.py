"""A catalogue made for tests of pages: a record of many kinds, hostile ones, and removed ones."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from flask import Flask

from support.workshop import Workshop
from support.writing import Recorder
from utbildningsdata.bootstrap import Services
from utbildningsdata.errors import Overloaded
from utbildningsdata.model.profile import Profile
from utbildningsdata.resources import folder as resource_folder
from utbildningsdata.settings import Settings
from utbildningsdata.store.credentials import TokenFile
from utbildningsdata.store.ports import Answer, Health, Rows, StoreName
from utbildningsdata.store.writes.ports import WriteEngine
from utbildningsdata.web.app import create_app

BASE = "https://catalogue.example/"
DEEP_BASE = "https://catalogue.example/skola/"

HOSTILE = "</script><img src=x onerror=alert(1)>\"'><svg/onload=alert(2)>"

_RECORD = (
    'dcterms:issued "2026-11-01"^^xsd:date ; dcterms:modified "2026-11-23"^^xsd:date ; '
    "ud:verification <https://w3id.org/utbildningsdata/concept/verification/general-knowledge> "
)
_FORMS = "https://w3id.org/utbildningsdata/concept/school-form"

_CONCEPTS = f"""
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix s: <{_FORMS}/> .
<concept/school-form> foaf:primaryTopic <{_FORMS}> ; dcterms:modified "2026-11-23" .
<{_FORMS}> a skos:ConceptScheme ; dcterms:title "Skolformer"@sv, "School forms"@en .
s:GR a skos:Concept ; skos:inScheme <{_FORMS}> ; skos:notation "GR" ;
    skos:prefLabel "Grundskola"@sv, "Compulsory school"@en ; skos:definition "Årskurs 1–9."@sv .
s:GRAN a skos:Concept ; skos:inScheme <{_FORMS}> ; skos:broader s:GR ;
    skos:prefLabel "Anpassad grundskola"@sv .
s:GRS a skos:Concept ; skos:inScheme <{_FORMS}> ; owl:deprecated true ;
    dcterms:isReplacedBy s:GRAN ; skos:prefLabel "Grundsärskola"@sv .
s:a.ttl a skos:Concept ; skos:inScheme <{_FORMS}> ; skos:prefLabel "Punkt"@sv .
<https://licences.example/by/4.0/> a skos:Concept ; skos:inScheme <{_FORMS}> ;
    skos:notation "BY" ; skos:prefLabel "Erkännande"@sv .
"""

_OUTCOMES = """
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix o: <https://w3id.org/utbildningsdata/concept/nomination-outcome/> .
<concept/nomination-outcome>
    foaf:primaryTopic <https://w3id.org/utbildningsdata/concept/nomination-outcome> .
<https://w3id.org/utbildningsdata/concept/nomination-outcome> a skos:ConceptScheme ;
    dcterms:title "Utfall"@sv .
o:won a skos:Concept ; skos:prefLabel "Vann"@sv .
o:nominated a skos:Concept ; skos:prefLabel "Nominerad"@sv .
"""

_ONTOLOGY = """
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix ud: <https://w3id.org/utbildningsdata/ns/> .
<ns> foaf:primaryTopic <https://w3id.org/utbildningsdata/ns/> ; dcterms:modified "2026-11-23" .
<https://w3id.org/utbildningsdata/ns/> a owl:Ontology ; dcterms:title "Termer"@sv, "Terms"@en .
ud:Method a owl:Class ; rdfs:label "metod"@sv, "method"@en ;
    skos:definition "Ett sätt att svara på en fråga."@sv, "A way to answer a question."@en .
ud:usesMethod a owl:ObjectProperty ; rdfs:label "använder metoden"@sv ; rdfs:range ud:Method .
"""


class NoEngine:
    """Answers no query: pages need none."""

    def query(
        self,
        text: str,
        *,
        results: str | None,
        graphs: str | None,
        client: str = "",
        default_graphs: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
        store: StoreName = "store",
    ) -> Answer:
        """Refuse."""
        raise Overloaded("No queries here.")

    def rows(
        self,
        text: str,
        *,
        limit: int,
        client: str = "",
        default_graphs: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
        store: StoreName = "store",
    ) -> Rows:
        """Refuse."""
        raise Overloaded("No queries here.")

    def health(self) -> Health:
        """Refuse."""
        raise Overloaded("No queries here.")


def workshop(root: Path, base: str = BASE) -> Workshop:
    """Return the catalogue of these tests, loaded."""
    shop = Workshop(root, base)
    _datasets(shop)
    _others(shop)
    shop.tombstone("dataset/borta")
    shop.tombstone("dataset/flyttad", "dataset/skolor")
    shop.write(
        "dataset/delad",
        "<dataset/delad> a ud:Tombstone ; foaf:primaryTopic <id/dataset/delad> ; "
        "dcterms:isReplacedBy <dataset/skolor>, <dataset/betyg> .\n",
    )
    folder = shop.ontology / "concepts"
    folder.mkdir()
    (folder / "school-form.ttl").write_text(_CONCEPTS, encoding="utf-8")
    (folder / "nomination-outcome.ttl").write_text(_OUTCOMES, encoding="utf-8")
    (shop.ontology / "utbildningsdata.ttl").write_text(_ONTOLOGY, encoding="utf-8")
    shop.load()
    return shop


def application(shop: Workshop, writes: WriteEngine | None = None) -> Flask:
    """Return the web application over a loaded catalogue, which ``writes`` change (or nobody)."""
    settings = Settings(base=shop.base.iri, data=shop.data.path, catalog=shop.catalog)
    profile = Profile.load(resource_folder("shapes"))
    services = Services(
        settings=settings,
        revisions=shop.data,
        engine=NoEngine(),
        profile=profile,
        credentials=TokenFile(settings.data),
        writes=writes or Recorder(),
        prefixes={},
    )
    return create_app(services)


def _write(shop: Workshop, path: str, thing: str, body: str, more: str = "") -> None:
    shop.write(path, f"<{path}> foaf:primaryTopic {thing} ; {_RECORD} .\n{thing} {body} .\n{more}")


def _datasets(shop: Workshop) -> None:
    _write(
        shop,
        "dataset/skolor",
        "<id/dataset/skolor>",
        'a dcat:Dataset ; dcterms:title "Åländska skolor"@sv, "Schools"@en ; '
        'dcterms:description "Alla skolor."@sv, "All schools."@en ; '
        "dcterms:publisher <http://dataportal.se/organisation/SE2021004185> ; "
        f'ud:schoolForm <{_FORMS}/GR> ; dcat:keyword "kun sv"@sv, "nur Deutsch"@de ; '
        'dcat:distribution <id/dataset/skolor/csv> ; <https://odd.example/p> "utanför formen" ; '
        "dcat:landingPage <https://skolor.example/data> ; "
        "dcterms:temporal <id/dataset/skolor/period>",
        '<id/dataset/skolor/csv> a dcat:Distribution ; dcterms:title "Filen"@sv ; '
        "dcat:accessURL <https://skolor.example/a.csv> ; "
        'dcat:byteSize "0042"^^xsd:nonNegativeInteger .\n'
        "<id/dataset/skolor/period> a dcterms:PeriodOfTime ; "
        'dcat:startDate "2011"^^xsd:gYear .\n'
        '<https://stray.example/> dcterms:title "Vilsen"@sv .\n',
    )
    _write(
        shop,
        "dataset/betyg",
        "<https://doi.org/10.1/betyg>",
        'a dcat:Dataset ; dcterms:title "Betyg"@sv, "Grades"@en',
    )
    hostile = HOSTILE.replace('"', '\\"')
    _write(
        shop,
        "dataset/fientlig",
        "<id/dataset/fientlig>",
        f'a dcat:Dataset ; dcterms:title "{hostile}"@sv ; dcterms:description "{hostile}"@en ; '
        f'ud:holderName "{hostile}"@sv ; dcat:keyword "=cmd|x"@sv ; '
        "dcat:landingPage <javascript:alert(1)> ; foaf:page <data:text/html,alert> ; "
        "dcterms:relation <vbscript:alert(1)> ; dcat:distribution <id/dataset/fientlig/x>",
        "<id/dataset/fientlig/x> a dcat:Distribution ; dcat:accessURL <javascript:alert(2)> ; "
        "dcat:downloadURL <javascript:alert(3)> .\n",
    )


def _others(shop: Workshop) -> None:
    _write(
        shop,
        "organisation/skolverket",
        "<http://dataportal.se/organisation/SE2021004185>",
        'a foaf:Agent ; foaf:name "Skolverket"@sv, "National Agency for Education"@en',
    )
    _write(
        shop,
        "organisation/utbildningsdata",
        "<id/organisation/utbildningsdata>",
        'a foaf:Agent ; foaf:name "Demonstration"@sv',
    )
    _write(
        shop,
        "method/salsa",
        "<id/method/salsa>",
        'a ud:Method ; dcterms:title "Salsa"@sv ; ud:question "Hur gick det?"@sv, "How?"@en',
    )
    _write(
        shop,
        "exemplar/ett",
        "<id/exemplar/ett>",
        'a ud:Exemplar ; dcterms:title "Ett exempel"@sv ; ud:usesMethod <id/method/salsa> ; '
        "ud:usesDataset <id/dataset/skolor> ; "
        "ud:effect <https://w3id.org/utbildningsdata/concept/effect/not-measured> ; "
        "ud:hasNomination <id/exemplar/ett/guld>",
        "<id/exemplar/ett/guld> a ud:Nomination ; ud:award <id/award/guld> ; "
        'ud:year "2019"^^xsd:gYear ; '
        "ud:outcome <https://w3id.org/utbildningsdata/concept/nomination-outcome/nominated> .\n",
    )
    _write(shop, "award/guld", "<id/award/guld>", 'a ud:Award ; dcterms:title "Guldet"@sv')
    _write(shop, "need/mer", "<id/need/mer>", 'a ud:Need ; dcterms:title "Mer data"@sv')
