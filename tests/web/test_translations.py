"""English is whole: every Swedish text of the pages has one, and the compiled file is the text."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from utbildningsdata.web import app

WEB = Path(app.__file__).parent
FOLDER = WEB / "translations" / "en" / "LC_MESSAGES"
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2.ext:babel_extract")]
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2)}


Message = tuple[str, ...]


def _message(text: Any) -> Message:
    """Return a message with its plural, if it has one."""
    return (text,) if isinstance(text, str) else tuple(text)


def _used() -> set[Message]:
    found = extract_from_dir(str(WEB), METHODS, keywords=KEYWORDS)
    return {_message(message) for _, _, message, _, _ in found}


def _translated() -> dict[Message, Message]:
    with (FOLDER / "messages.po").open("rb") as file:
        catalog = read_po(file, locale="en")
    return {
        _message(message.id): _message(message.string)
        for message in catalog
        if message.id and not message.fuzzy
    }


def test_every_text_has_an_english_one() -> None:
    translated = _translated()
    missing = [text for text in _used() if not all(translated.get(text, ("",)))]
    assert missing == []


def test_no_translation_is_left_over() -> None:
    assert set(_translated()) - _used() == set()


def test_placeholders_are_the_same() -> None:
    for text, english in _translated().items():
        for one, other in zip(text, english, strict=True):
            assert sorted(re.findall(r"%\(\w+\)s", one)) == sorted(re.findall(r"%\(\w+\)s", other))


def test_the_compiled_file_is_up_to_date() -> None:
    with (FOLDER / "messages.po").open("rb") as file:
        catalog = read_po(file, locale="en")
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    if (FOLDER / "messages.mo").read_bytes() != compiled.getvalue():
        pytest.fail("run: pybabel compile -d server/utbildningsdata/web/translations")
