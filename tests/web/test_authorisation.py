"""Who may write: a token in Authorization, and nothing that a browser sends by itself."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest

from support.writing import UPDATE, Writer, bearer
from utbildningsdata.errors import Forbidden
from utbildningsdata.services import tokens
from utbildningsdata.store.credentials import TokenFile
from utbildningsdata.store.writes.ports import Written

WRITES = [
    ("POST", "/sparql/update", UPDATE),
    ("PUT", "/sparql/graphs?graph=https://catalogue.example/dataset/x", "text/turtle"),
    ("POST", "/sparql/graphs?graph=https://catalogue.example/dataset/x", "text/turtle"),
    ("POST", "/sparql/graphs", "text/turtle"),
    ("DELETE", "/sparql/graphs?graph=https://catalogue.example/dataset/x", "text/turtle"),
    ("PUT", "/sparql/graphs/mine", "text/turtle"),
    ("PUT", "/dataset/skolor", "text/turtle"),
    ("DELETE", "/dataset/skolor", "text/turtle"),
    ("POST", "/concept/school-form", "text/turtle"),
    ("PUT", "/catalogue", "text/turtle"),
    ("DELETE", "/ns", "text/turtle"),
]


@pytest.mark.parametrize(("method", "path", "media_type"), WRITES)
def test_nobody_writes_without_a_token(
    writer: Writer, method: str, path: str, media_type: str
) -> None:
    answer = writer.client.open(
        path, method=method, data="INSERT DATA {}", headers={"Content-Type": media_type}
    )
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="utbildningsdata"'
    assert answer.content_type == "application/problem+json"
    assert writer.engine.asked == []


def basic(name: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


@pytest.mark.parametrize(
    "authorization",
    [
        "Bearer",
        "Bearer ",
        "Bearer ud_0000000000_secret",
        "Bearer ud_0000000000_secret, Bearer x",
        "Token x",
        "Digest username=x",
        "Basic !!!",
        basic("token", "ud_0000000000_secret"),
        "\xff\xfe",
        "Bearer " + "x" * 60_000,
    ],
)
def test_what_is_no_token_is_refused_and_the_challenge_is_never_basic(
    writer: Writer, authorization: str
) -> None:
    answer = writer.update("INSERT DATA {}", Authorization=authorization)
    assert answer.status_code == 401
    assert answer.headers.getlist("WWW-Authenticate") == [
        'Bearer realm="utbildningsdata", error="invalid_token"'
    ]
    assert writer.engine.asked == []


def test_a_token_is_taken_as_the_password_of_any_user_too(writer: Writer) -> None:
    token = writer.headers["Authorization"].removeprefix("Bearer ")
    answer = writer.update("CLEAR GRAPH <urn:g>", Authorization=basic("anybody", token))
    assert answer.status_code == 204
    assert writer.engine.last.agent == "Skolverket"


@pytest.mark.parametrize("place", ["cookie", "parameter", "form"])
def test_a_token_counts_nowhere_but_in_authorization(writer: Writer, place: str) -> None:
    token = writer.headers["Authorization"].removeprefix("Bearer ")
    query = f"?access_token={token}" if place == "parameter" else ""
    form = {"update": "CLEAR ALL"} | ({"access_token": token} if place == "form" else {})
    if place == "cookie":
        writer.client.set_cookie("token", token)
    answer = writer.client.post(f"/sparql/update{query}", data=form)
    assert answer.status_code == 401
    assert writer.engine.asked == []


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_page_of_another_site_needs_a_bearer_token(writer: Writer, site: str) -> None:
    token = writer.headers["Authorization"].removeprefix("Bearer ")
    text = "CLEAR GRAPH <urn:g>"
    by_itself = writer.update(text, Sec_Fetch_Site=site, Authorization=basic("x", token))
    assert by_itself.status_code == 403
    form = writer.client.post(
        "/sparql/update", data={"update": text}, headers={"Sec-Fetch-Site": site}
    )
    assert form.status_code == 403
    assert writer.engine.asked == []
    assert writer.update(text, Sec_Fetch_Site=site).status_code == 204


def test_a_page_of_our_own_needs_a_token_like_anybody(writer: Writer) -> None:
    asked = {"Sec_Fetch_Site": "same-origin"}
    assert writer.update("CLEAR GRAPH <urn:g>", **asked).status_code == 204
    assert writer.update("CLEAR GRAPH <urn:g>", Authorization="", **asked).status_code == 401


def test_a_revoked_or_expired_token_is_refused_at_once(
    writer: Writer, credentials: TokenFile
) -> None:
    assert writer.update("CLEAR GRAPH <urn:g>").status_code == 204
    tokens.revoke(credentials, writer.headers["Authorization"].split("_")[1])
    assert writer.update("CLEAR GRAPH <urn:g>").status_code == 401
    long_ago = datetime.now(UTC) - timedelta(days=91)
    _, expired = tokens.issue(credentials, "x", kinds=(), now=long_ago)
    answer = writer.update("CLEAR GRAPH <urn:g>", Authorization=f"Bearer {expired}")
    assert answer.status_code == 401
    assert expired.split("_", 2)[2] not in answer.text


def test_a_scope_that_does_not_cover_a_change_is_named_in_the_challenge(
    writer: Writer, credentials: TokenFile
) -> None:
    writer.engine.answer = Forbidden("Not this.")
    headers = bearer(credentials, "Liten", "write:need")
    answer = writer.update("CLEAR GRAPH <urn:g>", **headers)
    assert answer.status_code == 403
    assert 'error="insufficient_scope"' in answer.headers["WWW-Authenticate"]
    assert writer.engine.last.scopes == ("write:need",)


def test_every_answer_has_an_id_of_ours_that_the_write_is_recorded_with(writer: Writer) -> None:
    writer.engine.answer = Written(8, updated=("https://catalogue.example/dataset/x",))
    answer = writer.update("CLEAR GRAPH <urn:g>", Accept="application/json", Request_Id="forged")
    assert answer.headers["Request-Id"] == writer.engine.last.request
    assert json.loads(answer.text)["request"] == writer.engine.last.request
    refused = writer.update("CLEAR GRAPH <urn:g>", Authorization="Bearer x")
    assert len(refused.headers["Request-Id"]) == len(answer.headers["Request-Id"]) == 36
    assert refused.headers["Request-Id"] != answer.headers["Request-Id"]
