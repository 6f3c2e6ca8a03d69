"""Settings come from the environment and flags, and say at once what is wrong."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from utbildningsdata.errors import OperationError
from utbildningsdata.settings import PREFIX, Settings


def test_flags_go_before_the_environment() -> None:
    settings = Settings.from_environ({"UTBILDNINGSDATA_PORT": "9000"}, port=9001)
    assert settings.port == 9001


def test_an_absent_flag_leaves_the_environment() -> None:
    settings = Settings.from_environ({"UTBILDNINGSDATA_PORT": "9000"}, port=None)
    assert settings.port == 9000


def test_an_empty_variable_is_the_default() -> None:
    assert Settings.from_environ({"UTBILDNINGSDATA_DATA": ""}).data == Path("data")


def test_settings_survive_the_environment_of_another_process() -> None:
    settings = Settings(base="https://catalogue.example/skola/", port=9000, deadline=2.5)
    assert Settings.from_environ(settings.to_environ()) == settings


@pytest.mark.parametrize(
    ("variable", "value", "reason"),
    [
        ("BASE", "catalogue.example/", "absolute"),
        ("BASE", "https://catalogue.example", "end with '/'"),
        ("BASE", "https://catalogue.example/?x=/", "end with '/'"),
        ("BASE", "ftp://catalogue.example/", "absolute"),
        ("BASE", "https://catalogue.example/skolå/", "percent-encoded"),
        ("BASE", "https://catalogue.example/a b/", "percent-encoded"),
        ("WORKERS", "0", "above 0"),
        ("DEADLINE", "-1", "above 0"),
        ("PROXIES", "127.0.0.1, proxy.example", "addresses or networks"),
        ("PORT", "http", "must be a number"),
        ("DEADLINE", "soon", "must be a number"),
    ],
)
def test_a_bad_value_is_refused_with_the_variable_and_the_reason(
    variable: str, value: str, reason: str
) -> None:
    with pytest.raises(OperationError) as caught:
        Settings.from_environ({PREFIX + variable: value})
    assert PREFIX + variable in caught.value.message
    assert reason in caught.value.message


def test_every_setting_has_a_help_text() -> None:
    assert [item.name for item in fields(Settings) if not item.metadata.get("help")] == []
