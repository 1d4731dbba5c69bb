"""What is so of a payment, before any word of it: what reaches the account, how it stands, the steps of its amount."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from indexes.records import Payment

ZERO = Decimal(0)
SET_OFF = "modregn"  # in the register's own reason, when a debt took the money


def reaches_account(payment: Payment) -> Decimal:
    """What reaches the account as far as is known: paid, else sent, else after tax, else gross.

    A negative amount is not collected: it is settled in a later payment, which is then the smaller one.
    """
    known = (payment.paid, payment.sent, payment.after_tax)
    return max(next((amount for amount in known if amount is not None), payment.gross), ZERO)


def is_upcoming(payment: Payment, today: dt.date) -> bool:
    return payment.available > today or (payment.available == today and payment.paid is None)


def is_reversed(payment: Payment) -> bool:
    """Money was sent and none of it arrived, but for a debt that took it all: the payment came back."""
    if payment.paid != ZERO or payment.sent is None or payment.sent <= ZERO:
        return False
    return SET_OFF not in (payment.paid_text or "").casefold()


def is_reduced(payment: Payment) -> bool:
    """Less than was sent arrived, or less was sent than was left after tax."""
    steps = [amount for amount in (payment.after_tax, payment.sent, payment.paid) if amount is not None]
    return steps != sorted(steps)


def is_correction(payment: Payment) -> bool:
    return payment.gross < ZERO or any(line.amount < ZERO for line in payment.lines)


def status_of(payment: Payment, today: dt.date) -> str:
    """How a payment stands, as the codes of ``STATUS_TONES``; the first that fits."""
    if is_upcoming(payment, today):
        return "upcoming"
    if is_reversed(payment):
        return "reversed"
    if is_correction(payment):
        return "corrected"
    if is_reduced(payment):
        return "reduced"
    if payment.paid is not None:
        return "paid"
    return "unconfirmed" if payment.sent is None else "sent"


def is_before_tax_only(payment: Payment) -> bool:
    """Whether nothing is known of what is left of it after tax."""
    return payment.after_tax is None and payment.sent is None and payment.paid is None


class Rung(NamedTuple):
    """One step of a payment whose amount is known; ``before`` is the amount of the one before, None of the first."""

    name: str
    before: Decimal | None
    amount: Decimal
    text: str | None  # the register's own reason

    @property
    def differs(self) -> bool:
        return self.before is not None and self.amount != self.before


def rungs(payment: Payment) -> Iterator[Rung]:
    """Gross, after tax and ATP, sent, paid: the steps that are known. What is free of tax has no step for it."""
    before, untaxed = payment.gross, payment.after_tax == payment.gross
    yield Rung("untaxed" if untaxed else "gross", None, before, None)
    if payment.after_tax is not None and not untaxed:
        yield Rung("after_tax", before, payment.after_tax, None)
        before = payment.after_tax
    if payment.sent is not None:
        yield Rung("sent", before, payment.sent, payment.sent_text)
        before = payment.sent
    if payment.paid is not None:
        yield Rung("paid", before, payment.paid, payment.paid_text)
