"""From things to records: 303, tombstones, resolve, languages, and a base with a path."""

from __future__ import annotations

import json
import re

import pytest
from flask.testing import FlaskClient

HTML = {"Accept": "text/html"}


@pytest.mark.parametrize(
    ("iri", "address"),
    [
        ("https://catalogue.example/id/dataset/skolor", "/dataset/skolor"),
        ("https://catalogue.example/dataset/skolor", "/dataset/skolor"),
        ("https://catalogue.example/id/dataset/skolor/csv", "/dataset/skolor#csv"),
        ("https://doi.org/10.1/betyg", "/dataset/betyg"),
        ("http://dataportal.se/organisation/SE2021004185", "/organisation/skolverket"),
        ("https://w3id.org/utbildningsdata/concept/school-form/GR", "/concept/school-form/GR"),
        ("https://w3id.org/utbildningsdata/concept/school-form", "/concept/school-form"),
        ("https://licences.example/by/4.0/", "/concept/school-form/BY"),
        ("https://w3id.org/utbildningsdata/ns/Method", "/ns/Method"),
    ],
)
def test_resolve_leads_to_the_page_of_any_iri(client: FlaskClient, iri: str, address: str) -> None:
    answer = client.get("/resolve", query_string={"iri": iri})
    assert (answer.status_code, answer.headers["Location"]) == (303, address)
    assert client.get(address, headers=HTML).status_code == 200


def test_a_thing_leads_to_its_record_and_a_part_to_its_place(client: FlaskClient) -> None:
    thing = client.get("/id/dataset/skolor")
    part = client.get("/id/dataset/skolor/csv")
    assert (thing.status_code, thing.headers["Location"]) == (303, "/dataset/skolor")
    assert part.headers["Location"] == "/dataset/skolor#csv"
    assert 'id="csv"' in client.get("/dataset/skolor", headers=HTML).text


@pytest.mark.parametrize(
    "iri", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "urn:x:y"]
)
def test_resolve_never_leads_off_the_site(client: FlaskClient, iri: str) -> None:
    answer = client.get("/resolve", query_string={"iri": iri})
    assert answer.status_code in {400, 404}
    assert "Location" not in answer.headers


@pytest.mark.parametrize("iri", ["", "dataset/skolor", "https://a b", "https://x.example/<svg>"])
def test_resolve_wants_an_absolute_iri(client: FlaskClient, iri: str) -> None:
    assert client.get("/resolve", query_string={"iri": iri}).status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere",
        "/dataset/nowhere",
        "/dataset/skolor.exe",
        "/id/dataset/nowhere",
        "/concept/nowhere",
        "/concept/school-form/XX",
        "/concept/school-form/XX.ttl",
        "/ns/Nothing",
        "/dataset/skolor/",
        "/../etc/passwd",
        "/id//evil.example",
        "/dataset/x%3E%20%7D",
        "/dataset/%00",
        "/dataset/%FF",
        "/<svg onload=alert(1)>",
    ],
)
def test_what_is_not_there_is_404_and_escaped(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers=HTML)
    assert answer.status_code == 404
    assert "Location" not in answer.headers
    assert "<svg" not in answer.text


def test_two_slashes_are_no_other_site(client: FlaskClient) -> None:
    answer = client.get("/", environ_overrides={"PATH_INFO": "//evil.example"})
    assert answer.status_code == 404
    assert "Location" not in answer.headers


def test_a_removed_record_is_410_in_every_form(client: FlaskClient) -> None:
    for path in ("/dataset/borta", "/id/dataset/borta", "/id/dataset/borta/csv"):
        page = client.get(path, headers=HTML)
        assert page.status_code == 410
        assert "Borttaget" in page.text
    document = client.get("/dataset/borta.ttl")
    assert document.status_code == 410
    assert "ud:Tombstone" in document.text


def test_a_replaced_record_leads_to_its_successor_in_the_same_form(client: FlaskClient) -> None:
    page = client.get("/dataset/flyttad", headers=HTML)
    assert (page.status_code, page.headers["Location"]) == (308, "/dataset/skolor")
    thing = client.get("/id/dataset/flyttad")
    assert (thing.status_code, thing.headers["Location"]) == (308, "/dataset/skolor")
    english = client.get("/en/dataset/flyttad", headers=HTML)
    assert english.headers["Location"] == "/en/dataset/skolor"
    document = client.get("/dataset/flyttad.rdf")
    assert (document.status_code, document.headers["Location"]) == (308, "/dataset/skolor.rdf")


def test_a_split_record_lists_its_successors(client: FlaskClient) -> None:
    page = client.get("/dataset/delad", headers=HTML)
    assert page.status_code == 300
    assert 'href="/dataset/skolor"' in page.text
    assert 'href="/dataset/betyg"' in page.text
    assert "isReplacedBy" in client.get("/dataset/delad.nt").text


def test_removed_records_are_in_no_list(client: FlaskClient) -> None:
    assert "borta" not in client.get("/dataset", headers=HTML).text


def test_english_lies_under_en_and_says_so(client: FlaskClient) -> None:
    swedish, english = client.get("/dataset/skolor"), client.get("/en/dataset/skolor")
    assert swedish.headers["Content-Language"] == "sv"
    assert english.headers["Content-Language"] == "en"
    assert '<html lang="sv">' in swedish.text
    assert '<html lang="en">' in english.text
    assert 'href="/en/dataset/skolor"' in swedish.text
    assert "All schools." in english.text


def test_the_language_switch_keeps_the_query(client: FlaskClient) -> None:
    assert 'href="/en/dataset?page=1"' in client.get("/dataset?page=1").text


def test_accept_language_changes_nothing(client: FlaskClient) -> None:
    answer = client.get("/dataset/skolor", headers={"Accept-Language": "en"})
    assert answer.headers["Content-Language"] == "sv"


@pytest.mark.parametrize(
    "path", ["/", "/dataset", "/dataset/skolor", "/id/dataset/skolor", "/nowhere", "/concept"]
)
def test_the_host_of_a_request_is_never_used(client: FlaskClient, path: str) -> None:
    headers = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "gopher", **HTML}
    answer = client.get(path, headers=headers)
    assert "evil.example" not in answer.text
    assert "evil.example" not in str(answer.headers)


def test_everything_lies_under_the_path_of_the_base(deep: FlaskClient) -> None:
    for path in ("/skola/", "/skola/dataset", "/skola/dataset/skolor", "/skola/en/concept"):
        answer = deep.get(path, headers=HTML)
        assert answer.status_code == 200
        targets = re.findall(r'(?:href|src)="([^"]*)"', answer.text)
        assert all(target.startswith(("/skola/", "http", "#", "mailto:")) for target in targets)
        assert "evil.example" not in answer.text
    assert deep.get("/skola/id/dataset/skolor").headers["Location"] == "/skola/dataset/skolor"
    document = deep.get("/skola/dataset/skolor", headers={"Accept": "text/turtle"})
    assert document.headers["Content-Location"] == "/skola/dataset/skolor.ttl"
    assert "<https://catalogue.example/skola/dataset/skolor>" in document.text


@pytest.mark.parametrize("path", ["/", "/dataset/skolor", "/skolan/", "/static/site.css"])
def test_nothing_lies_outside_the_path_of_the_base(deep: FlaskClient, path: str) -> None:
    answer = deep.get(path)
    assert answer.status_code == 404
    assert json.loads(answer.data)["type"].endswith("/not-found")


def test_the_base_without_its_slash_is_the_home_page(deep: FlaskClient) -> None:
    assert deep.get("/skola").status_code == 200
