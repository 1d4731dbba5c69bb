"""Every page in a real Chromium: nothing for axe to find, nothing cut off, nothing that the policy forbids."""

import pytest
from playwright.sync_api import Browser, Page, expect

from portal.citizen import chart
from tests.looking import WIDTHS, Seen, listen, look
from tests.pages.sample_urls import BROKEN, OTHERS
from tests.sample_overview import SAMPLES

pytestmark = pytest.mark.browser

EXPECTED = {"403": 403, "404": 404, **BROKEN}
WHITE = "rgb(255, 255, 255)"
A4 = 703  # pixels between the margins of the style sheet
BOTTOM = "e => e.getBoundingClientRect().bottom"

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
    """What none of the demo's people has: an index that fails, words of any length, a mistake, nobody signed in.

    Everybody's own pages are looked at in the running demo (``tests/wall/test_every_page_in_browser.py``).
    """
    states = ["rich/overview", "stale/overview", "failed/overview", "off/overview", "no_consent/plan"]
    long = [f"long_words/{page}" for page in ("overview", "case", "plan", "fridge")]
    helping = [f"rich/{page}" for page in ("helpers", "power_give", "power_offer", "helped", "own_only")]
    return [*states, *long, *helping, "rich/objection", "troubled/money", "troubled/year", *OTHERS, *EXPECTED]


@pytest.fixture(scope="module")
def seen() -> Seen:
    return Seen()


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


@pytest.mark.parametrize("where", every_page())
def test_nothing_is_wrong_with_any_page(page: Page, sample_site: str, seen: Seen, where: str) -> None:
    said = listen(page)
    go(page, sample_site, where, WIDTHS[0])
    wrong = look(page, seen)
    assert wrong == [], "\n".join(wrong)
    assert [text for text in said if where not in EXPECTED or "Failed to load resource" not in text] == []


@pytest.mark.parametrize(
    ("where", "query"),
    [
        *[("rich/helpers", query) for query in ("?kode=ja", "?sendt=ja", "?slut=ja", "?sprog=ar")],
        *[("rich/power_give", query) for query in ("?sendt=ja", "?sendt=ja&sprog=ar")],
        *[("rich/power_offer", "?sprog=ar"), ("rich/helped", "?sprog=ar")],
    ],
)
def test_nothing_is_wrong_with_a_form_that_was_sent(
    page: Page, sample_site: str, seen: Seen, where: str, query: str
) -> None:
    go(page, sample_site, where, WIDTHS[0], query)
    wrong = look(page, seen)
    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize("where", [page for page in every_page() if page.startswith("rich/") or "/" not in page])
def test_a_page_in_arabic_is_mirrored(page: Page, sample_site: str, seen: Seen, where: str) -> None:
    """From right to left nothing is cut off or scrolls, and the policy and axe find as little."""
    said = listen(page)
    go(page, sample_site, where, WIDTHS[1], "?sprog=ar")
    wrong = look(page, seen)
    assert wrong == [], "\n".join(wrong)
    assert page.evaluate("getComputedStyle(document.querySelector('main')).direction") == "rtl"
    assert page.evaluate("document.fonts.check('16px \"IBM Plex Sans\"', 'مرحبا')")
    assert [text for text in said if where not in EXPECTED or "Failed to load resource" not in text] == []


BREAK = {  # what a script does to a page, and what of it is told
    "document.querySelector('h1').remove()": "page-has-heading-one",
    "document.documentElement.removeAttribute('lang')": "html-has-lang",
    "document.querySelector('.bo-section-words').style.color = '#eee'": "light 390: color-contrast",
    "document.querySelector('.bo-freshness').style.color = '#333'": "dark 390: color-contrast",
    "document.querySelector('.bo-chart-axis text').style.fill = '#eee'": "light 1280: weak words",
    "document.querySelector('.bo-section-top a').tabIndex = 3": "out of order",
    "document.querySelector('.bo-cases').style.direction = 'rtl'": "out of order",
    "document.querySelector('.bo-attention').style.minInlineSize = '380px'": "320: ",
    "document.querySelector('.bo-footer .bo-plain a').style.fontSize = '1px'": "small target",
}


def test_what_is_wrong_would_be_told(page: Page, sample_site: str) -> None:
    go(page, sample_site, "rich/overview", WIDTHS[0])
    for fault in BREAK:
        page.evaluate(fault)
    wrong = look(page, Seen())
    assert [told for told in BREAK.values() if not any(told in one for one in wrong)] == []


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
    page: Page, sample_site: str, seen: Seen, query: str
) -> None:
    """The form of each kind, with what is wrong with the answers, the receipt, and the answer."""
    said = listen(page)
    go(page, sample_site, "rich/report", WIDTHS[0], query)
    assert look(page, seen) == []
    assert said == []
