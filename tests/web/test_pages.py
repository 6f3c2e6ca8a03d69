"""What pages show: all of the record, labels for IRIs, languages marked, and nothing that runs."""

from __future__ import annotations

import html
import itertools
import re
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient
from rdflib import Literal, URIRef

from support.site import HOSTILE
from support.workshop import Workshop

KIND_PAGES = [
    "/",
    "/dataset",
    "/dataset/skolor",
    "/dataset/betyg",
    "/dataset/fientlig",
    "/organisation",
    "/organisation/skolverket",
    "/organisation/utbildningsdata",
    "/method/salsa",
    "/exemplar/ett",
    "/award/guld",
    "/need/mer",
    "/concept",
    "/concept/school-form",
    "/concept/school-form/GR",
    "/concept/school-form/GRS",
    "/ns",
    "/ns/Method",
    "/tillganglighet",
    "/dataset/skolor?inbound=ud:usesDataset",
]
EVERY_PAGE = pytest.mark.parametrize("path", [*KIND_PAGES, *(f"/en{p}" for p in KIND_PAGES)])


class _Outline(HTMLParser):
    """Collects what a page consists of."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def _outline(text: str) -> list[tuple[str, dict[str, str | None]]]:
    reader = _Outline()
    reader.feed(text)
    return reader.tags


@EVERY_PAGE
def test_a_page_is_whole_and_runs_nothing(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 200
    tags = _outline(answer.text)
    assert [tag for tag, _ in tags].count("h1") == 1
    assert [tag for tag, _ in tags].count("main") == 1
    assert not {"script", "iframe", "object", "base", "style", "form"} & {tag for tag, _ in tags}
    for _tag, attributes in tags:
        assert "style" not in attributes
        assert not any(name.startswith("on") for name in attributes)
        target = attributes.get("href") or attributes.get("src") or ""
        assert re.match(r"(?:/|https?://|mailto:|#|\Z)", target)
    identities = [found["id"] for _, found in tags if "id" in found]
    assert len(identities) == len(set(identities))


@EVERY_PAGE
def test_headings_never_skip_a_level(client: FlaskClient, path: str) -> None:
    tags = _outline(client.get(path, headers={"Accept": "text/html"}).text)
    levels = [int(tag[1]) for tag, _ in tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_hostile_text_is_text_and_hostile_links_are_none(client: FlaskClient) -> None:
    text = client.get("/dataset/fientlig", headers={"Accept": "text/html"}).text
    assert html.escape(HOSTILE) in text.replace("&#34;", "&quot;").replace("&#39;", "&#x27;")
    assert HOSTILE not in text
    assert "javascript:alert(1)" in text
    assert "vbscript:alert(1)" in text
    targets = [found.get("href") or "" for _, found in _outline(text)]
    assert not any(target.startswith(("javascript", "data", "vbscript")) for target in targets)


@pytest.mark.parametrize("path", ["dataset/skolor", "dataset/fientlig", "exemplar/ett"])
def test_nothing_of_the_record_is_hidden(client: FlaskClient, shop: Workshop, path: str) -> None:
    text = html.unescape(client.get(f"/{path}", headers={"Accept": "text/html"}).text)
    graph = shop.document(path)
    with shop.data.current() as revision:
        for _subject, _predicate, value in graph:
            if isinstance(value, Literal):
                assert str(value).lstrip("0") in text
            elif isinstance(value, URIRef):
                names = [str(label) for label in revision.labels(str(value))]
                entry = revision.describing(str(value))
                own = f"/{entry.path}" if entry else ""
                short = str(value).rstrip("/#").rpartition("/")[2].rpartition("#")[2]
                told = [words for words in (*names, str(value), own, short) if words]
                assert any(words in text for words in told), value


def test_what_no_shape_mentions_stands_under_other(client: FlaskClient) -> None:
    text = client.get("/dataset/skolor").text
    assert "Övrigt" in text
    assert "utanför formen" in text
    assert "Vilsen" in text


def test_fields_have_the_names_of_the_shapes(client: FlaskClient) -> None:
    assert "Skolform" in client.get("/dataset/skolor").text
    assert "School form" in client.get("/en/dataset/skolor").text


def test_a_text_in_another_language_says_which(client: FlaskClient) -> None:
    english = client.get("/en/method/salsa").text
    assert '<h1 lang="sv">Salsa</h1>' in english
    swedish = client.get("/dataset/skolor").text
    assert '<p class="text" lang="de">nur Deutsch</p>' in swedish
    assert '<p class="text" lang="en">All schools.</p>' in swedish


def test_a_dataset_begins_with_getting_it(client: FlaskClient) -> None:
    text = client.get("/dataset/skolor").text
    order = ("<h1", '"lead">Alla skolor', "Hämta data", "Skolform")
    places = [text.index(words) for words in order]
    assert places == sorted(places)
    assert 'href="https://skolor.example/a.csv"' in text


def test_an_unknown_licence_is_said_in_words(client: FlaskClient) -> None:
    assert "Vi har inte sett någon licens" in client.get("/dataset/skolor").text
    assert "We have seen no licence" in client.get("/en/dataset/skolor").text


def test_whether_data_may_be_used_is_said_in_a_sentence(client: FlaskClient) -> None:
    assert "Det är inte känt här." in client.get("/dataset/betyg").text
    assert "That is not known here." in client.get("/en/dataset/betyg").text


def test_unverified_facts_are_marked_and_explained(client: FlaskClient) -> None:
    text = client.get("/dataset/skolor").text
    assert "Inte kontrollerad mot källa" in text
    assert "Ingen källa är läst" in text


def test_a_nomination_is_no_win(client: FlaskClient) -> None:
    text = client.get("/exemplar/ett").text
    assert "Nominerad" in text
    assert "Vann" not in text
    assert "Ingen effekt har mätts." in text


def test_the_demonstration_publisher_is_marked(client: FlaskClient) -> None:
    assert "Demonstration, inte en verklig" in client.get("/organisation/utbildningsdata").text


def test_links_are_shown_from_both_ends(client: FlaskClient) -> None:
    text = client.get("/dataset/skolor").text
    assert "Används i" in text
    assert 'href="/exemplar/ett"' in text
    assert "Ansvarar för" in client.get("/organisation/skolverket").text
    assert 'href="/dataset/skolor"' in client.get("/concept/school-form/GR").text


def test_all_that_link_here_have_a_page(client: FlaskClient) -> None:
    path = "/organisation/skolverket?inbound=dcterms:publisher"
    answer = client.get(path, headers={"Accept": "text/html"})
    assert 'href="/dataset/skolor"' in answer.text
    assert client.get(f"{path}&kind=dataset").status_code == 200
    assert client.get(f"{path}&kind=method").status_code == 404
    assert client.get("/organisation/skolverket?inbound=x:y").status_code == 404


def test_lists_go_from_a_to_o(client: FlaskClient) -> None:
    swedish = client.get("/dataset").text
    english = client.get("/en/dataset").text
    assert swedish.index(">Betyg<") < swedish.index(">Åländska skolor<")
    assert english.index(">Grades<") < english.index(">Schools<")


def test_a_list_says_who_and_for_which_schools(client: FlaskClient) -> None:
    text = client.get("/dataset").text
    assert "Skolverket" in text
    assert "Grundskola" in text


def test_a_list_is_also_a_query(client: FlaskClient) -> None:
    query = html.unescape(client.get("/en/dataset").text).partition("sparql?query=")[2]
    text = unquote(query.partition("#")[0])
    assert "foaf:primaryTopic ?thing" in text
    assert '/dataset/")' in text
    assert 'IN ("en", "")' in text


def test_the_class_of_a_thing_is_named_as_such(client: FlaskClient) -> None:
    assert "Slag av kontakt" not in client.get("/dataset/skolor").text


def test_a_record_is_called_what_it_describes(client: FlaskClient) -> None:
    assert "Åländska skolor</a>" in client.get("/dataset/delad").text


def test_a_concept_stands_in_its_tree(client: FlaskClient) -> None:
    scheme = client.get("/concept/school-form").text
    assert scheme.index(">Grundskola<") < scheme.index(">Anpassad grundskola<")
    narrower = client.get("/concept/school-form/GRAN").text
    assert 'href="/concept/school-form/GR"' in narrower


def test_a_deprecated_concept_names_its_successor_first(client: FlaskClient) -> None:
    text = client.get("/concept/school-form/GRS").text
    assert text.index("Utgått begrepp.") < text.index("<h1")
    assert 'href="/concept/school-form/GRAN"' in text


def test_a_code_may_end_like_a_suffix(client: FlaskClient) -> None:
    page = client.get("/concept/school-form/a.ttl", headers={"Accept": "text/html"})
    assert ">Punkt" in page.text
    document = client.get("/concept/school-form/a.ttl.ttl")
    assert document.content_type == "text/turtle; charset=utf-8"


def test_the_document_of_a_concept_is_about_it_alone(client: FlaskClient) -> None:
    text = client.get("/concept/school-form/GR.nt").text
    subjects = {line.split(" ", 1)[0] for line in text.splitlines()}
    assert subjects == {"<https://w3id.org/utbildningsdata/concept/school-form/GR>"}


def test_home_leads_with_school_forms_kinds_and_needs(client: FlaskClient) -> None:
    text = client.get("/").text
    assert 'href="/concept/school-form/GR"' in text
    assert re.search(r"<strong>3</strong>\s*datamängder", text)
    assert 'href="/need/mer"' in text
    assert "datamängdsserier" not in text.lower()
