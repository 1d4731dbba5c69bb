"""What needs the citizen's attention now: deadlines first, then meetings, money, decisions and the rest.

No index holds deadlines yet (mission: "there is no index for appointments and deadlines"): they come from the plan's
agreements, the plan's meetings, new decisions and the money.
"""

import datetime as dt

from borgerblik.overview.elements import Link, When
from borgerblik.overview.material import Material
from borgerblik.overview.shapes import Attention, CaseSection, MoneySection, PlanSection
from borgerblik.overview.sources import to_call
from indexes.records import CaseStatus

DEADLINE_DAYS = 14  # how far ahead a deadline is news
MEETING_DAYS = 21
MONEY_DAYS = 45  # a reduced payment is told until the one after the next has come
ANSWER_DAYS = 14
ADULT_AGE = 18
ADULT_DAYS = 60
CHANGED = frozenset({"reduced", "reversed", "corrected"})


def attention(
    material: Material,
    cases: CaseSection,
    money: MoneySection,
    plan: PlanSection,
) -> tuple[Attention, ...]:
    """What matters now, the most pressing first."""
    return (
        *_deadlines(material, plan),
        *_meetings(material, plan),
        *_money(material, money),
        *_decisions(material, cases),
        *_answers(material),
        *_ending(material, money),
        *_coming_of_age(material),
    )


def _day(when: When) -> dt.date:
    return dt.date.fromisoformat(when.iso[:10])


def _deadlines(material: Material, plan: PlanSection) -> list[Attention]:
    """The citizen's own agreements that are due within two weeks, or overdue."""
    words, today, found = material.words, material.today, []
    for agreement in plan.plan.agreements if plan.plan else ():
        due = agreement.due
        if not agreement.yours or agreement.status.code == "done" or due is None:
            continue
        if (_day(due) - today).days > DEADLINE_DAYS:
            continue
        key = "late" if _day(due) < today else "due"
        day = words.day(_day(due), today=today, weekday=True)
        found.append(
            Attention(
                kind="deadline",
                icon="time",
                title=words("attention/deadline/title", text=agreement.text.text),
                when=due,
                when_words=words(f"attention/deadline/{key}", day=day, far=words.in_days(_day(due), today=today)),
                text=words("attention/deadline/text"),
                you_do=words("attention/deadline/you_do"),
                we_do=words("attention/deadline/we_do"),
                action=Link(text=words("attention/deadline/action"), href="/plan/#h-aftaler"),
            ),
        )
    return found


def _meetings(material: Material, plan: PlanSection) -> list[Attention]:
    words = material.words
    meeting = plan.plan.next_meeting if plan.plan else None
    if meeting is None or (_day(meeting.when) - material.today).days > MEETING_DAYS:
        return []
    where = words("attention/meeting/place", place=meeting.place) if meeting.place else ""
    return [
        Attention(
            kind="meeting",
            icon="calendar-month",
            title=words("attention/meeting/title"),
            when=meeting.when,
            when_words=words("attention/meeting/when", day=meeting.when.words, time=meeting.time_words),
            text=" ".join(filter(None, [where, words("attention/meeting/text")])),
            you_do=None,
            we_do=None,
            action=Link(text=words("attention/meeting/action"), href="/plan/#h-moeder"),
        ),
    ]


def _money(material: Material, money: MoneySection) -> list[Attention]:
    """Payments that were changed lately, newest first, with the reason."""
    words, found = material.words, []
    for payment in (item.short for item in money.payments.items):
        if (material.today - _day(payment.when)).days > MONEY_DAYS:
            break
        if payment.status.code not in CHANGED:
            continue
        found.append(
            Attention(
                kind="money",
                icon="payments",
                title=words(f"attention/money/{payment.status.code}", title=payment.title),
                when=payment.when,
                when_words=words("attention/money/when", day=payment.when.words),
                text=" ".join(payment.explanation),
                you_do=None,
                we_do=None,
                action=Link(text=words("attention/money/action"), href=f"/penge/#p-{payment.uuid}"),
            ),
        )
    return found


def _decisions(material: Material, cases: CaseSection) -> list[Attention]:
    words, found = material.words, []
    for case in cases.decided:
        decided = next((step for step in case.steps if step.code == CaseStatus.DECIDED and step.when), None)
        if decided is None:
            continue
        outcome = case.outcome.code if case.outcome else "told"
        found.append(
            Attention(
                kind="news",
                icon="email",
                title=words("attention/decision/title", title=case.title),
                when=decided.when,
                when_words=None,
                text=words(f"attention/decision/{outcome}", sender=case.sender),
                you_do=None,
                we_do=None,
                action=Link(text=words("attention/decision/action"), href=case.href),
            ),
        )
    return found


def _answers(material: Material) -> list[Attention]:
    """That what the citizen has said is wrong has been answered, where the answers stand, for some days."""
    words, today, looked = material.words, material.today, material.looked
    if looked is None:
        return []
    return [
        Attention(
            kind="news",
            icon="email",
            title=words(f"attention/answer/{about}"),
            when=words.when(answered.date(), today=today),
            when_words=None,
            text=words("attention/answer/text"),
            you_do=None,
            we_do=None,
            action=Link(text=words("attention/answer/action"), href=href),
        )
        for about, answered, href in (
            ("report", looked.report, "/noget-galt/"),
            ("objection", looked.objection, "/hvem-har-set/"),
        )
        if answered is not None and (today - answered.date()).days <= ANSWER_DAYS
    ]


def _ending(material: Material, money: MoneySection) -> list[Attention]:
    words = material.words
    return [
        Attention(
            kind="notice",
            icon="hourglass",
            title=words("attention/ending/title", title=grant.title),
            when=None,
            when_words=grant.ends_soon,
            text=words("attention/ending/text", sender=grant.sender),
            you_do=None,
            we_do=None,
            action=Link(text=words("attention/ending/action"), href="/penge/#bevillinger"),
        )
        for grant in money.grants
        if grant.ends_soon
    ]


def _coming_of_age(material: Material) -> list[Attention]:
    """A young person who soon turns 18: from that day they decide themselves (værgemålsloven § 1)."""
    born, today, words = material.person.birth_date, material.today, material.words
    if born is None:
        return []
    leap_day = (born.month, born.day) == (2, 29)
    adult = born.replace(year=born.year + ADULT_AGE, **({"day": 28} if leap_day else {}))
    if not 0 <= (adult - today).days <= ADULT_DAYS:
        return []
    return [
        Attention(
            kind="notice",
            icon="person",
            title=words("attention/adult/title"),
            when=words.when(adult, today=today, weekday=True),
            when_words=words(
                "attention/adult/when",
                day=words.day(adult, today=today, weekday=True),
                far=words.in_days(adult, today=today),
            ),
            text=words("attention/adult/text"),
            you_do=None,
            we_do=None,
            action=to_call(material.home, material),
        ),
    ]
