"""Writing over a real socket, by real clients, into a catalogue that is served meanwhile."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from rdflib import Literal, URIRef
from rdflib.namespace import DCAT
from rdflib.plugins.stores.sparqlstore import SPARQLUpdateStore
from SPARQLWrapper import POST, POSTDIRECTLY, URLENCODED, SPARQLWrapper

ROOT = Path(__file__).parents[2]
BASE = "https://catalogue.example/skola/"
DEADLINE = 6.0
TURTLE = {"Content_Type": "text/turtle"}
N_TRIPLES = {"Accept": "application/n-triples"}


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A served catalogue, its data folder, and a token for everything."""

    server: Any
    data: Path
    token: str

    def send(self, method: str, path: str, body: str = "", **headers: str) -> Any:
        """Send a request with the token, unless the headers say otherwise."""
        named = {"Authorization": f"Bearer {self.token}"} | headers
        return self.server.request(method, f"/skola/{path}", body.encode(), **named)

    def put(self, slug: str, **headers: str) -> Any:
        """Make or replace a dataset."""
        return self.send("PUT", f"dataset/{slug}", dataset(slug), **(TURTLE | headers))

    def make(self, slug: str) -> None:
        """Make a dataset that a test begins with."""
        made = self.put(slug)
        assert made.status in (201, 204), made

    def document(self, slug: str) -> str:
        """Return a dataset as N-Triples."""
        answer = self.server.request("GET", f"/skola/dataset/{slug}", **N_TRIPLES)
        assert answer.status == 200, answer
        return str(answer.body.decode())

    def command(self, *words: str) -> str:
        """Run the program on the data folder and return what it prints."""
        done = subprocess.run(
            [sys.executable, "-m", "utbildningsdata", *words],
            env=os.environ | {"UTBILDNINGSDATA_DATA": str(self.data)},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()


def dataset(slug: str, title: str = "Skolor") -> str:
    """Return the document of a dataset, with a literal that a store would rewrite."""
    return f"""
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix ud: <https://w3id.org/utbildningsdata/ns/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<dataset/{slug}> foaf:primaryTopic <id/dataset/{slug}> ;
    ud:nationalMembership
        <https://w3id.org/utbildningsdata/concept/national-membership/publisher-answers> .
<id/dataset/{slug}> a dcat:Dataset ;
    dcterms:title "{title}"@sv, "Schools"@en ;
    dcterms:description "Alla skolor"@sv, "All schools"@en ;
    dcterms:identifier "utbildningsdata:{slug}" ;
    dcterms:publisher <http://dataportal.se/organisation/SE2020000000> ;
    <https://example.org/rows> "0042"^^xsd:integer .
"""


def graph(slug: str) -> str:
    """Return the name of a dataset's graph, as it stands in an update."""
    return f"<{BASE}dataset/{slug}>"


def keyword(slug: str, word: str) -> str:
    """Return an update that gives a dataset a keyword."""
    thing = f"<{BASE}id/dataset/{slug}>"
    return f'INSERT DATA {{ GRAPH {graph(slug)} {{ {thing} dcat:keyword "{word}"@sv }} }}'


@pytest.fixture(scope="module")
def catalogue(
    start: Any, data: Path, new_token: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Catalogue]:
    """Serve a copy of the small catalogue for the tests of this module."""
    copy = tmp_path_factory.mktemp("written") / "data"
    shutil.copytree(data, copy, symlinks=True, ignore=shutil.ignore_patterns("run"))
    server = start(UTBILDNINGSDATA_DATA=str(copy), UTBILDNINGSDATA_DEADLINE=str(DEADLINE))
    yield Catalogue(server, copy, new_token(copy))
    server.stop()


def test_a_record_is_made_changed_and_removed(catalogue: Catalogue) -> None:
    made = catalogue.put("ny")
    assert (made.status, made.headers["Location"]) == (201, f"{BASE}dataset/ny")
    assert '"Skolor"@sv' in catalogue.document("ny")
    assert catalogue.put("ny").status == 204
    more = f'<{BASE}id/dataset/ny> <http://www.w3.org/ns/dcat#keyword> "ord"@sv .'
    assert catalogue.send("POST", "dataset/ny", more, **TURTLE).status == 204
    assert '"ord"@sv' in catalogue.document("ny")
    assert '"Skolor"@sv' in catalogue.document("ny")
    assert catalogue.send("DELETE", "dataset/ny").status == 204
    assert catalogue.send("GET", "dataset/ny").status == 410
    assert catalogue.send("DELETE", "dataset/ny").status == 404


def test_who_has_the_answer_to_a_write_finds_it_by_every_way(catalogue: Catalogue) -> None:
    catalogue.make("strax")
    for number in range(5):
        assert (
            catalogue.server.update(keyword("strax", f"k{number}"), catalogue.token).status == 204
        )
        asked = f'ASK {{ <{BASE}id/dataset/strax> dcat:keyword "k{number}"@sv }}'
        assert b"true" in catalogue.server.query(asked).body
        assert f'"k{number}"@sv' in catalogue.document("strax")


def test_an_update_keeps_the_spelling_of_what_it_does_not_touch(catalogue: Catalogue) -> None:
    catalogue.make("stavning")
    before = set(catalogue.document("stavning").splitlines())
    assert catalogue.server.update(keyword("stavning", "nytt"), catalogue.token).status == 204
    after = set(catalogue.document("stavning").splitlines())
    assert [line.split('"')[1] for line in after - before] == ["nytt"]
    assert before <= after
    assert any('"0042"^^' in line for line in after)


def test_a_request_is_done_whole_or_not_at_all(catalogue: Catalogue) -> None:
    catalogue.make("helt")
    before = catalogue.document("helt")
    untitled = f"DELETE WHERE {{ GRAPH {graph('helt')} {{ ?s dcterms:title ?t }} }}"
    answer = catalogue.server.update(f"{keyword('helt', 'halvt')} ; {untitled}", catalogue.token)
    assert answer.status == 422
    assert b'"findings"' in answer.body
    assert catalogue.document("helt") == before


def test_a_runaway_update_is_ended_and_leaves_nothing(catalogue: Catalogue) -> None:
    catalogue.make("skenar")
    before = catalogue.document("skenar")
    runaway = (
        f"INSERT {{ GRAPH {graph('skenar')} {{ ?a ?b ?i }} }} "
        "WHERE { GRAPH ?x { ?a ?b ?c } GRAPH ?y { ?d ?e ?f } GRAPH ?z { ?g ?h ?i } "
        "GRAPH ?w { ?j ?k ?l } }"
    )
    answer = catalogue.server.update(f"{keyword('skenar', 'x')} ; {runaway}", catalogue.token)
    assert answer.status in (413, 503)
    assert answer.seconds < DEADLINE + 1.5
    assert catalogue.document("skenar") == before
    clones = catalogue.data / "run" / "clones"
    assert not clones.exists() or list(clones.iterdir()) == []
    assert catalogue.server.update(keyword("skenar", "efter"), catalogue.token).status == 204


def test_the_second_of_two_editors_is_told(catalogue: Catalogue) -> None:
    catalogue.make("tva")
    tag = catalogue.send("GET", "dataset/tva", Accept="text/turtle").headers["ETag"]
    changed = dataset("tva", "Först")
    first = catalogue.send("PUT", "dataset/tva", changed, **TURTLE, If_Match=tag)
    second = catalogue.put("tva", If_Match=tag)
    assert (first.status, second.status) == (204, 412)
    assert '"Först"@sv' in catalogue.document("tva")
    assert catalogue.put("tva", If_None_Match="*").status == 412


def test_a_token_for_one_kind_does_not_change_another(catalogue: Catalogue) -> None:
    catalogue.make("smal")
    before = catalogue.document("smal")
    narrow = catalogue.command("token", "new", "x", "--scope", "write:need")
    assert catalogue.server.update(keyword("smal", "x"), narrow).status == 403
    assert catalogue.document("smal") == before


def test_a_token_is_revoked_while_the_server_runs(catalogue: Catalogue) -> None:
    catalogue.make("stulen")
    stolen = catalogue.command("token", "new", "x")
    assert catalogue.server.update(keyword("stulen", "a"), stolen).status == 204
    catalogue.command("token", "revoke", stolen.split("_")[1])
    assert catalogue.server.update(keyword("stulen", "b"), stolen).status == 401
    assert '"b"@sv' not in catalogue.document("stulen")


@pytest.mark.parametrize(
    "body",
    [
        "Content-Length: 100000\r\n\r\n{text}",
        "Transfer-Encoding: chunked\r\n\r\n{length:x}\r\n{text}\r\n",
        "Transfer-Encoding: chunked\r\n\r\n{length:x}\r\n{text}\r\n0\r\n\r\n",
    ],
    ids=["cut off", "cut off in chunks", "in chunks"],
)
def test_a_body_that_may_be_cut_off_changes_nothing(catalogue: Catalogue, body: str) -> None:
    catalogue.make("avbruten")
    before = catalogue.document("avbruten")
    text = dataset("avbruten", "Avbruten")
    start = (
        "PUT /skola/dataset/avbruten HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/turtle\r\n"
        f"Authorization: Bearer {catalogue.token}\r\n"
    )
    with socket.create_connection(("127.0.0.1", catalogue.server.port), timeout=20) as connection:
        sent = start + body.format(text=text, length=len(text.encode()))
        connection.sendall(sent.encode())
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65536):
            pass
    assert catalogue.server.answers()
    assert catalogue.document("avbruten") == before


@pytest.mark.parametrize("way", [POSTDIRECTLY, URLENCODED])
def test_sparqlwrapper_writes_with_the_token_as_password(catalogue: Catalogue, way: str) -> None:
    catalogue.make("wrapper")
    client = SPARQLWrapper(f"http://127.0.0.1:{catalogue.server.port}/skola/sparql/update")
    client.setCredentials("token", catalogue.token)
    client.setMethod(POST)
    client.setRequestMethod(way)
    client.setQuery("PREFIX dcat: <http://www.w3.org/ns/dcat#> " + keyword("wrapper", f"åäö {way}"))
    client.query()
    assert f'"åäö {way}"@sv' in catalogue.document("wrapper")


def test_rdflib_reads_and_writes_graphs_of_records(catalogue: Catalogue) -> None:
    catalogue.make("rdflib")
    address = f"http://127.0.0.1:{catalogue.server.port}/skola/sparql"
    store = SPARQLUpdateStore(address, f"{address}/update", auth=("token", catalogue.token))
    thing = URIRef(f"{BASE}id/dataset/rdflib")
    record = URIRef(f"{BASE}dataset/rdflib")
    update = f'INSERT DATA {{ GRAPH <{record}> {{ <{thing}> <{DCAT.keyword}> "från rdflib"@sv }} }}'
    store.update(update)
    rows = store.query(f"SELECT ?word {{ <{thing}> <{DCAT.keyword}> ?word }}")
    assert [row[0] for row in rows] == [Literal("från rdflib", lang="sv")]  # type: ignore[index]


@pytest.mark.skipif(shutil.which("curl") is None, reason="There is no curl on this machine.")
@pytest.mark.parametrize("text", ["README.md", "docs/api.md"])
def test_the_documented_commands_write(catalogue: Catalogue, text: str, tmp_path: Path) -> None:
    slug = text.partition(".")[0].replace("/", "-").lower()
    catalogue.make(slug)
    blocks = (ROOT / text).read_text().split("```bash\n")[1:]
    script = "\n".join(block.partition("```")[0] for block in blocks)
    assert script.count("curl ") >= 3
    address = f"http://127.0.0.1:{catalogue.server.port}/skola/"
    for written, meant in (
        ("graph=http://localhost:8000/", f"graph={BASE}"),
        ("http://localhost:8000/", address),
        ("skolverket-salsa", slug),
        ("curl ", "curl --fail --silent --show-error "),
        ("utbildningsdata token", f"{sys.executable} -m utbildningsdata token"),
    ):
        script = script.replace(written, meant)
    done = subprocess.run(
        ["bash", "-euc", script],
        cwd=tmp_path,
        env=os.environ | {"UTBILDNINGSDATA_DATA": str(catalogue.data)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert '"skolresultat"@sv' in catalogue.document(slug)
