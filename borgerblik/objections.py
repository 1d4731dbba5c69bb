"""A citizen says that an entry of the access log is wrong; the municipality where they live answers.

The citizen does it under the leave that opens their rows: an entry of somebody else is one that is not there. The
municipality sees what it was sent and the entry, and never whose it is.
"""

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import transaction

from borgerblik.access_log import open_citizen
from borgerblik.grants import Leave
from borgerblik.models import AccessEntry, AccessObjection
from borgerblik.overview.access import CITIZEN
from borgerblik.rights import OBJECTION_TOLD
from indexes.cpr_numbers import masked
from indexes.parse.text import MASK

LONGEST: Final = 1_000  # letters, of the citizen's words and of the answer
MOST_A_DAY: Final = 10  # by one citizen: beyond, a telephone call is better for everybody
A_DAY: Final = dt.timedelta(days=1)
DIGITS: Final = 12


class UnknownEntryError(LookupError):
    """There is no such entry of this citizen."""


class TooManyError(Exception):
    """The citizen has made as many objections today as one may."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a citizen says of an entry: a reason that its page offers (``overview.access``), and words of their own."""

    entry: int
    reason: str
    words: str


def entry_of(leave: Leave, number: int) -> tuple[AccessEntry, AccessObjection | None]:
    """An entry of the citizen's, and their objection to it if they have made one.

    Raises:
        NoGrantError: the leave opens nobody.
        UnknownEntryError: there is no such entry, or it is somebody else's: the two look the same.
    """
    with transaction.atomic():
        _, entry = _entry(leave, number)
        return entry, AccessObjection.objects.filter(entry=number).first()


def make(leave: Leave, told: Told, *, municipality: str, now: dt.datetime) -> AccessObjection:
    """Tell the municipality that an entry is wrong. The second time for the same entry gives what the first one made.

    Raises:
        NoGrantError: the leave opens nobody.
        UnknownEntryError: there is no such entry of theirs.
        TooManyError: they have made ``MOST_A_DAY`` since this time yesterday.
    """
    with transaction.atomic():
        citizen, entry = _entry(leave, told.entry)
        theirs = AccessObjection.objects.filter(citizen=citizen)
        made = theirs.filter(entry=entry.pk).first()
        if made is None and theirs.filter(made__gt=now - A_DAY).count() >= MOST_A_DAY:
            raise TooManyError
        return made or _objection(citizen, entry, told, municipality, now)


def _objection(citizen: UUID, entry: AccessEntry, told: Told, municipality: str, now: dt.datetime) -> AccessObjection:
    """A new one; that of another request of theirs which came first, if one did."""
    made, _ = AccessObjection.objects.get_or_create(
        entry=entry.pk,
        defaults={
            "receipt": "".join(secrets.choice("0123456789") for _ in range(DIGITS)),
            "citizen": citizen,
            "municipality": municipality,
            "reason": told.reason,
            "words": _safe(told.words),
            "made": now,
            "at": entry.at,
            "yours": entry.actor == CITIZEN,
            "organisation": entry.organisation,
            "what": entry.what,
            "purpose": entry.purpose,
        },
    )
    return made


def _safe(words: str) -> str:
    return masked(words.strip(), MASK)


def _entry(leave: Leave, number: int) -> tuple[UUID, AccessEntry]:
    """Whose it is and the entry, in a transaction that opens the citizen's rows."""
    citizen = open_citizen(leave, what="log")
    found = AccessEntry.objects.filter(pk=number, citizen=citizen).first() if citizen else None
    if citizen is None or found is None:
        raise UnknownEntryError(number)
    return citizen, found


def for_municipality(code: str) -> Sequence[AccessObjection]:
    """What citizens of a municipality have found wrong: unanswered first, the oldest of those first."""
    of_it = AccessObjection.objects.filter(municipality=code).only(*OBJECTION_TOLD)
    return [*of_it.filter(answered=None).order_by("made"), *of_it.exclude(answered=None).order_by("-answered")[:100]]


def answer(code: str, receipt: str, *, words: str, staff_key: str, now: dt.datetime) -> bool:
    """Answer an objection to this municipality, once: the citizen has read it. False when there is none to answer."""
    open_ones = AccessObjection.objects.filter(municipality=code, receipt=receipt, answered=None)
    return bool(open_ones.update(answer=_safe(words), answered=now, answered_by=staff_key))
