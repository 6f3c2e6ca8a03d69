"""Findings: what is wrong in which line of which file, and what to do, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from utbildningsdata.validation.shacl import Result
from utbildningsdata.validation.shapes import Shapes

_WORDS: Mapping[str, Mapping[str, str]] = {
    "sv": {"violation": "fel", "warning": "varning", "info": "råd"},
    "en": {"violation": "error", "warning": "warning", "info": "advice"},
}
_SHOWN = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One fault or one piece of advice, ready to be shown.

    ``record`` is the path of the record (``dataset/x``), ``file`` where its text lies and ``line``
    counts from 1. ``messages`` are by language. ``rule`` is the short name of the shape.
    """

    severity: str
    messages: Mapping[str, str]
    record: str = ""
    file: str = ""
    line: int = 1
    focus: str = ""
    path: str = ""
    value: str = ""
    rule: str = ""
    requirement: str = ""

    @property
    def violates(self) -> bool:
        """Whether the record cannot be published before this is mended."""
        return self.severity == "violation"

    @property
    def keeps_out_of_feeds(self) -> bool:
        """Whether a harvester would miss something that the profile calls mandatory."""
        return self.violates or self.requirement == "mandatory"

    def message(self, language: str) -> str:
        """Return what is wrong and what to do, in ``language`` or the other one."""
        return self.messages.get(language) or next(iter(self.messages.values()), self.rule)


def finding(
    result: Result,
    shapes: Shapes,
    *,
    record: str = "",
    file: str = "",
    line: int = 1,
) -> Finding:
    """Return a result as a finding of a record."""
    return Finding(
        severity=result.severity,
        messages=result.messages,
        record=record,
        file=file,
        line=line,
        focus=str(result.focus),
        path=str(result.path or ""),
        value="" if result.value is None else str(result.value),
        rule=shapes.rule(result.shape),
        requirement=result.requirement,
    )


def render(findings: Iterable[Finding], language: str = "sv") -> str:
    """Return findings as ``file:line: severity: what is wrong + what to do``, in that order.

    >>> print(render([Finding(severity="violation", messages={"en": "Title is missing."},
    ...                       file="dataset/x.ttl", line=3)], "en"))
    dataset/x.ttl:3: error: Title is missing.
    """
    ordered = sorted(findings, key=lambda item: (item.file, item.line, item.rule, item.value))
    return "\n".join(_rendered(item, language) for item in ordered)


def _rendered(item: Finding, language: str) -> str:
    words = _WORDS.get(language, _WORDS["en"])
    value = item.value if len(item.value) <= _SHOWN else item.value[: _SHOWN - 1] + "…"
    shown = f" [{value}]" if value else ""
    place = f"{item.file}:{item.line}" if item.file else item.record or item.focus
    return f"{place}: {words[item.severity]}: {item.message(language)}{shown}"
