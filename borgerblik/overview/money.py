"""Money in words: what comes next, what came, and a sentence for every difference between gross and paid."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

from borgerblik import contacts
from borgerblik.areas import Area, Kind
from borgerblik.overview.cases import contact
from borgerblik.overview.changes import month_changes
from borgerblik.overview.closer import Figures
from borgerblik.overview.elements import Badge, Contact, Tone
from borgerblik.overview.granted import grant_closers, grant_views
from borgerblik.overview.listed import ForSome, Item, Later, Listed
from borgerblik.overview.material import Material
from borgerblik.overview.months import month_chart
from borgerblik.overview.payments import (
    ZERO,
    Rung,
    is_before_tax_only,
    is_correction,
    is_reversed,
    is_upcoming,
    reaches_account,
    rungs,
    status_of,
)
from borgerblik.overview.shapes import (
    LadderStep,
    MoneySection,
    NextPayment,
    PaymentInShort,
    PaymentLineView,
    PaymentView,
)
from borgerblik.overview.sources import Standing, standing
from borgerblik.words import ORE, Words
from indexes.records import Payment, PaymentLine, Source

CREDITOR = "Gældsstyrelsen"  # in that reason, when it was for the debt agency; ``contacts`` has it under this name
STATUS_TONES: Mapping[str, Tone] = {
    "upcoming": "info",
    "reversed": "error",
    "corrected": "warning",
    "reduced": "warning",
    "paid": "success",
    "sent": "neutral",
    "unconfirmed": "neutral",
}


def money_section(material: Material) -> MoneySection:
    """Payments and grants that may be shown; the past newest first, the coming soonest first."""
    how = standing(material, Source.YI, material.judged.reasons[Source.YI], Kind.BENEFIT)
    shown = sorted(material.shown_payments, key=lambda pair: (pair[0].available, pair[0].uuid.int), reverse=True)
    names = _benefit_names(material)
    items = [PaymentItem(material, names, payment, area) for payment, area in shown]
    past = [item for item in items if not item.upcoming]
    coming = [item for item in reversed(items) if item.upcoming]
    grants = grant_views(material, names)
    return MoneySection(
        state=how.state,
        complete=how.complete,
        notices=how.notices,
        words=material.words("money/some") if items or grants else _none(material, how),
        next=_next(material, coming),
        coming=Listed(coming),
        chart=month_chart(material, items, how),
        payments=Listed(past),
        grants=grants,
        figures=Later(lambda: tuple(map(_figures, (*reversed(coming), *past)))),
        figures_of=ForSome(items, lambda place: _figures(items[place])),
        years=Later(lambda: tuple(dict.fromkeys(item.day.year for item in past))),
        change=Later(lambda: next(month_changes(material, items, how), None)),
        changes=Later(lambda: tuple(month_changes(material, items, how))),
        closer=Later(lambda: grant_closers(material, names)),
        own_names=Later(lambda: tuple(dict.fromkeys(own for _, _, own in _names(material) if own))),
    )


def _none(material: Material, how: Standing) -> str:
    return material.words(f"money/none/{how.key}", authority=how.authority)


def _benefit_names(material: Material) -> Mapping[tuple[UUID, str], str]:
    """(grant uuid, benefit id) -> what the benefit is called in plain words."""
    return {key: name for key, name, _ in _names(material)}


def _names(material: Material) -> Iterator[tuple[tuple[UUID, str], str, str | None]]:
    """What each benefit is called, and what of that stays in the register's own words, if any.

    Two of one grant with the same KLE number are told apart by the register's own names.
    """
    for grant, area in material.shown_grants:
        times = Counter(benefit.kle for benefit in grant.benefits)
        for benefit in grant.benefits:
            if benefit.name and times[benefit.kle] > 1:
                name, own = material.kle.own_name(benefit.kle, benefit.name, material.words)
            else:
                name, own = material.kle_title(benefit.kle, area), None
            yield (grant.uuid, benefit.id), name, own


class PaymentItem(Item[PaymentView, PaymentInShort]):
    """A payment that may be shown; its place is by the day it is available."""

    __slots__ = ("_status", "area", "day", "material", "names", "payment", "upcoming")

    def __init__(self, material: Material, names: Mapping[tuple[UUID, str], str], payment: Payment, area: Area) -> None:
        super().__init__()
        self.material, self.names, self.payment, self.area = material, names, payment, area
        self.day = payment.available
        self.upcoming = is_upcoming(payment, material.today)
        self._status: str | None = None

    @property
    def place(self) -> tuple[str, ...]:
        return (self.day.isoformat(), self.uuid)

    @property
    def uuid(self) -> str:
        return str(self.payment.uuid)

    @property
    def status(self) -> str:
        if self._status is None:
            self._status = status_of(self.payment, self.material.today)
        return self._status

    @property
    def arrived(self) -> bool:
        return self.status not in {"upcoming", "unconfirmed"}

    @property
    def amount(self) -> Decimal:
        return reaches_account(self.payment)

    @property
    def title(self) -> str:
        return self.material.words.as_one(self.title_of(line) for line in self.payment.lines)

    def title_of(self, line: PaymentLine) -> str:
        """What a line pays for: the benefit of its grant, or what its KLE number is called."""
        if line.grant_uuid and line.benefit_id and (name := self.names.get((line.grant_uuid, line.benefit_id))):
            return name
        return self.material.kle_title(line.kle, self.area)

    @property
    def creditor(self) -> Contact | None:
        """Who took some of it for a debt, when the register's own reason names them."""
        told = f"{self.payment.sent_text} {self.payment.paid_text}".casefold()
        return contacts.of(CREDITOR, CREDITOR) if CREDITOR.casefold() in told else None

    @property
    def quoted(self) -> tuple[str, ...]:
        """The register's own reasons, as they stand in a sentence."""
        return tuple(text.rstrip(". ") for text in (self.payment.sent_text, self.payment.paid_text) if text)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it is not what it might have been, a sentence each."""
        return tuple(_reasons(self.material, self.payment))

    def worded(self) -> PaymentView:
        return _payment_view(self)

    def in_short(self) -> PaymentInShort:
        return PaymentInShort(**_in_short(self))


def _in_short(item: PaymentItem) -> dict[str, Any]:
    """The fields of ``PaymentInShort``."""
    material, payment, words = item.material, item.payment, item.material.words
    return {
        "uuid": item.uuid,
        "title": item.title,
        "when": words.when(payment.available, today=material.today, weekday=True),
        "sender": material.authority(payment.owner_cvr).name,
        "period": _period(material, payment),
        "amount": words.amount(item.amount),
        "status": _badge(item.status, words),
        "explanation": _explanation(material, payment),
        "upcoming": item.upcoming,
    }


@lru_cache(maxsize=100)  # each status in each language
def _badge(status: str, words: Words) -> Badge:
    return Badge(words=words(f"payment/status/{status}"), tone=STATUS_TONES[status], code=status)


def _payment_view(item: PaymentItem) -> PaymentView:
    material, payment = item.material, item.payment
    words, today = material.words, material.today
    return PaymentView(
        **_in_short(item),
        ladder=_ladder(material, payment),
        lines=tuple(
            PaymentLineView(
                title=item.title_of(line),
                period=words.period(line.start, line.end, today=today) if line.start or line.end else None,
                amount=words.amount(line.amount),
                kle=line.kle,
            )
            for line in payment.lines
        ),
        contact=contact(material, payment.owner_cvr, payment.paying_unit),
    )


def _period(material: Material, payment: Payment) -> str | None:
    """The month or the months a payment is for, or its period when it is not made of whole ones."""
    start, end = payment.start, payment.end
    if start and end and ((start.year, start.month) == (end.year, end.month) or _are_whole_months(start, end)):
        return material.words.months(start, end)
    return material.words.period(start, end, today=material.today) if start or end else None


def _are_whole_months(start: dt.date, end: dt.date) -> bool:
    return start.day == 1 and (end + dt.timedelta(days=1)).day == 1


def _ladder(material: Material, payment: Payment) -> tuple[LadderStep, ...]:
    """The steps from gross to paid, each with why it differs from the one before."""
    words = material.words
    return tuple(
        LadderStep(
            label=words(f"payment/ladder/{rung.name}"),
            amount=words.amount(rung.amount),
            words=_difference(material, payment, rung) if rung.differs else None,
            changed=rung.differs and rung.name != "after_tax",
        )
        for rung in rungs(payment)
    )


def _difference(material: Material, payment: Payment, rung: Rung) -> str:
    """Why one step differs from the one before, with the register's own reason where it gives one."""
    name, before, after, text = rung
    if before is None:
        raise ValueError(f"Nothing comes before {name}.")
    amount = material.words.amount(abs(after - before)).words
    way = "less" if after < before else "more"
    if text and (plain := material.words.find(f"overview/payment/reason/{text.casefold().rstrip('. ')}")):
        return plain.format(amount=amount)
    if before < ZERO and name != "after_tax":  # a correction is not sent: it is settled in a later payment
        key = "payment/difference/told" if text else "payment/difference/settled_later"
        return material.words(key, amount=amount, reason=(text or "").rstrip(". "))
    if name == "after_tax":
        return material.words(f"payment/difference/after_tax_{way}", amount=amount)
    if name == "paid" and is_reversed(payment):
        key = "payment/difference/came_back_told" if text else "payment/difference/came_back_untold"
        return material.words(key, amount=amount, reason=(text or "").rstrip(". "))
    if text:
        return material.words(f"payment/difference/told_{way}", amount=amount, reason=text.rstrip(". "))
    return material.words(f"payment/difference/untold_{way}", amount=amount)


def _reasons(material: Material, payment: Payment) -> list[str]:
    """A sentence for every difference other than tax, for a correction, and for a payment that came back."""
    words = material.words
    said = []
    if is_correction(payment):
        said.append(words("payment/correction", period=_period(material, payment) or words("payment/earlier")))
    odd = (rung for rung in rungs(payment) if rung.differs and rung.name != "after_tax")
    said += [_difference(material, payment, rung) for rung in odd]
    if is_reversed(payment):
        said.append(_came_back(material, payment))
    return said


def _explanation(material: Material, payment: Payment) -> tuple[str, ...]:
    """The reasons of a payment, and what is not known of it."""
    words, said = material.words, _reasons(material, payment)
    if reaches_account(payment) > ZERO and is_before_tax_only(payment):
        said.append(words("payment/before_tax_only"))
    if payment.paid is None and payment.available < material.today and reaches_account(payment) > ZERO:
        said.append(words("payment/no_receipt" if payment.sent is not None else "payment/not_told"))
    return tuple(said)


def _came_back(material: Material, payment: Payment) -> str:
    """Where the money is that could not be paid: paid again since, as far as the index knows, or with the authority."""
    words, grants = material.words, {line.grant_uuid for line in payment.lines}
    again = [
        later.available
        for later, _ in material.shown_payments
        if (later.owner_cvr, later.start, later.end) == (payment.owner_cvr, payment.start, payment.end)
        and later.available > payment.available
        and (later.paid or ZERO) > ZERO
        and grants & {line.grant_uuid for line in later.lines}
    ]
    if again:
        return words("payment/paid_again", day=words.day(min(again), today=material.today))
    return words("payment/reversed", authority=material.authority(payment.owner_cvr).name)


def _next(material: Material, coming: Iterable[PaymentItem]) -> NextPayment | None:
    """The next day on which money comes, with everything that comes that day, and what follows."""
    money = [item for item in coming if item.amount > ZERO]
    if not money:
        return None
    day = min(item.day for item in money)
    when = material.words.when(day, today=material.today, weekday=True)
    return NextPayment(
        total=material.words.amount(sum((item.amount for item in money if item.day == day), ZERO)),
        when=when,
        words=material.words("money/next" if _all_known(money, day) else "money/next_before_tax", day=when.words),
    )


def _all_known(coming: Iterable[PaymentItem], day: dt.date) -> bool:
    """Whether it is known of all that comes on a day what is left of it after tax."""
    return not any(is_before_tax_only(item.payment) for item in coming if item.day == day)


def _figures(item: PaymentItem) -> Figures:
    payment = item.payment
    steps = (payment.after_tax, payment.sent, payment.paid)
    after_tax, sent, paid = (None if amount is None else amount.quantize(ORE) for amount in steps)
    return Figures(
        uuid=item.uuid,
        day=item.day,
        title=item.title,
        sender=item.material.authority(payment.owner_cvr).name,
        upcoming=item.upcoming,
        gross=payment.gross.quantize(ORE),
        after_tax=after_tax,
        sent=sent,
        paid=paid,
        creditor=item.creditor,
        quoted=item.quoted,
    )
