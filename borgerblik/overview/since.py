"""What is new since the citizen was last here: cases, money, the plan, and that others have looked."""

import datetime as dt
from collections.abc import Iterator

from borgerblik.overview.elements import RegisterText
from borgerblik.overview.material import Material
from borgerblik.overview.shapes import CaseSection, MoneySection, NewsView, PlanSection, SinceLastVisit

MOST = 3  # of each kind that are named; that there are more is said


def since_last_visit(
    material: Material, cases: CaseSection, money: MoneySection, plan: PlanSection
) -> SinceLastVisit | None:
    """What has come to the indexes since the last visit; None when there was none, or it is not the citizen who reads.

    The indexes tell when they were told of a thing (Registrering), not what in it is another: a case that is new here
    was changed, however little.
    """
    looked, words = material.looked, material.words
    if looked is None or looked.last_visit is None:
        return None
    news = (
        *_cases(material, cases, looked.last_visit),
        *_payments(material, money, looked.last_visit),
        *_plan(material, plan, looked.last_visit),
        *_looked(material, looked.times_since),
    )
    known = cases.complete and money.complete and plan.complete
    return SinceLastVisit(
        words=words("since/words", when=words.moment(looked.last_visit, today=material.today).words),
        news=news,
        nothing=None if news else words("since/nothing/known" if known else "since/nothing/seen"),
    )


def _news(title: str, words: str, href: str, register_title: RegisterText | None = None) -> NewsView:
    return NewsView(title=title, register_title=register_title, words=words, href=href)


def _cases(material: Material, cases: CaseSection, last: dt.datetime) -> Iterator[NewsView]:
    words = material.words
    new = {str(case.uuid) for case, _, _ in material.shown_cases if case.registered > last}
    found = [item for item in (cases.open + cases.closed).items if item.uuid in new]
    for case in (item.short for item in found[:MOST]):
        yield _news(case.title, words("since/case", status=case.status.words), case.href, case.register_title)
    if len(found) > MOST:
        yield _news(words("since/more_cases/title"), words("since/more_cases/text"), "/sager/")


def _payments(material: Material, money: MoneySection, last: dt.datetime) -> Iterator[NewsView]:
    """The money that has come since; on the day of the visit itself, what was told of afterwards."""
    words, first = material.words, last.date()
    new = {
        str(payment.uuid)
        for payment, _ in material.shown_payments
        if first <= payment.available <= material.today
        and (payment.paid or 0) > 0
        and (payment.available > first or payment.registered > last)
    }
    found = [item for item in money.payments.items if item.uuid in new]
    for payment in (item.short for item in found[:MOST]):
        told = words("since/payment", amount=payment.amount.words, day=payment.when.words)
        yield _news(payment.title, told, f"/penge/#p-{payment.uuid}")
    if len(found) > MOST:
        yield _news(words("since/more_money/title"), words("since/more_money/text"), "/penge/")


def _plan(material: Material, plan: PlanSection, last: dt.datetime) -> Iterator[NewsView]:
    found = material.plan()
    if plan.plan and found and found[0].registered > last:
        yield _news(material.words("since/plan/title"), material.words("since/plan/text"), "/plan/")


def _looked(material: Material, times: int) -> Iterator[NewsView]:
    if times:
        yield _news(material.words("since/looked/title"), material.words("since/looked/text"), "/hvem-har-set/")
