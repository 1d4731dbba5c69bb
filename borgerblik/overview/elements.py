"""What everything of the overview is made of: a state, a time, an amount, a link, a badge, a contact and a notice.

Frozen and in finished words, as the whole (``shapes``).
"""

from decimal import Decimal
from enum import StrEnum
from typing import Literal

from msgspec import Struct

Tone = Literal["info", "success", "warning", "error", "neutral"]
Icon = str  # a symbol's name in the design system's sprite


class State(StrEnum):
    """The five states of a source and of a section. "Nothing" (EMPTY) is only said when it is known."""

    FRESH = "fresh"
    STALE = "stale"  # the last good copy, as of
    FAILED = "failed"  # nothing to show, and why
    OFF = "off"  # the municipality has not opened this area
    EMPTY = "empty"  # truly nothing


class When(Struct, frozen=True, kw_only=True):
    words: str  # "mandag den 30. november 2026", "i går", "i dag kl. 7.45"
    iso: str  # 2026-11-30 or 2026-11-30T07:45:00+01:00


class Money(Struct, frozen=True, kw_only=True):
    words: str  # "13.412,00 kr."
    value: Decimal


class RegisterText(Struct, frozen=True, kw_only=True):
    """Words from a register, shown as they are."""

    text: str
    lang: str = "da"


class Link(Struct, frozen=True, kw_only=True):
    text: str
    href: str


class Badge(Struct, frozen=True, kw_only=True):
    words: str
    tone: Tone
    code: str  # for machines: received, informed, decided, closed, ongoing …


class Contact(Struct, frozen=True, kw_only=True):
    """Who to call: an authority or a unit, never a person."""

    name: str
    unit: str | None
    phone: str | None  # as it is read: "00 00 00 00"
    phone_href: str | None  # tel:+45…
    hours: str | None
    address: str | None
    website: str | None


class Notice(Struct, frozen=True, kw_only=True):
    """A sentence about why something may be missing or old, and what the reader can do."""

    state: State
    title: str
    text: str
    action: Link | None = None
