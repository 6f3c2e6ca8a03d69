"""Who asks, behind proxies that may be believed and before those that may not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask, request

from utbildningsdata.bootstrap import Services
from utbildningsdata.web.clients import client_of

PROXIES = "127.0.0.1, 2001:db8:ffff::/48"


@pytest.fixture
def behind(app: Flask, monkeypatch: Any) -> Flask:
    """Return the application as it is behind proxies."""
    services: Services = app.extensions["utbildningsdata"]
    settings = services.settings.changed(proxies=PROXIES)
    monkeypatch.setitem(app.extensions, "utbildningsdata", replace(services, settings=settings))
    return app


def who(app: Flask, peer: str, *forwarded: str) -> str:
    headers = [("X-Forwarded-For", value) for value in forwarded]
    with app.test_request_context(headers=headers, environ_base={"REMOTE_ADDR": peer}):
        return client_of(request)


def test_without_proxies_it_is_the_peer_whatever_it_writes(app: Flask) -> None:
    assert who(app, "203.0.113.9", "198.51.100.1") == "203.0.113.9"
    assert who(app, "127.0.0.1", "198.51.100.1") == "127.0.0.1"


def test_whoever_comes_past_the_proxies_is_not_believed(behind: Flask) -> None:
    assert who(behind, "203.0.113.9", "198.51.100.1") == "203.0.113.9"


@pytest.mark.parametrize(
    ("forwarded", "client"),
    [
        (["198.51.100.1"], "198.51.100.1"),
        (["10.9.9.9, 198.51.100.1"], "198.51.100.1"),
        (["10.9.9.9", "198.51.100.1"], "198.51.100.1"),
        (["10.9.9.9, 198.51.100.1 , 2001:db8:ffff::7"], "198.51.100.1"),
        (["198.51.100.1:4711"], "198.51.100.1"),
        (['"[2001:db8:1:2:a:b:c:d]:4711"'], "2001:db8:1:2::/64"),
        (["::ffff:198.51.100.1"], "198.51.100.1"),
        ([], "127.0.0.1"),
        ([""], "127.0.0.1"),
        (["198.51.100.1, unknown"], "127.0.0.1"),
        (["198.51.100.1, unknown, 2001:db8:ffff::7"], "2001:db8:ffff::/64"),
        (["127.0.0.1, 127.0.0.1"], "127.0.0.1"),
        (["1.1.1.1," + "127.0.0.1," * 50 + "127.0.0.1"], "127.0.0.1"),
    ],
)
def test_behind_proxies_it_is_the_last_address_that_is_none_of_theirs(
    behind: Flask, forwarded: list[str], client: str
) -> None:
    assert who(behind, "127.0.0.1", *forwarded) == client


def test_all_addresses_of_one_subscriber_are_one_client(app: Flask) -> None:
    one, another = "2001:db8:1:2:aaaa::1", "2001:db8:1:2:bbbb::1%eth0"
    assert who(app, one) == who(app, another) == "2001:db8:1:2::/64"
    assert who(app, "2001:db8:1:3::1") != who(app, one)


def test_a_peer_without_an_address_is_a_client_too(app: Flask) -> None:
    assert who(app, "") == ""
