"""What each page says in each of the five states, as a document with pictures: docs/states.md.

The pages are those of the samples, where it is always the same morning. What a page says of its state stands in what
``SAYS`` names; the rest is what there is to see.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lxml import html
from lxml.html import HtmlElement

from borgerblik.overview.elements import State

SAMPLE_OF = {
    State.FRESH: "rich",
    State.STALE: "stale",
    State.FAILED: "failed",
    State.OFF: "off",
    State.EMPTY: "empty",
}
MEANS = {
    State.FRESH: "something is shown, and it is new",
    State.STALE: "the last good copy is shown, for no index answers",
    State.FAILED: "nothing is shown, for no index has ever answered",
    State.OFF: "nothing is shown, for the municipality has not opened the areas",
    State.EMPTY: "there is truly nothing, and that is known",
}
SAYS = ("bo-lead", "bo-freshness", "bo-section-words", "bo-notice", "bo-sources", "bo-sheet-as-of")
ELSE = ("siden", "set", "bevillinger")  # sections of a page that tell of something else
LEAVES = ("p", "li", "summary")  # what holds one thing that is said
SHOWN = (State.FRESH, State.STALE)  # the states of a page that is only there with something on it


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedPage:
    """A page that says how it stands, and the states it can be in. ``tallest``: as much of it as is in its picture."""

    name: str  # in the samples' addresses
    title: str
    states: tuple[State, ...] = tuple(State)
    without: tuple[str, ...] = ()  # of ``SAYS``, what says something else on this page
    tallest: int = 1800


PAGES = (
    StatedPage(name="overview", title="The front page", tallest=9000),
    StatedPage(name="cases", title="Cases"),
    StatedPage(name="money", title="Money"),
    StatedPage(name="plan", title="The plan"),
    StatedPage(name="case", title="One case", states=SHOWN, without=("bo-lead",), tallest=9000),
    StatedPage(name="year", title="A year's money", states=SHOWN),
    StatedPage(name="fridge", title="The sheet for the fridge", states=SHOWN),
)


def address(page: StatedPage, state: State) -> str:
    return f"/proeve/{SAMPLE_OF[state]}/{page.name}/"


def picture_of(page: StatedPage, state: State) -> str:
    return f"{page.name}-{state}.webp"


def said(written: str, page: StatedPage) -> tuple[str, ...]:
    """What a page says of its state, each sentence once and in its order; not what waits to be opened beside it."""
    whole: HtmlElement = html.fromstring(written)
    (main,) = whole.iter("main")
    for one in [*main.iter("details"), *main.iter("section")]:
        if one.get("id") in ELSE or (one.tag == "details" and "bo-notice" not in one.classes):
            one.drop_tree()
    says = {name for name in SAYS if name not in page.without}
    found: list[str] = []
    for one in main.iter():
        if says & set(one.classes):
            found += [_words(leaf) for leaf in one.iter(*LEAVES) if leaf is not one] or [_words(one)]
    return tuple(dict.fromkeys(found))


def _words(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())


def document(read: Callable[[str], str]) -> str:
    """The whole document; ``read`` gives the page of an address."""
    return "\n".join([*_head(), *(line for page in PAGES for line in _of_page(page, read))])


def _head() -> Iterator[str]:
    yield "# The five states, on every page that says one"
    yield ""
    yield "Made by `make screens`, from the samples of the tests; a test compares it with what the pages say now."
    yield '"Nothing" is only said where it is known. What stands here is all that a page says of its state, in Danish.'
    yield ""
    yield "| State | |"
    yield "|---|---|"
    yield from (f"| {state} | {meaning} |" for state, meaning in MEANS.items())
    yield ""


def _of_page(page: StatedPage, read: Callable[[str], str]) -> Iterator[str]:
    yield f"## {page.title}"
    yield ""
    if page.states == SHOWN:
        yield "Without something to show there is no such page."
        yield ""
    yield "| State | What it says | Picture |"
    yield "|---|---|---|"
    for state in page.states:
        words = "<br>".join(said(read(address(page, state)), page))
        name = f"{page.title}, {state}"
        yield f'| {state} | {words} | <img src="screens/states/{picture_of(page, state)}" width="160" alt="{name}"> |'
    yield ""
