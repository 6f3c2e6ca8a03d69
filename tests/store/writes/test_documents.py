"""Documents are parsed with every literal as it is written, and what is hostile is refused."""

from __future__ import annotations

import time

import pytest

from utbildningsdata.errors import Malformed, Refused, TooLarge, Unsupported
from utbildningsdata.model import edits
from utbildningsdata.store.writes.evaluator import EvaluationProcess
from utbildningsdata.store.writes.ports import Part

BASE = "https://catalogue.example/"
XSD = "http://www.w3.org/2001/XMLSchema#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
ROOT = f'<rdf:RDF xmlns:rdf="{RDF}" xmlns:e="urn:e#">'
CHAIN = [f'"t{i}": "t{i + 1}"' for i in range(20_000)]


def parse(evaluator: EvaluationProcess, media_type: str, text: str, base: str = BASE) -> list[str]:
    return edits.lines(evaluator.parse(Part(media_type, text.encode()), base))


@pytest.mark.parametrize(
    ("media_type", "text"),
    [
        ("text/turtle", '<a> <b> 01, "x"@sv-se .'),
        ("text/n3", '<a> <b> 01, "x"@SV-SE .'),
        (
            "application/ld+json",
            f'{{"@id": "a", "{BASE}b": [{{"@value": "01", "@type": "{XSD}integer"}}, '
            '{"@value": "x", "@language": "sv-SE"}]}',
        ),
        (
            "application/rdf+xml",
            f'<rdf:RDF xmlns:rdf="{RDF}" xmlns:b="{BASE}"><rdf:Description rdf:about="a"><b:b'
            f' rdf:datatype="{XSD}integer">01</b:b><b:b xml:lang="sv-SE">x</b:b>'
            "</rdf:Description></rdf:RDF>",
        ),
        (
            "application/n-triples",
            f'<{BASE}a> <{BASE}b> "x"@sv-SE .\n<{BASE}a> <{BASE}b> "01"^^<{XSD}integer> .',
        ),
        ("application/trig", '{ <a> <b> 01 } <a> <b> "x"@sv-SE .'),
        (
            "application/n-quads",
            f'<{BASE}a> <{BASE}b> "01"^^<{XSD}integer> .\n<{BASE}a> <{BASE}b> "x"@sv-SE .',
        ),
    ],
)
def test_every_syntax_gives_the_same_document(
    evaluator: EvaluationProcess, media_type: str, text: str
) -> None:
    assert parse(evaluator, media_type, text) == [
        f'<{BASE}a> <{BASE}b> "01"^^<{XSD}integer> .',
        f'<{BASE}a> <{BASE}b> "x"@sv-SE .',
    ]


def test_the_empty_document_is_empty(evaluator: EvaluationProcess) -> None:
    assert evaluator.parse(Part("text/turtle", b""), BASE) == b""


def test_blank_nodes_are_the_same_in_the_same_document_and_in_no_other(
    evaluator: EvaluationProcess,
) -> None:
    text = "_:x <p> [ <q> _:x ] ."
    first = parse(evaluator, "text/turtle", text)
    assert parse(evaluator, "text/turtle", text) == first
    for other in (
        parse(evaluator, "text/turtle", text + " "),
        parse(evaluator, "text/turtle", text, "urn:b"),
    ):
        labels = {word for line in other for word in line.split() if word.startswith("_:")}
        assert not any(label in line for label in labels for line in first)


def test_what_is_no_rdf_syntax_is_unsupported(evaluator: EvaluationProcess) -> None:
    for media_type in ("application/json", "text/html", "", "application/sparql-results+json"):
        with pytest.raises(Unsupported) as caught:
            parse(evaluator, media_type, "")
        assert "text/turtle" in caught.value.accepted


def test_a_fault_is_placed(evaluator: EvaluationProcess) -> None:
    with pytest.raises(Malformed, match="cannot be read at line 2, column 5") as caught:
        parse(evaluator, "text/turtle", "<a> <b> 1 .\n<a> b:c 1 .")
    assert (caught.value.line, caught.value.column) == (2, 5)


@pytest.mark.parametrize(
    ("media_type", "text"),
    [
        ("application/trig", "<g> { <a> <b> <c> }"),
        ("application/n-quads", "<urn:a> <urn:b> <urn:c> <urn:g> ."),
        ("application/ld+json", '{"@id": "g", "@graph": {"@id": "a", "urn:b": 1}}'),
    ],
)
def test_documents_that_name_graphs_are_refused(
    evaluator: EvaluationProcess, media_type: str, text: str
) -> None:
    with pytest.raises(Malformed, match="names graphs"):
        parse(evaluator, media_type, text)


def test_remote_contexts_are_refused(evaluator: EvaluationProcess) -> None:
    for context in ('"http://127.0.0.1/c"', '{"@import": "http://127.0.0.1/c"}'):
        with pytest.raises(Refused, match="context elsewhere"):
            parse(evaluator, "application/ld+json", f'{{"@context": {context}, "@id": "a"}}')


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE r [<!ENTITY a "b">]>' + ROOT + "</rdf:RDF>",
        '<!DOCTYPE r [<!ENTITY % a SYSTEM "file:///etc/passwd"> %a;]>' + ROOT + "</rdf:RDF>",
        '<!DOCTYPE r [<!ENTITY a SYSTEM "http://127.0.0.1/">]>' + ROOT + "&a;</rdf:RDF>",
        "<!DOCTYPE r [<!ENTITY a0 'aaaaaaaa'>"
        + "".join(f"<!ENTITY a{i + 1} '{f'&a{i};' * 10}'>" for i in range(12))
        + f"]>{ROOT}<e:s><e:p>&a12;</e:p></e:s></rdf:RDF>",
    ],
)
def test_entities_are_refused_at_once(evaluator: EvaluationProcess, text: str) -> None:
    started = time.monotonic()
    with pytest.raises(Malformed, match="entities"):
        parse(evaluator, "application/rdf+xml", text)
    assert time.monotonic() - started < 0.5


def test_text_that_speaks_of_entities_is_taken(evaluator: EvaluationProcess) -> None:
    text = f"{ROOT}<e:s><e:p><![CDATA[<!DOCTYPE r [<!ENTITY a 'b'>]>]]></e:p></e:s></rdf:RDF>"
    assert len(parse(evaluator, "application/rdf+xml", text)) == 2


@pytest.mark.parametrize(
    ("media_type", "text"),
    [
        ("application/rdf+xml", ROOT + "<e:a>" * 100_000),
        ("application/ld+json", '{"urn:a":' * 100_000),
        ("application/ld+json", "[" * 100_000),
        ("text/turtle", "<a> <b> " + "<<( <a> <b> " * 100_000),
        (
            "application/ld+json",
            '{"@context": {' + ", ".join(CHAIN) + '}, "t0": 1}',
        ),
    ],
)
def test_what_nests_too_deep_is_malformed(
    evaluator: EvaluationProcess, media_type: str, text: str
) -> None:
    with pytest.raises(Malformed):
        parse(evaluator, media_type, text)


def test_a_little_text_that_says_very_much_is_too_large(evaluator: EvaluationProcess) -> None:
    text = f"PREFIX x: <urn:{'x' * 100_000}> " + " ".join(f"x:{i} x:p x:o ." for i in range(5000))
    with pytest.raises(TooLarge):
        parse(evaluator, "text/turtle", text)


def test_terms_of_rdf_1_2_are_malformed(evaluator: EvaluationProcess) -> None:
    for value in ("<<( <a> <b> <c> )>>", '"x"@ar--rtl'):
        with pytest.raises(Malformed, match=r"RDF 1\.2"):
            parse(evaluator, "text/turtle", f"<a> <b> {value} .")


def test_lines_are_given_as_the_store_writes_them_in_their_order(
    evaluator: EvaluationProcess,
) -> None:
    lines = [
        f'<urn:a> <urn:b> "01"^^<{XSD}integer> .',
        f'_:x <urn:b> "1"^^<{XSD}nonNegativeInteger> .',
        f'<urn:a> <urn:b> "1"^^<{XSD}integer> .',
        '<urn:a> <urn:b> "a\u2028b"@sv-SE .',
        "<urn:a> <urn:b> _:x .",
        f'<urn:a> <urn:b> "not a number"^^<{XSD}integer> .',
    ]
    assert list(evaluator.stored(lines)) == [
        f'<urn:a> <urn:b> "1"^^<{XSD}integer> .',
        f'_:x <urn:b> "1"^^<{XSD}integer> .',
        f'<urn:a> <urn:b> "1"^^<{XSD}integer> .',
        '<urn:a> <urn:b> "a\u2028b"@sv-se .',
        "<urn:a> <urn:b> _:x .",
        f'<urn:a> <urn:b> "not a number"^^<{XSD}integer> .',
    ]
    assert list(evaluator.stored([])) == []
