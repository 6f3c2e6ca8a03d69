"""CSV is as the engine writes it, but for numbers whose spelling must show their type."""

from __future__ import annotations

import io

import pyoxigraph as ox
import pytest

from utbildningsdata.store.queries import csv_results


@pytest.fixture
def store() -> ox.Store:
    store = ox.Store()
    store.update(
        """INSERT DATA {
          <http://x/a> <http://x/name> "Förskola"@sv, "Skola, grund"@sv,
            "säger \\"hej\\"\\r\\nnu"@sv .
          <http://x/a> <http://x/size> 12, 2.50, 2.5e0, 1e6, "x"^^<http://x/own>, true, _:b .
        }"""
    )
    return store


def csv(found: object, media_type: str = "text/csv") -> str:
    sink = io.BytesIO()
    csv_results.write(found, media_type, sink)
    return sink.getvalue().decode()


def test_csv_is_the_engines_but_for_large_and_small_floating_point_numbers(
    store: ox.Store,
) -> None:
    query = "SELECT ?s ?p ?o ?nothing { ?s ?p ?o } ORDER BY ?p ?o"
    found = store.query(query)
    assert isinstance(found, ox.QuerySolutions)
    engines = found.serialize(format=ox.QueryResultsFormat.CSV)
    assert engines is not None
    expected = engines.decode().replace(",1000000,", ",1.0E6,")
    assert expected != engines.decode()
    assert csv(store.query(query)) == expected


@pytest.mark.parametrize("rows", [0, 1, 1000, 50_000])
def test_csv_has_every_row_whatever_their_number(rows: int) -> None:
    values = " ".join(map(str, range(rows)))
    found = ox.Store().query(f"SELECT ?n {{ VALUES ?n {{ {values} }} }}")
    assert csv(found).split() == ["n", *map(str, range(rows))]


def test_csv_is_handed_on_in_pieces_so_that_a_limit_is_noticed_in_time() -> None:
    pieces: list[int] = []

    class Sink(io.BytesIO):
        def write(self, piece: object) -> int:
            assert isinstance(piece, bytes)
            pieces.append(len(piece))
            return len(piece)

    text = "x" * 50_000
    values = " ".join(f"'{n}{text}'" for n in range(10))
    found = ox.Store().query(f"SELECT * {{ VALUES ?v {{ {values} }} }}")
    csv_results.write(found, "text/csv", Sink())
    assert max(pieces) < 110_000
    assert sum(pieces) == len("v\r\n") + 10 * (50_000 + len("0\r\n"))


@pytest.mark.parametrize(
    ("value", "spelled"),
    [
        ("1000000", "1.0E6"),
        ("999999.5", "999999.5"),
        ("0.000001", "0.000001"),
        ("0.00000099", "9.9E-7"),
        ("-123456789", "-1.23456789E8"),
        ("1" + "0" * 300, "1.0E300"),
        ("-0", "-0"),
        ("NaN", "NaN"),
        ("-INF", "-INF"),
    ],
)
def test_a_floating_point_number_is_spelled_as_xpath_casts_it(value: str, spelled: str) -> None:
    assert csv_results.floating(value) == spelled
    assert float(spelled.replace("INF", "inf")) == pytest.approx(
        float(value.replace("INF", "inf")), nan_ok=True
    )


def test_an_unknown_syntax_for_results_is_told() -> None:
    with pytest.raises(LookupError):
        csv(ox.Store().query("ASK {}"), "text/turtle")
