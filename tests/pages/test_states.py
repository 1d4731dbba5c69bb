"""The five states on each page: told apart everywhere, and "nothing" never said without being known."""

from collections.abc import Callable
from itertools import product

import pytest
from django.test import Client

from borgerblik.overview.elements import State
from borgerblik.words import LANGUAGES, load
from indexes.records import Source
from portal import ui_words
from portal.citizen import pages
from tests.ops.environment import ROOT
from tests.sample_overview import SAMPLES, an_overview
from tests.screens.states import PAGES, SAMPLE_OF, StatedPage, address, document, picture_of, said

pytestmark = pytest.mark.usefixtures("strict_templates", "sample_addresses")
DOCUMENT = ROOT / "docs" / "states.md"
UNKNOWN = (State.STALE, State.FAILED, State.OFF)
# What is only said where it is known that there is nothing.
NOTHING = (
    "cases/none/empty",
    "cases/open/none",
    "money/none/empty",
    "money/chart/none_yet",
    "plan/none/empty",
    "lead/none",
    "since/nothing/known",
)


def reader(client: Client, language: str = "da") -> Callable[[str], str]:
    return lambda where: client.get(where, {"sprog": language}).content.decode()


def test_the_document_says_what_the_pages_say_now(client: Client) -> None:
    """``make screens`` writes it anew."""
    assert DOCUMENT.read_text("utf-8") == document(reader(client))


def test_there_is_a_picture_of_each_and_of_nothing_else() -> None:
    wanted = {picture_of(page, state) for page in PAGES for state in page.states}
    assert {path.name for path in (ROOT / "docs" / "screens" / "states").iterdir()} == wanted


@pytest.mark.parametrize("state", State)
def test_the_sample_of_a_state_is_in_it(state: State) -> None:
    shown = SAMPLES[SAMPLE_OF[state]]("da")
    assert {section.state for section in (shown.cases, shown.money, shown.plan)} == {state}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_two_states_of_a_page_say_the_same(client: Client, page: StatedPage, language: str) -> None:
    read = reader(client, language)
    words = [said(read(address(page, state)), page) for state in page.states]
    assert all(words)
    assert len(set(words)) == len(page.states)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", UNKNOWN)
def test_nothing_is_not_said_where_it_is_not_known(client: Client, state: State, language: str) -> None:
    read, words = reader(client, language), load(language)
    forbidden = [_before_blanks(words.texts[f"overview/{key}"]) for key in NOTHING]
    forbidden.append(str(ui_words.load(language)["state_empty"]))
    for page in PAGES:
        if state in page.states:
            told = read(address(page, state))
            assert [sentence for sentence in forbidden if sentence in told] == []


def _before_blanks(sentence: str) -> str:
    """The longest part of a text in which nothing is filled in."""
    parts = sentence.replace("}", "{").split("{")[::2]
    return max(parts, key=len).strip()


KIND_OF = {Source.SDI: "cases", Source.YI: "money", Source.PLAN: "plan"}


@pytest.mark.parametrize("states", list(product((State.FRESH, State.STALE, State.FAILED), repeat=3)))
def test_somebody_who_has_nothing_is_told_so_of_what_has_answered_alone(states: tuple[State, ...]) -> None:
    """Each index for itself: what one has not told, another one's answer does not make known."""
    of = dict(zip(Source, states, strict=True))
    shown, words = an_overview(states={source.value: state for source, state in of.items()}), load("da")
    known = {
        source: getattr(shown, name).words == words(f"{name}/none/empty", authority="Randers Kommune")
        for source, name in KIND_OF.items()
    }
    assert known == {source: state is State.FRESH for source, state in of.items()}
    told = (pages.cases(shown, {}), pages.money(shown, {}), pages.plan(shown))
    assert [page["fetched"] is not None for page in told] == [of[source] is State.FRESH for source in KIND_OF]


def test_the_sheet_for_the_fridge_tells_the_day_it_is_of_and_not_today(client: Client) -> None:
    """It hangs there for weeks."""
    read = reader(client)
    for sample, words in {"rich": "den 24. november.", "stale": "den 20. november."}.items():
        assert f"Sådan så planen ud {words}" in read(f"/proeve/{sample}/fridge/")
