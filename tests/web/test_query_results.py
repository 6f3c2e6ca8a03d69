"""``/query/<slug>/result``: an API for programs, a form with table and chart for people."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from support.questions import questions
from support.workshop import BASE, Workshop
from utbildningsdata.bootstrap import services
from utbildningsdata.settings import Settings
from utbildningsdata.store.ports import Health, QueryEngine
from utbildningsdata.web.app import create_app

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
PEOPLE = {"Accept": BROWSER}
FORM = "/query/per-form/result"


class Counting:
    """The engine of the catalogue, and how many questions came to it."""

    def __init__(self, engine: QueryEngine) -> None:
        self.asked = 0
        self._engine = engine

    def query(self, text: str, **how: Any) -> Any:
        """Answer, and count."""
        self.asked += 1
        return self._engine.query(text, **how)

    def rows(self, text: str, **how: Any) -> Any:
        """Answer, and count."""
        self.asked += 1
        return self._engine.rows(text, **how)

    def health(self) -> Health:
        """Answer."""
        return self._engine.health()


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    return questions(tmp_path_factory.mktemp("questions"))


@pytest.fixture(scope="module")
def settings(shop: Workshop) -> Iterator[Settings]:
    """Return the settings of a catalogue whose broker runs."""
    chosen = Settings(base=BASE, data=shop.data.path, deadline=5)
    broker = subprocess.Popen(
        [sys.executable, "-m", "utbildningsdata.store.processes.broker", str(os.getpid())],
        env=os.environ | chosen.to_environ(),
    )
    yield chosen
    broker.kill()
    broker.wait()


@pytest.fixture
def counting(settings: Settings) -> Counting:
    return Counting(services(settings).engine)


@pytest.fixture
def asking(settings: Settings, counting: Counting) -> FlaskClient:
    """Return a client of an application that remembers nothing yet."""
    return create_app(dataclasses.replace(services(settings), engine=counting)).test_client()


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode())))


@pytest.mark.parametrize(
    ("suffix", "media_type"),
    [
        ("json", "application/sparql-results+json"),
        ("xml", "application/sparql-results+xml"),
        ("csv", "text/csv"),
        ("tsv", "text/tab-separated-values"),
        ("html", "text/html"),
    ],
)
def test_an_answer_is_a_document_in_each_format(
    asking: FlaskClient, suffix: str, media_type: str
) -> None:
    for address in (f"{FORM}.{suffix}", f"{FORM}?format={suffix}"):
        answer = asking.get(address, headers=PEOPLE)
        assert (answer.status_code, answer.mimetype) == (200, media_type)
        assert answer.headers["Content-Location"] == f"{FORM}.{suffix}?least=2"
    negotiated = asking.get(FORM, headers={"Accept": media_type})
    assert negotiated.mimetype == media_type
    assert "Accept" in negotiated.vary


def test_a_program_that_says_nothing_gets_json_and_a_browser_a_page(asking: FlaskClient) -> None:
    assert asking.get(FORM).mimetype == "application/sparql-results+json"
    assert asking.get(FORM, headers=PEOPLE).mimetype == "text/html"
    assert asking.get(FORM, headers={"Accept": "image/png"}).status_code == 406


def test_a_graph_comes_as_rdf_and_not_as_a_table(asking: FlaskClient) -> None:
    assert b"<https://catalogue.example/id/dataset/ett>" in asking.get("/query/graf/result.nt").data
    assert asking.get("/query/graf/result.json").mimetype == "application/ld+json"
    missing = asking.get("/query/graf/result.csv")
    assert missing.status_code == 404
    assert "result.ttl" in missing.json["detail"]  # type: ignore[index]


def test_yes_or_no_is_json_and_a_word(asking: FlaskClient) -> None:
    assert asking.get("/query/finns/result.json").json == {"head": {}, "boolean": True}
    page = asking.get("/query/finns/result.html").text
    assert '<p class="boolean">Ja</p>' in page
    assert "som JSON, XML;" in page
    assert f"{BASE}query/finns/result.json" in page
    assert '<p class="boolean">Yes</p>' in asking.get("/en/query/finns/result.html").text


def test_values_choose_what_is_answered(asking: FlaskClient) -> None:
    everything = rows(asking.get(f"{FORM}.csv?least=").data)
    assert [row["datasets"] for row in everything] == ["2", "1"]
    one = rows(asking.get(f"{FORM}.csv?least=&schoolForm=SFI").data)
    assert [row["schoolFormName"] for row in one] == ["Sfi"]
    assert rows(asking.get(f"{FORM}.csv?least=&schoolForm=SFI&schoolForm=GR").data) == everything
    assert len(rows(asking.get(f"{FORM}.csv?least=1&word=BETYG").data)) == 1


def test_a_default_holds_where_the_address_says_nothing(asking: FlaskClient) -> None:
    assert [row["datasets"] for row in rows(asking.get(f"{FORM}.csv").data)] == ["2"]


def test_a_thing_is_called_by_the_slug_of_its_record(asking: FlaskClient) -> None:
    answer = asking.get("/query/poster/result.csv?primaryTopic=tva")
    assert rows(answer.data) == [{"record": f"{BASE}dataset/tva"}]


def test_what_must_be_given_is_asked_for(asking: FlaskClient) -> None:
    assert asking.get("/query/poster/result").status_code == 400
    page = asking.get("/query/poster/result", headers=PEOPLE)
    assert page.status_code == 400
    assert "Ange ett värde för primaryTopic: något av ett, tva" in page.text
    assert "required" in page.text


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("skolform=GR", ["skolform", "word", "schoolForm", "least"]),
        ("schoolForm=XX", ["schoolForm", "one of", "GR", "SFI"]),
        ("least=many", ["least", "a whole number"]),
        ("least=1&least=2", ["least", "at most 1"]),
        ("nowhere=1", ["nowhere"]),
        ("query=SELECT", ["query"]),
    ],
)
def test_a_value_that_is_not_possible_is_told_apart(
    asking: FlaskClient, counting: Counting, query: str, names: list[str]
) -> None:
    answer = asking.get(f"/en{FORM}?{query}")
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    detail = json.loads(answer.data)["detail"]
    assert all(name in detail for name in names)
    page = asking.get(f"{FORM}?{query}", headers=PEOPLE)
    assert (page.status_code, page.mimetype) == (400, "text/html")
    assert 'role="alert"' in page.text
    assert counting.asked == 0


@pytest.mark.parametrize("value", ["GR }", "<https://x.example/>", "GR> UNION", "%00", "GR%0A"])
def test_nothing_that_was_sent_gets_into_the_query(asking: FlaskClient, value: str) -> None:
    answer = asking.get(f"{FORM}.csv", query_string=f"schoolForm={value}")
    assert answer.status_code == 400


def test_a_text_that_would_end_its_string_finds_nothing(asking: FlaskClient) -> None:
    hostile = '")) } UNION { ?s ?p ?o } #'
    answer = asking.get(f"{FORM}.csv", query_string={"least": "", "word": hostile})
    assert (answer.status_code, rows(answer.data)) == (200, [])


def test_who_has_the_answer_is_told_so_before_anything_runs(
    asking: FlaskClient, counting: Counting
) -> None:
    for suffix in ("csv", "html"):
        first = asking.get(f"{FORM}.{suffix}?schoolForm=GR")
        assert not first.headers["ETag"].startswith("W/")
        asked = counting.asked
        again = asking.get(
            f"{FORM}.{suffix}?schoolForm=GR", headers={"If-None-Match": first.headers["ETag"]}
        )
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == first.headers["ETag"]
        assert counting.asked == asked


def test_what_another_just_asked_is_not_run_again(asking: FlaskClient, counting: Counting) -> None:
    first = asking.get(f"{FORM}.json?schoolForm=GR&schoolForm=SFI")
    second = asking.get(f"{FORM}.json?schoolForm=SFI&schoolForm=GR&word=")
    assert first.data == second.data
    assert first.headers["ETag"] == second.headers["ETag"]
    assert counting.asked == 1


def test_tags_tell_answers_apart(asking: FlaskClient) -> None:
    addresses = [f"{FORM}.csv", f"{FORM}.tsv", f"{FORM}.csv?least=1", f"{FORM}.html"]
    tags = [asking.get(address).headers["ETag"] for address in (*addresses, f"/en{FORM}.html")]
    assert len(set(tags)) == len(tags)


def test_a_new_revision_has_new_answers(settings: Settings, shop: Workshop) -> None:
    client = create_app(services(settings)).test_client()
    before = client.get("/query/finns/result.json").headers["ETag"]
    shop.dataset("nytt", "Nytt")
    shop.load()
    after = client.get("/query/finns/result.json", headers={"If-None-Match": before})
    assert (after.status_code, after.headers["ETag"] == before) == (200, False)


def test_the_page_is_a_question_with_a_form_and_its_answer(asking: FlaskClient) -> None:
    page = asking.get(f"{FORM}?least=1&schoolForm=SFI", headers=PEOPLE).text
    assert "<h1>Fråga per-form?</h1>" in page
    assert "Om &lt;per-form&gt;." in page
    assert re.search(r'<label for="word">Ord</label>\s*<input id="word" name="word" value=""', page)
    assert '<option value="SFI" selected>Sfi</option>' in page
    assert re.search(r'name="least" value="1".*type="number"', page)
    assert re.search(r'<th scope="col">\w+</th>\s*<th scope="col" class="number">Datamängder', page)
    assert page.index('for="word"') < page.index('for="schoolForm"') < page.index('for="least"')
    for suffix in ("json", "xml", "csv", "tsv"):
        assert f'href="{FORM}.{suffix}?schoolForm=SFI&amp;least=1"' in page
    assert "/sparql?query=SELECT" in page
    assert "<script" not in page


def test_a_chart_is_drawn_of_names_and_numbers(asking: FlaskClient) -> None:
    page = asking.get(f"{FORM}.html?least=1").text
    assert page.count("<rect") == 2


def test_the_form_offers_what_the_catalogue_uses(asking: FlaskClient) -> None:
    page = asking.get(f"{FORM}.html").text
    form = page[page.index("<form") : page.index("</form>")]
    assert re.findall(r'<option value="(\w+)"', form) == ["GR", "VUX", "SFI"]
    assert "<code>YH</code>" in page
    assert "<code>GRS</code>" in page


def test_the_page_is_in_the_language_of_its_address(asking: FlaskClient) -> None:
    page = asking.get(f"/en{FORM}", headers=PEOPLE)
    assert page.headers["Content-Language"] == "en"
    assert "<h1>Question per-form?</h1>" in page.text
    assert '<p class="lead" lang="sv">Om' in page.text
    assert ">Compulsory school</a>" in page.text
    assert f'action="/en{FORM}"' in page.text


def test_a_query_that_cannot_be_run_is_told_so(asking: FlaskClient) -> None:
    for slug, word in (("trasig", "rad"), ("utom", "SERVICE")):
        assert asking.get(f"/query/{slug}/result").status_code == 400
        page = asking.get(f"/query/{slug}/result", headers=PEOPLE)
        assert page.status_code == 400
        assert word in page.text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/query/nowhere/result", 404),
        ("/query/per-form/result.exe", 404),
        ("/query/per-form/result.ttl", 404),
        ("/query/borta/result", 410),
        ("/query/per-form/results", 404),
    ],
)
def test_what_there_is_not_is_not_found(asking: FlaskClient, path: str, status: int) -> None:
    assert asking.get(path).status_code == status


def test_nothing_is_posted_to_an_answer(asking: FlaskClient) -> None:
    answer = asking.post(FORM, data={"schoolForm": "GR"})
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_the_head_of_an_answer_is_that_of_the_answer(asking: FlaskClient) -> None:
    whole, head = asking.get(f"{FORM}.csv"), asking.head(f"{FORM}.csv")
    assert head.data == b""
    assert head.headers["Content-Length"] == str(len(whole.data))
    assert head.headers["ETag"] == whole.headers["ETag"]


def test_records_and_examples_lead_to_the_answer(asking: FlaskClient) -> None:
    assert f'href="{FORM}"' in asking.get("/query/per-form", headers=PEOPLE).text
    assert f'href="{FORM}"' in asking.get("/sparql", headers=PEOPLE).text
