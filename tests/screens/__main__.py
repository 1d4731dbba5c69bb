"""``make screens``: what each of the demo's people sees first, as pictures in docs/screens, from the running demo.

Each is the whole page in WebP: on a desk, on a phone, in Arabic, on a dark screen and on paper.
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


def main() -> int:
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    root, port = Path(tempfile.mkdtemp(prefix="borgerblik-screens-", dir=Path.home())), free_port()
    make_root(root)
    outer = {name: value for name, value in os.environ.items() if name not in OF_THE_SUITE}
    try:
        with running(root, port, outer) as said, sync_playwright() as playwright:
            chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
            browser = playwright.chromium.launch(executable_path=chromium, args=BROWSER_ARGUMENTS)
            site = Site(
                root=root, url=f"http://127.0.0.1:{port}", indexes_url="", people={}, consumer=consumer_of(said)
            )
            for person in CITIZENS:
                take(site, browser, person)
            browser.close()
    finally:
        clean(root / ".data")
        shutil.rmtree(root)
    size = sum(picture.stat().st_size for picture in PLACE.glob("*.webp"))
    sys.stdout.write(f"{len(CITIZENS) * len(WAYS)} pictures in docs/screens, {size / 1_000_000:.1f} MB.\n")
    return 0


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


def picture(page: Page, way: Way) -> bytes:
    """The whole page in WebP, which Playwright has no word for."""
    height = page.evaluate("document.documentElement.scrollHeight")
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
