"""The stylesheet: small, its own, and with contrast enough in light and dark."""

from __future__ import annotations

import gzip
import re

import pytest

from utbildningsdata.web.links import STATIC

CSS = (STATIC / "site.css").read_text(encoding="utf-8")
LIGHT, DARK = (dict(re.findall(r"--([\w-]+): (#\w+);", part)) for part in CSS.split("@media")[:2])

PAIRS = [
    ("text", "bg"),
    ("text", "panel"),
    ("muted", "bg"),
    ("muted", "panel"),
    ("link", "bg"),
    ("link", "panel"),
    ("on-accent", "accent"),
    ("on-warn", "warn"),
    ("on-good", "good"),
]


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(sign * 2 for sign in colour[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "back"), PAIRS)
def test_text_stands_out(scheme: dict[str, str], front: str, back: str) -> None:
    low, high = sorted((_luminance(scheme[front]), _luminance(scheme[back])))
    assert (high + 0.05) / (low + 0.05) >= 4.5


def test_it_is_small_and_fetches_nothing() -> None:
    assert len(gzip.compress(CSS.encode())) < 4096
    assert "url(" not in CSS
    assert "@import" not in CSS
