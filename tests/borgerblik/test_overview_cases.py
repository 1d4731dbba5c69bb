"""Cases in words: how far they are, what was decided, what the municipality shows of them."""

import datetime as dt

import pytest
from msgspec.structs import replace

from borgerblik.policy import AreaRule, TitleChoice
from indexes.records import (
    CaseStatus,
    Document,
    Grant,
    Outcome,
    Payment,
    Period,
    Step,
)
from tests.borgerblik.makers import (
    BEFORE,
    CPH,
    TODAY,
    bench,
    case,
    grant,
    payment,
    policy,
    uuid,
)
from tests.borgerblik.overviews import overview


def test_money_that_runs_is_the_step_after_the_decision_and_no_end_is_announced() -> None:
    page = overview(cases=[case(outcome=Outcome.GRANTED)], grants=[grant(case_uuid=uuid("case"))])
    (view,) = page.cases.open
    assert (view.status.words, view.next) == ("Du får pengene", None)
    assert [(step.title, step.state) for step in view.steps] == [
        ("Vi har samlet oplysninger", "done"),
        ("Du får pengene", "now"),
    ]
    assert view.lead.startswith("Du får sygedagpenge")


def test_at_a_stage_a_topic_has_words_of_its_own_or_its_parents_or_those_of_every_case() -> None:
    received = {"status": CaseStatus.RECEIVED}
    sick, mentor, other = (
        overview(cases=[case(kle=number, **received)]).cases.open[0] for number in ("32.30.04", "32.21.12", "32.24.04")
    )
    assert (
        sick.next == "Vi spørger dig, din læge og måske dit job, hvordan du har det. Du får brev i din Digitale Post."
    )
    assert mentor.next == other.next
    assert other.next is not None
    assert other.next.startswith("Vi samler de oplysninger")
    informed = overview(cases=[case(kle="32.21.12", status=CaseStatus.INFORMED)]).cases.open[0]
    assert informed.you_do == "Har vi bedt om en regning, så send den hurtigt. Så går din sag ikke i stå."


def test_a_case_that_is_not_decided_promises_nothing() -> None:
    (view,) = overview(cases=[case(kle="32.24.04")]).cases.open
    assert view.lead == "Sagen handler om penge at leve for, når du ikke selv kan tjene dem."


@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.ANNULLED])
def test_a_case_that_was_refused_is_not_said_to_pay(outcome: Outcome) -> None:
    refused = case(status=CaseStatus.DECIDED, outcome=outcome)
    (view,) = overview(cases=[refused], grants=[grant(case_uuid=uuid("case"))]).cases.open
    assert view.lead == "Sagen handler om sygedagpenge."
    assert "Du får pengene" not in repr(view)
    assert "Du har fået ja" not in view.meaning


def test_a_step_that_was_passed_over_is_left_out() -> None:
    steps = (
        Step(status=CaseStatus.RECEIVED, period=Period(start=dt.datetime(2026, 6, 2, tzinfo=CPH), end=BEFORE)),
        Step(status=CaseStatus.DECIDED, period=Period(start=BEFORE)),
    )
    view = overview(cases=[case(progress=steps)]).cases.open[0]
    assert [step.code for step in view.steps] == ["received", "decided", "closed"]


def test_a_case_in_plain_words() -> None:
    steps = (
        Step(status=CaseStatus.RECEIVED, period=Period(start=dt.datetime(2026, 6, 2, tzinfo=CPH), end=BEFORE)),
        Step(status=CaseStatus.INFORMED, period=Period(start=BEFORE)),
    )
    view = overview(cases=[case(progress=steps)]).cases.open[0]
    assert view.title == "Sygedagpenge"
    assert [(step.title, step.state, step.words) for step in view.steps] == [
        ("Vi har fået din sag", "done", "2. juni"),
        ("Vi samler oplysninger", "now", "1. november"),
        ("Vi træffer en afgørelse", "later", None),
        ("Sagen er afsluttet", "later", None),
    ]
    assert (view.sender, view.contact.unit) == ("Randers Kommune", "Ydelsesafdelingen")
    assert view.register_title is None


def test_the_municipality_chooses_the_title_and_the_documents() -> None:
    letter = Document(uuid=uuid("d"), title="Afgørelse", kind="outgoing_letter", date=TODAY)
    secret = Document(uuid=uuid("s"), title="Hemmelig", kind="report", date=TODAY, hidden=True)
    home = policy(
        rules={"kontante_ydelser": AreaRule(shown=True, title=TitleChoice.CASE, document_titles=True)},
    )
    view = overview(cases=[case(documents=(letter, secret))], the_bench=bench(home)).cases.open[0]
    assert view.title == "Sygedagpenge, egen titel"
    assert [document.title.text for document in view.documents] == ["Afgørelse"]
    plain = overview(cases=[case(documents=(letter, secret))]).cases.open[0]
    assert (plain.title, plain.documents) == ("Sygedagpenge", ())


def test_a_decision_is_news_for_two_weeks() -> None:
    def decided(day: dt.date) -> tuple[str, ...]:
        at = dt.datetime(day.year, day.month, day.day, tzinfo=CPH)
        step = Step(status=CaseStatus.DECIDED, period=Period(start=at))
        page = overview(cases=[case(progress=(step,), outcome=Outcome.GRANTED)])
        return tuple(item.title for item in page.attention)

    assert decided(TODAY - dt.timedelta(days=14)) == ("Der er svar i din sag: Sygedagpenge",)
    assert decided(TODAY - dt.timedelta(days=15)) == ()


def test_a_decision_that_has_been_made_is_not_said_to_be_under_way() -> None:
    """Also when the index does not tell what was decided."""
    (view,) = overview(cases=[case(status=CaseStatus.DECIDED, outcome=None)]).cases.open
    assert (view.steps[0].title, view.steps[0].state) == ("Vi har truffet en afgørelse", "now")


def test_money_that_has_all_come_is_not_said_to_come() -> None:
    decided = case(status=CaseStatus.DECIDED, outcome=Outcome.GRANTED)
    over = grant(case_uuid=uuid("case"), end=TODAY - dt.timedelta(days=90))

    def badge(*, grants: list[Grant], payments: list[Payment]) -> str:
        return overview(cases=[decided], grants=grants, payments=payments).cases.open[0].status.words

    came, comes = payment(), payment(available=TODAY + dt.timedelta(days=3), paid=None)
    assert badge(grants=[over], payments=[came]) == "Pengene er udbetalt"
    assert badge(grants=[over], payments=[comes]) == "Du fik ja"
    assert badge(grants=[], payments=[]) == "Du fik ja"
    later = grant(case_uuid=uuid("case"), start=TODAY + dt.timedelta(days=30))
    assert badge(grants=[over, replace(later, uuid=uuid("later"))], payments=[came]) == "Du fik ja"
