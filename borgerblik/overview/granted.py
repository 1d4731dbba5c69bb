"""Grants in words: what has been granted, for how long, what ends soon and what to do about it."""

import datetime as dt
from collections.abc import Container, Iterable, Mapping
from decimal import Decimal
from uuid import UUID

from borgerblik.overview.cases import contact
from borgerblik.overview.closer import GrantCloser, GrantPart
from borgerblik.overview.elements import Money
from borgerblik.overview.material import Material
from borgerblik.overview.shapes import GrantView
from borgerblik.visibility import is_active_grant, is_paid_out
from indexes.records import Benefit, Grant, Payment

ZERO = Decimal(0)
ENDS_SOON_DAYS = 60
Names = Mapping[tuple[UUID, str], str]  # (grant uuid, benefit id) -> what the benefit is called


def grant_views(material: Material, names: Names) -> tuple[GrantView, ...]:
    """Active grants first, then ended ones; the newest start first."""
    linked = {case.uuid for case, _, _ in material.shown_cases}
    payments = material.payments_of_grant
    shown = [grant for grant, _ in material.shown_grants]
    shown.sort(key=lambda g: (is_active_grant(g, material.today), g.start or dt.date.min, str(g.uuid)), reverse=True)
    return tuple(_grant_view(material, grant, names, payments.get(grant.uuid, []), linked) for grant in shown)


def is_taxed(payment: Payment) -> bool:
    """Whether tax or ATP has been taken of a payment."""
    return payment.after_tax is not None and payment.after_tax != payment.gross


def _planned(benefits: Iterable[Benefit], day: dt.date) -> tuple[Decimal | None, str]:
    """What benefits come to together on a day, and how often; no sum when they come at different times."""
    plans = [
        plan
        for benefit in benefits
        for plan in benefit.plans
        if plan.amount is not None and (plan.start or day) <= day <= (plan.end or day)
    ]
    frequencies = {(plan.frequency or "").casefold() for plan in plans}
    if len(frequencies) != 1:
        return None, ""
    return sum((plan.amount for plan in plans if plan.amount is not None), ZERO), frequencies.pop()


def _grant_view(
    material: Material,
    grant: Grant,
    names: Names,
    payments: list[Payment],
    linked: Container[UUID | None],
) -> GrantView:
    words, today = material.words, material.today
    paid_out, last = is_paid_out(grant, payments, today), last_day(grant)
    over = last is not None and last < today
    active = is_active_grant(grant, today) and not paid_out and not over
    sender = material.authority(grant.owner_cvr).name
    amount, amount_words = _amount(material, grant.benefits, _day_of(grant, today if active else None), payments)
    return GrantView(
        uuid=str(grant.uuid),
        title=words.as_one(names[grant.uuid, benefit.id] for benefit in grant.benefits),
        period=_grant_period(material, grant, running=active),
        amount=amount,
        amount_words=amount_words,
        sender=sender,
        active=active,
        ended=paid_out or over,
        ends_soon=_ends_soon(material, last) if active else None,
        repay=words("grant/repay", sender=sender) if any(b.repayable for b in grant.benefits) else None,
        case_href=f"/sager/{grant.case_uuid}/" if grant.case_uuid in linked else None,
    )


def _grant_period(material: Material, grant: Grant, *, running: bool) -> str:
    """The period of a grant; of a running one without an end it is said that none is known."""
    words, today = material.words, material.today
    last = last_day(grant)
    if running and grant.start and last is None:
        return words("grant/open_ended", start=words.day(grant.start, today=today))
    return words.period(grant.start, last, today=today)


def last_day(grant: Grant) -> dt.date | None:
    """The last day of a grant, or that of the last of its benefits where each has one; None: none is known."""
    ends = [benefit.end for benefit in grant.benefits]
    known = [end for end in ends if end is not None]
    return grant.end or (max(known) if known and len(known) == len(ends) else None)


def _ends_soon(material: Material, last: dt.date | None) -> str | None:
    """That something ends within two months, and when."""
    if last is None or not 0 <= (last - material.today).days <= ENDS_SOON_DAYS:
        return None
    return material.words("grant/ends_soon", when=material.words.in_days(last, today=material.today))


def _amount(
    material: Material, benefits: Iterable[Benefit], day: dt.date, payments: Iterable[Payment]
) -> tuple[Money | None, str | None]:
    """What benefits come to on a day, and the same in words, with how often and whether tax is still to be taken."""
    words = material.words
    total, frequency = _planned(benefits, day)
    if total is None:
        return None, None
    amount = words.amount(total)
    how_often = words.find(f"overview/grant/frequency/{frequency}")
    key = "grant/amount_before_tax" if any(map(is_taxed, payments)) else "grant/amount"
    return amount, words(key, amount=amount.words, how_often=how_often or "").strip()


def _day_of(grant: Grant, today: dt.date | None) -> dt.date:
    """The day whose amount is told: today while it runs, else its last or its first."""
    return today or last_day(grant) or grant.start or dt.date.min


def grant_closers(material: Material, names: Names) -> dict[str, GrantCloser]:
    """By its uuid, what a page shows of each grant besides its view."""
    return {str(grant.uuid): _closer(material, names, grant) for grant, _ in material.shown_grants}


def _closer(material: Material, names: Names, grant: Grant) -> GrantCloser:
    return GrantCloser(
        parts=_parts(material, names, grant),
        ending=_ending(material, grant),
        coming=_coming(material, names, grant),
        contact=contact(material, grant.owner_cvr, grant.unit),
    )


def _parts(material: Material, names: Names, grant: Grant) -> tuple[GrantPart, ...]:
    """Each benefit of a grant that has several, with its own period where that is not the grant's."""
    if len(grant.benefits) == 1:
        return ()
    words, today, payments = material.words, material.today, material.payments_of_grant.get(grant.uuid, [])
    day = _day_of(grant, today if is_active_grant(grant, today) else None)
    return tuple(
        GrantPart(
            title=names[grant.uuid, benefit.id],
            period=words.period(benefit.start, benefit.end, today=today) if _own_period(benefit, grant) else None,
            amount_words=_amount(material, [benefit], day, payments)[1],
            ends_soon=None if benefit.end == last_day(grant) else _ends_soon(material, benefit.end),
        )
        for benefit in grant.benefits
    )


def _own_period(benefit: Benefit, grant: Grant) -> bool:
    return (benefit.start, benefit.end) not in {(None, None), (grant.start, grant.end)}


def _coming(material: Material, names: Names, grant: Grant) -> tuple[str, ...]:
    """What a grant will come to from a day ahead, where its plan of payments says so."""
    words, payments = material.words, material.payments_of_grant.get(grant.uuid, [])
    told = []
    for benefit in grant.benefits:
        ahead = {plan.start for plan in benefit.plans if plan.start and plan.start > material.today}
        for day in sorted(ahead - {grant.start, benefit.start}):
            amount = _amount(material, [benefit], day, payments)[1]
            if amount:
                title = names[grant.uuid, benefit.id]
                told.append(words("grant/from", day=words.day(day, today=material.today), title=title, amount=amount))
    return tuple(told)


def _ending(material: Material, grant: Grant) -> str | None:
    """What to do about an end that is near; that the same has been granted anew, where it has."""
    last = last_day(grant)
    if not any(_ends_soon(material, end) for end in (last, *(benefit.end for benefit in grant.benefits))):
        return None
    words, sender = material.words, material.authority(grant.owner_cvr).name
    topics = {benefit.kle for benefit in grant.benefits}
    anew = [
        other.start
        for other, _ in material.shown_grants
        if other.owner_cvr == grant.owner_cvr
        and {benefit.kle for benefit in other.benefits} == topics
        and other.start
        and other.start > (grant.start or dt.date.min)
        and (last_day(other) or dt.date.max) > (last or dt.date.min)
    ]
    if anew:
        return words("grant/granted_anew", day=words.day(min(anew), today=material.today))
    return words("grant/ends_soon_do", sender=sender)
