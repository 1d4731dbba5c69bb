"""The overview as a whole: each section in each of the five states, what is never said, and what it begins with."""

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from borgerblik import areas, words
from borgerblik.areas import Owner
from borgerblik.overview.access import Looked
from borgerblik.overview.elements import Link, State
from borgerblik.policy import AreaRule
from indexes.records import (
    CaseStatus,
    Consent,
    ConsentState,
    Period,
    Sensitivity,
    Source,
)
from tests.borgerblik.makers import (
    BEFORE,
    NOW,
    TODAY,
    bench,
    case,
    grant,
    payment,
    plan,
    policy,
    uuid,
)
from tests.borgerblik.overviews import overview, readings

if TYPE_CHECKING:
    from borgerblik.overview.shapes import CaseSection, MoneySection, PlanSection

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
    told = {State.STALE: "kan være ældre", State.FAILED: "kan ikke hente"}
    assert [state for state, words in told.items() if words in page.freshness] == [bad]


HIDDEN_BY_A_RULE: list[dict[str, Any]] = [
    {"opened": dt.date(2020, 1, 1)},  # before the from-date
    {"holds": Period(end=NOW)},
    {"sensitivity": Sensitivity.UNKNOWN},
]


ALL_ETAPER = frozenset({1, 2, 3, 4})


def test_an_old_reading_does_not_make_a_closed_area_nothing() -> None:
    page = overview(the_bench=bench(policy(rules={})), cases=[case()], reads=readings(sdi=State.STALE))
    assert page.cases.state is State.STALE
    assert "viser ikke de områder nu" in page.cases.words
    assert [notice.state for notice in page.cases.notices] == [State.STALE, State.OFF]


@pytest.mark.parametrize("changes", HIDDEN_BY_A_RULE)
def test_what_a_rule_hides_is_not_nothing(changes: dict[str, Any]) -> None:
    home = policy(rules={"kontante_ydelser": AreaRule(shown=True, from_date=dt.date(2021, 1, 1))})
    page = overview(cases=[case(**changes)], the_bench=bench(home))
    assert page.cases.state is State.OFF
    assert page.cases.words.startswith("Der er ingen sager, vi kan vise dig. Der kan være nogle")
    assert page.lead.endswith("Noget kan ikke vises her, så du ser ikke alt.")


CLOSED_CASE = case(uuid=uuid("closed"), status=CaseStatus.CLOSED)
INCOMPLETE: dict[str, dict[str, Any]] = {
    "an area is not opened": {
        "cases": [CLOSED_CASE, case(kle="28.09.40")],
        "the_bench": bench(policy(etaper=frozenset({1, 2}))),
    },
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


def test_an_authority_that_is_not_on_borgerblik_has_not_been_asked() -> None:
    page = overview(the_bench=bench(udk=policy(Owner.UDK, since=None)), reads=readings(off="UDK"))
    assert page.cases.state is State.OFF
    assert "Udbetaling Danmark viser ikke de områder nu" in page.cases.words
    assert "Du får ingen penge" not in page.money.words


def test_what_is_secret_is_as_if_it_did_not_exist() -> None:
    vip = case(sensitivity=Sensitivity.VIP)
    assert overview(cases=[vip]) == overview()


def test_one_area_not_opened_is_spoken_of_as_one() -> None:
    closed = {area.key: AreaRule(shown=area.key != "helhedsorienteret_plan") for area in areas.load().all}
    (notice,) = overview(the_bench=bench(policy(rules=closed)), plans=[plan()]).plan.notices
    assert notice.text.startswith("Dette område kan du ikke se her: Din samlede plan. Har du en plan der,")


def test_a_few_areas_not_opened_are_named_and_many_are_counted() -> None:
    every = {area.key: AreaRule(shown=True) for area in areas.load().all}  # but for those not decided
    for rules, told in ((every, "Sundhed; Skole og uddannelse"), ({}, "Der er 13 områder, du ikke kan se her.")):
        notice = overview(
            the_bench=bench(policy(rules=rules, etaper=ALL_ETAPER)), cases=[case(kle="29.09.00")]
        ).cases.notices[0]
        assert notice.state is State.OFF
        assert told in notice.text


def test_a_source_says_nothing_of_nothing_when_areas_are_closed() -> None:
    sources = overview(the_bench=bench(policy(rules={})), cases=[case()]).sources
    assert [(s.authority, s.state) for s in sources if s.source == "sdi"] == [("0730", State.OFF), ("UDK", State.EMPTY)]
    assert "Ikke alle områder er åbnet" in sources[0].words


def test_a_hidden_case_leaves_no_trace() -> None:
    hidden = case(hidden=True, uuid=uuid("hidden"), kle="27.57.08", title=None, unit=None, progress=())
    assert overview(cases=[hidden]) == overview()


def test_a_young_person_is_told_that_they_turn_18() -> None:
    page = overview(birth=dt.date(2008, 12, 6))
    assert page.attention[0].when_words == "Det sker søndag den 6. december – om 12 dage."
    assert page.attention[0].action == Link(
        text="Ring til Randers Kommune på 00\xa000\xa000\xa000", href="tel:+4500000000"
    )
    assert overview(birth=dt.date(2009, 12, 6)).attention == ()
    assert overview(birth=dt.date(2008, 2, 29)).attention == ()


@pytest.mark.parametrize(("hour", "greeting"), [(4, "Godaften"), (5, "Godmorgen"), (10, "Goddag"), (18, "Godaften")])
def test_the_greeting_follows_the_clock(hour: int, greeting: str) -> None:
    assert overview(now=NOW.replace(hour=hour)).greeting == f"{greeting}, Mette"


def test_an_answer_to_what_was_said_to_be_wrong_is_news_for_a_while() -> None:
    def told(**answered: Any) -> list[tuple[str, str | None]]:
        looked = Looked(since=NOW - dt.timedelta(days=90), times=0, newest=(), **answered)
        return [(one.title, one.action.href if one.action else None) for one in overview(looked=looked).attention]

    lately, before = NOW - dt.timedelta(days=14), NOW - dt.timedelta(days=15)
    assert told() == []
    assert told(report=lately) == [("Du har fået svar på det, du har meldt", "/noget-galt/")]
    assert told(objection=lately) == [
        ("Du har fået svar om, hvem der har set dine oplysninger", "/hvem-har-set/"),
    ]
    assert told(report=before, objection=before) == []
