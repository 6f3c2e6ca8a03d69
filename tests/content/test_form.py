"""Every file of content is as the canonical writer writes it: a change is then a small diff."""

from __future__ import annotations

from pathlib import Path

import pytest

from utbildningsdata.rdf.ntriples import parse
from utbildningsdata.rdf.turtle import write

ROOT = Path(__file__).parents[2]
BASE = "https://catalogue.example/"
FILES = sorted([*ROOT.glob("catalog/**/*.ttl"), *ROOT.glob("ontology/**/*.ttl")])


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_file_is_in_the_canonical_form(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert write(parse(text.encode(), base=BASE), BASE) == text
