"""What one edit costs, and whether that grows with the catalogue.

``python tests/benchmarks/commits.py [RECORDS ...]`` publishes that many synthetic datasets (1,000
and 10,000 unless told) of some 60 triples and with all feed blocks, then publishes edits of one
record each, and prints medians. A *commit* is what an editor waits for after the check: clone,
change, sync, publish, prune. *Moving on* is what the next reader pays: noticing the new revision,
opening it, reading one entry and one label.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from rdflib import Graph

from utbildningsdata.model import record
from utbildningsdata.model.derive import Deriving, derive
from utbildningsdata.rdf import ntriples
from utbildningsdata.rdf.iris import Base
from utbildningsdata.rdf.namespaces import DCAT
from utbildningsdata.services.feed import blocks
from utbildningsdata.store.ports import DOCUMENT, Block, Version
from utbildningsdata.store.publishing import Writer
from utbildningsdata.store.revisions import DataFolder

BASE = Base("https://catalogue.example/")
RULES = Deriving(BASE, {"dataset": DCAT.dataset})
EDITS = 30

TEMPLATE = """
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<dataset/NAME> foaf:primaryTopic <id/dataset/NAME> ; dcterms:issued "2026-01-01"^^xsd:date ;
  dcterms:modified "2026-01-01"^^xsd:date .
<id/dataset/NAME> a dcat:Dataset ; dcterms:title "TITLE"@sv, "TITLE in English"@en ;
  dcterms:description "En beskrivning av NAME som är ungefär så lång som de brukar vara."@sv,
    "A description of NAME that is about as long as they use to be."@en ;
  dcterms:publisher <id/organisation/PUBLISHER> ; dcterms:language <urn:language:swe> ;
  dcat:theme <urn:theme:educ> ; dcterms:accrualPeriodicity <urn:frequency:annual> ;
  dcat:keyword KEYWORDS ; dcterms:identifier "NAME" ;
  dcat:distribution <id/dataset/NAME/0>, <id/dataset/NAME/1>, <id/dataset/NAME/2> .
"""
DISTRIBUTION = """
<id/dataset/NAME/PART> a dcat:Distribution ; dcterms:title "Fil PART"@sv, "File PART"@en ;
  dcat:accessURL <https://data.example/NAME/PART> ; dcterms:format <urn:file-type:csv> ;
  dcat:downloadURL <https://data.example/NAME/PART.csv> ; dcterms:license <urn:licence:cc0> ;
  dcterms:description "Hela filen."@sv, "The whole file."@en ; dcat:byteSize "PART" .
"""


def graph(number: int, title: str) -> Graph:
    """Return the complete graph of a synthetic dataset."""
    keywords = ", ".join(
        f'"ord {number % 97 + i}"@sv, "word {number % 89 + i}"@en' for i in range(5)
    )
    text = TEMPLATE + "".join(DISTRIBUTION.replace("PART", part) for part in "012")
    for name, value in {
        "KEYWORDS": keywords,
        "PUBLISHER": str(number % 50),
        "TITLE": title,
        "NAME": f"d{number}",
    }.items():
        text = text.replace(name, value)
    return derive(ntriples.parse(text.encode(), base=BASE.iri), f"dataset/d{number}", RULES)


def version(number: int, title: str, rendered: Mapping[str, Block]) -> Version:
    """Return a version of a synthetic dataset."""
    made = graph(number, title)
    document = ntriples.document(made)
    path = f"dataset/d{number}"
    entry = record.describe(
        made,
        path=path,
        kind="dataset",
        iri=BASE.resolve(path),
        document=ntriples.digest(document),
        feeds=("full", "national"),
    )
    return Version(entry, {**rendered, DOCUMENT: Block.of(document)})


def rendered() -> Mapping[str, Block]:
    """Return the feed blocks of one dataset; all get these, which are as large as their own."""
    one = version(0, "Titel", {})
    return {name: Block.of(text) for name, text in blocks(one.entry, graph(0, "Titel")).items()}


def timed(action: Callable[[], object]) -> float:
    """Return how many milliseconds an action takes."""
    start = time.perf_counter()
    action()
    return (time.perf_counter() - start) * 1000


def edits(count: int) -> Iterator[int]:
    """Yield which records are edited: spread over all buckets."""
    for number in range(EDITS):
        yield number * 7919 % count


def measure(count: int, folder: Path) -> str:
    """Publish ``count`` records, edit some of them, and return a line of the table."""
    pieces = rendered()
    versions = [version(number, "Titel", pieces) for number in range(count)]
    data, reader = DataFolder(folder, BASE), DataFolder(folder, BASE)
    writer = Writer(data, keep=10)

    def publish(what: list[Version]) -> None:
        writer.publish(what, parent=data.number(), message="Benchmark", agent="benchmark")

    def move_on(path: str) -> None:
        with reader.current() as revision:
            revision.labels(revision.entry(path).thing)

    whole = timed(lambda: publish(versions))
    with reader.current() as revision:
        revision.entries()
    commits, moves = [], []
    for turn, number in enumerate(edits(count)):
        changed = version(number, f"Titel {turn}", pieces)
        commits.append(timed(lambda changed=changed: publish([changed])))  # type: ignore[misc]  # bound now
        path = changed.entry.path
        moves.append(timed(lambda path=path: move_on(path)))  # type: ignore[misc]  # bound now
    slowest = statistics.quantiles(commits, n=20)[-1]
    return (
        f"{count:>8,} {whole / 1000:>10.1f} {statistics.median(commits):>10.1f} {slowest:>8.1f} "
        f"{statistics.median(moves):>10.1f}"
    )


def main() -> None:
    """Print the table."""
    counts = [int(text) for text in sys.argv[1:]] or [1_000, 10_000]
    print(f"{'records':>8} {'first (s)':>10} {'commit(ms)':>10} {'p95':>8} {'moving on':>10}")
    for count in counts:
        with tempfile.TemporaryDirectory() as folder:
            print(measure(count, Path(folder)), flush=True)


if __name__ == "__main__":
    main()
