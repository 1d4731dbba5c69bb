"""The overview from records to finished words: each section in each of the five states, and what each sentence says."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from borgerblik import areas, contacts, words
from borgerblik.areas import Owner
from borgerblik.kle import Kle
from borgerblik.overview.build import build
from borgerblik.overview.material import Authority, Material, Person, SourceReading
from borgerblik.overview.shapes import CaseSection, MoneySection, Overview, PlanSection, State
from borgerblik.policy import AreaRule, TitleChoice
from borgerblik.visibility import Bench, judge
from indexes.records import (
    Agreement,
    CaseStatus,
    Consent,
    ConsentState,
    Document,
    Doer,
    GoalState,
    Intervention,
    InterventionState,
    Meeting,
    Outcome,
    PaymentPlan,
    Period,
    Sensitivity,
    Source,
    Step,
    SubGoal,
)
from tests.borgerblik.makers import (
    BEFORE,
    CPH,
    HOME,
    NOW,
    TODAY,
    UDK,
    bench,
    benefit,
    case,
    grant,
    line,
    payment,
    plan,
    policy,
    uuid,
)

AUTHORITIES = {
    HOME: Authority(code="0730", cvr=HOME, name="Randers Kommune", contact=contacts.of("0730", "Randers Kommune")),
    UDK: Authority(code="UDK", cvr=UDK, name="Udbetaling Danmark", contact=contacts.of("UDK", "Udbetaling Danmark")),
}
AS_OF = dt.datetime(2026, 11, 24, 6, 30, tzinfo=CPH)


def readings(off: str | None = None, **states: State) -> tuple[SourceReading, ...]:
    """All readings fresh, but for the sources named, and for the authority that is off Borgerblik."""
    return tuple(
        SourceReading(
            source=source,
            authority=authority.code,
            state=(state := State.OFF if authority.code == off else states.get(source.value, State.FRESH)),
            as_of=None if state in {State.FAILED, State.OFF} else AS_OF,
        )
        for source in Source
        for authority in AUTHORITIES.values()
    )


def overview(  # noqa: PLR0913 - each test says only what it cares about
    *,
    language: str = "da",
    the_bench: Bench | None = None,
    birth: dt.date | None = None,
    reads: tuple[SourceReading, ...] | None = None,
    now: dt.datetime = NOW,
    unusable: frozenset[Source] = frozenset(),
    **records: Any,
) -> Overview:
    sitting = the_bench or bench()
    given = {"cases": [], "grants": [], "payments": [], "plans": [], **records}
    return build(
        Material(
            person=Person(name="Mette Lund", given_name="Mette", birth_date=birth, municipality="0730"),
            judged=judge(bench=sitting, **given),
            readings=readings() if reads is None else reads,
            unusable=unusable,
            authorities=AUTHORITIES,
            policies=sitting.policies,
            areas=areas.load(),
            kle=Kle(),
            words=words.load(language),
            now=now,
        ),
    )


RECORDS: dict[str, dict[str, Any]] = {
    "cases": {"cases": [case()]},
    "money": {"grants": [grant()], "payments": [payment()]},
    "plan": {"plans": [plan()]},
}
SOURCE_OF = {"cases": "sdi", "money": "yi", "plan": "plan"}


@pytest.mark.parametrize("section", RECORDS)
@pytest.mark.parametrize("language", words.LANGUAGES)
def test_the_five_states_of_a_section(section: str, language: str) -> None:
    source = SOURCE_OF[section]
    closed = bench(policy(rules={}))

    def state(**given: Any) -> State:
        return getattr(overview(language=language, **given), section).state  # type: ignore[no-any-return]

    assert state(**RECORDS[section]) is State.FRESH
    assert state() is State.EMPTY
    assert state(reads=readings(**{source: State.STALE}), **RECORDS[section]) is State.STALE
    assert state(reads=readings(**{source: State.STALE})) is State.STALE
    assert state(reads=readings(**{source: State.FAILED})) is State.FAILED
    assert state(the_bench=closed, **RECORDS[section]) is State.OFF


@pytest.mark.parametrize("section", RECORDS)
@pytest.mark.parametrize("bad", [State.STALE, State.FAILED])
def test_nothing_is_never_said_when_it_is_not_known(section: str, bad: State) -> None:
    page = overview(reads=readings(**{SOURCE_OF[section]: bad}))
    part = getattr(page, section)
    assert part.state is bad
    assert part.notices
    assert "Du har ingen" not in part.words
    assert "Du får ingen" not in part.words
    assert "mangler nyt" in page.freshness


HIDDEN_BY_A_RULE: list[dict[str, Any]] = [
    {"opened": dt.date(2020, 1, 1)},  # before the from-date
    {"holds": Period(end=NOW)},
    {"sensitivity": Sensitivity.UNKNOWN},
]


def test_an_old_reading_does_not_make_a_closed_area_nothing() -> None:
    page = overview(the_bench=bench(policy(rules={})), cases=[case()], reads=readings(sdi=State.STALE))
    assert page.cases.state is State.STALE
    assert "har ikke åbnet" in page.cases.words
    assert [notice.state for notice in page.cases.notices] == [State.STALE, State.OFF]


def test_money_that_runs_is_the_step_after_the_decision_and_no_end_is_announced() -> None:
    page = overview(cases=[case(outcome=Outcome.GRANTED)], grants=[grant(case_uuid=uuid("case"))])
    (view,) = page.cases.open
    assert (view.status.words, view.next, view.you_do) == ("Du får pengene", None, None)
    assert [(step.title, step.state) for step in view.steps] == [
        ("Vi har samlet oplysninger", "done"),
        ("Du får pengene", "now"),
    ]
    assert view.lead.startswith("Du får sygedagpenge")


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


def once(**changes: Any) -> PaymentPlan:
    values = {"start": None, "end": None, "frequency": "Engangsydelse", "in_advance": None, "day": None}
    return PaymentPlan(**{**values, "amount": Decimal(18400), **changes})


def test_what_was_paid_once_does_not_run() -> None:
    loan = grant(case_uuid=uuid("case"), benefits=(benefit(repayable=True, plans=(once(),)),))
    page = overview(cases=[case(status=CaseStatus.DECIDED)], grants=[loan], payments=[payment()])
    assert page.cases.open[0].status.words == "Pengene er udbetalt"
    (view,) = page.money.grants
    assert (view.active, view.ended) == (False, True)
    assert view.amount_words == "18.400,00 kr. før skat én gang"
    assert view.repay is not None
    assert view.repay.startswith("Det er et lån. Du skal betale pengene tilbage.")
    before = overview(cases=[case()], grants=[loan]).cases.open[0]
    assert before.status.words == "Du får pengene"


def test_a_grant_that_begins_later_has_not_ended() -> None:
    (view,) = overview(grants=[grant(start=TODAY + dt.timedelta(days=30))]).money.grants
    assert (view.active, view.ended) == (False, False)


def test_a_step_that_was_passed_over_is_left_out() -> None:
    steps = (
        Step(status=CaseStatus.RECEIVED, period=Period(start=dt.datetime(2026, 6, 2, tzinfo=CPH), end=BEFORE)),
        Step(status=CaseStatus.DECIDED, period=Period(start=BEFORE)),
    )
    view = overview(cases=[case(progress=steps)]).cases.open[0]
    assert [step.code for step in view.steps] == ["received", "decided", "closed"]


@pytest.mark.parametrize("changes", HIDDEN_BY_A_RULE)
def test_what_a_rule_hides_is_not_nothing(changes: dict[str, Any]) -> None:
    home = policy(rules={"kontante_ydelser": AreaRule(shown=True, from_date=dt.date(2021, 1, 1))})
    page = overview(cases=[case(**changes)], the_bench=bench(home))
    assert page.cases.state is State.OFF
    assert page.cases.words.startswith("Der er ingen sager, vi kan vise dig. Der kan være nogle")
    assert page.lead.endswith("Noget kan ikke vises her, så du ser ikke alt.")


CLOSED_CASE = case(uuid=uuid("closed"), status=CaseStatus.CLOSED)
INCOMPLETE: dict[str, dict[str, Any]] = {
    "an area is not opened": {"cases": [CLOSED_CASE, case(kle="28.09.40")], "the_bench": bench(policy(etaper={1, 2}))},
    "the index is ill": {"cases": [CLOSED_CASE], "reads": readings(sdi=State.STALE)},
    "a rule hides one": {"cases": [CLOSED_CASE, case(sensitivity=Sensitivity.UNKNOWN)]},
    "one could not be used": {"cases": [CLOSED_CASE], "unusable": frozenset({Source.SDI})},
}


@pytest.mark.parametrize("why", INCOMPLETE)
def test_no_open_case_is_only_said_when_all_is_seen(why: str) -> None:
    page = overview(**INCOMPLETE[why])
    assert page.cases.words == "Vi kan ikke se nogen sager, der er i gang. 1 sag er afsluttet."
    assert not page.cases.complete
    assert page.cases.notices
    assert "noget, du skal gøre" not in page.lead


def test_all_is_seen_when_all_is_shown() -> None:
    page = overview(cases=[CLOSED_CASE])
    assert page.cases.words == "Du har ingen sager i gang. 1 sag er afsluttet."
    assert page.cases.complete
    assert page.lead.endswith("Vi kan ikke se noget, du skal gøre lige nu. Hold øje med din Digitale Post.")


@pytest.mark.parametrize("source", Source)
def test_what_could_not_be_used_is_not_nothing(source: Source) -> None:
    page = overview(unusable=frozenset({source}))
    parts: dict[Source, CaseSection | MoneySection | PlanSection] = {
        Source.SDI: page.cases,
        Source.YI: page.money,
        Source.PLAN: page.plan,
    }
    part = parts[source]
    assert part.state is State.OFF
    assert "vi kan vise dig" in part.words
    assert {s.state for s in page.sources if s.source == source} == {State.OFF}


def test_what_could_not_be_used_is_not_told_beside_a_secret() -> None:
    hidden = case(hidden=True, uuid=uuid("hidden"), title=None, unit=None, progress=())
    assert overview(cases=[hidden], unusable=frozenset(Source)) == overview()


def test_what_is_hidden_is_never_an_empty_source() -> None:
    home = policy(rules={"kontante_ydelser": AreaRule(shown=True, fagsystemer=frozenset({"KY"}))})
    for hidden in (case(), case(kle="99.01.01"), case(sensitivity=Sensitivity.UNKNOWN)):
        page = overview(cases=[hidden], the_bench=bench(home))
        assert [(s.authority, s.state) for s in page.sources if s.source == "sdi"] == [
            ("0730", State.OFF),
            ("UDK", State.EMPTY),
        ]


def test_money_is_not_denied_when_not_all_is_seen() -> None:
    page = overview(grants=[grant()], payments=[payment(paid=None, available=TODAY)], reads=readings(yi=State.STALE))
    assert page.money.chart is not None
    assert page.money.chart.words == "Vi kan ikke se nogen penge, der er kommet i de seneste måneder."


def test_a_consent_that_is_lacking_is_no_outage() -> None:
    gone = Consent(reference=None, state=ConsentState.WITHDRAWN, given=None, withdrawn=TODAY)
    page = overview(plans=[plan(consent=gone), plan(uuid=uuid("older"), registered=BEFORE - dt.timedelta(days=9))])
    assert page.plan.state is State.OFF
    assert "Vi kan ikke se noget, du skal gøre" in page.lead


def test_who_has_answered_is_named_though_nothing_is_opened() -> None:
    page = overview(the_bench=bench(policy(rules={})), cases=[case()], reads=readings(off="UDK"))
    assert page.freshness == "Hentet i dag kl. 6.30 fra Randers Kommune."


def test_a_coming_payment_that_a_debt_takes_is_still_told() -> None:
    taken = payment(available=dt.date(2026, 11, 30), paid=Decimal(0), paid_text="Modregning fra Gældsstyrelsen")
    money = overview(grants=[grant()], payments=[taken]).money
    assert money.next is None
    assert [view.amount.value for view in money.coming] == [0]


def test_an_authority_that_is_not_on_borgerblik_has_not_been_asked() -> None:
    page = overview(the_bench=bench(udk=policy(Owner.UDK, since=None)), reads=readings(off="UDK"))
    assert page.cases.state is State.OFF
    assert "Udbetaling Danmark har ikke åbnet" in page.cases.words
    assert "Du får ingen penge" not in page.money.words


def test_what_is_secret_is_as_if_it_did_not_exist() -> None:
    vip = case(sensitivity=Sensitivity.VIP)
    assert overview(cases=[vip]) == overview()


def test_areas_not_opened_are_named() -> None:
    notice = overview(the_bench=bench(policy(rules={})), cases=[case()]).cases.notices[0]
    assert notice.state is State.OFF
    assert "Kontante ydelser" in notice.text
    assert "Dagtilbud" in notice.text


def test_a_source_says_nothing_of_nothing_when_areas_are_closed() -> None:
    sources = overview(the_bench=bench(policy(rules={})), cases=[case()]).sources
    assert [(s.authority, s.state) for s in sources if s.source == "sdi"] == [("0730", State.OFF), ("UDK", State.EMPTY)]
    assert "Ikke alle områder er åbnet" in sources[0].words


def test_a_hidden_case_leaves_no_trace() -> None:
    hidden = case(hidden=True, uuid=uuid("hidden"), kle="27.57.08", title=None, unit=None, progress=())
    assert overview(cases=[hidden]) == overview()


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


def test_a_reduced_payment_is_explained() -> None:
    reduced = payment(
        sent=Decimal(10214), paid=Decimal(9114), paid_text="Modregning fra Gældsstyrelsen", after_tax=Decimal(10214)
    )
    page = overview(grants=[grant()], payments=[reduced])
    view = page.money.payments[0]
    (said,) = view.explanation
    assert said.startswith("1.100,00 kr. gik til at betale din gæld. Gældsstyrelsen bad om det.")
    assert view.amount.words == "9.114,00 kr."
    assert [step.label for step in view.ladder] == [
        "Før skat",
        "Efter skat og ATP",
        "Til din konto",
        "Udbetalt til dig",
    ]
    assert page.attention[0].title == "Du fik mindre end beregnet: Sygedagpenge"


def test_a_payment_that_came_back() -> None:
    back = payment(paid=Decimal(0), paid_text="Udbetaling tilbageført: kontoen er lukket")
    view = overview(grants=[grant()], payments=[back]).money.payments[0]
    assert view.status.code == "reversed"
    assert "NemKonto" in view.explanation[-1]
    assert view.amount.value == 0


def test_a_payment_that_came_back_and_was_paid_again() -> None:
    back = payment(paid=Decimal(0), paid_text="Udbetaling tilbageført: kontoen er lukket")
    again = payment(uuid=uuid("again"), available=dt.date(2026, 11, 6))
    view = next(v for v in overview(grants=[grant()], payments=[back, again]).money.payments if v.amount.value == 0)
    assert view.explanation[-1] == "Pengene blev udbetalt igen 6. november."


def test_a_payment_of_which_only_the_gross_is_known_is_not_said_to_be_sent() -> None:
    view = overview(grants=[grant()], payments=[payment(after_tax=None, sent=None, paid=None)]).money.payments[0]
    assert view.status.words == "Ikke bekræftet"
    assert view.explanation == ("Vi har ikke fået at vide, om pengene er sendt. Ring, hvis du mangler dem.",)


def test_a_month_tells_what_is_paid_from_what_is_on_its_way() -> None:
    coming = payment(uuid=uuid("b"), available=dt.date(2026, 11, 30), paid=None)
    page = overview(grants=[grant()], payments=[payment(available=dt.date(2026, 11, 2)), coming])
    assert page.money.chart is not None
    assert [(part.planned, part.amount.value) for part in page.money.chart.months[-1].parts] == [
        (False, Decimal(13412)),
        (True, Decimal(13412)),
    ]
    assert len(page.money.chart.keys) == 1


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        (dt.date(2026, 10, 1), dt.date(2026, 10, 31), "oktober 2026"),
        (dt.date(2026, 10, 1), dt.date(2026, 12, 31), "oktober til december 2026"),
        (dt.date(2025, 12, 1), dt.date(2026, 1, 31), "december 2025 til januar 2026"),
        (dt.date(2026, 10, 5), dt.date(2026, 11, 4), "5. oktober til 4. november 2026"),
    ],
)
def test_the_period_of_a_payment(start: dt.date, end: dt.date, said: str) -> None:
    (view,) = overview(grants=[grant()], payments=[payment(start=start, end=end)]).money.payments
    assert view.period == said


def test_what_is_set_off_did_not_come_back() -> None:
    taken = payment(paid=Decimal(0), paid_text="Modregning fra Gældsstyrelsen")
    view = overview(grants=[grant()], payments=[taken]).money.payments[0]
    assert view.status.code == "reduced"
    assert not any("kom tilbage" in sentence for sentence in view.explanation)


def test_a_correction_is_not_money_on_its_way() -> None:
    later = dt.date(2026, 11, 30)
    correction = {"gross": Decimal(-850), "after_tax": Decimal(-500), "sent": None, "paid": None}
    page = overview(
        grants=[grant()],
        payments=[payment(uuid=uuid("a"), available=later, **correction), payment(uuid=uuid("b"), **correction)],
    )
    assert page.money.next is None
    assert page.money.chart is not None
    assert {month.total.value for month in page.money.chart.months} == {0}
    assert not any("Pengene er sendt" in sentence for sentence in page.money.payments[0].explanation)


def test_a_grant_is_the_sum_of_what_is_planned_today() -> None:
    def planned(amount: int, start: dt.date, end: dt.date | None = None, often: str = "Månedlig") -> PaymentPlan:
        return PaymentPlan(start=start, end=end, frequency=often, in_advance=None, day=None, amount=Decimal(amount))

    old = planned(1000, dt.date(2025, 1, 1), dt.date(2025, 12, 31))
    two = (benefit(plans=(old, planned(2000, dt.date(2026, 1, 1)))), benefit(id="2", plans=(planned(500, TODAY),)))
    (view,) = overview(grants=[grant(benefits=two)], payments=[payment()]).money.grants
    assert view.amount_words == "2.500,00 kr. før skat hver måned"
    untaxed = payment(after_tax=Decimal(18628), sent=Decimal(18628), paid=Decimal(18628))
    (view,) = overview(grants=[grant(benefits=two)], payments=[untaxed]).money.grants
    assert view.amount_words == "2.500,00 kr. hver måned"
    mixed = (benefit(plans=(planned(2000, TODAY),)), benefit(id="2", plans=(planned(500, TODAY, often="Kvartalsvis"),)))
    assert overview(grants=[grant(benefits=mixed)]).money.grants[0].amount is None


def test_the_next_payment_adds_up_what_comes_that_day() -> None:
    day = dt.date(2026, 11, 30)
    coming = [
        payment(uuid=uuid("a"), available=day, paid=None),
        payment(uuid=uuid("b"), available=day, paid=None, sent=Decimal("1216.50")),
        payment(uuid=uuid("c"), available=day + dt.timedelta(days=1), paid=None),
    ]
    page = overview(grants=[grant()], payments=coming)
    assert page.money.next is not None
    assert page.money.next.total.words == "14.628,50 kr."
    assert page.money.next.when.words == "mandag den 30. november"
    assert len(page.money.coming) == len(coming)
    assert page.money.payments == ()
    assert "På vej" in {view.status.words for view in page.money.coming}


def test_the_months_of_the_chart_are_the_last_six() -> None:
    page = overview(grants=[grant()], payments=[payment()])
    assert page.money.chart is not None
    assert [month.label for month in page.money.chart.months] == ["jun.", "jul.", "aug.", "sep.", "okt.", "nov."]
    assert [month.total.value for month in page.money.chart.months] == [0, 0, 0, 0, 13412, 0]


def test_a_line_has_the_name_of_its_benefit() -> None:
    housing = grant(uuid=uuid("g2"), owner_cvr=UDK, benefits=(benefit(kle="32.06.12"),), case_uuid=None)
    paid = payment(owner_cvr=UDK, lines=(line(kle="32.06.12", grant_uuid=uuid("g2")),))
    page = overview(grants=[housing], payments=[paid])
    assert page.money.payments[0].title == "Boligstøtte"
    assert page.money.payments[0].sender == "Udbetaling Danmark"


def test_two_benefits_with_one_number_are_told_apart() -> None:
    two = (benefit(id="1", name="Folkepension"), benefit(id="2", name="Pensionstillæg"))
    paid = payment(lines=(line(benefit_id="1"), line(benefit_id="2")))
    (view,) = overview(grants=[grant(benefits=two)], payments=[paid]).money.payments
    assert view.title == "Folkepension og pensionstillæg"
    assert [each.title for each in view.lines] == ["Folkepension", "Pensionstillæg"]


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


def test_a_young_person_is_told_that_they_turn_18() -> None:
    page = overview(birth=dt.date(2008, 12, 6))
    assert page.attention[0].when_words == "Det sker søndag den 6. december – om 12 dage."
    assert overview(birth=dt.date(2009, 12, 6)).attention == ()
    assert overview(birth=dt.date(2008, 2, 29)).attention == ()


@pytest.mark.parametrize(("hour", "greeting"), [(4, "Godaften"), (5, "Godmorgen"), (10, "Goddag"), (18, "Godaften")])
def test_the_greeting_follows_the_clock(hour: int, greeting: str) -> None:
    assert overview(now=NOW.replace(hour=hour)).greeting == f"{greeting}, Mette"
