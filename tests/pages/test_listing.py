"""A page of a long list at a time, and one case."""

import pytest

from portal.citizen import pages
from portal.citizen.listing import ON_A_PAGE, page_of
from tests.pages.sample_urls import usually
from tests.sample_overview import rich


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


def test_a_case_that_is_not_among_the_shown_ones_is_no_page() -> None:
    assert pages.case(rich(), "00000000-0000-4000-8000-000000000000", usually) is None


def test_a_case_brings_its_money_and_only_its_own() -> None:
    shown = rich()
    case = next(case for case in shown.cases.open if case.title == "Sygedagpenge")
    page = pages.case(shown, case.uuid, usually)
    assert page is not None
    assert [grant.view.title for grant in page["grants"]] == ["Sygedagpenge"]  # type: ignore[attr-defined]
    assert {payment.view.title for payment in page["payments"]} == {"Sygedagpenge"}  # type: ignore[attr-defined]
