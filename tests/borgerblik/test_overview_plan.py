"""The plan in words, and what is said of one that is not shared."""

import datetime as dt

import pytest
from msgspec.structs import replace

from indexes.records import (
    Agreement,
    Consent,
    ConsentState,
    Doer,
    GoalState,
    Intervention,
    InterventionState,
    Meeting,
    SubGoal,
)
from tests.borgerblik.makers import (
    CPH,
    TODAY,
    plan,
)
from tests.borgerblik.overviews import overview

RICH_PLAN = plan(
    made=dt.date(2026, 8, 17),
    changed=dt.date(2026, 11, 9),
    sub_goals=(
        SubGoal(
            id="1",
            text="Jeg får mere energi i hverdagen",
            state=GoalState.ONGOING,
            interventions=(
                Intervention(
                    id="i",
                    title="Genoptræning",
                    description=None,
                    kind="indsats",
                    field="sundhed",
                    kle=None,
                    unit="Sundhedscenteret",
                    start=dt.date(2026, 9, 1),
                    end=dt.date(2026, 12, 31),
                    state=InterventionState.ONGOING,
                    amount=None,
                    payer=None,
                ),
            ),
        ),
        SubGoal(id="2", text="Jeg har styr på mine regninger", state=GoalState.REACHED),
    ),
    agreements=(
        Agreement(
            id="a", text="Ringer til lægen", who=Doer.CITIZEN, who_name=None, due=dt.date(2026, 11, 30), done=False
        ),
        Agreement(id="b", text="Finder en praktikplads", who=Doer.ADVISER, who_name=None, due=TODAY, done=False),
    ),
    meetings=(
        Meeting(
            id="m",
            start=dt.datetime(2026, 12, 2, 10, tzinfo=CPH),
            end=dt.datetime(2026, 12, 2, 11, tzinfo=CPH),
            place="Rådhuset, lokale 12",
            topic=None,
            held=False,
        ),
    ),
)


@pytest.mark.parametrize(("language", "said"), [("en", "at 10:00–11:00"), ("de", "um 10.00–11.00 Uhr")])
def test_when_a_meeting_begins_and_ends_is_one_time(language: str, said: str) -> None:
    plan = overview(plans=[RICH_PLAN], language=language).plan.plan
    assert plan is not None
    assert plan.next_meeting is not None
    assert plan.next_meeting.time_words == said


def test_the_plan() -> None:
    page = overview(plans=[RICH_PLAN])
    view = page.plan.plan
    assert view is not None
    assert view.words == "Aftalt med dig den 17. august. Sidst ændret den 9. november."
    assert (view.reached, len(view.goals)) == (1, 2)
    bar = view.goals[0].interventions[0]
    assert bar.period == "1. september til 31. december 2026"
    assert (bar.x, bar.width) == (0.0, 100.0)
    assert [month.label for month in view.axis] == ["sep.", "okt.", "nov.", "dec."]
    assert view.next_meeting is not None
    assert view.next_meeting.time_words == "kl. 10.00–11.00"
    assert [item.kind for item in page.attention] == ["deadline", "meeting"]
    assert page.attention[0].when_words == "Senest mandag den 30. november – om 6 dage."
    assert [figure.value for figure in page.key_figures] == ["2 ting", "1 af 2 mål"]


def test_a_withdrawn_consent_hides_the_plan_and_says_when() -> None:
    gone = Consent(reference=None, state=ConsentState.WITHDRAWN, given=None, withdrawn=TODAY - dt.timedelta(days=6))
    page = overview(plans=[replace(RICH_PLAN, consent=gone)])
    assert page.plan.plan is None
    assert "18. november" in page.plan.words
    assert "lægen" not in repr(page)
