"""Feeds over HTTP: what a harvester asks, from the first GET to the nightly "anything new?"."""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.http import http_date

from support.site import BASE, DEEP_BASE
from utbildningsdata.bootstrap import Services
from utbildningsdata.model.profile import Profile
from utbildningsdata.resources import folder
from utbildningsdata.settings import Settings
from utbildningsdata.store.ports import Revisions
from utbildningsdata.web import feeds
from utbildningsdata.web.app import create_app
from utbildningsdata.web.security import protect

Publish = Callable[[Path, str], Revisions]

SUFFIXES = {
    "rdf": "application/rdf+xml; charset=utf-8",
    "ttl": "text/turtle; charset=utf-8",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples; charset=utf-8",
}
NOBODY = cast(Any, None)
"""Feeds ask no queries, and nobody writes them."""
ADDRESSES = [f"/catalog.{suffix}" for suffix in SUFFIXES] + ["/datasets/dcat"]


def services_of(revisions: Revisions, settings: Settings, profile: Profile) -> Services:
    return Services(
        settings=settings,
        revisions=revisions,
        engine=NOBODY,
        profile=profile,
        credentials=NOBODY,
        writes=NOBODY,
        prefixes={},
    )


def client_of(revisions: Revisions) -> FlaskClient:
    services = services_of(revisions, Settings(base=BASE), cast(Any, None))
    app = Flask(__name__)
    app.register_blueprint(feeds.blueprint(services))
    app.after_request(protect)
    return app.test_client()


@pytest.fixture
def client(small: Path, publish: Publish) -> FlaskClient:
    return client_of(publish(small, BASE))


def test_feeds_lie_below_the_path_of_the_base(small: Path, publish: Publish) -> None:
    settings = Settings(base=DEEP_BASE, catalog=small)
    profile = Profile.load(folder("shapes"))
    revisions = publish(small, DEEP_BASE)
    app = create_app(services_of(revisions, settings, profile))
    response = app.test_client().get("/skola/datasets/dcat")
    assert f'rdf:about="{DEEP_BASE}id/catalog"' in response.text
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert app.test_client().get("/datasets/dcat").status_code == 404


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("address", ["/catalog.", "/datasets/dcat."])
def test_each_syntax_has_an_address(client: FlaskClient, address: str, suffix: str) -> None:
    response = client.get(address + suffix)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == SUFFIXES[suffix]
    assert b"dataset/skolor" in response.data


def test_the_national_feed_is_xml_whatever_is_asked_for(client: FlaskClient) -> None:
    response = client.get("/datasets/dcat", headers={"Accept": "text/turtle"})
    assert response.headers["Content-Type"] == SUFFIXES["rdf"]
    assert response.data == client.get("/datasets/dcat.rdf").data


@pytest.mark.parametrize("address", ["/catalog.exe", "/catalog", "/datasets/dcat.trig"])
def test_what_is_not_offered_is_not_found(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_a_feed_cannot_be_posted_to(client: FlaskClient) -> None:
    assert client.post("/datasets/dcat").status_code == 405


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("coding", ["gzip", "identity"])
def test_head_says_what_get_sends(client: FlaskClient, address: str, coding: str) -> None:
    headers = {"Accept-Encoding": coding}
    got, head = client.get(address, headers=headers), client.head(address, headers=headers)
    assert head.status_code == 200
    assert head.data == b""
    assert int(head.headers["Content-Length"]) == len(got.data)
    assert dict(head.headers) == dict(got.headers)


def test_a_feed_can_be_read_from_any_web_page_and_names_no_file(client: FlaskClient) -> None:
    headers = client.get("/datasets/dcat").headers
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Cache-Control"] == "no-cache"
    assert headers["Vary"] == "Accept-Encoding"
    assert "Content-Disposition" not in headers
    assert "Accept-Ranges" not in headers


def test_a_range_is_answered_with_the_whole(client: FlaskClient) -> None:
    response = client.get("/catalog.ttl", headers={"Range": "bytes=0-9"})
    assert response.status_code == 200
    assert len(response.data) > 10


@pytest.mark.parametrize(
    ("accept", "gzipped"),
    [
        (None, False),
        ("", False),
        ("gzip", True),
        ("GZIP", True),
        ("x-gzip", True),
        ("br, gzip;q=0.1", True),
        ("deflate, br", False),
        ("*", True),
        ("*;q=0", False),
        ("gzip;q=0", False),
        ("gzip;q=0, *", False),
        ("gzip;q=0.0, identity", False),
        ("identity;q=0.5, gzip;q=0.4", False),
        ("identity;q=0.5, gzip;q=0.6", True),
        ("gzip;q=nonsense", False),
        ("gzip;q=1.5", False),
    ],
)
def test_gzip_goes_to_those_who_want_it(
    client: FlaskClient, accept: str | None, gzipped: bool
) -> None:
    plain = client.get("/datasets/dcat")
    response = client.get("/datasets/dcat", headers={"Accept-Encoding": accept} if accept else {})
    assert response.headers.get("Content-Encoding") == ("gzip" if gzipped else None)
    assert (gzip.decompress(response.data) if gzipped else response.data) == plain.data
    assert (response.headers["ETag"] != plain.headers["ETag"]) == gzipped
    assert not response.headers["ETag"].startswith("W/")


@pytest.mark.parametrize("coding", ["gzip", "identity"])
@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', 'W/"other" , W/{}', "*"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_who_has_it_is_told_so(client: FlaskClient, coding: str, form: str, method: str) -> None:
    headers = {"Accept-Encoding": coding}
    full = client.get("/datasets/dcat", headers=headers)
    asked = headers | {"If-None-Match": form.format(full.headers["ETag"])}
    response = client.open("/datasets/dcat", method=method, headers=asked)
    assert response.status_code == 304
    assert response.data == b""
    for name in ("ETag", "Vary", "Cache-Control", "Access-Control-Allow-Origin"):
        assert response.headers[name] == full.headers[name]
    assert "Content-Type" not in response.headers
    assert "Content-Encoding" not in response.headers


@pytest.mark.parametrize("form", ['"other"', 'W/"other"', "nonsense", ""])
def test_who_has_another_gets_it_even_if_the_date_fits(client: FlaskClient, form: str) -> None:
    headers = {"If-None-Match": form, "If-Modified-Since": http_date(datetime.now(UTC))}
    assert client.get("/datasets/dcat", headers=headers).status_code == 200


def test_the_tag_of_one_coding_is_not_that_of_the_other(client: FlaskClient) -> None:
    tag = client.get("/datasets/dcat", headers={"Accept-Encoding": "gzip"}).headers["ETag"]
    assert client.get("/datasets/dcat", headers={"If-None-Match": tag}).status_code == 200


def test_a_date_works_where_a_client_keeps_no_tags(client: FlaskClient) -> None:
    while "Last-Modified" not in (headers := client.head("/datasets/dcat").headers):
        time.sleep(0.05)
    since = headers["Last-Modified"]
    earlier = http_date(datetime.now(UTC) - timedelta(days=1))
    for date, status in ((since, 304), (earlier, 200), ("yesterday", 200)):
        response = client.get("/datasets/dcat", headers={"If-Modified-Since": date})
        assert response.status_code == status


def test_the_second_of_publishing_has_no_date_yet(small: Path, publish: Publish) -> None:
    revisions = publish(small, BASE)
    with revisions.current() as revision:
        published = revision.published
    response = client_of(revisions).head("/datasets/dcat")
    if datetime.now(UTC) - published < timedelta(seconds=1):
        assert "Last-Modified" not in response.headers


def test_a_change_is_served_at_once_and_an_unchanged_feed_keeps_its_tag(
    small: Path, publish: Publish
) -> None:
    client = client_of(publish(small, BASE))
    whole, national = (client.head(a).headers["ETag"] for a in ("/catalog.ttl", "/datasets/dcat"))
    file = small / "dataset" / "betyg.ttl"
    file.write_text(file.read_text().replace("Alla betyg", "Samtliga betyg"))
    publish(small, BASE)
    assert client.head("/catalog.ttl").headers["ETag"] != whole
    assert client.head("/datasets/dcat").headers["ETag"] == national


def test_a_body_is_of_the_revision_it_began_with(small: Path, publish: Publish) -> None:
    client = client_of(publish(small, BASE))
    response = client.get("/catalog.ttl", buffered=False)
    file = small / "dataset" / "betyg.ttl"
    file.write_text(file.read_text().replace("Alla betyg", "Samtliga betyg"))
    publish(small, BASE)
    assert "Alla betyg" in response.text
    assert "Samtliga betyg" in client.get("/catalog.ttl").text
