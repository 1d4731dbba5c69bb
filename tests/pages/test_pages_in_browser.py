"""Every page in a real Chromium: nothing for axe to find, nothing cut off, nothing that the policy forbids."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from portal.citizen import chart
from tests.pages.sample_urls import BROKEN, OTHERS, pages_of
from tests.sample_overview import SAMPLES

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
WIDTHS = (1280, 390, 320)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SMALLEST_TARGET = 24  # CSS pixels (WCAG 2.5.8)
EXPECTED = {"403": 403, "404": 404}
WHITE = "rgb(255, 255, 255)"
A4 = 703  # pixels between the margins of the style sheet
BOTTOM = "e => e.getBoundingClientRect().bottom"

# Small links and buttons, except links within a sentence, which the rule leaves out. One rings with a thumb.
SMALL_TARGETS = """least => [...document.querySelectorAll("a[href], button, summary, input:not([type=hidden]), select")]
  .filter(e => e.checkVisibility() && !e.classList.contains("skipnav"))
  .filter(e => !(e.matches("a:not([href^=tel])") && getComputedStyle(e).display === "inline" &&
    (e.closest("h3") || e.closest("p, dd, small")?.textContent.trim().length > e.textContent.trim().length)))
  .filter(e => { const box = e.getBoundingClientRect(); return box.width < least || box.height < least; })
  .map(e => e.outerHTML.slice(0, 120))"""
# WCAG 1.4.12: what a reader may set, and nothing may be lost.
SPACED = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }"
TWICE = "html { font-size: 125% !important; }"  # the design system's is 62.5 % (WCAG 1.4.4)
# How the style sheet paints a bar of a class.
PAINT = """names => {
  const drawing = document.querySelector(".bo-track > svg");
  const bar = drawing.appendChild(document.createElementNS(drawing.namespaceURI, "rect"));
  bar.setAttribute("class", names);
  const style = getComputedStyle(bar);
  return [style.fill, style.stroke, style.strokeWidth, style.strokeDasharray];
}"""
# Figures and amounts whose words stand on more than one line.
BROKEN_NUMBERS = """[...document.querySelectorAll(".bo-figure-value, .bo-next-total, .bo-amount")].filter(e => {
  const words = document.createRange();
  words.selectNodeContents(e);
  return new Set([...words.getClientRects()].map(line => line.top)).size > 1;
}).map(e => e.textContent)"""


def every_page() -> list[str]:
    rich = [f"rich/{page}" for page in pages_of(SAMPLES["rich"]("da"))]
    others = ["empty/overview", "stale/overview", "failed/overview", "off/overview", "no_consent/plan", "many/cases"]
    long = [f"long_words/{page}" for page in ("overview", "case", "plan", "fridge")]
    return [*rich, *others, *long, "troubled/money", "troubled/year", *OTHERS, *BROKEN, *EXPECTED]


@pytest.fixture(scope="module")
def axe() -> str:
    return (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the console says while the test runs: violated policies, files that are not there, broken scripts."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


def go(page: Page, site: str, where: str, width: int, query: str = "") -> None:
    page.set_viewport_size({"width": width, "height": 900})
    answer = page.goto(f"{site}/proeve/{where}/{query}")
    assert answer is not None
    assert answer.status == EXPECTED.get(where, 200)


def restyle(page: Page, style: str) -> None:
    """Add a reader's own style, by the tools of the browser and not the page: the policy would rightly forbid it."""
    page.context.new_cdp_session(page).send("Page.setBypassCSP", {"enabled": True})
    page.reload()
    page.add_style_tag(content=style)


def violations(page: Page) -> list[str]:
    """What axe finds, once it has been let in."""
    found: dict[str, Any] = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    return [f"{one['id']}: {node['html'][:160]}" for one in found["violations"] for node in one["nodes"]]


@pytest.mark.parametrize("where", every_page())
def test_a_page_at_every_width(page: Page, sample_site: str, axe: str, complaints: list[str], where: str) -> None:
    go(page, sample_site, where, WIDTHS[0])
    page.evaluate("[...document.querySelectorAll('details')].slice(0, 6).forEach(one => { one.open = true; })")
    page.evaluate(axe)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert violations(page) == [], width
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(SMALL_TARGETS, SMALLEST_TARGET) == [], width
    assert [text for text in complaints if where not in EXPECTED or "Failed to load resource" not in text] == []


@pytest.mark.parametrize("where", [page for page in every_page() if page.startswith("rich/") or page in OTHERS])
def test_a_page_in_arabic_is_mirrored(
    page: Page, sample_site: str, axe: str, complaints: list[str], where: str
) -> None:
    """From right to left nothing is cut off or scrolls, and the policy and axe find as little."""
    go(page, sample_site, where, WIDTHS[1], "?sprog=ar")
    page.evaluate("[...document.querySelectorAll('details')].slice(0, 6).forEach(one => { one.open = true; })")
    page.evaluate(axe)
    for width in WIDTHS[1:]:
        page.set_viewport_size({"width": width, "height": 900})
        assert violations(page) == [], width
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(SMALL_TARGETS, SMALLEST_TARGET) == [], width
    assert page.evaluate("getComputedStyle(document.querySelector('main')).direction") == "rtl"
    assert page.evaluate("document.fonts.check('16px \"IBM Plex Sans\"', 'مرحبا')")
    assert complaints == []


def test_axe_would_say_so(page: Page, sample_site: str, axe: str) -> None:
    go(page, sample_site, "rich/overview", 1280)
    page.evaluate("document.querySelector('h1').remove(); document.documentElement.removeAttribute('lang')")
    page.evaluate(axe)
    assert {found.split(":")[0] for found in violations(page)} == {"html-has-lang", "page-has-heading-one"}


@pytest.mark.parametrize("where", ["rich/overview", "rich/case", "rich/money", "rich/plan", "sign_in"])
def test_wider_spacing_loses_nothing(page: Page, sample_site: str, where: str) -> None:
    go(page, sample_site, where, 320)
    restyle(page, SPACED)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("where", ["rich/overview", "rich/money", "rich/plan", "long_words/overview"])
@pytest.mark.parametrize("width", WIDTHS[:2])
def test_twice_the_text_breaks_no_number_and_hides_nothing(
    page: Page, sample_site: str, where: str, width: int
) -> None:
    go(page, sample_site, where, width)
    restyle(page, TWICE)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if width == WIDTHS[0]:
        assert page.evaluate(BROKEN_NUMBERS) == []


def test_english_has_no_faults_either(page: Page, sample_site: str, axe: str) -> None:
    go(page, sample_site, "rich/overview", 1280, "?sprog=en")
    page.evaluate(axe)
    assert violations(page) == []
    assert page.locator("h1").inner_text() == "Good morning, Mette"


@pytest.mark.parametrize(
    "where", ["rich/overview", "rich/case", "rich/cases", "rich/money", "rich/plan", "rich/fridge"]
)
def test_everything_is_there_without_javascript(browser: Browser, page: Page, sample_site: str, where: str) -> None:
    go(page, sample_site, where, 390)
    with browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 900}) as bare:
        without = bare.new_page()
        without.goto(f"{sample_site}/proeve/{where}/")
        button = "Print planen"  # only a script can print
        with_it = page.locator("body").inner_text().replace(button, "")
        assert without.locator("body").inner_text().split() == with_it.split()
        summary = without.locator("summary").first
        if summary.count():
            summary.click()
            assert without.locator("details[open]").count() == 1


def test_the_keyboard_reaches_the_content_first(page: Page, sample_site: str) -> None:
    go(page, sample_site, "rich/overview", 1280)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skipnav"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_the_focus_is_seen_on_the_dark_panel(page: Page, sample_site: str) -> None:
    """The design system's ring is dark grey: 1.4 to 1 against the panel, where WCAG 2.4.11 wants 3."""
    go(page, sample_site, "rich/plan", 1280)
    page.locator(".bo-goal a").first.focus()
    page.keyboard.press("Tab")
    focused = page.locator(".bo-goal a:focus")
    assert focused.evaluate("link => getComputedStyle(link).outlineColor") == WHITE


def test_with_the_readers_own_colours_bars_differ_and_keys_follow_them(page: Page, sample_site: str) -> None:
    """Forced colours leave about five: no two series, and no two states, may be painted the same."""
    page.emulate_media(forced_colors="active")
    go(page, sample_site, "rich/plan", 1280)
    series = [page.evaluate(PAINT, f"bo-series-{number}") for number in range(chart.SERIES)]
    states = [page.evaluate(PAINT, f"bo-bar bo-bar-{code}") for code in ("ongoing", "planned", "ended", "stopped")]
    assert len({*map(tuple, series)}) == len(series)
    assert len({*map(tuple, states)}) == len(states)
    for code, (fill, edge, *_) in zip(("ongoing", "planned", "ended"), states, strict=False):
        key = page.locator(f".bo-key-{code}")
        assert key.evaluate("e => [getComputedStyle(e).backgroundColor, getComputedStyle(e).borderColor]") == [
            fill,
            edge,
        ]


def test_an_address_of_a_payment_opens_its_figures(page: Page, sample_site: str) -> None:
    uuid = SAMPLES["troubled"]("da").money.payments[0].uuid
    go(page, sample_site, "troubled/money", 1280, f"#p-{uuid}")
    assert page.locator(f"#p-{uuid} details[open]").count() == 1


def test_on_paper_nothing_lies_on_something_else_and_no_page_is_a_footer(page: Page, sample_site: str) -> None:
    go(page, sample_site, "rich/overview", A4)
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") <= A4
    months, legend = page.locator(".bo-chart-plot text").last, page.locator(".bo-chart-panel .bo-legend")
    assert months.evaluate(BOTTOM) <= legend.evaluate("e => e.getBoundingClientRect().top")
    assert not page.locator("footer").is_visible()
    assert page.locator(".bo-timeline .bo-meeting-words:visible").count() == 0  # the days stand in words beside them


def test_the_sheet_is_one_page_of_a4_across(page: Page, sample_site: str) -> None:
    go(page, sample_site, "rich/fridge", 1280)
    pdf = page.pdf(prefer_css_page_size=True)
    assert b"/Count 1" in pdf
    assert b"/MediaBox [0 0 841" in pdf


@pytest.mark.parametrize("where", ["rich/year", "troubled/year", "many/year"])
def test_a_year_is_one_page_of_a4(page: Page, sample_site: str, where: str) -> None:
    go(page, sample_site, where, 1280)
    pdf = page.pdf(prefer_css_page_size=True, format="A4")
    assert b"/Count 1" in pdf


def test_the_form_of_an_objection_is_filled_in_by_keyboard_alone(browser: Browser, sample_site: str) -> None:
    with browser.new_context(java_script_enabled=False) as bare:
        page = bare.new_page()
        page.goto(f"{sample_site}/proeve/rich/objection/")
        page.locator("#grund-unknown").focus()
        page.keyboard.press("ArrowDown")
        expect(page.locator("#grund-no_reason")).to_be_checked()
        page.keyboard.press("Tab")
        page.keyboard.type("Hvorfor?")
        expect(page.get_by_label("Skriv mere, hvis du vil")).to_have_value("Hvorfor?")
        page.keyboard.press("Tab")
        expect(page.get_by_role("button", name="Send til kommunen")).to_be_focused()


@pytest.mark.parametrize(
    "query", ["?meldt=1", "?svar=1", "?sendt=1", "?slags=payment", "?slags=grant", "?slags=plan&svar=1&sprog=en"]
)
def test_saying_that_an_item_is_wrong_has_no_fault_in_any_state(
    page: Page, sample_site: str, axe: str, complaints: list[str], query: str
) -> None:
    """The form of each kind, with what is wrong with the answers, the receipt, and the answer."""
    go(page, sample_site, "rich/report", WIDTHS[0], query)
    page.evaluate(axe)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert violations(page) == [], width
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(SMALL_TARGETS, SMALLEST_TARGET) == [], width
    assert complaints == []
