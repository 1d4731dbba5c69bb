"""Every page of every sample, as it is read in Danish: easy altogether, and without a word of an office or an index."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from lxml import html
from lxml.html import HtmlElement

from borgerblik.words import load
from tests.pages.sample_urls import every_page
from tests.plain_danish import MOST_OF_A_PAGE, MOST_WHEN_EASY, OF_OTHERS, SHORT_TEXT, avoided, lix, words
from tests.sample_overview import LONG_WORD

pytestmark = pytest.mark.usefixtures("strict_templates", "sample_addresses")

INLINE = frozenset({"a", "abbr", "b", "data", "em", "i", "small", "span", "strong", "time"})
UNREAD = frozenset({"script", "style", "svg", "template"})
AREAS = [text for key, text in load("da").texts.items() if key.startswith("areas/")]
MONTHS = "januar|februar|marts|april|maj|juni|juli|august|september|oktober|november|december"
# What cannot be said shorter, so it stands as one short word: who somebody is, what an area is called, and a day.
NAMES = re.compile(
    "|".join(re.escape(name) for name in sorted([*AREAS, *OF_OTHERS], key=len, reverse=True))
    + rf"|\b\d{{1,2}}\. (?:{MONTHS})\b"
)
EXEMPT = {
    "failed_limited": {"kle"},  # read by staff, whose roles are limited by KLE number
}


def blocks(element: HtmlElement) -> Iterator[str]:
    """What stands for itself on a page: a heading, a paragraph, a cell, in the order it is read in."""
    pieces = [""]

    def walk(part: HtmlElement) -> None:
        if isinstance(part.tag, str) and part.tag not in UNREAD and part.get("lang", "da") == "da":
            own = part.tag not in INLINE
            if own:
                pieces.append("")
            pieces[-1] += part.text or ""
            for child in part:
                walk(child)
            if own:
                pieces.append("")
        pieces[-1] += part.tail or ""

    walk(element)
    return (" ".join(piece.split()) for piece in pieces if piece.strip())


def read(client: Client, address: str, language: str = "da") -> list[str]:
    answer = client.get(f"/proeve/{address}/", {"sprog": language})
    (main,) = html.fromstring(answer.content.decode()).iter("main")
    return list(blocks(main))


@pytest.mark.parametrize(("language", "most"), [("da", MOST_OF_A_PAGE), ("da-simple", MOST_WHEN_EASY)])
def test_every_page_is_easy_to_read(client: Client, language: str, most: int) -> None:
    """The running text of it: what ends as a sentence does. A word that a register sent is not ours to shorten."""
    hard = dict[str, list[str]]()
    for address in every_page():
        read_out = read(client, address, language)
        running = [block for block in read_out if block[-1] in ".!?" and LONG_WORD not in block]
        text = NAMES.sub("det", " ".join(running))
        if len(words(text)) >= SHORT_TEXT and lix(text) > most:
            hard[f"{address} ({lix(text):.0f})"] = running
    assert hard == {}, "Say it in shorter sentences and shorter words."


def test_no_page_holds_a_word_of_an_office_or_of_an_index(client: Client) -> None:
    found = {
        (address, block): set(avoided(block)) - EXEMPT.get(address, set())
        for address in every_page()
        for block in read(client, address)
    }
    assert {where: there for where, there in found.items() if there} == {}


def test_what_is_read_of_a_page() -> None:
    page = html.fromstring(
        "<main><h1>Dine <b>sager</b></h1><p>Du har én.<br>Se den.</p><svg><title>x</title></svg>"
        '<section lang="en"><p>Not this.</p></section><ul><li>Den <a href="/">første</a>.</li></ul></main>'
    )
    assert list(blocks(page)) == ["Dine sager", "Du har én.", "Se den.", "Den første."]
