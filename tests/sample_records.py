"""Made-up records for the sample overviews: small makers, and everything that the indexes hold about Mette.

Nobody here exists, and no record holds a CPR number. It is always 24 November 2026.
"""

import datetime as dt
from decimal import Decimal
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from msgspec.structs import replace

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
    Step,
    SubGoal,
)

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
NOW = dt.datetime(2026, 11, 24, 7, 45, tzinfo=COPENHAGEN)
TODAY = NOW.date()
HOME, UDK = "29189668", "33236239"
SPACE = UUID("00000000-0000-4000-8000-000000000000")


def uuid(name: str) -> UUID:
    return uuid5(SPACE, name)


def day(days: int) -> dt.date:
    """The day that lies so many days from today."""
    return TODAY + dt.timedelta(days=days)


def at(days: int, hour: int = 9) -> dt.datetime:
    return dt.datetime.combine(day(days), dt.time(hour), tzinfo=COPENHAGEN)


def a_case(name: str, kle: str, *steps: tuple[CaseStatus, int], owner: str = HOME, **more: object) -> Case:
    """A case whose steps began so many days from today."""
    values: dict[str, object] = {
        "uuid": uuid(name),
        "registered": at(steps[-1][1] if steps else -1),
        "holds": Period(),
        "owner_cvr": owner,
        "cpr": "",
        "kle": kle,
        "fagsystem": "KSD",
        "sensitivity": Sensitivity.ORDINARY,
        "hidden": False,
        "opened": day(steps[0][1]) if steps else None,
        "title": name,
        "progress": tuple(Step(status=status, period=Period(start=at(begun))) for status, begun in steps),
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
        registered=at(start),
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
    who, instant = Doer, dt.datetime
    plan = Plan(
        uuid=uuid("plan"),
        registered=at(-15),
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
            Meeting(id=str(when), start=instant(*when, 10, tzinfo=COPENHAGEN),
                    end=instant(*when, 11, tzinfo=COPENHAGEN),
                    place="Jobcenter Randers, lokale 12", topic="Hvad går godt, og skal planen laves om?",
                    held=when[:2] < (2026, 11))
            for when in ((2026, 9, 15), (2026, 12, 2), (2027, 3, 10), (2027, 6, 16))
        ),
        family=(FamilyMember(role="barn", given_name="Noah", birth_year=2015),
                FamilyMember(role="barn", given_name="Alma", birth_year=2018)),
        consent=Consent(reference=None, state=ConsentState.GIVEN, given=dt.date(2026, 8, 17), withdrawn=None),
    )  # fmt: skip
    return replace(plan, **changes)
