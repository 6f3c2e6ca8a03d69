"""Every file of content is as the canonical writer writes it: a change is then a small diff."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rdflib import Literal

from utbildningsdata.rdf.ntriples import parse
from utbildningsdata.rdf.turtle import write

ROOT = Path(__file__).parents[2]
BASE = "https://catalogue.example/"
UNSWEDISH = re.compile(r"\b(datan|datat|dataset(et|en)?|koncept|repo|adressera)\b", re.IGNORECASE)
"""What a translation says where a Swede says uppgifter, datamängd, begrepp, kodförråd, möta."""
FILES = sorted([*ROOT.glob("catalog/**/*.ttl"), *ROOT.glob("ontology/**/*.ttl")])


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_file_is_in_the_canonical_form(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert write(parse(text.encode(), base=BASE), BASE) == text


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_swedish_texts_use_swedish_words(file: Path) -> None:
    texts = (o for o in parse(file.read_bytes(), base=BASE).objects() if isinstance(o, Literal))
    swedish = (str(text) for text in texts if text.language == "sv")
    names = ("Learning Analytics Dataset", "Student dropout dataset", "(Dataset, Course)")
    assert [t for t in swedish if UNSWEDISH.search(t) and not any(n in t for n in names)] == []
