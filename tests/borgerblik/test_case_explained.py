"""What only the page of a case says: what steps mean, how long such cases take, which others belong with it."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest

from borgerblik.overview.explained import ExplainedCase, explained
from borgerblik.overview.usual import UsualTime
from indexes.records import Case, CaseStatus, Outcome, Period, Step
from tests.borgerblik.makers import CPH, HOME, TODAY, case, grant, uuid
from tests.borgerblik.overviews import overview

RECEIVED, INFORMED, DECIDED, CLOSED = CaseStatus
THIS_YEAR = UsualTime(year=2026, cases=134, low=21, high=48)
LAST_YEAR = UsualTime(year=2025, cases=211, low=10, high=19)


def steps(*began: tuple[CaseStatus, int]) -> tuple[Step, ...]:
    """Steps by how many days ago they began; the last of them still stands."""
    at = [dt.datetime(2026, 11, 24, 6, tzinfo=CPH) - dt.timedelta(days=ago) for _, ago in began]
    ends = [*at[1:], None]
    return tuple(
        Step(status=status, period=Period(start=start, end=end))
        for (status, _), start, end in zip(began, at, ends, strict=True)
    )


def told(*cases: Case, counted: Sequence[UsualTime] = (), language: str = "da", **records: Any) -> ExplainedCase:
    """The page of the first of the cases."""
    asked = list[tuple[str, str]]()

    def look(owner_cvr: str, kle: str) -> Sequence[UsualTime]:
        asked.append((owner_cvr, kle))
        return counted

    page = explained(overview(cases=list(cases), language=language, **records).cases, str(cases[0].uuid), look)
    assert page is not None
    assert asked in ([], [(HOME, cases[0].kle)])
    return page


def waiting(days: int, **changes: Any) -> Case:
    began = TODAY - dt.timedelta(days=days)
    return case(**{"opened": began, "progress": steps((RECEIVED, days), (INFORMED, 1)), **changes})


def test_a_case_that_is_not_shown_has_no_page() -> None:
    assert explained(overview(cases=[case()]).cases, str(uuid("another")), lambda *_: ()) is None
    hidden = case(hidden=True, title=None, unit=None)
    assert explained(overview(cases=[hidden]).cases, str(hidden.uuid), lambda *_: ()) is None


def test_each_step_says_what_happens_there() -> None:
    page = told(waiting(30))
    assert [(one.step.code, one.step.state) for one in page.steps] == [
        ("received", "done"),
        ("informed", "now"),
        ("decided", "later"),
        ("closed", "later"),
    ]
    assert page.steps[1].meaning == ("Her samler vi det, vi skal vide. Mangler vi noget fra dig, skriver vi til dig.")
    assert all(one.meaning for one in page.steps)
    assert page.we_do == "Vi finder det, vi må hente selv, og ser på, hvad reglerne siger."


def test_money_that_runs_has_a_meaning_too() -> None:
    page = told(case(outcome=Outcome.GRANTED), grants=[grant(case_uuid=uuid("case"))])
    assert [one.meaning for one in page.steps][-1] == "Her får du pengene, så længe du har ret til dem."
    assert page.we_do is None


def test_what_we_do_after_a_yes_is_not_said_after_a_no() -> None:
    yes = told(case(status=DECIDED, outcome=Outcome.GRANTED))
    no = told(case(status=DECIDED, outcome=Outcome.REFUSED))
    assert (yes.we_do, no.we_do) == ("Vi gør det klar, du har fået ja til.", None)


def test_how_long_it_takes_is_a_range_with_how_it_was_counted() -> None:
    takes = told(waiting(30), counted=[THIS_YEAR, LAST_YEAR]).takes
    assert takes is not None
    assert takes.usual == (
        "Hver anden sag fik svar efter 3 til 7 uger. En ud af fire gik hurtigere. En ud af fire tog længere tid."
    )
    assert takes.yours == "Din sag har varet 4 uger indtil nu."
    assert takes.hint == "Det er ikke et løfte. Din sag kan gå hurtigere eller tage længere tid."
    assert takes.how == (
        "Vi har set på 134 sager om sygedagpenge hos Randers Kommune. De fik svar i 2026. "
        "Vi har talt fra den dag, sagen begyndte, til den dag, svaret kom."
    )


def test_who_has_waited_longer_than_most_is_told_to_call() -> None:
    takes = told(waiting(48), counted=[THIS_YEAR]).takes
    longer = told(waiting(49), counted=[THIS_YEAR]).takes
    assert takes is not None
    assert longer is not None
    assert takes.hint != longer.hint == "Det er længere end for de fleste. Ring, og spørg, hvor langt sagen er."


def test_of_few_cases_nothing_is_said() -> None:
    assert told(waiting(30)).takes is None


def test_early_in_a_year_the_year_before_is_told_and_an_older_one_never() -> None:
    takes = told(waiting(5), counted=[LAST_YEAR]).takes
    assert takes is not None
    assert "De fik svar i 2025." in takes.how
    assert told(waiting(5), counted=[UsualTime(year=2024, cases=50, low=1, high=9)]).takes is None


def test_a_decided_case_is_held_against_those_of_its_own_year() -> None:
    progress = steps((RECEIVED, 430), (DECIDED, 400), (CLOSED, 390))
    ended = case(opened=TODAY - dt.timedelta(days=430), progress=progress, outcome=Outcome.GRANTED)
    takes = told(ended, counted=[THIS_YEAR, LAST_YEAR]).takes
    assert takes is not None
    assert takes.yours == "Du fik svar efter 4 uger."
    assert takes.hint is None
    assert "De fik svar i 2025." in takes.how
    assert told(ended, counted=[THIS_YEAR]).takes is None


@pytest.mark.parametrize(
    "changes",
    [
        {"opened": None, "progress": ()},
        {"opened": TODAY + dt.timedelta(days=3)},
        {"progress": steps((RECEIVED, 30), (CLOSED, 2))},
        {"outcome": Outcome.GRANTED},
    ],
    ids=["nobody knows when it began", "it begins later", "it ended without an answer", "nobody knows when"],
)
def test_what_cannot_be_held_against_others_is_not(changes: dict[str, Any]) -> None:
    assert told(waiting(30, **changes), counted=[THIS_YEAR]).takes is None


def test_who_gets_the_money_is_not_said_to_be_waiting() -> None:
    assert told(waiting(30), counted=[THIS_YEAR], grants=[grant(case_uuid=uuid("case"))]).takes is None


def test_a_case_without_a_day_of_beginning_began_with_its_first_step() -> None:
    takes = told(waiting(12, opened=None), counted=[THIS_YEAR]).takes
    assert takes is not None
    assert takes.yours == "Din sag har varet 12 dage indtil nu."


@pytest.mark.parametrize(
    ("low", "high", "usual"),
    [
        (0, 0, "Tre ud af fire sager fik svar samme dag."),
        (0, 1, "Tre ud af fire sager fik svar inden for 1 dag."),
        (3, 20, "Hver anden sag fik svar efter 3 til 20 dage."),
        (3, 21, "Tre ud af fire sager fik svar inden for 3 uger."),
        (26, 30, "Hver anden sag fik svar efter omkring 4 uger."),
        (30, 120, "Hver anden sag fik svar efter 4 til 17 uger."),
        (60, 121, "Hver anden sag fik svar efter 2 til 4 måneder."),
    ],
)
def test_a_range_is_told_in_the_unit_that_suits_it(low: int, high: int, usual: str) -> None:
    takes = told(waiting(0), counted=[UsualTime(year=2026, cases=20, low=low, high=high)]).takes
    assert takes is not None
    assert takes.usual.startswith(usual)
    assert takes.yours == "Din sag har varet under én dag indtil nu."


def test_in_english() -> None:
    takes = told(waiting(30), counted=[THIS_YEAR], language="en").takes
    assert takes is not None
    assert takes.usual.startswith("Every second case got an answer after 3 to 7 weeks.")


def test_cases_belong_together_whichever_of_them_the_index_tells_it_of() -> None:
    mine = case(related=(uuid("told by it"), uuid("of somebody else")))
    others = [
        case(uuid=uuid("told by it"), kle="32.24.04"),
        case(uuid=uuid("tells of it"), kle="32.24.04", related=(mine.uuid,)),
        case(uuid=uuid("of the same topic")),
        case(uuid=uuid("of another topic"), kle="32.24.04"),
    ]
    page = told(mine, *others)
    assert {one.uuid for one in page.linked} == {str(uuid("told by it")), str(uuid("tells of it"))}
    assert [one.uuid for one in page.same_topic] == [str(uuid("of the same topic"))]
    assert page.same_topic_total == 1


def test_of_many_cases_of_a_topic_the_newest_few_are_told_and_no_more_put_into_words() -> None:
    cases = [waiting(days + 1, uuid=uuid(f"{days}")) for days in range(40)]
    shown = overview(cases=cases).cases
    page = explained(shown, str(cases[0].uuid), lambda *_: ())
    assert page is not None
    assert (len(page.same_topic), page.same_topic_total) == (5, 39)
    assert sum(item.is_worded for item in shown.open.items) == 1


def test_a_case_that_belongs_to_a_hidden_one_says_nothing_of_it() -> None:
    secret = case(uuid=uuid("secret"), hidden=True, title=None, unit=None, related=(uuid("case"),))
    page = told(case(related=(secret.uuid,)), secret)
    assert (page.linked, page.same_topic, page.same_topic_total) == ((), (), 0)
