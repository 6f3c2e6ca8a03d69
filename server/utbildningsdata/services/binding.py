"""Values for the parameters of a query: judged by their types, and put into its text as terms.

In the text a parameter is a place: ``VALUES ?name { UNDEF }``, so that the text runs as it stands
and then asks for everything. Places are found among the tokens of the text (never in a string or a
comment); what is put there are terms made from typed values, written as N-Triples writes them.
Nothing that a reader sent is ever pasted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from rdflib import XSD, Literal, URIRef

from utbildningsdata.errors import Malformed
from utbildningsdata.rdf.ntriples import written
from utbildningsdata.services.parameters import Option, Parameter
from utbildningsdata.store.queries.tokens import Token, scan

MAX_LETTERS = 200
"""Letters that a text given as a value may have."""

_MOST_NAMED = 100  # codes that an error names
_LEXICAL: Mapping[URIRef, re.Pattern[str]] = {
    XSD.string: re.compile(rf"[^\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]{{1,{MAX_LETTERS}}}"),
    XSD.integer: re.compile(r"[+-]?[0-9]{1,18}"),
    XSD.decimal: re.compile(r"[+-]?(?:[0-9]{1,18}(?:\.[0-9]{0,18})?|\.[0-9]{1,18})"),
    XSD.gYear: re.compile(r"[0-9]{4}"),
    XSD.date: re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    XSD.boolean: re.compile(r"true|false|1|0"),
}
_TYPES: Mapping[URIRef, tuple[str, str]] = {
    XSD.string: (
        f"a text of at most {MAX_LETTERS} letters",
        f"en text på högst {MAX_LETTERS} tecken",
    ),
    XSD.integer: ("a whole number, such as 2", "ett heltal, som 2"),
    XSD.decimal: ("a number, such as 2.5", "ett tal, som 2.5"),
    XSD.gYear: ("a year, such as 2024", "ett årtal, som 2024"),
    XSD.date: ("a date, such as 2024-08-31", "ett datum, som 2024-08-31"),
    XSD.boolean: ("true or false", "true eller false"),
}
_PLACE = ("VALUES", "?", "{", "UNDEF", "}")


@dataclass(frozen=True, slots=True)
class Bound:
    """A query with its values: ``values`` are those of each parameter, as addresses spell them.

    A parameter whose default is set aside has none. Of two requests that mean the same, text and
    values are the same.
    """

    text: str
    values: Mapping[str, Sequence[str]]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The values as they stand in an address, in the order of the parameters."""
        return [(name, value) for name, values in self.values.items() for value in values or [""]]


def places(text: str) -> Mapping[str, Sequence[tuple[int, int]]]:
    """Return variable → where ``UNDEF`` stands for its values (from, up to).

    >>> places("SELECT * { VALUES ?form { UNDEF } ?d ud:schoolForm ?form } # VALUES ?x { UNDEF }")
    {'form': [(26, 31)]}
    """
    found: dict[str, list[tuple[int, int]]] = {}
    tokens = list(scan(text))
    for start in range(len(tokens) - len(_PLACE) + 1):
        words = tokens[start : start + len(_PLACE)]
        if all(map(_fits, words, _PLACE)):
            found.setdefault(words[1].text[1:], []).append((words[3].start, words[3].end))
    return found


def bind(text: str, parameters: Sequence[Parameter], given: Sequence[tuple[str, str]]) -> Bound:
    """Put values into a query's text: those ``given`` (name, value), else the defaults.

    An empty value means everything. Several values mean any of them.

    Raises:
        Malformed: There is no such parameter, a value is not of its type, or there are too many
            or none where one is needed. It names the parameter, its type and its values.
    """
    known = {parameter.name for parameter in parameters}
    for name, _ in given:
        if name not in known:
            raise _unknown(name, parameters)
    values: dict[str, Sequence[str]] = {}
    terms: dict[str, Sequence[str]] = {}
    for parameter in parameters:
        chosen = _chosen(parameter, given)
        if chosen:
            terms[parameter.name] = list(chosen.values())
        if chosen or parameter.default:
            values[parameter.name] = list(chosen)
    return Bound(_filled(text, terms), values)


def type_of(parameter: Parameter) -> tuple[str, str]:
    """Return in English and Swedish what a value of a parameter is."""
    if parameter.datatype is not None:
        return _TYPES.get(parameter.datatype, _TYPES[XSD.string])
    codes = sorted(option.code for option in parameter.options)
    listed = ", ".join(codes[:_MOST_NAMED]) + (", …" if len(codes) > _MOST_NAMED else "")
    return f"one of {listed}", f"något av {listed}"


def _fits(token: Token, expected: str) -> bool:
    return token.kind == "variable" if expected == "?" else token.text.upper() == expected


def _chosen(parameter: Parameter, given: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the spelling of each value → its term, in the order of the spelling."""
    sent = [value for name, value in given if name == parameter.name]
    found = dict(_judged(parameter, value) for value in sent or parameter.default if value)
    if len(found) > parameter.most:
        raise _too_many(parameter, len(found))
    if parameter.required and not found:
        raise _missing(parameter)
    return dict(sorted(found.items()))


def _judged(parameter: Parameter, value: str) -> tuple[str, str]:
    """Return how addresses spell a value, and its term."""
    if parameter.datatype is None:
        option = _option(parameter, value)
        return option.code, written(URIRef(option.iri))
    spelled = _lexical(parameter.datatype, value.strip())
    if spelled is None:
        raise _wrong(parameter, value)
    return spelled, written(Literal(spelled, datatype=parameter.datatype))


def _option(parameter: Parameter, value: str) -> Option:
    for option in parameter.options:
        if value in (option.code, option.iri):
            return option
    raise _wrong(parameter, value)


def _lexical(datatype: URIRef, text: str) -> str | None:
    """Return the one spelling of a value; None where the text is none of the datatype."""
    pattern = _LEXICAL.get(datatype)
    if pattern is None or not pattern.fullmatch(text):
        return None
    if datatype == XSD.integer:
        return str(int(text))
    if datatype == XSD.boolean:
        return {"1": "true", "0": "false"}.get(text, text)
    return text if datatype != XSD.date or _is_date(text) else None


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _filled(text: str, terms: Mapping[str, Sequence[str]]) -> str:
    spans = [
        (start, end, " ".join(terms[name]))
        for name, found in places(text).items()
        if name in terms
        for start, end in found
    ]
    for start, end, content in sorted(spans, reverse=True):
        text = text[:start] + content + text[end:]
    return text


def _unknown(name: str, parameters: Sequence[Parameter]) -> Malformed:
    names = ", ".join(parameter.name for parameter in parameters)
    short = _short(name)
    if not parameters:
        return Malformed(
            f"There is no parameter '{short}': this query has none.",
            sv=f"Parametern '{short}' finns inte: den här frågan har inga.",
        )
    return Malformed(
        f"There is no parameter '{short}'; there is {names}.",
        sv=f"Parametern '{short}' finns inte; det som finns är {names}.",
        expected=[parameter.name for parameter in parameters],
    )


def _wrong(parameter: Parameter, value: str) -> Malformed:
    english, swedish = type_of(parameter)
    return _fault(
        parameter,
        f"'{_short(value)}' is no value of {parameter.name}, which is {english}.",
        f"'{_short(value)}' är inget värde för {parameter.name}, som är {swedish}.",
    )


def _too_many(parameter: Parameter, count: int) -> Malformed:
    english, swedish = type_of(parameter)
    return _fault(
        parameter,
        f"There are {count} values of {parameter.name}; there may be at most {parameter.most}. "
        f"Each is {english}.",
        f"{parameter.name} har {count} värden; det får vara högst {parameter.most}. "
        f"Vart och ett är {swedish}.",
    )


def _missing(parameter: Parameter) -> Malformed:
    english, swedish = type_of(parameter)
    return _fault(
        parameter,
        f"Give a value of {parameter.name}: {english}.",
        f"Ange ett värde för {parameter.name}: {swedish}.",
    )


def _fault(parameter: Parameter, message: str, swedish: str) -> Malformed:
    return Malformed(
        message, sv=swedish, expected=sorted(option.code for option in parameter.options)
    )


def _short(text: str) -> str:
    return text if len(text) <= MAX_LETTERS else text[: MAX_LETTERS - 1] + "…"
