"""A catalogue of a few datasets and of queries that ask for them, for tests of their answers."""

from __future__ import annotations

from pathlib import Path

from support.workshop import BASE, Workshop

FORMS = "https://w3id.org/utbildningsdata/concept/school-form"

_CONCEPTS = f"""
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix s: <{FORMS}/> .
<concept/school-form> foaf:primaryTopic <{FORMS}> ; dcterms:modified "2026-11-23" .
<{FORMS}> a skos:ConceptScheme ; dcterms:title "Skolformer"@sv, "School forms"@en .
s:VUX a skos:Concept ; skos:prefLabel "Komvux"@sv, "Adult education"@en .
s:SFI a skos:Concept ; skos:broader s:VUX ; skos:prefLabel "Sfi"@sv, "SFI"@en .
s:GR a skos:Concept ; skos:prefLabel "Grundskola"@sv, "Compulsory school"@en .
s:GRS a skos:Concept ; owl:deprecated true ; skos:prefLabel "Grundsärskola"@sv .
s:YH a skos:Concept ; skos:prefLabel "Yrkeshögskola"@sv .
"""

_SH = "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"

BY_FORM = """SELECT ?schoolForm ?schoolFormName (COUNT(DISTINCT ?dataset) AS ?datasets) {
  VALUES ?schoolForm { UNDEF }
  VALUES ?word { UNDEF }
  VALUES ?least { UNDEF }
  ?dataset a dcat:Dataset ; ud:schoolForm ?schoolForm ; dcterms:title ?title .
  ?schoolForm skos:prefLabel ?schoolFormName FILTER(lang(?schoolFormName) = "sv")
  FILTER(!BOUND(?word) || CONTAINS(LCASE(?title), LCASE(?word)))
} GROUP BY ?schoolForm ?schoolFormName HAVING(COUNT(DISTINCT ?dataset) >= COALESCE(MAX(?least), 1))
ORDER BY ?schoolForm"""

_PARAMETERS = f"""
<id/query/per-form/schoolForm> a sh:Parameter ; sh:path ud:schoolForm ; sh:order 2 ;
    sh:optional true ; <https://w3id.org/utbildningsdata/ns/valueScheme> <{FORMS}> .
<id/query/per-form/word> a sh:Parameter ; sh:path <id/query/per-form/word> ; sh:order 1 ;
    sh:optional true ; sh:name "ord"@sv, "word"@en ; sh:datatype xsd:string ;
    sh:description "Ett <ord>."@sv, "A <word>."@en .
<id/query/per-form/least> a sh:Parameter ; sh:path <id/query/per-form/least> ; sh:order 3 ;
    sh:optional true ; sh:name "minst"@sv, "least"@en ; sh:datatype xsd:integer ;
    sh:maxCount 1 ; sh:defaultValue 2 .
<id/query/per-form/format> a sh:Parameter ; sh:path <id/query/per-form/format> .
<id/query/per-form/nowhere> a sh:Parameter ; sh:path <id/query/per-form/nowhere> .
"""


def questions(root: Path) -> Workshop:
    """Return the catalogue, loaded."""
    shop = Workshop(root, BASE)
    shop.dataset("ett", "Betyg i nian", f"ud:schoolForm <{FORMS}/GR> ;")
    shop.dataset("tva", "Frånvaro", f"ud:schoolForm <{FORMS}/GR>, <{FORMS}/SFI> ;")
    (shop.ontology / "concepts").mkdir()
    (shop.ontology / "concepts/school-form.ttl").write_text(_CONCEPTS, encoding="utf-8")
    names = ", ".join(
        f"<id/query/per-form/{name}>"
        for name in ("schoolForm", "word", "least", "format", "nowhere")
    )
    ask(shop, "per-form", "select", BY_FORM, f"sh:parameter {names} ;", _PARAMETERS)
    ask(shop, "finns", "ask", "ASK { ?d a dcat:Dataset }")
    ask(shop, "graf", "construct", "CONSTRUCT WHERE { ?d a dcat:Dataset ; dcterms:title ?t }")
    by_dataset = (
        "SELECT ?record { VALUES ?primaryTopic { UNDEF } ?record foaf:primaryTopic ?primaryTopic }"
    )
    ask(
        shop,
        "poster",
        "select",
        by_dataset,
        "sh:parameter <id/query/poster/primaryTopic> ;",
        "<id/query/poster/primaryTopic> sh:path foaf:primaryTopic ; sh:class dcat:Dataset .\n",
    )
    ask(shop, "trasig", "select", "SELECT ?x { ?x a ")
    ask(shop, "utom", "select", "SELECT ?x { SERVICE <https://x.example/> { ?x a ?y } }")
    shop.tombstone("query/borta")
    shop.load()
    return shop


def ask(
    shop: Workshop, slug: str, form: str, text: str, more: str = "", parameters: str = ""
) -> None:
    """Write the file of a query; ``more`` are triples of the thing, ended by ';'."""
    shop.write(
        f"query/{slug}",
        f"{_SH}<query/{slug}> foaf:primaryTopic <id/query/{slug}> ; "
        'dcterms:issued "2026-01-01"^^xsd:date ; dcterms:modified "2026-01-01"^^xsd:date .\n'
        f"<id/query/{slug}> a sh:SPARQLExecutable ; {more} "
        f'dcterms:title "Fråga {slug}?"@sv, "Question {slug}?"@en ; '
        f'dcterms:description "Om <{slug}>."@sv ; sh:{form} """{text}""" .\n{parameters}',
    )
