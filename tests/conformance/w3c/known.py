"""The tests that are known to fail on our own server, read from where each is explained."""

from __future__ import annotations

import re
from pathlib import Path

_DOCUMENT = Path(__file__).parents[3] / "docs/conformance.md"
_SECTION = "## What fails"


def failures() -> set[str]:
    """Return the names that the documentation lists, as in ``functions/bnode01``."""
    section = _DOCUMENT.read_text().partition(_SECTION)[2].partition("\n## ")[0]
    return set(re.findall(r"^- `([\w/-]+)`", section, re.MULTILINE))
