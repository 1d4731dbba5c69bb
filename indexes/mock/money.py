"""How a payment comes about: the ladder from gross to paid, its lines, and when it was registered."""

from dataclasses import dataclass
from datetime import date, timedelta

from indexes.mock.days import instant
from indexes.mock.dice import Kind, object_uuid
from indexes.mock.objects import Benefit, Grant, Line, Payment

SENT_BEFORE = 4  # days before the payday that the payment is sent to NemKonto
_KRONE = 100  # øre


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """What decides one payment. Amounts are øre.

    ``sent`` and ``paid`` follow ``after_tax`` when they are None: everything that was left was paid. ``shares`` is the
    gross amount of each of the grant's benefits.
    """

    ordinal: int
    payday: date
    start: date
    end: date
    shares: tuple[tuple[Benefit, int], ...]
    after_tax: int
    sent: int | None = None
    paid: int | None = None
    sent_text: str | None = None
    paid_text: str | None = None


def make_payment(grant: Grant, slip: Slip, *, seed: int, person: int, today: date) -> Payment:
    """The payment that a slip describes. One whose payday lies after ``today`` has been sent but not paid."""
    sent = slip.after_tax if slip.sent is None else slip.sent
    coming = slip.payday > today
    start, end = instant(slip.start), instant(slip.end)
    registered = min(slip.payday - timedelta(days=SENT_BEFORE), today) if coming else slip.payday
    return Payment(
        uuid=object_uuid(seed, Kind.PAYMENT, person, slip.ordinal),
        number=f"{grant.number}/{slip.ordinal}",
        registered=instant(registered),  # at midnight: nothing is ever registered later than now
        start=start,
        end=end,
        available=instant(slip.payday),
        gross=sum(share for _, share in slip.shares),
        after_tax=slip.after_tax,
        sent=sent,
        paid=None if coming else sent if slip.paid is None else slip.paid,
        sent_text=slip.sent_text,
        paid_text=None if coming else slip.paid_text,
        owner=grant.owner,
        unit=grant.unit,
        system=grant.system,
        recipient=grant.recipient,
        lines=tuple(
            Line(kle=benefit.kle, amount=share, start=start, end=end, grant_uuid=grant.uuid, benefit_id=benefit.id)
            for benefit, share in slip.shares
        ),
    )


def kroner(amount: float) -> int:
    """Kroner as a data file writes them, in whole øre."""
    return round(amount * _KRONE)
