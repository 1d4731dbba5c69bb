"""The cases in a real Chromium: found by keyboard without a script, in every width, light, dark and forced colours."""

from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
WIDTHS = (1280, 390, 320)
MEDIA: dict[Literal["screen", "print"], bool] = {"screen": False, "print": True}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ADDRESSES = [
    "many/cases/?aar=2014",
    "many/cases/?aar=2014&q=rumrejse&vis=igang",
    "stale/cases/?q=rumrejse",
    "many/case/",
    "many/case/?sprog=en",
    "rich/case/?sprog=ar",
]

SEEN = "([what, shown]) => document.querySelector(what).checkVisibility({contentVisibilityAuto: true}) === shown"


def violations(page: Page) -> list[Any]:
    page.evaluate((ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8"))
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    return [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]]


@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_is_found_at_any_width(page: Page, sample_site: str, address: str) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{sample_site}/proeve/{address}")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert violations(page) == [], width
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert said == []


@pytest.mark.parametrize(("scheme", "forced"), [("dark", "none"), ("light", "active")])
@pytest.mark.parametrize("address", [ADDRESSES[1], ADDRESSES[3]])
def test_nothing_is_found_in_other_colours(
    page: Page, sample_site: str, address: str, scheme: Literal["dark", "light"], forced: Literal["active", "none"]
) -> None:
    page.emulate_media(color_scheme=scheme, forced_colors=forced)
    page.goto(f"{sample_site}/proeve/{address}")
    assert violations(page) == []


def test_a_case_is_searched_for_by_keyboard_and_without_a_script(browser: Browser, sample_site: str) -> None:
    with browser.new_context(java_script_enabled=False) as bare:
        page = bare.new_page()
        page.goto(f"{sample_site}/proeve/many/cases/")
        page.get_by_role("link", name="2014").press("Enter")
        page.get_by_label("Søg i dine sager").fill("nummer 186")
        page.get_by_label("Vis").focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Vi fandt ingen af dine sager.")).to_be_visible()
        page.get_by_role("link", name="Søg i både sager i gang og afsluttede").press("Enter")
        expect(page.get_by_role("link", name="Sag nummer 186")).to_be_visible()
        expect(page.get_by_text("Vi fandt 1 sag.")).to_be_visible()
        assert page.get_by_role("navigation", name="Vælg et år").locator("[aria-current]").inner_text() == "2014 (1)"


def test_a_link_out_of_here_says_where_it_leads(page: Page, sample_site: str) -> None:
    page.goto(f"{sample_site}/proeve/many/case/")
    link = page.get_by_role("link", name="Om sygedagpenge (borger.dk)")
    assert (link.get_attribute("href") or "").startswith("https://www.borger.dk/")
    assert link.get_attribute("target") is None


def test_all_cases_about_the_same_are_one_click_away(page: Page, sample_site: str) -> None:
    page.goto(f"{sample_site}/proeve/many/case/")
    expect(page.get_by_role("heading", name="Andre af dine sager om det samme")).to_be_visible()
    assert page.get_by_role("link", name="Se dem alle").get_attribute("href") == "/sager/?emne=32.30.04"
    page.goto(f"{sample_site}/proeve/many/cases/?emne=32.30.04")
    expect(page.get_by_text("Vi fandt 60 sager. Du ser dem, der handler om det samme.")).to_be_visible()


def test_paper_tells_what_waits_to_be_opened_on_a_screen(page: Page, sample_site: str) -> None:
    """The older payments of a case, and what is not shown beside what is."""
    for where, waits in {"troubled/case": ".bo-older .bo-payment", "rich/cases": ".bo-notice-folded > p"}.items():
        page.goto(f"{sample_site}/proeve/{where}/")
        for media, shown in MEDIA.items():  # what is seen is settled when the next frame is drawn
            page.emulate_media(media=media)
            page.wait_for_function(SEEN, arg=[waits, shown])
