"""The documentation is complete: what exists is described, and what is described exists."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

from utbildningsdata.settings import PREFIX, Settings
from utbildningsdata.web.problem_types import PROBLEM_TYPES

ROOT = Path(__file__).parents[2]


def test_every_setting_is_documented_with_its_default() -> None:
    text = (ROOT / "docs/settings.md").read_text()
    rows = dict(re.findall(r"^\| `(\w+)` \| (.+?) \|", text, re.MULTILINE))
    assert list(rows) == [PREFIX + item.name.upper() for item in fields(Settings)]
    for item in fields(Settings):
        if not isinstance(item.default, str | int | float | Path) or item.default == "":
            continue
        assert rows[PREFIX + item.name.upper()] == f"`{item.default}`"


def test_links_between_documents_lead_somewhere() -> None:
    broken = []
    for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]:
        for target in re.findall(r"\]\((?!https?://|#|mailto:)([^)#\s]+)", page.read_text()):
            if not (page.parent / target).exists():
                broken.append(f"{page.relative_to(ROOT)} → {target}")
    assert broken == []


def test_decisions_are_numbered_once_each() -> None:
    numbers = [page.name[:4] for page in sorted((ROOT / "docs/decisions").glob("*.md"))]
    assert len(numbers) == len(set(numbers))
    assert all(number.isdigit() for number in numbers)


def test_every_type_of_problem_is_documented_with_its_status_and_members() -> None:
    text = (ROOT / "docs/problems.md").read_text()
    rows = re.findall(r"^\| `([\w-]+)` \| (\d+) \| (.+) \| (.+) \|$", text, re.MULTILINE)
    told = [(name, int(status), meaning) for name, status, meaning, _ in rows]
    types = PROBLEM_TYPES.values()
    assert told == [(kind.name, kind.status, kind.meaning["en"]) for kind in types]
    for (_, _, _, members), kind in zip(rows, types, strict=True):
        assert re.findall(r"`(\w+)`: ([^;]+?)(?:;|$)", members) == list(kind.members.items())
