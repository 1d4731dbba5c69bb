"""The provider's own page, and the warning, as axe and the browser's policy see them."""

import pytest
from playwright.sync_api import Page

from tests.looking import Seen, axe, listen, look
from tests.ops.demo_provider import DemoProvider

pytestmark = pytest.mark.browser


def test_the_list_of_people(page: Page, identity_provider: DemoProvider) -> None:
    said = listen(page)
    page.goto(identity_provider.url)
    assert page.get_by_role("button", name="Log på som Mette Lund").count() == 1
    assert look(page, Seen()) == []
    assert said == []


@pytest.mark.parametrize("width", [1280, 320])
def test_the_warning(page: Page, sample_site: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{sample_site}/proeve/rich/overview/?brugt=800")
    page.get_by_role("alertdialog").wait_for()
    assert axe(page) == []
    box = page.locator(".bo-session-dialog").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
