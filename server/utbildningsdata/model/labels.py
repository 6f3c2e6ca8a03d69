"""Text in languages: which to show, how to sort it, and what to call an IRI that has no name."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from rdflib import Literal
from rdflib.term import Node

from utbildningsdata.rdf.namespaces import CODE_LISTS, CONCEPT, PREFIXES

_FALLBACK = ("sv", "en", "")


@dataclass(frozen=True, slots=True)
class Text:
    """A text and its language tag, lower-case ("" where it has none or is no language)."""

    text: str
    language: str = ""

    def __str__(self) -> str:
        return self.text


def choose(literals: Iterable[Literal], language: str) -> Text | None:
    """Return the text to show a reader of ``language``: theirs, else sv, en, untagged, any.

    >>> choose([Literal("school", lang="en"), Literal("skola", lang="sv")], "en").text
    'school'
    """
    return choose_text(
        {tag(value): str(value) for value in sorted(literals, reverse=True)}, language
    )


def choose_text(texts: Mapping[str, str], language: str) -> Text | None:
    """Return the text of a mapping language → text to show a reader of ``language``."""
    for wanted in (language, *_FALLBACK, *sorted(texts)):
        if wanted in texts:
            return Text(texts[wanted], wanted)
    return None


def tag(literal: Literal) -> str:
    """Return the primary language of a literal: ``en`` for ``en-GB``."""
    return (literal.language or "").lower().partition("-")[0]


def shorten(iri: str) -> str:
    """Return a readable short form of an IRI nobody has named.

    >>> shorten("http://purl.org/dc/terms/title"), shorten("https://www.skolverket.se/a/b/")
    ('dcterms:title', 'skolverket.se/a/b')
    """
    for prefix, namespace in (*PREFIXES.items(), *CODE_LISTS.items()):
        local = iri.removeprefix(namespace)
        if local != iri and local and "/" not in local:
            return f"{prefix}:{unquote(local)}"
    if iri.startswith(str(CONCEPT)):
        return iri.removeprefix(str(CONCEPT))
    scheme, mark, rest = iri.partition("://")
    if not mark:
        return iri.removeprefix("mailto:")
    return unquote(rest).removeprefix("www.").rstrip("/") if scheme else iri


_SWEDISH = {"å": "{1", "ä": "{2", "ö": "{3", "æ": "{2", "ø": "{3"}  # "{" sorts after "z"


def sort_key(text: str, language: str) -> tuple[str, str]:
    """Return a key that sorts as readers of ``language`` expect: å, ä, ö after z in Swedish.

    >>> sorted(["Ödla", "Zebra", "Ångström", "Éva", "adel"], key=lambda t: sort_key(t, "sv"))
    ['adel', 'Éva', 'Zebra', 'Ångström', 'Ödla']
    """
    plain = []
    for letter in unicodedata.normalize("NFC", text).casefold():
        if language == "sv" and letter in _SWEDISH:
            plain.append(_SWEDISH[letter])
        else:
            base = unicodedata.normalize("NFD", letter)[0]
            plain.append(base if base.isalnum() else " ")
    return " ".join("".join(plain).split()), text


def node_key(node: Node) -> tuple[str, str]:
    """Return a key that orders nodes by their text, and never looks at a literal's value."""
    return str(node), str(getattr(node, "language", None) or "")
