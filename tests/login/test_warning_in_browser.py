"""The warning before a session ends, in a real Chromium: a keyboard answers it, and the policy lets it work."""

import json

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser
DIALOG = ".bo-session-dialog"
HERE = "/proeve/rich/overview/"


@pytest.fixture
def complaints(page: Page) -> list[str]:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


def seconds_left(page: Page, site: str) -> int:
    left: int = json.loads(page.request.get(f"{site}/log-ind/tid/").text())["seconds"]
    return left


def test_nobody_is_warned_too_early(page: Page, sample_site: str) -> None:
    page.goto(f"{sample_site}{HERE}")
    assert int(page.locator(DIALOG).get_attribute("data-left") or 0) > 120
    assert not page.locator(DIALOG).is_visible()


def test_the_warning_is_told_and_answered_by_a_key(page: Page, sample_site: str, complaints: list[str]) -> None:
    page.goto(f"{sample_site}{HERE}?brugt=800")
    dialog = page.get_by_role("alertdialog", name="Er du her stadig?")
    dialog.wait_for()
    assert "Om to minutter logger vi dig af." in dialog.inner_text()
    assert page.evaluate("document.activeElement.innerText") == "Bliv logget på"
    assert seconds_left(page, sample_site) <= 100
    page.keyboard.press("Enter")
    dialog.wait_for(state="hidden")
    assert seconds_left(page, sample_site) > 120
    assert complaints == []


def test_escape_means_to_stay(page: Page, sample_site: str) -> None:
    page.goto(f"{sample_site}{HERE}?brugt=800")
    page.get_by_role("alertdialog").wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("alertdialog").wait_for(state="hidden")
    assert seconds_left(page, sample_site) > 120


def test_it_comes_two_minutes_before_and_asks_the_server_first(page: Page, sample_site: str) -> None:
    page.clock.install()
    page.goto(f"{sample_site}{HERE}?brugt=60")
    with page.expect_response("**/log-ind/tid/"):
        page.clock.fast_forward("12:01")
    # The server's clock has not moved: to it another window has just been used.
    assert not page.locator(DIALOG).is_visible()


def test_english_is_warned_in_english(page: Page, sample_site: str) -> None:
    page.goto(f"{sample_site}{HERE}?sprog=en&brugt=800")
    page.get_by_role("alertdialog", name="Are you still here?").wait_for()
    assert page.evaluate("document.activeElement.innerText") == "Stay signed in"
