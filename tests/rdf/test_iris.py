"""IRIs are computed from paths, and paths from IRIs, in one place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utbildningsdata.rdf.iris import Base, is_iri, is_slug

BASES = ["https://catalogue.example/", "https://catalogue.example/skola/"]


@pytest.mark.parametrize("base", BASES)
@given(path=st.from_regex(r"[a-z]{1,8}/[a-z0-9-]{1,20}", fullmatch=True))
def test_a_path_survives_the_way_to_an_iri_and_back(base: str, path: str) -> None:
    assert Base(base).path(Base(base).resolve(path)) == path


def test_an_iri_of_another_host_has_no_path_here() -> None:
    assert Base(BASES[0]).path("https://other.example/dataset/x") is None


def test_a_base_with_a_path_is_not_confused_with_its_host() -> None:
    assert Base(BASES[1]).path("https://catalogue.example/dataset/x") is None
    assert Base(BASES[1]).root == "/skola/"


def test_the_catalogue_has_an_iri_of_its_own() -> None:
    base = Base(BASES[0])
    assert base.thing("catalogue") == "https://catalogue.example/id/catalog"
    assert base.thing("dataset/x") == "https://catalogue.example/id/dataset/x"


@pytest.mark.parametrize("slug", ["", "-x", "x-", "..", "a/b", "A", "å", "a b", "x.ttl", "a\n"])
def test_what_could_escape_a_folder_is_no_slug(slug: str) -> None:
    assert not is_slug(slug)


@pytest.mark.parametrize(
    "text", ["", "x", "/x", "//x", "http://x/ y", "http://x/<", "http://x/\\", "http://x/\x00"]
)
def test_what_rfc_3987_forbids_is_no_iri(text: str) -> None:
    assert not is_iri(text)
