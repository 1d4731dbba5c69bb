"""Finding in long lists, and a page of them at a time."""

import pytest

from portal.citizen import pages
from portal.citizen.listing import ON_A_PAGE, area_choices, find_cases, page_of
from tests.sample_overview import many, rich


@pytest.mark.parametrize(
    ("items", "wanted", "number", "pages_", "shown"),
    [
        (0, "", 1, 1, 0),
        (50, "1", 1, 1, 50),
        (51, "2", 2, 2, 1),
        (51, "99", 2, 2, 1),
        (51, "0", 1, 2, 50),
        (51, "-1", 1, 2, 50),
        (51, "²", 1, 2, 50),
        (51, "9" * 5000, 1, 2, 50),
        (51, "nonsense", 1, 2, 50),
    ],
)
def test_a_page_is_the_nearest_there_is(items: int, wanted: str, number: int, pages_: int, shown: int) -> None:
    page = page_of(range(items), wanted)
    assert (page.number, page.pages, len(page.items), page.total) == (number, pages_, shown, items)


def test_pages_know_their_neighbours() -> None:
    first, middle, last = (page_of(range(3 * ON_A_PAGE), wanted) for wanted in ("1", "2", "3"))
    assert (first.previous, first.next) == (None, 2)
    assert (middle.previous, middle.next) == (1, 3)
    assert (last.previous, last.next) == (2, None)


def found(words: str = "", area: str = "") -> list[str]:
    return [case.title for case in find_cases(rich().cases, words=words, area=area)]


def test_every_word_must_be_there_and_case_does_not_matter() -> None:
    assert found("KONTORSTOL ryg") == ["Kontorstol til ryggen"]
    assert found("kontorstol bolig") == []


def test_open_cases_come_before_closed_ones() -> None:
    assert found()[-1] == "Flytning"
    assert len(found()) == 5


def test_a_search_finds_the_number_and_the_sender() -> None:
    assert found("32.30.04-g01-118-26") == ["Sygedagpenge"]
    assert found("udbetaling danmark") == ["Boligstøtte"]


def test_an_area_narrows() -> None:
    assert found(area="udk_boligstoette") == ["Boligstøtte"]
    assert found("sygedagpenge", "udk_boligstoette") == []


def test_only_areas_with_cases_can_be_chosen() -> None:
    choices = area_choices(rich().cases, "beskaeftigelse")
    assert [choice.key for choice in choices if choice.chosen] == ["beskaeftigelse"]
    assert [choice.title for choice in choices] == sorted(choice.title for choice in choices)


def test_a_case_that_is_not_among_the_shown_ones_is_no_page() -> None:
    assert pages.case(rich(), "00000000-0000-4000-8000-000000000000") is None


def test_a_case_brings_its_money_and_only_its_own() -> None:
    shown = rich()
    case = next(case for case in shown.cases.open if case.title == "Sygedagpenge")
    page = pages.case(shown, case.uuid)
    assert page is not None
    assert [grant.title for grant in page["grants"]] == ["Sygedagpenge"]  # type: ignore[attr-defined]
    assert {payment.title for payment in page["payments"]} == {"Sygedagpenge"}  # type: ignore[attr-defined]


def test_a_search_is_kept_from_page_to_page() -> None:
    page = pages.cases(many(), {"q": "sag & ære", "omraade": "social"})
    assert page["query"] == "q=sag+%26+%C3%A6re&omraade=social&"
