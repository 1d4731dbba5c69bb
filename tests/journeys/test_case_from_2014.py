"""Jens finds one of his 300 cases in a real Chromium: the one from 2014, two clicks from the front page."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.journeys.visitors import Demo, Visitor

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("strict_templates"),
]

ROOT = Path(__file__).parents[2]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page) -> list[Any]:
    page.evaluate((ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8"))
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    return [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]]


def finds_it(page: Page) -> None:
    page.goto("/")
    page.get_by_role("navigation", name="Hovedmenu").get_by_role("link", name="Sager").click()
    page.get_by_role("link", name="2014").click()
    his = page.get_by_role("main").get_by_role("link", name="Støtte til bil")
    expect(his).to_be_visible()
    his.click()
    expect(page.get_by_role("heading", level=1, name="Støtte til bil")).to_be_visible()


def test_jens_finds_his_case_from_2014_in_two_clicks(demo: Demo, live_server: LiveServer, browser: Browser) -> None:
    assert demo.people["jens"]
    session = Visitor("jens").client.cookies[settings.SESSION_COOKIE_NAME].value
    for script, width in ((True, 1280), (False, 390)):
        with browser.new_context(
            base_url=live_server.url, java_script_enabled=script, viewport={"width": width, "height": 900}
        ) as context:
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
            page = context.new_page()
            finds_it(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            if script:
                assert violations(page) == []
                page.go_back()
                assert violations(page) == []
