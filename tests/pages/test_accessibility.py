"""The accessibility statement: each thing it says was tested is shown by a test, and the law's own parts are there."""

import ast
from pathlib import Path

import pytest
from django.test import Client

from borgerblik.words import LANGUAGES
from portal.citizen.accessibility import COMPLAINTS
from portal.ui_words import load
from tests.pages.sessions import a_citizen, sign_in_as

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]

TESTS = Path(__file__).parents[1]
EVERY_PAGE = ("wall/test_every_page_in_browser.py", "test_nothing_is_wrong_with_any_page")
# By the beginning of each claim, in the order of the page.
SHOWN_BY = {
    "Et program, axe,": EVERY_PAGE,
    "Siderne er set igennem på lys skærm": EVERY_PAGE,
    "På papir": EVERY_PAGE,
    "Du skal ikke rulle til siden": EVERY_PAGE,
    "På de vigtigste sider må der være mere luft": (
        "pages/test_pages_in_browser.py",
        "test_wider_spacing_loses_nothing",
    ),
    "Vi har målt, at ord i grafer": EVERY_PAGE,
    "Knapper og links": EVERY_PAGE,
    "Tastaturet går gennem siden": ("wall/test_every_page_in_browser.py", "test_the_tabulator_goes_by_the_document"),
    "Man kan logge på og af uden mus": ("login/test_whole_visit_in_browser.py", "test_a_visit_from_end_to_end"),
    "Siderne siger det samme": EVERY_PAGE,
    "De fem vigtigste sider står stille": (
        "wall/test_weight_in_browser.py",
        "test_nothing_moves_when_the_fonts_come_late",
    ),
    "Du får besked, to minutter før": (
        "login/test_warning_in_browser.py",
        "test_it_comes_two_minutes_before_and_asks_the_server_first",
    ),
    "De sider, hvor vi siger, at noget gik galt": (
        "pages/test_pages_in_browser.py",
        "test_a_page_in_arabic_is_mirrored",
    ),
    "Siderne for ansatte": ("municipality/test_console_browser.py", "test_nothing_is_wrong_with_any_page"),
    "Din kopi som PDF": ("privacy/test_copy.py", "test_a_screen_reader_can_read_the_pdf"),
}


def names_in(name: str) -> set[str]:
    tree = ast.parse((TESTS / name).read_text("utf-8"))
    return {one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)}


def test_each_thing_it_says_was_tested_is_shown_by_a_test() -> None:
    claims = load("da")["accessibility_tested"]
    assert [claim.startswith(begun) for claim, begun in zip(claims, SHOWN_BY, strict=True)] == [True] * len(claims)
    assert [test for name, test in SHOWN_BY.values() if test not in names_in(name)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_says_what_the_law_asks_for(client: Client, language: str) -> None:
    """How far it is followed, what is missing, whom to tell by telephone and in writing, where to complain, when."""
    sign_in_as(client, a_citizen("6815859002"), language)
    html = client.get("/tilgaengelighed/").content.decode()
    ui = load(language)
    for key in ("status", "known", "untested", "tell"):
        assert all(text in html for text in ui[f"accessibility_{key}"])
    for part in ('href="tel:+45', 'href="https://post.borger.dk/"', f'href="{COMPLAINTS}"', "2026"):
        assert part in html


def test_to_whoever_is_not_signed_in_it_names_no_municipality(client: Client) -> None:
    html = client.get("/tilgaengelighed/").content.decode()
    assert "Randers" not in html
    assert "27. november 2026" in html
