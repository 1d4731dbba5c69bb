"""Why something of an area is, or is not, on the page: in words, for every area of every authority concerned."""

import datetime as dt

import pytest

from borgerblik import areas
from borgerblik.overview.elements import State
from borgerblik.overview.shapes import AreaStatus
from borgerblik.policy import AreaRule
from tests.borgerblik.makers import bench, policy
from tests.borgerblik.overviews import overview

KEY = "kontante_ydelser"
SINCE = "Du ser det, der er begyndt den 1. januar 2020 eller senere."


def of_area(rule: AreaRule, *, language: str = "da", etaper: frozenset[int] = frozenset({1, 2, 3})) -> AreaStatus:
    home = policy(rules={KEY: rule}, etaper=etaper)
    shown = overview(the_bench=bench(home), language=language)
    return next(area for area in shown.areas if area.key == KEY)


def test_an_area_that_is_shown_whole_has_no_rules() -> None:
    area = of_area(AreaRule(shown=True))
    assert (area.state, area.rules) == (State.FRESH, ())


@pytest.mark.parametrize(
    ("rule", "language", "told"),
    [
        (
            AreaRule(shown=True, from_date=dt.date(2020, 1, 1)),
            "da",
            f"{SINCE} Det, der er ældre, vises ikke.",
        ),
        (
            AreaRule(shown=True, from_date=dt.date(2020, 1, 1), active_regardless=True),
            "da",
            f"{SINCE} Det, der er ældre, ser du kun, hvis det stadig er i gang.",
        ),
        (
            AreaRule(shown=True, fagsystemer=frozenset({"KY"})),
            "en",
            "You see what comes from some of the systems that are used. Others are not shown yet.",
        ),
    ],
)
def test_a_rule_that_hides_is_said_in_words(rule: AreaRule, language: str, told: str) -> None:
    assert of_area(rule, language=language).rules == (told,)


def test_an_area_that_is_not_opened_says_which_etape_and_no_rules() -> None:
    area = of_area(AreaRule(shown=False, from_date=dt.date(2020, 1, 1)))
    assert (area.state, area.rules) == (State.OFF, ())
    assert area.words == "Randers Kommune viser ikke dette område nu. Det hører til etape 1 af 4."


def test_what_is_still_under_analysis_is_not_promised() -> None:
    analysed = {area.key for area in areas.load().all if area.agreement is areas.Agreement.ANALYSE}
    told = {area.key: area.words for area in overview().areas if area.key in analysed}
    assert told.keys() == analysed
    assert set(told.values()) == {"Det er ikke bestemt endnu, om området skal vises."}
