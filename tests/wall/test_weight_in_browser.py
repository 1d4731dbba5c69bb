"""What the overview weighs on the wire, and that nothing moves while it comes: in a real Chromium, from the demo."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.wall.site import CITIZENS, Site
from tests.wall.test_every_page_in_browser import visit

pytestmark = pytest.mark.browser

FIRST, NEXT = 150_000, 40_000  # bytes, headers included
SHIFT = 0.05  # half of what is still called good (web.dev/cls)
# Started before the page: what moves without anybody's doing, added up.
MOVED = """() => {
  window.moved = 0;
  new PerformanceObserver(list => { for (const one of list.getEntries()) { window.moved += one.value; } })
    .observe({type: "layout-shift", buffered: true});
}"""
# When the first words stood on the screen.
PAINTED = """() => new Promise(done => new PerformanceObserver(list => done(list.getEntries()[0].startTime))
  .observe({type: "paint", buffered: true}))"""


def weigh(page: Page) -> dict[str, int]:
    """What every answer from now on weighs, by its address."""
    weight: dict[str, int] = {}
    asked: dict[str, str] = {}
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")

    def name(sent: Any) -> None:
        asked[sent["requestId"]] = sent["request"]["url"]

    def add(done: Any) -> None:
        url = asked.get(done["requestId"], "?")
        weight[url] = weight.get(url, 0) + int(done["encodedDataLength"])

    session.on("Network.requestWillBeSent", name)
    session.on("Network.loadingFinished", add)
    return weight


@pytest.mark.parametrize("person", CITIZENS)
def test_the_overview_is_light(site: Site, browser: Browser, person: str) -> None:
    with visit(site, browser, person) as page:
        weight = weigh(page)
        page.goto("/", wait_until="networkidle")
        first = sum(weight.values())
        assert any("woff2" in url for url in weight), "the fonts are counted"
        assert first < FIRST, weight
        weight.clear()
        page.goto("/", wait_until="networkidle")
        assert 0 < sum(weight.values()) < NEXT, weight


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("address", ["/", "/sager/", "/penge/", "/plan/", "/hvem-har-set/"])
def test_nothing_moves_when_the_fonts_come_late(site: Site, browser: Browser, address: str, width: int) -> None:
    held: list[Route] = []
    painted: list[float] = []

    def hold(font: Route) -> None:
        if painted:
            font.continue_()
        else:
            held.append(font)

    with visit(site, browser, "mette") as page:
        page.set_viewport_size({"width": width, "height": 900})
        page.route("**/*.woff2", hold)
        page.add_init_script(f"({MOVED})()")
        page.goto(address, wait_until="domcontentloaded")
        painted.append(page.evaluate(PAINTED))
        assert held
        for font in held:
            font.continue_()
        page.wait_for_load_state("networkidle")
        page.evaluate("document.fonts.ready")
        assert page.evaluate("window.moved") < SHIFT
