"""The provider's own page, and the warning, as axe and the browser's policy see them."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.ops.demo_provider import DemoProvider

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[2]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page) -> list[str]:
    page.evaluate((ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8"))
    found: dict[str, Any] = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    return [one["id"] for one in found["violations"]]


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_the_list_of_people(page: Page, identity_provider: DemoProvider, width: int) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(identity_provider.url)
    assert page.get_by_role("button", name="Log på som Mette Lund").count() == 1
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert said == []


@pytest.mark.parametrize("width", [1280, 320])
def test_the_warning(page: Page, sample_site: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{sample_site}/proeve/rich/overview/?brugt=800")
    page.get_by_role("alertdialog").wait_for()
    assert violations(page) == []
    box = page.locator(".bo-session-dialog").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
