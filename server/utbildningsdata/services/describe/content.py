"""The parts of a page: values, fields, sections, descriptions. What templates draw."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal as OneOf

from utbildningsdata.model.labels import Text

ValueKind = OneOf["text", "link", "part", "date", "number", "boolean", "code"]


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a property.

    ``path`` is the page under the base that shows what a link points to, if there is one; ``iri``
    the IRI itself. ``named`` tells whether ``text`` is a name or only a short form of the IRI.
    """

    kind: ValueKind
    text: str
    language: str = ""
    iri: str = ""
    path: str | None = None
    named: bool = False
    part: Description | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """A property with its values; ``others`` are its texts in languages that are not the page's."""

    name: str
    iri: str
    label: Text
    help: Text | None
    values: Sequence[Value]
    others: Sequence[Value] = ()

    def __bool__(self) -> bool:
        return bool(self.values or self.others)

    @property
    def first(self) -> Value:
        """The first value, for properties that have one; an empty text where there is none."""
        return self.values[0] if self.values else _NO_VALUE

    @property
    def code(self) -> str:
        """The last segment of the first value's IRI: what a code list calls it."""
        return self.first.iri.rstrip("/").rpartition("/")[2]


_NO_VALUE = Value("text", "")


@dataclass(slots=True)
class Section:
    """Fields under one heading, in the order of the shapes; ``key`` is "" for the others."""

    key: str
    label: Text | None
    fields: list[Field]


@dataclass(slots=True)
class Description:
    """What a record says of one subject, parts nested in the fields that point to them.

    A template *takes* what its page begins with; the sections then hold the rest, so that nothing
    is shown twice and nothing is lost.
    """

    iri: str
    fragment: str
    name: Text
    types: Sequence[Value]
    sections: list[Section]
    taken: dict[str, Field] = field(default_factory=dict)

    def take(self, name: str) -> Field:
        """Return the field called ``name`` (``dcterms:title``) and leave it out of the sections.

        A field that there is not is empty, and false.
        """
        for section in self.sections:
            for item in section.fields:
                if item.name == name:
                    section.fields.remove(item)
                    self.taken[name] = item
                    return item
        return self.taken.get(name, _no_field(name))

    def take_first(self, *names: str) -> Field:
        """Take the first of the fields called ``names`` that there is; the others stay.

        A field of parts is returned, but stays too: on a line there is only room for their names.
        """
        first = next((name for name in names if self.get(name)), names[0])
        found = self.get(first)
        return found if any(value.part for value in found.values) else self.take(first)

    def take_echo(self, name: str, of: Field) -> None:
        """Take the field called ``name`` where it only repeats in words what ``of`` links to."""
        told = {value.text for value in of.values}
        if all(value.text in told for value in self.get(name).values):
            self.take(name)

    def get(self, name: str) -> Field:
        """Return the field called ``name`` and leave it where it is."""
        found = (item for item in self.fields() if item.name == name)
        return next(found, self.taken.get(name, _no_field(name)))

    def fields(self) -> Iterator[Field]:
        """Give the fields that nobody has taken, in order."""
        for section in self.sections:
            yield from section.fields

    def values(self, *names: str) -> list[Value]:
        """Return all values of the fields called ``names``, and take none."""
        return [value for name in names for value in self.get(name).values]

    @property
    def year(self) -> str:
        """The year of a nomination, for sorting."""
        return self.get("ud:year").first.text

    @property
    def order(self) -> int:
        """The place of a parameter among others, for sorting; 0 where it says none."""
        text = self.get("sh:order").first.text
        return int(text) if text.isdigit() else 0

    def translations(self) -> list[Field]:
        """Return the fields that have texts in other languages, those of parts included."""
        found = []
        for item in (*self.taken.values(), *self.fields()):
            if item.others:
                found.append(item)
            for value in item.values:
                if value.part is not None:
                    found.extend(value.part.translations_of(value.part.name))
        return found

    def translations_of(self, name: Text) -> list[Field]:
        """Return the translations, each labelled with the name of the part it belongs to."""
        return [
            replace(item, label=Text(f"{name}: {item.label}", item.label.language))
            for item in self.translations()
        ]


_FEW_PARTS = 3
_MOST_COLUMNS = 3
_NAMES = {"dcterms:title", "schema:name", "foaf:name", "vcard:fn"}


def table_columns(parts: Sequence[Description]) -> list[Field]:
    """Return the columns that many small, alike parts make as a table; none where they do not.

    A column is a field of a part; the part's name is not one.
    """
    rows = [[item for item in part.fields() if item.name not in _NAMES] for part in parts]
    names = list(dict.fromkeys(item.name for row in rows for item in row))
    nested = any(value.kind == "part" for row in rows for item in row for value in item.values)
    unnamed = any(part.name.language == "" for part in parts)
    if len(parts) <= _FEW_PARTS or len(names) > _MOST_COLUMNS or nested or unnamed:
        return []
    return [next(item for row in rows for item in row if item.name == name) for name in names]


def is_brief(part: Description) -> bool:
    """Tell whether a nameless part fits on a line, as a period does: few fields of one value."""
    fields = list(part.fields())
    single = all(len(item.values) == 1 and item.values[0].kind != "part" for item in fields)
    return not part.name.language and single and len(fields) < _FEW_PARTS


def _no_field(name: str) -> Field:
    return Field(name, "", Text(""), None, ())


@dataclass(frozen=True, slots=True)
class Statement:
    """A triple of a record that belongs to none of its descriptions."""

    subject: Value
    label: Text
    value: Value


@dataclass(frozen=True, slots=True)
class Referrer:
    """One that points to the subject of a page."""

    text: Text
    path: str
    kind: Text | None
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class KindCount:
    """How many records of a kind there are among others."""

    folder: str
    name: Text
    count: int


@dataclass(frozen=True, slots=True)
class Relation:
    """All that point to the subject of a page with one property; ``referrers`` are some of them."""

    name: str
    label: Text
    count: int
    referrers: Sequence[Referrer]
    kinds: Sequence[KindCount] = ()


@dataclass(frozen=True, slots=True)
class Paging:
    """Which page of a long list this is, counted from 1."""

    page: int
    pages: int
    count: int

    @classmethod
    def of(cls, count: int, page: int, size: int) -> Paging:
        """Return the paging of ``count`` things; a page beyond the last becomes the last."""
        pages = max(1, -(-count // size))
        return cls(min(max(page, 1), pages), pages, count)
