"""The profile as the shapes say it."""

from __future__ import annotations

from rdflib import URIRef
from rdflib.namespace import DCTERMS

from utbildningsdata.model.labels import Text
from utbildningsdata.model.profile import NO_GROUP, Profile
from utbildningsdata.model.relations import INVERSES
from utbildningsdata.rdf import ntriples
from utbildningsdata.rdf.namespaces import DCAT, UD
from utbildningsdata.resources import folder

_SHAPES = b"""
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix ud: <https://w3id.org/utbildningsdata/ns/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix x: <https://x.example/> .
x:A a sh:NodeShape ; sh:targetClass x:C ; ud:folder "thing" ; ud:kindOrder 2 ;
    rdfs:label "Sak"@sv, "Thing"@en ; ud:listName "Saker"@sv ; sh:property x:A-p, x:A-inverse .
x:A-p sh:path x:p ; sh:name "pe"@sv ; sh:order 3 ; sh:group x:G .
x:A-inverse sh:path [ sh:inversePath x:q ] .
x:Advice a sh:NodeShape ; sh:targetClass x:C ; sh:property x:B-p, x:B-r .
x:B-p sh:path x:p . x:B-r sh:path x:r ; sh:name "er"@sv .
x:G a sh:PropertyGroup ; rdfs:label "Grupp"@sv ; sh:order 1 .
x:S a sh:NodeShape ; dcterms:subject x:D ; sh:property x:S-t .
x:S-t sh:path x:t ; sh:name "te"@sv .
"""


def _iri(local: str) -> URIRef:
    return URIRef(f"https://x.example/{local}")


def _profile() -> Profile:
    return Profile.from_graph(ntriples.parse(_SHAPES))


def test_a_shape_with_a_folder_is_a_kind() -> None:
    kind = _profile().kinds["thing"]
    assert kind.names.text("en") == Text("Thing", "en")
    assert kind.list_names.text("en") == Text("Saker", "sv")


def test_shapes_of_one_class_are_merged_and_the_named_field_wins() -> None:
    fields = _profile().fields([_iri("C")])
    assert set(fields) == {_iri("p"), _iri("r")}
    assert fields[_iri("p")].names.text("sv") == Text("pe", "sv")
    assert fields[_iri("p")].group.names.text("sv") == Text("Grupp", "sv")
    assert fields[_iri("r")].group is NO_GROUP


def test_a_shape_with_a_narrow_target_names_its_class() -> None:
    assert set(_profile().fields([_iri("D")])) == {_iri("t")}
    assert not _profile().fields([_iri("Unknown")])


def test_our_shapes_name_every_kind_in_both_languages() -> None:
    profile = Profile.load(folder("shapes"))
    assert next(iter(profile.kinds)) == "dataset"
    for kind in profile.kinds.values():
        for names in (kind.names, kind.list_names):
            assert {text.language for text in names.texts} == {"sv", "en"}


def test_our_shapes_name_group_and_order_every_field_in_both_languages() -> None:
    profile = Profile.load(folder("shapes"))
    for fields in profile.classes.values():
        for field in fields.values():
            assert {text.language for text in field.names.texts} >= {"sv", "en"}
            assert field.group is not NO_GROUP


def test_our_shapes_cover_what_pages_begin_with() -> None:
    dataset = Profile.load(folder("shapes")).fields([DCAT.Dataset])
    assert {DCTERMS.title, DCTERMS.publisher, DCAT.distribution, UD.schoolForm} <= set(dataset)


def test_every_inverse_has_both_languages() -> None:
    assert all(all(names) for names in INVERSES.values())
