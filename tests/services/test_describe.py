"""What pages say, before it is HTML."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import XSD, Literal

from support.site import workshop
from support.workshop import Workshop
from utbildningsdata.errors import NotFound
from utbildningsdata.model.profile import Profile
from utbildningsdata.resources import folder
from utbildningsdata.services.describe import concepts, home, inbound, lists, records
from utbildningsdata.services.describe.content import Paging
from utbildningsdata.services.describe.fields import literal_value
from utbildningsdata.services.describe.signpost import Signpost

FORMS = "https://w3id.org/utbildningsdata/concept/school-form"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    return workshop(tmp_path_factory.mktemp("describe"))


@pytest.fixture(scope="module")
def profile() -> Profile:
    return Profile.load(folder("shapes"))


def test_taking_a_field_moves_it_and_loses_nothing(shop: Workshop, profile: Profile) -> None:
    with shop.data.current() as revision:
        thing = records.record_page(revision, profile, "dataset/skolor", "sv").thing
    before = {field.name for field in thing.fields()}
    title = thing.take("dcterms:title")
    assert title.first.text == "Åländska skolor"
    assert {field.name for field in thing.fields()} == before - {"dcterms:title"}
    assert thing.take("dcterms:title") is title
    assert thing.get("dcterms:title") is title
    assert not thing.take("no:such")
    assert thing.take("no:such").first.text == ""


def test_fields_stand_in_the_order_of_the_shapes(shop: Workshop, profile: Profile) -> None:
    with shop.data.current() as revision:
        thing = records.record_page(revision, profile, "dataset/skolor", "sv").thing
    labels = [str(section.label) for section in thing.sections]
    assert labels[-1] == "None"
    assert labels.index("Hämta och läs mer") < labels.index("Omfattning")


def test_every_triple_is_told_once(shop: Workshop, profile: Profile) -> None:
    for path in ("dataset/skolor", "exemplar/ett", "dataset/fientlig", "organisation/skolverket"):
        with shop.data.current() as revision:
            page = records.record_page(revision, profile, path, "sv")
            count = len(revision.document(path))
        told = len(page.rest)
        todo = [page.thing, page.record]
        own_types = len(page.thing.types)
        while todo:
            description = todo.pop()
            for field in description.fields():
                told += len(field.values) + len(field.others)
                todo.extend(value.part for value in field.values if value.part is not None)
        assert told + own_types == count


def test_parts_are_nested_and_have_a_fragment(shop: Workshop, profile: Profile) -> None:
    with shop.data.current() as revision:
        thing = records.record_page(revision, profile, "dataset/skolor", "sv").thing
    part = thing.get("dcat:distribution").first.part
    assert part is not None
    assert (part.fragment, part.name.text) == ("csv", "Filen")
    assert part.get("dcat:byteSize").first.text == "0042"


def test_the_catalogue_is_a_link_not_a_part_of_its_members(
    tmp_path: Path, profile: Profile
) -> None:
    shop = workshop(tmp_path)
    shop.write(
        "catalog",
        "<catalogue> foaf:primaryTopic <id/catalog> . "
        '<id/catalog> a dcat:Catalog ; dcterms:title "K"@sv .',
    )
    shop.dataset("q", more="dcterms:relation <id/catalog> ;")
    shop.load()
    with shop.data.current() as revision:
        thing = records.record_page(revision, profile, "dataset/q", "sv").thing
    (value,) = thing.get("dcterms:relation").values
    assert (value.kind, value.path) == ("link", "catalogue")


def test_a_removed_or_unknown_iri_has_no_page_but_a_name(shop: Workshop, profile: Profile) -> None:
    with shop.data.current() as revision:
        signpost = Signpost(revision, profile, "sv")
        assert signpost.path("https://nobody.example/x") is None
        assert signpost.label("https://nobody.example/x").text == "nobody.example/x"
        assert signpost.path("https://catalogue.example/id/dataset/borta") == "dataset/borta"


def test_relations_leave_out_what_the_record_says_itself(shop: Workshop, profile: Profile) -> None:
    with shop.data.current() as revision:
        page = records.record_page(revision, profile, "award/guld", "sv")
        concept = inbound.relations(Signpost(revision, profile, "en"), f"{FORMS}/GR")
    assert [(relation.name, relation.count) for relation in page.relations] == [("ud:award", 1)]
    assert page.relations[0].referrers[0].path == "exemplar/ett#guld"
    assert "ud:schoolForm" in {relation.name for relation in concept}


def test_an_inverse_without_a_name_falls_back(tmp_path: Path, profile: Profile) -> None:
    shop = Workshop(tmp_path)
    shop.dataset("a")
    shop.dataset("b", more="<https://odd.example/p> <id/dataset/a> ;")
    shop.load()
    with shop.data.current() as revision:
        swedish = records.record_page(revision, profile, "dataset/a", "sv").relations
        english = records.record_page(revision, profile, "dataset/a", "en").relations
    assert swedish[0].label.text == "Är odd.example/p för"
    assert english[0].label.text == "Is odd.example/p of"


def test_many_referrers_are_counted_paged_and_never_all_shown(
    tmp_path: Path, profile: Profile
) -> None:
    shop = Workshop(tmp_path)
    shop.dataset("hub")
    for number in range(120):
        shop.dataset(f"d{number:03}", f"Data {number:03}", "dcterms:relation <id/dataset/hub> ;")
    shop.load()
    thing = shop.base.resolve("id/dataset/hub")
    with shop.data.current() as revision:
        signpost = Signpost(revision, profile, "sv")
        few = inbound.relations(signpost, thing)[0]
        wanted = inbound.Wanted("dcterms:relation", page=3)
        found = inbound.one(signpost, thing, wanted)
    assert (few.count, len(few.referrers)) == (120, inbound.FEW)
    assert found is not None
    relation, paging = found
    assert (paging.page, paging.pages, paging.count) == (3, 3, 120)
    assert [item.text.text for item in relation.referrers][-1] == "Data 119"
    assert len(relation.referrers) == 20


def test_lists_are_paged_in_a_stable_order(tmp_path: Path, profile: Profile) -> None:
    shop = Workshop(tmp_path)
    titles = [f"Å {number}" if number % 2 else f"Z {number}" for number in range(60)]
    for number, title in enumerate(titles):
        shop.dataset(f"d{number}", title)
    shop.load()
    with shop.data.current() as revision:
        pages = [lists.list_page(revision, profile, "dataset", n, "sv") for n in (1, 2, 3)]
    shown = [item.title.text for page in pages[:2] for item in page.items]
    assert sorted(shown) == sorted(titles)
    assert shown[0].startswith("Z")
    assert shown[-1].startswith("Å")
    assert pages[2].paging.page == 2


def test_a_list_of_no_kind_is_not_found(shop: Workshop, profile: Profile) -> None:
    with shop.data.current() as revision, pytest.raises(NotFound):
        lists.list_page(revision, profile, "nothing", 1, "sv")


def test_the_tree_of_a_scheme_survives_a_circle(tmp_path: Path, profile: Profile) -> None:
    shop = Workshop(tmp_path)
    (shop.ontology / "concepts").mkdir()
    (shop.ontology / "concepts" / "x.ttl").write_text(
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        "@prefix foaf: <http://xmlns.com/foaf/0.1/> .\n"
        "@prefix x: <https://x.example/> .\n"
        "<concept/x> foaf:primaryTopic <https://x.example> . <https://x.example> "
        'skos:prefLabel "X"@sv .\n'
        'x:a a skos:Concept ; skos:prefLabel "a"@sv ; skos:broader x:b .\n'
        'x:b a skos:Concept ; skos:prefLabel "b"@sv ; skos:broader x:a .\n'
        'x:c a skos:Concept ; skos:prefLabel "c"@sv .\n',
        encoding="utf-8",
    )
    shop.load()
    with shop.data.current() as revision:
        entry = revision.entry("concept/x")
        tree = concepts.tree(revision, profile, entry, "sv")
        page = concepts.concept_page(revision, profile, entry, "https://x.example/a", "sv")
    assert [branch.name.text for branch in tree] == ["c"]
    assert page.broader


def test_home_counts_and_finds_needs_without_data(shop: Workshop, profile: Profile) -> None:
    with shop.data.current() as revision:
        page = home.home_page(revision, profile, "sv")
    assert {count.path: count.count for count in page.kinds}["dataset"] == 3
    assert [(count.path, count.count) for count in page.school_forms] == [
        ("concept/school-form/GR", 1)
    ]
    assert [teaser.path for teaser in page.needs] == ["need/mer"]


def test_terms_are_sorted_by_what_they_are(shop: Workshop) -> None:
    with shop.data.current() as revision:
        found = concepts.terms(revision, revision.entry("ns"), "sv")
    assert [[term.local for term in terms] for terms in found.values()] == [
        ["Method"],
        ["usesMethod"],
    ]


@pytest.mark.parametrize(
    ("literal", "kind"),
    [
        (Literal("2016", datatype=XSD.gYear), "date"),
        (Literal("01", datatype=XSD.integer), "number"),
        (Literal("true", datatype=XSD.boolean), "boolean"),
        (Literal("P1Y", datatype=XSD.duration), "code"),
        (Literal("text", lang="sv"), "text"),
        (Literal("https://x.example/", datatype=XSD.anyURI), "link"),
        (Literal("not one", datatype=XSD.anyURI), "code"),
    ],
)
def test_a_literal_is_shown_as_what_it_is(literal: Literal, kind: str) -> None:
    assert literal_value(literal).kind == kind


@given(st.integers(0, 500), st.integers(1, 600), st.integers(1, 60))
def test_paging_covers_everything_once(count: int, page: int, size: int) -> None:
    paging = Paging.of(count, page, size)
    assert 1 <= paging.page <= paging.pages
    assert (paging.pages - 1) * size < max(count, 1) <= paging.pages * size
