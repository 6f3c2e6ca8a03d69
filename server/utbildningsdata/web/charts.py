"""Bar charts as SVG made by the server: no script, no inline style, real links."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from markupsafe import Markup

from utbildningsdata.services.describe.content import Value
from utbildningsdata.services.results import Bar

_ROW = 28  # units of height per bar
_NAME = 320  # where bars begin
_WIDTH = 800
_NUMBER = 90  # kept free after the longest bar for its number
_LETTERS = 38  # of a name before it is cut

_CHART = Markup('<svg class="chart" viewBox="0 0 {} {}" role="group" aria-label="{}">{}</svg>')
_NAMED = Markup(
    '<text class="name" x="{}" y="{}" text-anchor="end" dominant-baseline="central">'
    "{}<title>{}</title></text>"
)
_LINKED = Markup('<a href="{}">{}</a>')
_BAR = Markup(
    '{}<rect x="{}" y="{}" width="{}" height="{}" rx="2"/>'
    '<text class="number" x="{}" y="{}" dominant-baseline="central">{}</text>'
)


def bars(
    rows: Sequence[Bar],
    title: str,
    address: Callable[[Value], str | None],
    written: Callable[[str], str],
) -> Markup:
    """Return horizontal bars in the order given, each with its name before and number after it.

    ``address`` gives where a name leads, ``written`` a number as the reader writes it. Only what
    a table beside the chart says too is drawn.
    """
    longest = max((row.number for row in rows), default=0) or 1
    drawn = Markup().join(
        _bar(row, place * _ROW, row.number / longest, address(row.label), written(row.text))
        for place, row in enumerate(rows)
    )
    return _CHART.format(_WIDTH, len(rows) * _ROW, title, drawn)


def _bar(row: Bar, top: int, share: float, target: str | None, written: str) -> Markup:
    middle = top + _ROW // 2
    width = max(round(share * (_WIDTH - _NAME - _NUMBER), 1), 1)
    text = row.label.text
    short = text if len(text) <= _LETTERS else text[: _LETTERS - 1].rstrip() + "…"
    name = _NAMED.format(_NAME - 8, middle, short, text)
    if target is not None:
        name = _LINKED.format(target, name)
    return _BAR.format(name, _NAME, top + 5, width, _ROW - 10, _NAME + width + 8, middle, written)
