"""A citizen says that an entry of the access log is wrong; the municipality where they live answers.

The citizen does it under the leave that opens their rows: an entry of somebody else is one that is not there. The
municipality sees what it was sent and the entry, and never whose it is; who reads what they wrote is written into their
log.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import connections, router, transaction

from borgerblik import receipts
from borgerblik.access_log import open_citizen
from borgerblik.grants import Leave
from borgerblik.models import AccessEntry, AccessObjection
from borgerblik.overview.access import CITIZEN
from borgerblik.rights import OBJECTION_TOLD
from indexes import authorities

_READ: Final = "SELECT read_objection(%s, %s, %s, %s)"


class UnknownEntryError(LookupError):
    """There is no such entry of this citizen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
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


def make(leave: Leave, said: Said, *, municipality: str, now: dt.datetime) -> AccessObjection:
    """Tell the municipality that an entry is wrong. The second time for the same entry gives what the first one made.

    Raises:
        NoGrantError: the leave opens nobody.
        UnknownEntryError: there is no such entry of theirs.
        receipts.TooManyError: they have made as many since this time yesterday as one may.
    """
    with transaction.atomic():
        citizen, entry = _entry(leave, said.entry)
        receipts.one_at_a_time(citizen)
        theirs = AccessObjection.objects.filter(citizen=citizen)
        made = theirs.filter(entry=entry.pk).first()
        if made is None:
            receipts.expect_room(theirs, now)
        return made or _objection(citizen, entry, said, municipality, now)


def _objection(citizen: UUID, entry: AccessEntry, said: Said, municipality: str, now: dt.datetime) -> AccessObjection:
    return AccessObjection.objects.create(
        entry=entry.pk,
        receipt=receipts.new_receipt(),
        citizen=citizen,
        municipality=municipality,
        reason=said.reason,
        words=receipts.safe(said.words),
        made=now,
        at=entry.at,
        yours=entry.actor == CITIZEN,
        organisation=entry.organisation,
        what=entry.what,
        purpose=entry.purpose,
    )


def _entry(leave: Leave, number: int) -> tuple[UUID, AccessEntry]:
    """Whose it is and the entry, in a transaction that opens the citizen's rows."""
    citizen = open_citizen(leave, what="log")
    found = AccessEntry.objects.filter(pk=number, citizen=citizen).first() if citizen else None
    if citizen is None or found is None:
        raise UnknownEntryError(number)
    return citizen, found


def for_municipality(code: str) -> Sequence[AccessObjection]:
    """What citizens of a municipality have found wrong: unanswered first, the oldest of those first."""
    return receipts.in_order(AccessObjection.objects.filter(municipality=code).only(*OBJECTION_TOLD))


def one_of_municipality(code: str, receipt: str) -> AccessObjection | None:
    """One of them, as far as it can be told without the citizen knowing of it."""
    return AccessObjection.objects.filter(municipality=code, receipt=receipt).only(*OBJECTION_TOLD).first()


def words_of(code: str, receipt: str, *, staff_key: str) -> str | None:
    """What the citizen wrote; None when there is no such objection to this municipality.

    That it was read stands in the citizen's access log.
    """
    with connections[router.db_for_write(AccessObjection)].cursor() as cursor:
        cursor.execute(_READ, [receipt, code, staff_key, authorities.by_code[code].name])
        words: str | None = cursor.fetchone()[0]
    return words


def answer(code: str, receipt: str, *, words: str, staff_key: str, now: dt.datetime) -> bool:
    """Answer an objection to this municipality, once: the citizen has read it. False when there is none to answer."""
    theirs = AccessObjection.objects.filter(municipality=code, receipt=receipt)
    return receipts.answer(theirs, words=words, staff_key=staff_key, now=now)
