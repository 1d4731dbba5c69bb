"""Every page as each of the demo's people in a real Chromium: each language, width and mode, with scripts and without.

The pages are those that the person can reach by links, so a new one is looked at as soon as something leads there.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from django.conf import settings
from django.urls import resolve
from playwright.sync_api import Browser, Page

from portal.access import Access
from tests.looking import MARKUP, Seen, fits, listen, look, walk, without_numbers
from tests.wall.addresses import addresses
from tests.wall.site import CITIZENS, Site

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]  # a person has some fifty pages in three languages

HOME = "da"
RICHEST = "mette"  # has every page there is
LANGUAGES = ("da", "en", "ar")
MORE_LANGUAGES = ("uk", "de", "pl")  # built as the others, in other words: whether those fit
AT_MOST = 2  # pages of one address with different ids
# What answers with a file to keep, is sent a form, or says thanks for it (tests/pages).
FILES = {"payments", "copy", "useful", "useful_thanks", "own_pages", "power_code", "power_stop", "power_use"}


def name_of(address: str) -> str:
    """The name of the view that answers. A link of ours that leads nowhere fails."""
    return resolve(address).url_name or ""


class Ahead:
    """The pages that links lead to: all of them, or of one address with different ids a few."""

    def __init__(self) -> None:
        self.found = ["/"]
        self._of_view = Counter[str]()

    def follow(self, page: Page) -> None:
        here: list[str] = page.evaluate("[...document.querySelectorAll('a[href^=\"/\"]')].map(a => a.pathname)")
        for address in here:
            name = name_of(address)
            if address not in self.found and name not in {"", *FILES} and self._of_view[name] < AT_MOST:
                self._of_view[name] += 1
                self.found.append(address)


@pytest.fixture(scope="module")
def seen() -> Seen:
    return Seen()


@contextmanager
def visit(site: Site, browser: Browser, person: str, *, script: bool = True) -> Iterator[Page]:
    """Somebody of the demo in a browser of their own."""
    with site.signed_in(person) as client:
        cookie = settings.SESSION_COOKIE_NAME
        with browser.new_context(base_url=site.url, java_script_enabled=script, locale="da-DK") as context:
            context.add_cookies([{"name": cookie, "value": client.cookies[cookie], "url": site.url}])
            yield context.new_page()


def go(page: Page, address: str, language: str) -> None:
    answer = page.goto(f"{address}?sprog={language}")
    assert answer is not None
    assert answer.status == httpx.codes.OK, address


@pytest.mark.parametrize("person", CITIZENS)
def test_nothing_is_wrong_with_any_page(site: Site, browser: Browser, seen: Seen, person: str) -> None:
    wrong: list[str] = []
    with visit(site, browser, person) as page, visit(site, browser, person, script=False) as bare:
        ahead, said = Ahead(), listen(page)
        for address in ahead.found:  # which grows meanwhile
            go(page, address, HOME)
            ahead.follow(page)
            with_scripts = told(page)
            wrong += [f"{address} {one}" for one in (*look(page, seen), *said)]
            said.clear()
            if seen.was_new:
                go(bare, address, HOME)
                wrong += [] if told(bare) == with_scripts else [f"{address} is another without scripts"]
        for language in LANGUAGES:
            for address in ahead.found if language != HOME else ():
                go(page, address, language)
                wrong += [f"{address} {language} {one}" for one in (*look(page, seen), *said)]
                said.clear()
        for language in MORE_LANGUAGES if person == RICHEST else ():
            for address in ahead.found:
                go(page, address, language)
                wrong += [f"{address} {language} {one}" for one in (*fits(page), *said)]
                said.clear()
    assert wrong == [], "\n".join(wrong)


def told(page: Page) -> str:
    """What a page is built of and says, but for numbers – the list of who has seen what grows by each look.

    Where it is the same without scripts, what is found of the one page holds of the other.
    """
    words = page.inner_text("main").replace("Print siden", "")
    return without_numbers(f"{page.evaluate(MARKUP)} {words.split()}")


@pytest.mark.parametrize("person", [RICHEST, "lis"])
def test_the_tabulator_goes_by_the_document(site: Site, browser: Browser, person: str) -> None:
    """That the document is in reading order is measured on every page (``looking.OUT_OF_ORDER``)."""
    with visit(site, browser, person) as page:
        ahead = Ahead()
        for address in ahead.found:
            go(page, address, HOME)
            ahead.follow(page)
            assert walk(page) == [], address
    if person == RICHEST:
        no_page_is_left_out(ahead)


def no_page_is_left_out(ahead: Ahead) -> None:
    citizens = {one.name for one in addresses() if one.access == Access.CITIZENS and not one.path.startswith("/api/")}
    assert citizens - FILES - set(map(name_of, ahead.found)) == set(), "a page that no link leads to"
