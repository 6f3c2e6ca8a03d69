"""Addresses of pages."""

from __future__ import annotations

import pytest
from flask import Flask

from utbildningsdata.web.language import ENVIRON_KEY
from utbildningsdata.web.links import document, here, href, is_linkable, static


def test_a_page_is_linked_in_the_language_of_the_request(app: Flask) -> None:
    with app.test_request_context("/", environ_overrides={ENVIRON_KEY: "en"}):
        assert href("dataset/x") == "/en/dataset/x"
        assert href("dataset/x", "sv") == "/dataset/x"
        assert document("dataset/x.ttl") == "/dataset/x.ttl"
        assert href("dataset/x?page=2#a") == "/en/dataset/x?page=2#a"
        assert href() == "/en/"


def test_paths_are_encoded(app: Flask) -> None:
    with app.test_request_context('/å"<?a=%22<'):
        assert document("concept/x/å b") == "/concept/x/%C3%A5%20b"
        assert here("en").startswith("/en/%C3%A5%22%3C?a=%22")


def test_a_static_file_is_linked_by_its_content(app: Flask) -> None:
    with app.test_request_context("/"):
        assert static("site.css").startswith("/static/site.css?v=")


@pytest.mark.parametrize(
    "iri",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:x",
        "data:text/html,x",
        "vbscript:x",
        "//x",
        "/x",
        "http:x",
        "http://[",
        "file:///etc/passwd",
        "",
        "java\tscript:x",
    ],
)
def test_only_web_and_mail_become_links(iri: str) -> None:
    assert not is_linkable(iri)


@pytest.mark.parametrize("iri", ["https://x.example/", "http://x.example", "mailto:a@x.example"])
def test_web_and_mail_do(iri: str) -> None:
    assert is_linkable(iri)
