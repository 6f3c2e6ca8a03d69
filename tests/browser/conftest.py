"""A real browser on the real catalogue; whatever it complains of fails the test."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

Watch = Callable[..., AbstractContextManager[Page]]


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Use the Chromium of the system; Playwright's own is not downloaded."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("there is no chromium: apt-get install chromium")
    return {
        "executable_path": chromium,
        "args": ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
    }


@pytest.fixture
def watch(browser: Browser, live: Any) -> Watch:
    """Return what opens a page; a console error, policy violation or foreign request fails."""

    @contextmanager
    def opened(**context: Any) -> Iterator[Page]:
        complaints: list[str] = []
        with browser.new_context(base_url=live.base, **context) as room, room.new_page() as tab:
            tab.on("console", lambda message: _listen(complaints, message.type, message.text))
            tab.on("pageerror", lambda error: complaints.append(str(error)))
            tab.on("request", lambda request: _same_site(complaints, request.url, live.base))
            yield tab
            assert complaints == []

    return opened


def _listen(complaints: list[str], kind: str, text: str) -> None:
    # The pages of a missing record and of an impossible value are asked for on purpose.
    if kind in {"error", "warning"} and not re.search(r"status of 40[04]", text):
        complaints.append(text)


def _same_site(complaints: list[str], url: str, base: str) -> None:
    if not url.startswith(base):
        complaints.append(f"request to {url}")
