"""``build``: from material to the finished Overview. The only way in; pages, REST, PDF and calendar all start here."""

import datetime as dt

from borgerblik.overview.access import looked_view
from borgerblik.overview.attention import attention
from borgerblik.overview.cases import case_section
from borgerblik.overview.elements import State, When
from borgerblik.overview.material import Material
from borgerblik.overview.money import money_section
from borgerblik.overview.plan import plan_section
from borgerblik.overview.shapes import (
    Attention,
    CaseSection,
    KeyFigure,
    MoneySection,
    Overview,
    PlanSection,
    SourceStatus,
)
from borgerblik.overview.since import since_last_visit
from borgerblik.overview.sources import area_statuses, source_statuses

MORNING, DAY, EVENING = 5, 10, 18  # the hours at which a Danish greeting changes
TO_DO = frozenset({"deadline", "meeting"})


def build(material: Material) -> Overview:
    """The whole overview of one citizen, in one language."""
    cases, money, plan = case_section(material), money_section(material), plan_section(material)
    sources = source_statuses(material)
    matters = attention(material, cases, money, plan)
    words, person = material.words, material.person
    return Overview(
        language=words.language,
        generated=words.moment(material.now, today=material.today),
        name=person.name,
        greeting=words(f"greeting/{_part_of_day(material.now)}", name=person.given_name),
        lead=_lead(material, matters, cases, money, plan),
        freshness=_freshness(material, sources),
        authority=material.home.contact,
        key_figures=_key_figures(material, matters, cases, money, plan),
        attention=matters,
        cases=cases,
        money=money,
        plan=plan,
        sources=sources,
        areas=area_statuses(material),
        looked=looked_view(material.looked, words, material.today) if material.looked else None,
        since=since_last_visit(material, cases, money, plan),
    )


def _part_of_day(now: dt.datetime) -> str:
    if MORNING <= now.hour < DAY:
        return "morning"
    return "day" if DAY <= now.hour < EVENING else "evening"


def _lead(material: Material, matters: tuple[Attention, ...], *parts: CaseSection | MoneySection | PlanSection) -> str:
    """What there is to do; that nothing is seen is only said when everything is seen and nothing is to be read."""
    words, today = material.words, material.today
    day = words.day(today, today=today, weekday=True)
    number = sum(item.kind in TO_DO for item in matters)
    if number or all(part.complete for part in parts):
        return words("lead/read", day=day) if matters and not number else words.counted("lead", number, day=day)
    ill = any(part.state in {State.STALE, State.FAILED} for part in parts)
    return words("lead/unknown" if ill else "lead/partly", day=day)


def _freshness(material: Material, sources: tuple[SourceStatus, ...]) -> str:
    """When the newest and the oldest good reading was, and from whom; what is missing is said first."""
    words = material.words
    bad = [source for source in sources if source.state in {State.FAILED, State.STALE}]
    if bad:
        key = "partly" if any(source.state is State.STALE for source in bad) else "failed"
        return words(f"freshness/{key}", authority=words.listed(list(dict.fromkeys(s.authority_name for s in bad))))
    read = [source for source in sources if source.as_of]
    if not read:
        return words("freshness/off", authority=material.home.name)
    when: When = words.moment(min(r.as_of for r in material.readings if r.as_of), today=material.today)
    names = list(dict.fromkeys(source.authority_name for source in read))
    return words("freshness/all", when=when.words, authority=words.listed(names))


def _key_figures(
    material: Material,
    matters: tuple[Attention, ...],
    cases: CaseSection,
    money: MoneySection,
    plan: PlanSection,
) -> tuple[KeyFigure, ...]:
    """Up to four figures; one whose number is not known is left out rather than shown as nought."""
    words, figures = material.words, []
    to_do = sum(item.kind in TO_DO for item in matters)
    if to_do:
        figures.append(
            KeyFigure(
                value=words.counted("figure/todo", to_do),
                words=words("figure/todo/words"),
                href="#goer",
                icon="notifications",
                tone="warning",
            ),
        )
    if cases.open:
        figures.append(
            KeyFigure(
                value=words.counted("figure/cases", len(cases.open)),
                words=words("figure/cases/words"),
                href="#sager",
                icon="folder-open",
                tone="success",
            ),
        )
    if money.next:
        day = dt.date.fromisoformat(money.next.when.iso)
        figures.append(
            KeyFigure(
                value=words.amount(money.next.total.value, whole=True).words,
                words=words("figure/money/words", day=words.day(day, today=material.today)),
                href="#penge",
                icon="payments",
                tone="success",
            ),
        )
    if plan.plan and plan.plan.goals:
        figures.append(
            KeyFigure(
                value=words("figure/plan/value", reached=plan.plan.reached, total=len(plan.plan.goals)),
                words=words("figure/plan/words"),
                href="#plan",
                icon="flag",
                tone="success",
            ),
        )
    return tuple(figures)
