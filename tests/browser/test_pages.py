"""Pages in a browser: accessible, without sideways scrolling, usable with the keyboard."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

Watch = Callable[..., AbstractContextManager[Page]]

PAGES = [
    "",
    "dataset",
    "dataset/oulad",
    "dataset/kolada-n15-grundskola",
    "service/kolada-api",
    "method/bkt",
    "tool/openlap",
    "standard/ss-12000",
    "award/digitaliseringskommun",
    "exemplar/helsingborg-ml",
    "need/absence-causes",
    "pilot/komvux",
    "organisation/skolverket",
    "organisation/skolverket?inbound=dcterms%3Apublisher",
    "portal/datashop",
    "query/award-winning-exemplars",
    "query/datasets-by-publisher/result",
    "query/find-datasets/result?word=skola&schoolForm=GR&schoolForm=GY",
    "query/find-datasets/result?schoolForm=nowhere",
    "query/open-sfi-dropout-data/result",
    "concept",
    "concept/school-form",
    "concept/school-form/GR",
    "concept/licence/CC0-1.0",
    "catalogue",
    "ns",
    "ns/Method",
    "tillganglighet",
    "nowhere",
    "sparql",
    "sparql?query=SELECT+%3Fs+WHERE+%7B%3Fs+a+dcat%3ADataset%7D+LIMIT+3",
]
"""One page of each kind."""

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RULES = {"type": "tag", "values": STANDARDS}
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
"""All that dark can change."""


@pytest.mark.parametrize(
    ("prefix", "scheme", "rules"),
    [
        ("", "light", RULES),
        ("en/", "light", RULES),
        ("", "dark", COLOURS),
        ("en/", "dark", COLOURS),
    ],
    ids=["sv-light", "en-light", "sv-dark", "en-dark"],
)
def test_pages_are_accessible(
    watch: Watch, prefix: str, scheme: str, rules: dict[str, object]
) -> None:
    axe, faults = Axe(), []
    options = {"runOnly": rules, "resultTypes": ["violations"]}
    with watch(color_scheme=scheme) as tab:
        for path in PAGES:
            tab.goto(prefix + path)
            found = axe.run(tab, options=options).response["violations"]
            faults += [
                (path, fault["id"], node["html"][:200])
                for fault in found
                for node in fault["nodes"]
            ]
    assert faults == []


def test_nothing_scrolls_sideways_at_320_pixels(watch: Watch) -> None:
    # 320 px is also 1280 px at 400 % zoom (WCAG 1.4.10).
    wide = []
    with watch(viewport={"width": 320, "height": 640}) as tab:
        for path in PAGES:
            tab.goto(path)
            if tab.evaluate("document.documentElement.scrollWidth") > 320:
                wide.append(path)
    assert wide == []


def test_the_first_stop_of_the_keyboard_skips_to_the_content(watch: Watch) -> None:
    with watch() as tab:
        tab.goto("dataset/oulad")
        tab.keyboard.press("Tab")
        expect(tab.locator(".skip")).to_be_focused()
        tab.keyboard.press("Enter")
        tab.keyboard.press("Tab")
        expect(tab.locator("main a").first).to_be_focused()


def test_a_reader_finds_data_without_scripts(watch: Watch) -> None:
    with watch(java_script_enabled=False) as tab:
        tab.goto("")
        tab.get_by_role("link", name="Datamängder").first.click()
        tab.get_by_role("link", name="Nästa").click()
        tab.get_by_role("link", name="OULAD").click()
        expect(tab.get_by_role("heading", level=1)).to_contain_text("OULAD")
        expect(tab.get_by_role("link", name="Öppna CSV")).to_be_visible()
        tab.get_by_role("link", name="In English").click()
        expect(tab.get_by_role("heading", name="Get the data")).to_be_visible()
        tab.get_by_role("link", name="Turtle", exact=True).first.click()
        expect(tab.locator("body")).to_contain_text("a dcat:Dataset")


def test_a_reader_chooses_what_a_question_is_about_without_scripts(watch: Watch) -> None:
    with watch(java_script_enabled=False) as tab:
        tab.goto("query/datasets-by-publisher")
        tab.get_by_role("link", name="Visa svaret").click()
        expect(tab.get_by_role("heading", level=1)).to_contain_text("Vilka utgivare")
        tab.get_by_label("Skolform").select_option("Grundskola")
        tab.get_by_label("Minst antal datamängder").fill("3")
        tab.get_by_role("button", name="Visa svaret").click()
        expect(tab.get_by_role("row", name="Skolverket")).to_be_visible()
        assert "schoolForm=GR" in tab.url
        tab.get_by_role("link", name="In English").click()
        expect(tab.get_by_label("School form")).to_have_value("GR")
        expect(tab.get_by_label("At least so many datasets")).to_have_value("3")


def test_texts_in_other_languages_open_with_the_keyboard(watch: Watch) -> None:
    with watch() as tab:
        tab.goto("dataset/oulad")
        summary = tab.locator(".body summary").first
        summary.focus()
        tab.keyboard.press("Enter")
        expect(tab.locator(".body details [lang=en]").first).to_be_visible()


def test_paper_gets_the_content_and_not_the_menus(watch: Watch) -> None:
    with watch() as tab:
        tab.goto("dataset/oulad")
        tab.emulate_media(media="print")
        expect(tab.get_by_role("heading", level=1)).to_be_visible()
        expect(tab.locator("header.site nav")).to_be_hidden()
        expect(tab.locator("footer.site")).to_be_hidden()


def test_forced_colours_keep_the_edges(watch: Watch) -> None:
    with watch(forced_colors="active") as tab:
        tab.goto("dataset/oulad")
        assert (
            tab.locator(".chip").first.evaluate("it => getComputedStyle(it).borderTopWidth")
            == "1px"
        )
