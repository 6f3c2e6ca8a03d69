"""Results in every syntax that the engine writes, and CSV in which a number shows what it is."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, BinaryIO

import pyoxigraph as ox

_CSV = "text/csv"
_PIECE = 64 * 1024  # characters that are written to the sink at a time
_FLOATING = {
    ox.NamedNode("http://www.w3.org/2001/XMLSchema#double"),
    ox.NamedNode("http://www.w3.org/2001/XMLSchema#float"),
}
_DECIMAL_NOTATION = (Decimal("1e-6"), Decimal("1e6"))


def write(found: Any, media_type: str, sink: BinaryIO) -> None:
    """Write solutions or a boolean in the syntax of a media type.

    In CSV a floating-point number is spelled as XPath's cast to a string spells it (``1.0E6``):
    CSV gives no datatypes, and the engine's ``1000000`` would say that it is an integer.

    Raises:
        LookupError: There is no such syntax for results.
    """
    results = ox.QueryResultsFormat.from_media_type(media_type)
    if results is None:
        raise LookupError("results")
    if media_type == _CSV and isinstance(found, ox.QuerySolutions):
        _write_csv(found, sink)
    else:
        found.serialize(sink, format=results)


def _write_csv(found: ox.QuerySolutions, sink: BinaryIO) -> None:
    lines = [",".join(variable.value for variable in found.variables)]
    size = 0
    for solution in found:
        lines.append(",".join([_cell(term) for term in solution]))
        size += len(lines[-1])
        if size > _PIECE:
            sink.write(_encoded(lines))
            lines, size = [], 0
    sink.write(_encoded(lines))


def _encoded(lines: list[str]) -> bytes:
    return "".join(f"{line}\r\n" for line in lines).encode()


def _cell(term: Any) -> str:
    """Return a term as CSV has it (SPARQL 1.1 Query Results CSV and TSV Formats, section 3.2)."""
    if term is None:
        return ""
    if isinstance(term, ox.NamedNode):
        return _quoted(term.value)
    if isinstance(term, ox.Literal):
        return floating(term.value) if term.datatype in _FLOATING else _quoted(term.value)
    if isinstance(term, ox.BlankNode):
        return f"_:{term.value}"
    return _quoted(str(term))


def _quoted(value: str) -> str:
    if any(sign in value for sign in ',"\r\n'):
        return '"' + value.replace('"', '""') + '"'
    return value


def floating(value: str) -> str:
    """Return a floating-point number as XPath's cast to a string (Functions 3.1, section 19.1.2.2).

    >>> [floating(value) for value in ("1000000", "-0.00000025", "2.5", "0", "INF")]
    ['1.0E6', '-2.5E-7', '2.5', '0', 'INF']
    """
    if value in ("INF", "-INF", "NaN"):
        return value
    number = Decimal(value)
    if not number or _DECIMAL_NOTATION[0] <= abs(number) < _DECIMAL_NOTATION[1]:
        return value
    sign, digits, _ = number.normalize().as_tuple()
    mantissa = "".join(map(str, digits))
    exponent = number.adjusted()
    return f"{'-' if sign else ''}{mantissa[0]}.{mantissa[1:] or '0'}E{exponent}"
