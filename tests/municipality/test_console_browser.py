"""The console in a real Chromium: accessible, without sideways scrolling, and of full use without JavaScript."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from borgerblik import objections, reports, settings_store
from borgerblik.policy import AreaRule
from portal.models import StaffUser
from tests.indexes.makers import RANDERS
from tests.looking import Seen, axe, listen, look, walk
from tests.municipality.cleaned import to_clean
from tests.municipality.objected import objection
from tests.municipality.reported import found_at_the_door, report
from tests.staff import employee, granted

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = [
    "/kommune/",
    "/kommune/?kommune=0360&soeg=pension",
    "/kommune/0730/omraade/social/",
    "/kommune/aendringer/",
    "/kommune/indsigelser/",
    "/kommune/0730/indsigelser/000000000001/",
    "/kommune/0730/indsigelser/000000000002/",
    "/kommune/brugbarhed/",
    "/kommune/datakvalitet/",
    "/kommune/0730/datakvalitet/000000000001/",
    "/kommune/0730/datakvalitet/000000000002/",
    "/kommune/oprydning/",
    "/kommune/0730/oprydning/fagsystem/?navn=KSD",
    "/api/docs/",
]


@pytest.fixture
def session(client: Client) -> str:
    """Karen, signed in, in the demo."""
    call_command("load_demo")
    objection(1)
    answered = objection(2)
    objections.answer("0730", answered.receipt, words="Det var en fejl.", staff_key="k", now=timezone.now())
    report(1)
    late = report(2, days=40)
    reports.answer(RANDERS, late.receipt, words="Det er rettet.", staff_key="k", now=timezone.now())
    found_at_the_door()
    to_clean()
    client.force_login(employee("administrator", "0730", "0360"))
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def open_browser(browser: Browser, live_server: LiveServer, session: str, *, script: bool) -> BrowserContext:
    context = browser.new_context(base_url=live_server.url, java_script_enabled=script)
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    return context


@pytest.fixture
def page(browser: Browser, live_server: LiveServer, session: str) -> Iterator[Page]:
    """A page in a browser that runs no script."""
    with open_browser(browser, live_server, session, script=False) as context:
        yield context.new_page()


@pytest.fixture
def examined(browser: Browser, live_server: LiveServer, session: str) -> Iterator[Page]:
    """A page that axe can examine: it needs timers."""
    with open_browser(browser, live_server, session, script=True) as context:
        yield context.new_page()


def test_nothing_is_wrong_with_any_page(examined: Page) -> None:
    said, seen = listen(examined), Seen()
    wrong: list[str] = []
    for address in PAGES:
        examined.goto(address)
        wrong += [f"{address} {one}" for one in look(examined, seen)]
    assert wrong == [], "\n".join(wrong)
    assert said == [], "the content security policy allows all that the pages use"


@pytest.mark.parametrize("address", [one for one in PAGES if one.startswith("/kommune/")])
def test_the_tabulator_goes_by_the_document(examined: Page, address: str) -> None:
    examined.goto(address)
    assert walk(examined) == []


def test_a_switch_is_pressed_by_keyboard_and_the_answer_is_in_sight(page: Page) -> None:
    page.goto("/kommune/")
    switch = page.get_by_role("switch", name="Dagtilbud")
    expect(switch).to_have_attribute("aria-checked", "true")
    switch.press("Space")
    expect(page.get_by_role("switch", name="Dagtilbud")).to_have_attribute("aria-checked", "false")
    told = page.get_by_role("status")
    expect(told).to_contain_text("Borgere i Randers Kommune kan ikke længere se Dagtilbud.")
    expect(told).to_be_in_viewport()
    expect(page.locator("#omraade-dagtilbud")).to_be_in_viewport()


def test_an_etape_is_switched_in_its_column(page: Page) -> None:
    page.goto("/kommune/")
    page.get_by_role("switch", name="Etape 2").click()
    expect(page.get_by_role("switch", name="Etape 2")).to_have_attribute("aria-checked", "false")
    expect(page.locator("#omraade-beskaeftigelse")).to_contain_text("Venter på etape 2")


def test_how_an_area_is_shown_is_set_and_mistakes_are_told(page: Page) -> None:
    page.goto("/kommune/")
    page.locator("#omraade-social").get_by_role("link").click()
    page.get_by_label("Vis sager fra og med").fill("2999-01-01")
    page.get_by_role("button", name="Gem").click()
    expect(page.get_by_role("alert")).to_contain_text("Datoen kan senest være 31. december")
    page.get_by_label("Vis sager fra og med").fill("2024-01-01")
    page.get_by_label("Almindelige ord for emnet").check()
    page.get_by_role("button", name="Gem").click()
    expect(page.get_by_role("status")).to_contain_text("De ser sager fra og med 1. januar 2024.")
    expect(page.locator("#omraade-social")).to_contain_text("1. januar 2024")


@pytest.mark.parametrize("width", [1280, 320])
def test_a_colleague_who_was_quicker_is_told_of_and_nothing_is_lost(examined: Page, width: int) -> None:
    examined.set_viewport_size({"width": width, "height": 900})
    examined.goto("/kommune/0730/omraade/social/")
    closed = settings_store.Change(area="social", rule=AreaRule(shown=False))
    settings_store.save("0730", [closed], staff_key="a-colleague")
    examined.get_by_label("Vis sager fra og med").fill("2024-01-01")
    examined.get_by_role("button", name="Gem").click()
    expect(examined.get_by_role("alert")).to_contain_text("Vises: ja → nej")
    assert axe(examined) == []
    assert examined.evaluate("document.documentElement.scrollWidth") <= width
    examined.get_by_role("button", name="Gem").click()
    expect(examined.get_by_role("status")).to_contain_text("De ser sager fra og med 1. januar 2024.")


def test_targets_are_large_enough(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 900})
    page.goto("/kommune/")
    for target in page.locator("main button, main a, main select, main input, main summary").all():
        box = target.bounding_box()
        if target.is_visible() and box:
            assert box["height"] >= 24, target.inner_html()


@pytest.mark.parametrize("width", [1280, 320])
def test_a_limited_role_finds_its_switches_and_why_the_others_are_locked(
    browser: Browser, live_server: LiveServer, client: Client, session: str, width: int
) -> None:
    limited = [granted("0730", kle=["15.*", "28.*"]), granted("0360")]
    StaffUser.objects.update(privileges=limited)
    client.force_login(StaffUser.objects.get())
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    with open_browser(browser, live_server, session, script=True) as context:
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": 900})
        for address in ("/kommune/", "/kommune/aendringer/"):
            page.goto(address)
            expect(page.get_by_role("main")).to_contain_text("Din rolle i Randers Kommune gælder KLE 15 og 28.")
            assert axe(page) == [], address
            assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        page.goto("/kommune/")
        names = {switch.get_attribute("aria-labelledby") for switch in page.get_by_role("switch").all()}
        assert names == {"navn-beskaeftigelse", "navn-helhedsorienteret_plan", "navn-dagtilbud"}
        expect(page.locator("#omraade-social")).to_contain_text("Vises. Uden for din rolle")
        page.get_by_role("switch", name="Dagtilbud").press("Space")
        expect(page.get_by_role("status")).to_contain_text("Dagtilbud")
