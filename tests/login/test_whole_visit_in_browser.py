"""One visit in a real Chromium, through the demo's provider: in, warned, staying by a key, out at both ends.

And what is left of it then: nothing behind the back button, nothing in the cookie.
"""

from collections.abc import Iterator
from copy import deepcopy
from importlib import import_module
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from csp.constants import SELF
from django.conf import settings as django_settings
from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, Response
from playwright.sync_api import Error as PlaywrightError
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.ops.demo_provider import CLIENT, DemoProvider
from tests.ops.mock_indexes import MockIndexes

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("strict_templates"),
]

COOKIE = django_settings.SESSION_COOKIE_NAME
NAME = "Mette Lund"
OUT = "**/log-ind/logget-af/"
WARNED_AFTER = 13 * 60 + 5  # seconds without use
TOO_LATE = 15 * 60
SETTLED = 200  # milliseconds between two looks whether the browser has gone back, and after the last
PATIENCE = 100  # looks


@pytest.fixture
def provider(
    mock_indexes: MockIndexes, live_server: LiveServer, settings: Settings, tmp_path: Path
) -> Iterator[DemoProvider]:
    """The demo's identity provider, which sends people to this server and back."""
    with DemoProvider(
        log=tmp_path / "provider.log", people=mock_indexes.people_url, sites=[live_server.url]
    ) as running:
        settings.CONFIG = running.config()
        policy = deepcopy(settings.CONTENT_SECURITY_POLICY)
        policy["DIRECTIVES"]["form-action"] = [SELF, running.url]  # as in settings.py, of this provider
        settings.CONTENT_SECURITY_POLICY = policy
        yield running


@pytest.fixture(scope="module")
def as_people_have_it(browser_type: BrowserType, browser_type_launch_args: dict[str, object]) -> Iterator[Browser]:
    """A browser that keeps whole pages to go back to, as everybody's does; Playwright's own does not."""
    usual = ["--disable-back-forward-cache"]
    browser = browser_type.launch(**browser_type_launch_args, ignore_default_args=usual)  # type: ignore[arg-type]  # given as it was read
    yield browser
    browser.close()


@pytest.fixture
def visit(as_people_have_it: Browser, live_server: LiveServer) -> Iterator[BrowserContext]:
    with as_people_have_it.new_context(base_url=live_server.url) as context:
        yield context


def sign_in(page: Page, person: str = NAME) -> None:
    """From the site's door by keyboard, through the provider's list, back to the page."""
    page.goto("/plan/")
    page.wait_for_url("**/log-ind/?next=*")
    page.get_by_role("link", name="Gå videre til log på").press("Enter")
    page.get_by_role("button", name=f"Log på som {person}").press("Enter")
    page.wait_for_url("**/plan/")
    assert person in page.content()


def cookie_of(context: BrowserContext) -> str:
    return next(str(one["value"]) for one in context.cookies() if one["name"] == COOKIE)


def put_back(context: BrowserContext, seconds: int) -> None:
    """As if the session had not been used for so long."""
    held = import_module(django_settings.SESSION_ENGINE).SessionStore(cookie_of(context))
    held["seen"] -= seconds
    held.save()


def seconds_left(page: Page) -> int:
    return int(page.request.get("/log-ind/tid/").json()["seconds"])


def knows_who_it_is(page: Page, provider: DemoProvider, site: str) -> bool:
    """Whether the provider, asked by a site that does not insist, lets this browser in without a word."""
    asked = {
        "response_type": "code",
        "client_id": CLIENT,
        "redirect_uri": f"{site}/log-ind/svar/",
        "scope": "openid",
        "state": "x",
        "code_challenge": "x" * 43,
        "code_challenge_method": "S256",
    }
    answer = page.request.get(f"{provider.url}/authorize?{urlencode(asked)}", max_redirects=0)
    assert answer.status == 302, answer.text()
    return "code" in parse_qs(urlsplit(answer.headers["location"]).query)


def test_a_visit_from_end_to_end(visit: BrowserContext, provider: DemoProvider, live_server: LiveServer) -> None:
    page = visit.new_page()
    page.clock.install()
    sign_in(page)
    assert knows_who_it_is(page, provider, live_server.url)

    put_back(visit, WARNED_AFTER)
    page.clock.fast_forward(WARNED_AFTER * 1000)
    warning = page.get_by_role("alertdialog", name="Er du her stadig?")
    warning.wait_for()
    assert 0 < seconds_left(page) <= 120
    page.keyboard.press("Enter")  # the focus is on "Bliv logget på"
    warning.wait_for(state="hidden")
    assert seconds_left(page) > 120

    page.goto("/")
    page.goto("/sager/")
    walk_history(page, -1)
    assert NAME in page.content(), "while one is signed in, going back shows the page"
    walk_history(page, 1)
    old = cookie_of(visit)
    page.get_by_role("banner").get_by_role("button", name="Log af").press("Enter")
    page.wait_for_url(OUT)
    assert "Du er logget af" in page.locator("main").inner_text()
    assert not knows_who_it_is(page, provider, live_server.url)
    assert_nothing_is_left(page)
    assert_opens_nothing(visit, old)


def walk_history(page: Page, step: int) -> None:
    """The back and forward buttons; Playwright's own wait for a load, which a page that was kept whole does not do."""
    browser = page.context.new_cdp_session(page)
    history = browser.send("Page.getNavigationHistory")
    place = history["currentIndex"] + step
    if not 0 <= place < len(history["entries"]):
        return
    browser.send("Page.navigateToHistoryEntry", {"entryId": history["entries"][place]["id"]})
    for _ in range(PATIENCE):
        page.wait_for_timeout(SETTLED)
        if browser.send("Page.getNavigationHistory")["currentIndex"] == place:
            return
    pytest.fail("The browser does not go back.")


def content_of(page: Page) -> str:
    """What stands on the page when it has come to rest: one that leads on to the sign-in is on its way for a moment."""
    for _ in range(PATIENCE):
        try:
            return page.content()
        except PlaywrightError:  # it moved on just now
            page.wait_for_timeout(SETTLED)
    return page.content()


def assert_shows_nobody(page: Page, site: str) -> None:
    """On a page of ours stands no name; the provider's list of people holds them all."""
    content = content_of(page)
    if urlsplit(page.url).netloc == site:
        assert NAME not in content
        assert page.locator(".bo-session-dialog").count() == 0


def assert_nothing_is_left(page: Page) -> None:
    """Behind the back button, and on the way forward again."""
    site = urlsplit(page.url).netloc
    been = set()
    for step in [-1] * 8 + [1] * 8:
        walk_history(page, step)
        been.add(urlsplit(page.url).netloc)
        assert_shows_nobody(page, site)
    assert site in been


def assert_opens_nothing(visit: BrowserContext, old: str) -> None:
    """The cookie of before, brought again by somebody who has copied it."""
    copied = visit.browser.new_context() if visit.browser else None
    assert copied is not None
    with copied:
        site = urlsplit(visit.pages[0].url)
        home = f"{site.scheme}://{site.netloc}"
        copied.add_cookies([{"name": COOKIE, "value": old, "url": home}])
        page = copied.new_page()
        page.goto(f"{home}/sager/")
        page.wait_for_url("**/log-ind/?next=*")
        assert copied.request.get(f"{home}/api/v1/me/summary").status == 401


def test_every_private_answer_of_a_visit_may_be_kept_by_nobody(visit: BrowserContext, provider: DemoProvider) -> None:  # noqa: ARG001
    seen: list[Response] = []
    page = visit.new_page()
    page.on("response", lambda response: seen.append(response))  # noqa: PLW0108 - Playwright marks what it is given
    sign_in(page)
    for path in ("/", "/sager/", "/penge/", "/plan/", "/hvem-har-set/", "/om-dine-data/", "/log-ind/tid/"):
        page.goto(path)
    kept = {
        response.url: response.header_value("cache-control")
        for response in seen
        if "/static/" not in response.url and urlsplit(response.url).netloc == urlsplit(page.url).netloc
    }
    assert len(kept) >= 8
    assert {url: said for url, said in kept.items() if "no-store" not in (said or "")} == {}


def test_when_it_is_over_nothing_private_stays_on_the_screen(visit: BrowserContext, provider: DemoProvider) -> None:  # noqa: ARG001
    page = visit.new_page()
    page.clock.install()
    sign_in(page)
    put_back(visit, TOO_LATE)
    page.clock.fast_forward(TOO_LATE * 1000)
    page.wait_for_url("**/log-ind/?hvorfor=tid*")
    assert "Vi har logget dig af for at passe på dig." in page.locator("main").inner_text()
    site = urlsplit(page.url).netloc
    for _ in range(4):
        walk_history(page, -1)
        assert_shows_nobody(page, site)
