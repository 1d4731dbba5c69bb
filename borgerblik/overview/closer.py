"""Money looked at closely, as only the pages do: a payment's figures, why months differ, and what a grant consists of.

Frozen and in finished words like the other shapes; made only when a page asks for it (``Later``).
"""

import datetime as dt
from decimal import Decimal

from msgspec import Struct

from borgerblik.overview.elements import Contact, Money


class Figures(Struct, frozen=True, kw_only=True):
    """One payment for whoever counts: its day and its steps to the øre, None where the index does not know."""

    uuid: str
    day: dt.date
    title: str
    sender: str
    upcoming: bool
    gross: Decimal
    after_tax: Decimal | None
    sent: Decimal | None
    paid: Decimal | None
    creditor: Contact | None  # who took some of it for a debt, and can tell why
    quoted: tuple[str, ...]  # the register's own reasons, in Danish in whatever is said of it

    @property
    def taken(self) -> Decimal | None:
        """What went to tax and ATP."""
        return None if self.after_tax is None else self.gross - self.after_tax

    @property
    def known(self) -> bool:
        return None not in {self.after_tax, self.sent, self.paid}


class Change(Struct, frozen=True, kw_only=True):
    """What is not the same of one kind of payment in two months."""

    title: str
    sender: str
    words: str
    why: tuple[str, ...]  # what the indexes say; where they say nothing, that
    difference: Money | None  # None: not every amount is known
    contact: Contact
    creditors: tuple[Contact, ...]
    quoted: tuple[str, ...]  # the register's own words in ``why``


class MonthChange(Struct, frozen=True, kw_only=True):
    """A month and the one before it."""

    title: str  # "Fra september til oktober 2026"
    words: str
    notes: tuple[str, ...]  # what it holds for only in part
    difference: Money | None  # None: not every amount is known
    changes: tuple[Change, ...]


class GrantPart(Struct, frozen=True, kw_only=True):
    """One benefit of a grant that has several."""

    title: str
    period: str | None
    amount_words: str | None
    ends_soon: str | None  # when the grant does not


class GrantCloser(Struct, frozen=True, kw_only=True):
    parts: tuple[GrantPart, ...]  # none when the grant is one benefit
    ending: str | None  # what to do about an end that is near, or what comes after it
    coming: tuple[str, ...]  # what it will come to from a day ahead
    contact: Contact
