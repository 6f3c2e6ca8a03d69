"""The feeds of the real catalogue over a real socket: lengths, codings, conditions, clients."""

from __future__ import annotations

import gzip
import http.client
import io
import shutil
import subprocess
import warnings
import zlib
from typing import Protocol
from urllib.parse import urlsplit

import pyoxigraph as ox
import pytest
from rdflib import BNode, Graph

from utbildningsdata.rdf.ntriples import document, parse

ADDRESSES = ["datasets/dcat", "catalog.rdf", "catalog.ttl", "catalog.jsonld", "catalog.nt"]
SYNTAXES = {
    "rdf": (ox.RdfFormat.RDF_XML, "xml"),
    "ttl": (ox.RdfFormat.TURTLE, "turtle"),
    "jsonld": (ox.RdfFormat.JSON_LD, "json-ld"),
    "nt": (ox.RdfFormat.N_TRIPLES, "nt"),
}


class Server(Protocol):
    base: str


def ask(
    server: Server, address: str, method: str = "GET", **headers: str
) -> tuple[int, dict[str, str], bytes]:
    """Send one request and read to the end of the answer."""
    parts = urlsplit(server.base)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, parts.path + address, headers=names)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response.status, {name.lower(): value for name, value in response.getheaders()}, body


@pytest.mark.parametrize("coding", ["gzip", "identity"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_the_length_is_told_before_the_body_and_is_right(
    live: Server, address: str, coding: str
) -> None:
    status, headers, body = ask(live, address, Accept_Encoding=coding)
    assert status == 200
    assert int(headers["content-length"]) == len(body)
    assert "transfer-encoding" not in headers
    status, told, nothing = ask(live, address, "HEAD", Accept_Encoding=coding)
    assert (status, nothing) == (200, b"")
    assert (told["content-length"], told["etag"]) == (headers["content-length"], headers["etag"])


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_reader_takes_the_gzip_as_one_member(live: Server, address: str) -> None:
    _, _, plain = ask(live, address)
    _, headers, packed = ask(live, address, Accept_Encoding="gzip")
    assert headers["content-encoding"] == "gzip"
    reader = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    assert reader.decompress(packed) == plain
    assert (reader.eof, reader.unused_data) == (True, b"")
    assert gzip.decompress(packed) == plain
    if curl := shutil.which("curl"):
        command = [curl, "--silent", "--show-error", "--compressed", live.base + address]
        assert subprocess.run(command, capture_output=True, check=True).stdout == plain


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("coding", ["gzip", "identity"])
def test_nothing_new_costs_no_body(live: Server, method: str, coding: str) -> None:
    _, headers, _ = ask(live, "datasets/dcat", Accept_Encoding=coding)
    status, told, body = ask(
        live, "datasets/dcat", method, Accept_Encoding=coding, If_None_Match=headers["etag"]
    )
    assert (status, body, told["etag"]) == (304, b"", headers["etag"])


@pytest.mark.parametrize("feed", ["catalog", "datasets/dcat"])
def test_all_syntaxes_of_a_feed_say_the_same_to_all_readers(live: Server, feed: str) -> None:
    said = set()
    for suffix, (syntax, name) in SYNTAXES.items():
        _, _, text = ask(live, f"{feed}.{suffix}")
        said.add(document(parse(text, syntax)))
        with warnings.catch_warnings():  # rdflib's JSON-LD parser uses a class it deprecated
            warnings.simplefilter("ignore", DeprecationWarning)
            graph = Graph().parse(io.BytesIO(text), format=name)
        assert not any(isinstance(node, BNode) for node in graph.all_nodes())
        said.add(document(graph))
    assert len(said) == 1
