"""A feed is joined from ready blocks: complete, deterministic, the same in every syntax."""

from __future__ import annotations

import gzip
import io
import random
import warnings
import zlib
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import RDF, Graph, URIRef
from rdflib.namespace import DCTERMS, FOAF

from utbildningsdata.model.feed_profile import FEEDS
from utbildningsdata.rdf.mediatypes import JSON_LD, N_TRIPLES, RDF_XML, TURTLE, Syntax
from utbildningsdata.rdf.namespaces import DCAT
from utbildningsdata.rdf.ntriples import document, from_oxigraph
from utbildningsdata.rdf.serialise import FEEDS as SYNTAXES
from utbildningsdata.services.feed import Dumps
from utbildningsdata.services.feed.gzip import combine
from utbildningsdata.store.ports import Revisions

Publish = Callable[[Path, str], Revisions]

BASES = ["https://catalogue.example/", "https://catalogue.example/skola/"]
BASE = BASES[0]
FORMATS = {
    TURTLE: (ox.RdfFormat.TURTLE, "turtle"),
    JSON_LD: (ox.RdfFormat.JSON_LD, "json-ld"),
    RDF_XML: (ox.RdfFormat.RDF_XML, "xml"),
    N_TRIPLES: (ox.RdfFormat.N_TRIPLES, "nt"),
}


def dump(revisions: Revisions, feed: str, syntax: Syntax, *, gzipped: bool = False) -> bytes:
    with revisions.current() as revision:
        made = Dumps().dump(revision, feed, syntax)
        text = b"".join(made.chunks(revision, gzipped=gzipped))
        assert len(text) == made.size(gzipped=gzipped)
        return text


def read(text: bytes, syntax: Syntax) -> Graph:
    graph = Graph()
    for quad in ox.parse(text, FORMATS[syntax][0]):
        terms = (from_oxigraph(term) for term in (quad.subject, quad.predicate, quad.object))
        graph.add(tuple(terms))  # type: ignore[arg-type]
    return graph


def read_with_rdflib(text: bytes, syntax: Syntax) -> Graph:
    with warnings.catch_warnings():  # rdflib's JSON-LD parser uses its deprecated ConjunctiveGraph
        warnings.simplefilter("ignore", DeprecationWarning)
        return Graph().parse(io.BytesIO(text), format=FORMATS[syntax][1])


def same(one: bytes, other: bytes) -> int:
    """Return how many bytes at the start are the same."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))


def subjects(graph: Graph, kind: URIRef, base: str) -> set[str]:
    return {str(subject).removeprefix(base) for subject in graph.subjects(RDF.type, kind)}


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("feed", FEEDS)
def test_four_syntaxes_and_two_readers_agree(
    small: Path, publish: Publish, base: str, feed: str
) -> None:
    revisions = publish(small, base)
    said = set()
    for syntax in SYNTAXES:
        text = dump(revisions, feed, syntax)
        said.add(document(read(text, syntax)))
        said.add(document(read_with_rdflib(text, syntax)))
    assert len(said) == 1
    assert b"_:" not in said.pop()


@pytest.mark.parametrize("base", BASES)
def test_the_national_feed_holds_what_the_catalogue_answers_for_and_what_that_refers_to(
    small: Path, publish: Publish, base: str
) -> None:
    graph = read(dump(publish(small, base), "national", RDF_XML), RDF_XML)
    assert subjects(graph, DCAT.Catalog, base) == {"id/catalog"}
    assert subjects(graph, DCAT.Dataset, base) == {"id/dataset/skolor"}
    assert subjects(graph, DCAT.DataService, base) == {"id/service/sparql"}
    assert subjects(graph, FOAF.Agent, base) == {"id/organisation/utbildningsdata"}
    assert subjects(graph, DCTERMS.Standard, base) == {"id/standard/ss"}
    assert not subjects(graph, DCAT.CatalogRecord, base) | subjects(graph, DCAT.Resource, base)
    assert (URIRef(f"{base}id/catalog"), DCAT.dataset, URIRef(f"{base}id/dataset/skolor")) in graph
    assert (URIRef(f"{base}id/catalog/contact"), None, None) in graph


@pytest.mark.parametrize("base", BASES)
def test_the_whole_feed_holds_every_record_but_foreign_catalogues(
    small: Path, publish: Publish, base: str
) -> None:
    graph = read(dump(publish(small, base), "full", TURTLE), TURTLE)
    assert subjects(graph, DCAT.Catalog, base) == {"id/catalog"}
    assert subjects(graph, DCAT.Dataset, base) == {"id/dataset/skolor", "id/dataset/betyg"}
    assert subjects(graph, DCTERMS.Standard, base) == {"id/standard/ss", "id/standard/annan"}
    assert len(subjects(graph, FOAF.Agent, base)) == 2
    assert len(list(graph.subjects(DCAT.byteSize))) == 1


def test_a_link_is_there_as_long_as_what_it_points_to_is(small: Path, publish: Publish) -> None:
    link = (
        b"<https://catalogue.example/id/service/sparql> <http://www.w3.org/ns/dcat#servesDataset>"
    )
    assert link in dump(publish(small, BASE), "national", N_TRIPLES)
    file = small / "dataset" / "skolor.ttl"
    written = file.read_text()
    file.write_text(written.replace("answered-for-here", "publisher-answers"))
    revisions = publish(small, BASE)
    assert link not in dump(revisions, "national", N_TRIPLES)
    assert link in dump(revisions, "full", N_TRIPLES)
    file.write_text(written)
    assert link in dump(publish(small, BASE), "national", N_TRIPLES)


def test_each_agent_is_described_once(small: Path, publish: Publish) -> None:
    text = dump(publish(small, BASE), "full", RDF_XML).decode()
    assert text.count(f'<foaf:Agent rdf:about="{BASE}id/organisation/utbildningsdata">') == 1


def test_a_literal_reaches_the_feed_as_it_was_spelled(small: Path, publish: Publish) -> None:
    assert b">0042</dcat:byteSize>" in dump(publish(small, BASE), "national", RDF_XML)


@pytest.mark.parametrize("syntax", SYNTAXES, ids=lambda syntax: syntax.suffix)
def test_a_changed_record_changes_only_its_own_bytes(
    small: Path, publish: Publish, syntax: Syntax
) -> None:
    before = dump(publish(small, BASE), "full", syntax)
    file = small / "dataset" / "betyg.ttl"
    file.write_text(file.read_text().replace("Alla betyg", "Samtliga betyg"))
    after = dump(publish(small, BASE), "full", syntax)
    start = same(before, after)
    end = same(before[:start:-1], after[:start:-1])
    changed = after[start : len(after) - end]
    assert b"Samtliga" in after
    for other in (b"skolor", b"regression", b"sparql", b"/ss", b"organisation/utbildningsdata"):
        assert other not in changed


def test_the_same_content_gives_the_same_bytes_in_another_data_folder(
    small: Path, publish: Publish, tmp_path: Path
) -> None:
    once = {syntax: dump(publish(small, BASE), "full", syntax) for syntax in SYNTAXES}
    (tmp_path / "data").rename(tmp_path / "other")
    method = small / "method" / "regression.ttl"
    written = method.read_bytes()
    method.unlink()
    publish(small, BASE)
    method.write_bytes(written)
    revisions = publish(small, BASE)
    with revisions.current() as revision:
        assert revision.number == 2
    assert {syntax: dump(revisions, "full", syntax) for syntax in SYNTAXES} == once


def test_a_removed_record_leaves_the_feed(small: Path, publish: Publish) -> None:
    publish(small, BASE)
    (small / "dataset" / "betyg.ttl").write_text(
        "<dataset/betyg> a <https://w3id.org/utbildningsdata/ns/Tombstone> ;"
        " <http://xmlns.com/foaf/0.1/primaryTopic> <id/dataset/betyg> ."
    )
    assert b"dataset/betyg" not in dump(publish(small, BASE), "full", N_TRIPLES)


@pytest.mark.parametrize("syntax", SYNTAXES, ids=lambda syntax: syntax.suffix)
@pytest.mark.parametrize("feed", FEEDS)
def test_gzip_is_one_member_that_any_reader_takes(
    small: Path, publish: Publish, feed: str, syntax: Syntax
) -> None:
    revisions = publish(small, BASE)
    plain, packed = (dump(revisions, feed, syntax, gzipped=flag) for flag in (False, True))
    assert gzip.decompress(packed) == plain
    reader = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    assert reader.decompress(packed) == plain
    assert reader.eof
    assert reader.unused_data == b""


@given(st.lists(st.binary(max_size=300), max_size=5), st.randoms())
def test_the_crc_of_pieces_is_the_crc_of_the_whole(
    pieces: list[bytes], random: random.Random
) -> None:
    pieces.append(bytes(random.randrange(70_000)))
    crc = 0
    for piece in pieces:
        crc = combine(crc, zlib.crc32(piece), len(piece))
    assert crc == zlib.crc32(b"".join(pieces))


def test_a_dump_is_planned_once_for_each_revision(small: Path, publish: Publish) -> None:
    dumps = Dumps()
    with publish(small, BASE).current() as first:
        made = dumps.dump(first, "full", TURTLE)
        assert dumps.dump(first, "full", TURTLE) is made
        file = small / "dataset" / "betyg.ttl"
        file.write_text(file.read_text().replace("Alla betyg", "Samtliga betyg"))
        with publish(small, BASE).current() as second:
            other = dumps.dump(second, "full", TURTLE)
            assert other.tag(gzipped=True) != made.tag(gzipped=True)
            assert dumps.dump(first, "full", TURTLE) == made


def test_a_tag_names_bytes_in_their_coding(small: Path, publish: Publish) -> None:
    with publish(small, BASE).current() as revision:
        dumps = Dumps()
        made = [dumps.dump(revision, feed, syntax) for feed in FEEDS for syntax in SYNTAXES]
    tags = [one.tag(gzipped=flag) for one in made for flag in (False, True)]
    assert len(set(tags)) == 16
