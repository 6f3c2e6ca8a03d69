"""Bars drawn by the server."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from utbildningsdata.services.describe.content import Value
from utbildningsdata.services.results import Bar
from utbildningsdata.web.charts import bars


def drawn(*rows: tuple[str, float], address: str | None = None) -> ET.Element:
    chart = bars(
        [Bar(Value("text", name), number, str(number)) for name, number in rows],
        'Title "<&',
        lambda value: address,
        lambda text: text,
    )
    return ET.fromstring(f"<x>{chart}</x>")  # noqa: S314  # made by us just now


def test_a_bar_is_as_long_as_its_number() -> None:
    widths = [
        float(bar.get("width", "")) for bar in drawn(("a", 10), ("b", 5), ("c", 0)).iter("rect")
    ]
    assert widths[0] == 2 * widths[1]
    assert widths[2] == 1


def test_only_zeros_are_drawn_too() -> None:
    assert len(list(drawn(("a", 0), ("b", 0)).iter("rect"))) == 2


def test_names_are_cut_but_kept_whole_in_their_title() -> None:
    name = "En mycket lång benämning på någonting som har ett kort namn"
    (text,) = [
        item for item in drawn((name, 1), ("b", 1)).iter("text") if "lång" in (item.text or "")
    ]
    assert text.text is not None
    assert text.text.endswith("…")
    assert len(text.text) < len(name)
    assert [title.text for title in text] == [name]


def test_hostile_names_and_addresses_are_only_text() -> None:
    chart = drawn(("<script>alert(1)</script>", 1), ("b", 1), address='x" onclick="y')
    assert not list(chart.iter("script"))
    assert {link.get("href") for link in chart.iter("a")} == {'x" onclick="y'}
