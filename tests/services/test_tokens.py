"""Tokens: made once, known by their digest, valid until they expire or are revoked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from utbildningsdata.errors import Malformed, NotFound, Unauthenticated
from utbildningsdata.services import tokens
from utbildningsdata.store.credentials import TokenFile

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
KINDS = ("dataset", "need")


@pytest.fixture
def credentials(tmp_path: Path) -> TokenFile:
    """Return the tokens of a data folder that does not exist yet."""
    return TokenFile(tmp_path / "data")


def test_the_owner_of_a_token_is_known_by_its_text(credentials: TokenFile) -> None:
    tokens.issue(credentials, "Annan", kinds=KINDS, now=NOW)
    made, text = tokens.issue(credentials, "Skolverket", kinds=KINDS, now=NOW)
    assert tokens.owner(credentials, text, now=NOW) == made
    assert (made.name, made.scopes) == ("Skolverket", ("write",))


def test_the_secret_has_256_bits_and_is_kept_nowhere(
    credentials: TokenFile, tmp_path: Path
) -> None:
    made, text = tokens.issue(credentials, "Skolverket", kinds=KINDS)
    secret = text.removeprefix(f"ud_{made.id}_")
    assert len(secret) == 43  # base64 of 32 bytes
    assert secret not in (tmp_path / "data/tokens.json").read_text()


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text[:-1] + ("A" if text[-1] != "A" else "B"),
        lambda text: text[:-1],
        lambda text: text + "A",
        lambda text: text.replace("ud_", "xx_"),
        lambda text: text.rpartition("_")[0],
        lambda text: "ud_0000000000_" + text.split("_", 2)[2],
        lambda text: "ud__",
        lambda text: "",
        lambda text: "\ud800" + text,
        lambda text: "ud_" * 100_000,
    ],
)
def test_what_is_not_the_token_to_the_letter_is_nobodys(
    credentials: TokenFile, change: object
) -> None:
    assert callable(change)
    _, text = tokens.issue(credentials, "Skolverket", kinds=KINDS)
    with pytest.raises(Unauthenticated):
        tokens.owner(credentials, change(text))


def test_a_token_expires_after_ninety_days_unless_told_otherwise(credentials: TokenFile) -> None:
    _, usual = tokens.issue(credentials, "a", kinds=KINDS, now=NOW)
    _, short = tokens.issue(credentials, "b", kinds=KINDS, days=1, now=NOW)
    _, lasting = tokens.issue(credentials, "c", kinds=KINDS, days=0, now=NOW)
    later = NOW + timedelta(days=89)
    assert tokens.owner(credentials, usual, now=later).name == "a"
    assert tokens.owner(credentials, lasting, now=NOW + timedelta(days=9000)).name == "c"
    for expired, moment in ((short, NOW + timedelta(days=1)), (usual, NOW + timedelta(days=90))):
        with pytest.raises(Unauthenticated, match="expired"):
            tokens.owner(credentials, expired, now=moment)


def test_a_revoked_token_is_refused_and_the_others_go_on(credentials: TokenFile) -> None:
    gone, text = tokens.issue(credentials, "a", kinds=KINDS)
    _, other = tokens.issue(credentials, "b", kinds=KINDS)
    first = tokens.revoke(credentials, gone.id, now=NOW)
    assert tokens.revoke(credentials, gone.id, now=NOW + timedelta(days=1)) == first
    with pytest.raises(Unauthenticated, match="revoked"):
        tokens.owner(credentials, text)
    assert tokens.owner(credentials, other).name == "b"
    assert credentials.read()[0].id == gone.id


def test_a_token_that_never_was_cannot_be_revoked(credentials: TokenFile) -> None:
    with pytest.raises(NotFound):
        tokens.revoke(credentials, "0000000000")


@pytest.mark.parametrize(
    ("name", "scopes", "days", "named"),
    [
        ("", (), 1, "name"),
        ("a\nb", (), 1, "name"),
        ("\x1b[31mred", (), 1, "name"),
        (" a", (), 1, "name"),
        ("a" * 81, (), 1, "name"),
        ("a", ("write:dataset", "read"), 1, "scope 'read'"),
        ("a", ("write:",), 1, "scope 'write:'"),
        ("a", (), -1, "days"),
        ("a", (), 10**12, "days"),
    ],
)
def test_a_token_that_makes_no_sense_is_not_made(
    credentials: TokenFile, name: str, scopes: tuple[str, ...], days: int, named: str
) -> None:
    with pytest.raises(Malformed, match=named):
        tokens.issue(credentials, name, scopes=scopes, days=days, kinds=KINDS)
    assert credentials.read() == ()
