"""Made-up overviews, one for each situation a page must stand: through the real presenter, in both languages.

No database, no clock: it is always the morning of 24 November 2026 in Randers. Nobody here exists, and no record holds
a CPR number.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from borgerblik import areas, contacts, words
from borgerblik.areas import Owner
from borgerblik.kle import Kle
from borgerblik.overview.build import build
from borgerblik.overview.material import Authority, Material, Person, SourceReading
from borgerblik.overview.shapes import Overview, State
from borgerblik.policy import AreaRule, Policy, TitleChoice
from borgerblik.visibility import Bench, judge
from indexes.records import (
    Agreement,
    Benefit,
    Case,
    CaseStatus,
    Consent,
    ConsentState,
    Document,
    Doer,
    FamilyMember,
    GoalState,
    Grant,
    Intervention,
    InterventionState,
    Meeting,
    Outcome,
    Payment,
    PaymentLine,
    PaymentPlan,
    Period,
    Plan,
    Sensitivity,
    Source,
    Step,
    SubGoal,
)

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
NOW = dt.datetime(2026, 11, 24, 7, 45, tzinfo=COPENHAGEN)
TODAY = NOW.date()
HOME, UDK = "29189668", "33236239"
AUTHORITIES = {
    HOME: Authority(code="0730", cvr=HOME, name="Randers Kommune", contact=contacts.of("0730", "Randers Kommune")),
    UDK: Authority(code="UDK", cvr=UDK, name="Udbetaling Danmark", contact=contacts.of("UDK", "Udbetaling Danmark")),
}
SPACE = UUID("00000000-0000-4000-8000-000000000000")
LONG_WORD = "Arbejdsmarkedsuddannelsesgodtgørelsesberegningsgrundlagsændringsmeddelelse"


def uuid(name: str) -> UUID:
    return uuid5(SPACE, name)


def day(days: int) -> dt.date:
    """The day that lies so many days from today."""
    return TODAY + dt.timedelta(days=days)


def _at(days: int, hour: int = 9) -> dt.datetime:
    return dt.datetime.combine(day(days), dt.time(hour), tzinfo=COPENHAGEN)


def a_case(name: str, kle: str, *steps: tuple[CaseStatus, int], owner: str = HOME, **more: object) -> Case:
    """A case whose steps began so many days from today."""
    values: dict[str, object] = {
        "uuid": uuid(name),
        "registered": _at(steps[-1][1] if steps else -1),
        "holds": Period(),
        "owner_cvr": owner,
        "cpr": "",
        "kle": kle,
        "fagsystem": "KSD",
        "sensitivity": Sensitivity.ORDINARY,
        "hidden": False,
        "opened": day(steps[0][1]) if steps else None,
        "title": name,
        "progress": tuple(Step(status=status, period=Period(start=_at(begun))) for status, begun in steps),
        **more,
    }
    return Case(**values)  # type: ignore[arg-type]  # each value has its field's type


def a_grant(  # noqa: PLR0913 - what a grant consists of, each by name
    name: str, kle: str, amount: int, *, start: int, end: int | None = None, owner: str = HOME
) -> Grant:
    plan = PaymentPlan(
        start=day(start), end=None, frequency="Månedlig", in_advance=False, day=None, amount=Decimal(amount)
    )
    benefit = Benefit(id="1", name=None, kle=kle, start=day(start), end=None, plans=(plan,))
    return Grant(
        uuid=uuid(f"grant {name}"),
        registered=_at(start),
        holds=Period(),
        owner_cvr=owner,
        cpr="",
        case_uuid=uuid(name),
        sensitivity=Sensitivity.ORDINARY,
        start=day(start),
        end=None if end is None else day(end),
        benefits=(benefit,),
    )


def a_payment(  # noqa: PLR0913 - what a payment consists of, each by name
    name: str,
    kle: str,
    available: dt.date,
    gross: str,
    after_tax: str,
    *,
    sent: str | None = None,
    paid: str | None = None,
    owner: str = HOME,
    **more: object,
) -> Payment:
    """A payment for the month of the day it is available; sent and paid as it was after tax unless said."""
    first = available.replace(day=1)
    last = (first + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)
    arrived = available <= TODAY
    line = PaymentLine(
        kle=kle, amount=Decimal(gross), start=first, end=last, grant_uuid=uuid(f"grant {name}"), benefit_id="1"
    )
    values: dict[str, object] = {
        "uuid": uuid(f"{name} {available}"),
        "registered": NOW,
        "holds": Period(),
        "owner_cvr": owner,
        "cpr": "",
        "fagsystem": "KY",
        "start": first,
        "end": last,
        "available": available,
        "gross": Decimal(gross),
        "after_tax": Decimal(after_tax),
        "sent": Decimal(sent or after_tax) if arrived else None,
        "paid": Decimal(paid or sent or after_tax) if arrived else None,
        "lines": (line,),
        **more,
    }
    return Payment(**values)  # type: ignore[arg-type]  # each value has its field's type


def _policy(owner: Owner, rules: Mapping[str, AreaRule]) -> Policy:
    return Policy(
        authority="UDK" if owner is Owner.UDK else "0730",
        owner=owner,
        since=dt.date(2020, 6, 1),
        etaper=frozenset({1, 2, 3}),
        rules=rules,
    )


ALL_AREAS = MappingProxyType(
    {area.key: AreaRule(shown=True, title=TitleChoice.CASE, document_titles=True) for area in areas.load().all}
)


def an_overview(  # noqa: PLR0913 - what an overview is made of, each by name
    *,
    language: str = "da",
    cases: Iterable[Case] = (),
    grants: Iterable[Grant] = (),
    payments: Iterable[Payment] = (),
    plans: Iterable[Plan] = (),
    rules: Mapping[str, AreaRule] = ALL_AREAS,
    states: Mapping[str, State] = MappingProxyType({}),
    name: str = "Mette Lund",
) -> Overview:
    """The presenter's overview of some records. ``states`` says how each source stands; fresh unless named."""
    policies = {HOME: _policy(Owner.KOMMUNE, rules), UDK: _policy(Owner.UDK, rules)}
    bench = Bench(areas=areas.load(), policies=policies, now=NOW, today=TODAY)
    return build(
        Material(
            person=Person(name=name, given_name=name.split(maxsplit=1)[0], birth_date=None, municipality="0730"),
            judged=judge(
                cases=list(cases), grants=list(grants), payments=list(payments), plans=list(plans), bench=bench
            ),
            readings=_readings(states),
            authorities=AUTHORITIES,
            policies=policies,
            areas=bench.areas,
            kle=Kle(),
            words=words.load(language),
            now=NOW,
        ),
    )


def _readings(states: Mapping[str, State]) -> tuple[SourceReading, ...]:
    last = {State.FRESH: _at(0, 6), State.STALE: _at(-4, 6)}
    return tuple(
        SourceReading(source=source, authority=code, state=state, as_of=last.get(state))
        for source in Source
        for code in (("0730",) if source is Source.PLAN else ("0730", "UDK"))
        for state in (states.get(source.value, State.FRESH),)
    )


# ---------- Mette: the richest page ----------


def mettes_cases() -> tuple[Case, ...]:
    received, informed, decided, closed = CaseStatus
    letters = (
        Document(uuid=uuid("d1"), title="Afgørelse om kontorstol", kind="outgoing_letter", date=day(-1)),
        Document(uuid=uuid("d2"), title="Ansøgning om kontorstol", kind="incoming_letter", date=day(-42)),
    )
    sick = a_case(
        "Sygedagpenge",
        "32.30.04",
        (received, -175),
        (informed, -4),
        unit="Ydelsesafdelingen",
        number="32.30.04-G01-118-26",
        related=(uuid("Opfølgning på sygedagpenge"),),
    )
    chair = a_case(
        "Kontorstol til ryggen",
        "27.60.04",
        (received, -42),
        (informed, -22),
        (decided, -1),
        outcome=Outcome.GRANTED,
        documents=letters,
        unit="Hjælpemidler",
    )
    return (
        sick,
        a_case("Opfølgning på sygedagpenge", "15.17.06", (received, -170), (informed, -120), unit="Jobcenter Randers"),
        chair,
        a_case("Boligstøtte", "32.06.12", (received, -220), (decided, -200), owner=UDK, outcome=Outcome.GRANTED),
        a_case("Folketandpleje", "29.15.08", (received, -20)),
        a_case("Flytning", "23.05.00", (received, -400), (closed, -390)),
    )


def mettes_payments() -> tuple[Payment, ...]:
    months = [dt.date(2026, month, 28) for month in range(6, 11)]
    reduced = {"sent": "12976.00", "sent_text": "Afdrag på gæld til kommunen"}
    sick = [
        a_payment("Sygedagpenge", "32.30.04", when, "18628.00", "13412.00", **(reduced if when.month == 9 else {}))
        for when in months
    ]
    rent = [
        a_payment("Boligstøtte", "32.06.12", when.replace(day=1), "1216.00", "1216.00", owner=UDK)
        for when in [*months, dt.date(2026, 11, 1)]
    ]
    child = [
        a_payment("Børneydelse", "32.10.08", dt.date(2026, month, 20), "3291.00", "3291.00", owner=UDK)
        for month in (7, 10)
    ]
    coming = [
        a_payment("Sygedagpenge", "32.30.04", dt.date(2026, 11, 30), "18628.00", "13412.00"),
        a_payment("Boligstøtte", "32.06.12", dt.date(2026, 12, 1), "1216.00", "1216.00", owner=UDK),
    ]
    return (*sick, *rent, *child, *coming)


def mettes_grants() -> tuple[Grant, ...]:
    return (
        a_grant("Sygedagpenge", "32.30.04", 18628, start=-175, end=24),
        a_grant("Boligstøtte", "32.06.12", 1216, start=-200, owner=UDK),
        a_grant("Befordring", "32.30.04", 480, start=-700, end=-340),
    )


def _intervention(  # noqa: PLR0913 - one line of the plan, read across
    title: str, unit: str, start: dt.date, end: dt.date, state: InterventionState, /, *, amount: str | None = None
) -> Intervention:
    return Intervention(
        id=title,
        title=title,
        description=None,
        kind="indsats",
        field="beskaeftigelse",
        kle=None,
        unit=unit,
        start=start,
        end=end,
        state=state,
        amount=amount,
        payer=None,
    )


def mettes_goals() -> tuple[SubGoal, ...]:
    planned, ongoing = InterventionState.PLANNED, InterventionState.ONGOING
    ended, stopped = InterventionState.ENDED, InterventionState.STOPPED
    date, bar = dt.date, _intervention
    return (
        SubGoal(
            id="1",
            text="Jeg får mere energi i hverdagen",
            state=GoalState.ONGOING,
            interventions=(
                bar("Genoptræning af ryg to gange om ugen", "Randers Sundhedscenter", date(2026, 9, 1),
                    date(2026, 12, 31), ongoing),
                bar("Samtaler med psykolog", "Betalt af kommunen", date(2026, 10, 15), date(2027, 2, 28), ongoing,
                    amount="10 samtaler"),
                bar("Svømmehold", "Randers Svømmehal", date(2026, 9, 7), date(2026, 9, 25), stopped),
            ),
        ),
        SubGoal(
            id="2",
            text="Jeg prøver kræfter med et arbejde",
            state=GoalState.ONGOING,
            interventions=(
                bar("Mentor", "Jobcenter Randers", date(2026, 10, 1), date(2027, 6, 30), ongoing),
                bar("Praktik på en planteskole, 10 timer om ugen", "Gudenå Planteskole", date(2027, 1, 4),
                    date(2027, 3, 31), planned),
                bar("Fleksjob, 15 timer om ugen", "Arbejdsplads aftales i april", date(2027, 5, 1),
                    date(2027, 7, 31), planned),
            ),
        ),
        SubGoal(
            id="3",
            text="Jeg har styr på mine regninger",
            state=GoalState.REACHED,
            interventions=(
                bar("Gældsrådgivning", "Frivillig økonomisk rådgivning", date(2026, 8, 17), date(2026, 10, 31), ended),
            ),
        ),
        SubGoal(
            id="4",
            text="Mine børn har det godt i skolen",
            state=GoalState.ONGOING,
            interventions=(
                bar("Familievejleder hver anden uge", "Familiehuset", date(2026, 11, 1), date(2027, 4, 30), ongoing),
            ),
        ),
    )  # fmt: skip


def mettes_plan(**changes: object) -> Plan:
    who, at = Doer, dt.datetime
    plan = Plan(
        uuid=uuid("plan"),
        registered=_at(-15),
        holds=Period(),
        owner_cvr=HOME,
        cpr="",
        kle="15.17.30",
        unit="Jobcenter Randers",
        phone="00 00 00 00",
        made=dt.date(2026, 8, 17),
        changed=dt.date(2026, 11, 9),
        goal="Jeg vil have et fleksjob på 15 timer om ugen og ro på økonomien inden sommeren 2027.",
        sub_goals=mettes_goals(),
        agreements=(
            Agreement(id="1", text="Ringer til lægen og får en tid", who=who.CITIZEN, who_name=None,
                      due=dt.date(2026, 11, 27), done=False),
            Agreement(id="2", text="Finder en praktikplads, der er god for ryggen", who=who.ADVISER, who_name=None,
                      due=dt.date(2026, 12, 11), done=False),
            Agreement(id="3", text="Skriver en liste over job, du kunne tænke dig", who=who.CITIZEN, who_name=None,
                      due=dt.date(2026, 12, 18), done=False),
            Agreement(id="4", text="Holder møde med skolen", who=who.OTHER, who_name="Familiehuset",
                      due=dt.date(2026, 11, 1), done=True),
        ),
        meetings=tuple(
            Meeting(id=str(when), start=at(*when, 10, tzinfo=COPENHAGEN), end=at(*when, 11, tzinfo=COPENHAGEN),
                    place="Jobcenter Randers, lokale 12", topic="Hvad går godt, og skal planen laves om?",
                    held=when[:2] < (2026, 11))
            for when in ((2026, 9, 15), (2026, 12, 2), (2027, 3, 10), (2027, 6, 16))
        ),
        family=(FamilyMember(role="barn", given_name="Noah", birth_year=2015),
                FamilyMember(role="barn", given_name="Alma", birth_year=2018)),
        consent=Consent(reference=None, state=ConsentState.GIVEN, given=dt.date(2026, 8, 17), withdrawn=None),
    )  # fmt: skip
    return replace(plan, **changes)  # type: ignore[arg-type]  # each value has its field's type


def rich(language: str = "da", **changes: object) -> Overview:
    """Mette: something in every section."""
    given: dict[str, object] = {
        "cases": mettes_cases(),
        "grants": mettes_grants(),
        "payments": mettes_payments(),
        "plans": (mettes_plan(),),
        **changes,
    }
    return an_overview(language=language, **given)  # type: ignore[arg-type]  # each value has its field's type


# ---------- Everybody else ----------


def empty(language: str = "da") -> Overview:
    """Ole: truly nothing."""
    return an_overview(language=language, name="Ole Juul")


def stale(language: str = "da") -> Overview:
    """Mette while no index answers: the last good copy."""
    return rich(language, states=dict.fromkeys(("sdi", "yi", "plan"), State.STALE))


def failed(language: str = "da") -> Overview:
    """Somebody new while no index answers: nothing to show, and nothing known."""
    return an_overview(language=language, states=dict.fromkeys(("sdi", "yi", "plan"), State.FAILED))


def off(language: str = "da") -> Overview:
    """Sara: all she has lies in areas that are not opened."""
    return rich(language, rules={}, name="Sara Holm")


def many(language: str = "da") -> Overview:
    """Jens: 300 cases over twenty years, most of them closed; a payment every month for six years."""
    received, _, decided, closed = CaseStatus
    numbers = ["32.30.04", "27.60.04", "15.17.06", "23.05.00", "32.24.04"]
    cases = [
        a_case(f"Sag nummer {n}", numbers[n % 5], (received, -24 * n - 9), (closed if n > 12 else decided, -24 * n - 1))
        for n in range(300)
    ]
    months = [dt.date(2020 + n // 12, n % 12 + 1, 28) for n in range(82)]
    payments = [a_payment("Sygedagpenge", "32.30.04", when, "14210.00", "10655.50") for when in months]
    grants = (a_grant("Sygedagpenge", "32.30.04", 14210, start=-2520),)
    return an_overview(language=language, cases=cases, grants=grants, payments=payments, name="Jens Krogh")


def troubled(language: str = "da") -> Overview:
    """Lis: a payment reduced by a debt, one that came back, one corrected; sentences for each."""
    date = dt.date
    payments = (
        a_payment("Kontanthjælp", "32.24.04", date(2026, 10, 30), "12326.00", "9811.00", sent="9311.00",
                  sent_text="Modregnet gæld til SKAT"),
        a_payment("Kontanthjælp", "32.24.04", date(2026, 9, 30), "12326.00", "9811.00", paid="0",
                  paid_text="Kontoen er lukket"),
        a_payment("Kontanthjælp", "32.24.04", date(2026, 8, 31), "-1450.00", "-1154.00"),
        a_payment("Kontanthjælp", "32.24.04", date(2026, 7, 31), "12326.00", "9811.00", sent="9500.00"),
    )  # fmt: skip
    grants = (a_grant("Kontanthjælp", "32.24.04", 12326, start=-800),)
    return an_overview(language=language, grants=grants, payments=payments, name="Lis Friis")


def long_words(language: str = "da") -> Overview:
    """Mette with titles nobody has thought of: words that are wider than a telephone."""
    case = replace(mettes_cases()[0], title=LONG_WORD, unit=LONG_WORD, number=LONG_WORD)
    goal = replace(mettes_goals()[0], text=f"{LONG_WORD} {LONG_WORD}")
    agreements = tuple(replace(agreement, text=LONG_WORD) for agreement in mettes_plan().agreements)
    plan = mettes_plan(goal=f"{LONG_WORD} og mere ro", sub_goals=(goal, *mettes_goals()[1:]), agreements=agreements)
    return rich(language, cases=(case, *mettes_cases()[1:]), plans=(plan,))


def no_consent(language: str = "da") -> Overview:
    """Per: he withdrew his consent last week, so the plan is not shared."""
    withdrawn = Consent(reference=None, state=ConsentState.WITHDRAWN, given=day(-90), withdrawn=day(-7))
    return rich(language, plans=(mettes_plan(consent=withdrawn),), name="Per Bang")


SAMPLES: Mapping[str, Callable[[str], Overview]] = MappingProxyType(
    {
        "rich": rich,
        "empty": empty,
        "stale": stale,
        "failed": failed,
        "off": off,
        "many": many,
        "troubled": troubled,
        "long_words": long_words,
        "no_consent": no_consent,
    }
)
