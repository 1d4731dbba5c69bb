"""Made-up overviews, one for each situation a page must stand: through the real presenter, in both languages.

No database, no clock: it is always the morning of 24 November 2026 in Randers. Nobody here exists.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from msgspec.structs import replace

from borgerblik import areas, contacts, words
from borgerblik.areas import Owner
from borgerblik.kle import Kle
from borgerblik.overview.access import Entry, Looked
from borgerblik.overview.build import build
from borgerblik.overview.elements import State
from borgerblik.overview.material import Authority, Material, Person, SourceReading
from borgerblik.overview.shapes import Overview
from borgerblik.policy import AreaRule, Policy, TitleChoice
from borgerblik.visibility import Bench, judge
from indexes.records import (
    Case,
    CaseStatus,
    Consent,
    ConsentState,
    Grant,
    Payment,
    Plan,
    Source,
)
from tests.sample_records import (
    HOME,
    NOW,
    TODAY,
    UDK,
    a_case,
    a_grant,
    a_payment,
    at,
    day,
    mettes_cases,
    mettes_goals,
    mettes_grants,
    mettes_payments,
    mettes_plan,
)

AUTHORITIES = {
    HOME: Authority(code="0730", cvr=HOME, name="Randers Kommune", contact=contacts.of("0730", "Randers Kommune")),
    UDK: Authority(code="UDK", cvr=UDK, name="Udbetaling Danmark", contact=contacts.of("UDK", "Udbetaling Danmark")),
}
LONG_WORD = "Arbejdsmarkedsuddannelsesgodtgørelsesberegningsgrundlagsændringsmeddelelse"


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
            unusable=frozenset(),
            policies=policies,
            areas=bench.areas,
            kle=Kle(),
            words=words.load(language),
            now=NOW,
            looked=_looked(nobody=name.startswith("Ole")),
        ),
    )


def _looked(*, nobody: bool) -> Looked:
    """What others have seen: a system, three times."""
    seen = Entry(
        number=7, at=at(-2, 9), actor="x", organisation="Digitaliseringsstyrelsen", what="overview", purpose="consumer"
    )
    return Looked(
        since=at(-60, 8),
        times=0 if nobody else 3,
        newest=() if nobody else (seen, seen, seen),
        last_visit=at(-3, 10),
        times_since=0 if nobody else 1,
    )


def _readings(states: Mapping[str, State]) -> tuple[SourceReading, ...]:
    last = {State.FRESH: at(0, 6), State.STALE: at(-4, 6)}
    return tuple(
        SourceReading(source=source, authority=code, state=state, as_of=last.get(state))
        for source in Source
        for code in (("0730",) if source is Source.PLAN else ("0730", "UDK"))
        for state in (states.get(source.value, State.FRESH),)
    )


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
    grants = (replace(a_grant("Sygedagpenge", "32.30.04", 14210, start=-2520), case_uuid=None),)
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
    cases = (a_case("Kontanthjælp", "32.24.04", (CaseStatus.DECIDED, -790)),)
    return an_overview(language=language, cases=cases, grants=grants, payments=payments, name="Lis Friis")


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
