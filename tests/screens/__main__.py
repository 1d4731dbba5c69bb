"""``make screens``: what each of the demo's people sees first, as pictures in docs/screens, from the running demo.

Each is the whole page in WebP: on a desk, on a phone, in Arabic, on a dark screen and on paper. After them the five
states of each page, from the samples, with their words in docs/states.md (``states.py``).
"""

import base64
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from django.conf import settings
from django.core.management import call_command
from playwright.sync_api import Browser, Page, sync_playwright

from portal.embedded.clean import clean
from portal.embedded.ports import free_port

from tests.screens.environment import PLACE  # isort: skip # first: Django reads its settings here
from tests.conftest import BROWSER_ARGUMENTS
from tests.ops.environment import ROOT
from tests.pages.sample_server import sample_server
from tests.screens import states
from tests.wall.site import CITIZENS, OF_THE_SUITE, Site, consumer_of, make_root, running

QUALITY = 55


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A way to see a page. ``scale``: the picture's pixels for each of the page's."""

    width: int
    scale: float
    language: str = "da"
    media: Mapping[str, Any] = field(default_factory=dict)


WAYS = {
    "desktop": Way(width=1280, scale=0.5),
    "phone": Way(width=390, scale=0.75),
    "arabic": Way(width=390, scale=0.75, language="ar"),
    "dark": Way(width=1280, scale=0.5, media={"color_scheme": "dark"}),
    "print": Way(width=703, scale=0.6, media={"media": "print"}),
}
STATE = Way(width=390, scale=0.6)


def main() -> int:
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    with sync_playwright() as playwright:
        chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
        browser = playwright.chromium.launch(executable_path=chromium, args=BROWSER_ARGUMENTS)
        take_people(browser)
        take_states(browser)
        browser.close()
    pictures = list(PLACE.rglob("*.webp"))
    size = sum(picture.stat().st_size for picture in pictures)
    sys.stdout.write(f"{len(pictures)} pictures in docs/screens, {size / 1_000_000:.1f} MB.\n")
    return 0


def take_people(browser: Browser) -> None:
    """The pictures of everybody's overview, from a demo of their own."""
    root, port = Path(tempfile.mkdtemp(prefix="borgerblik-screens-", dir=Path.home())), free_port()
    make_root(root)
    outer = {name: value for name, value in os.environ.items() if name not in OF_THE_SUITE}
    try:
        with running(root, port, outer) as said:
            site = Site(
                root=root, url=f"http://127.0.0.1:{port}", indexes_url="", people={}, consumer=consumer_of(said)
            )
            for person in CITIZENS:
                take(site, browser, person)
    finally:
        clean(root / ".data")
        shutil.rmtree(root)


def take_states(browser: Browser) -> None:
    """The pictures of each page in each of its states, and the document with the words."""
    place = PLACE / "states"
    place.mkdir(exist_ok=True)
    with sample_server() as site, httpx.Client(base_url=site, trust_env=False) as client:
        (ROOT / "docs" / "states.md").write_text(states.document(lambda where: client.get(where).text), "utf-8")
        page = browser.new_page(base_url=site, locale="da-DK")
        page.set_viewport_size({"width": STATE.width, "height": 900})
        for one in states.PAGES:
            for state in one.states:
                page.goto(states.address(one, state), wait_until="networkidle")
                (place / states.picture_of(one, state)).write_bytes(picture(page, STATE, one.tallest))
        page.close()


def take(site: Site, browser: Browser, person: str) -> None:
    """The pictures of one person's overview."""
    with site.signed_in(person) as client, browser.new_context(base_url=site.url, locale="da-DK") as context:
        cookie = settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": cookie, "value": client.cookies[cookie], "url": site.url}])
        wait_for_the_indexes(client)
        for name, way in WAYS.items():
            page = context.new_page()
            page.set_viewport_size({"width": way.width, "height": 900})
            page.emulate_media(**way.media)
            page.goto(f"/?sprog={way.language}", wait_until="networkidle")
            (PLACE / f"{person}-{name}.webp").write_bytes(picture(page, way))
            page.close()


def wait_for_the_indexes(client: httpx.Client) -> None:
    """Signing in starts a refresh; what it brings is there on the next page but one at the latest."""
    for _ in range(3):
        client.get("/").raise_for_status()


def picture(page: Page, way: Way, tallest: int = sys.maxsize) -> bytes:
    """The page down to a height, in WebP, which Playwright has no word for."""
    height = min(page.evaluate("document.documentElement.scrollHeight"), tallest)
    taken = page.context.new_cdp_session(page).send(
        "Page.captureScreenshot",
        {
            "format": "webp",
            "quality": QUALITY,
            "captureBeyondViewport": True,
            "clip": {"x": 0, "y": 0, "width": way.width, "height": height, "scale": way.scale},
        },
    )
    return base64.b64decode(taken["data"])


if __name__ == "__main__":
    PLACE.mkdir(exist_ok=True)
    sys.exit(main())
