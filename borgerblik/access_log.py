"""The access log: written by the statement that reads. ``seals`` keeps anybody from changing it unnoticed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson
from django.db import connection, transaction
from django.db.models import Q, QuerySet

from borgerblik.grants import Leave, NoGrantError
from borgerblik.local_time import local
from borgerblik.models import AccessEntry, AccessObjection, ItemReport, PowerOfAttorney
from borgerblik.overview.access import CITIZEN, Entry, Looked
from indexes import reading
from indexes.reading import Holdings, holdings

_SINCE = "SELECT logged_since()"
NOBODY = UUID(int=0)  # no citizen's id


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was read of a citizen.

    Attributes:
        holdings: what we hold.
        decisions: what the decisions about showing it were called then (``settings_store``).
        looked: what others have read; None where a consumer reads, which is not told.
    """

    holdings: Holdings
    decisions: str | None
    looked: Looked | None


def read_citizen(leave: Leave, *, near: Iterable[str], what: str) -> Reading:
    """What we hold of whom the leave opens, and in the same statement the entry that tells who read it; one round trip.

    With it comes what others have read, for the citizen who asks; not for a consumer that calls.

    Args:
        leave: of a number that nobody knows nothing is held; that it was asked for is written down too.
        near: CVR numbers of authorities whose states are wanted besides those that own a row.
        what: the kind of data.

    Raises:
        NoGrantError: nothing was read.
    """
    with connection.cursor() as cursor:
        cursor.execute(*leave.reading(near, what))
        held, decisions, looked = cursor.fetchone()
    if held is None:
        raise NoGrantError
    return Reading(holdings=holdings(held), decisions=decisions, looked=_looked(looked) if looked else None)


def _looked(told: str) -> Looked:
    """What ``looked_of`` tells, in the database."""
    found = orjson.loads(told)
    return Looked(
        since=local(datetime.fromisoformat(found["since"])),
        times=found["times"],
        newest=tuple(
            Entry(
                number=number,
                at=local(datetime.fromisoformat(at)),
                actor=actor,
                organisation=organisation,
                what=what,
                purpose=purpose,
            )
            for number, at, actor, organisation, what, purpose in found["newest"] or ()
        ),
        last_visit=_at(found["last_visit"]),
        times_since=found["times_since"],
        report=_at(found["report"]),
        objection=_at(found["objection"]),
    )


def _at(told: str | None) -> datetime | None:
    return local(datetime.fromisoformat(told)) if told else None


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRead:
    """A citizen's newest entries and objections, and when the first entry of all was written."""

    entries: Sequence[AccessEntry]
    objections: Sequence[AccessObjection]
    since: datetime | None


def read_log(
    leave: Leave, *, most: int, others: bool = False, before: int | None = None, but: str | None = None
) -> LogRead:
    """A citizen's log, newest first. That it was read stands in it, written first.

    Args:
        leave: whose. Of a number that nobody knows there is no log.
        most: entries at the most.
        others: without the citizen's own visits.
        before: only entries that come after the one of this number.
        but: without the entries of this actor, who knows them: what they would tell is only that we know the number.

    Raises:
        NoGrantError: nothing was read.
    """
    with transaction.atomic():
        return _log_of(open_citizen(leave, what="log"), most=most, others=others, before=before, but=but)


def read_usages(
    leave: Leave, *, start: datetime | None, end: datetime | None, offset: int, limit: int
) -> tuple[int, Sequence[AccessEntry]]:
    """How many times others have read the citizen's data in a period, and some of these entries, newest first.

    Raises:
        NoGrantError: nothing was read.
    """
    with transaction.atomic():
        citizen_id = open_citizen(leave, what="log")
        entries = AccessEntry.objects.filter(citizen=citizen_id or NOBODY).exclude(actor=CITIZEN)
        if start is not None:
            entries = entries.filter(at__gte=start)
        if end is not None:
            entries = entries.filter(at__lte=end)
        return entries.count(), list(entries.order_by("-at", "-pk")[offset : offset + limit])


@dataclass(frozen=True, slots=True, kw_only=True)
class EverythingRead:
    """All that is held of a citizen; of a number that nobody knows, nothing."""

    citizen: UUID
    holdings: Holdings
    log: LogRead
    reports: Sequence[ItemReport]
    powers: Sequence[PowerOfAttorney]


def read_everything(leave: Leave, *, authorities: Iterable[str], most: int) -> EverythingRead:
    """What we hold of a citizen, who has read it, what they have said is wrong, and whom they let see it or help.

    One entry tells of all.

    Raises:
        NoGrantError: nothing was read.
    """
    with transaction.atomic():
        citizen_id = open_citizen(leave, what="export")
        whose = citizen_id or NOBODY
        return EverythingRead(
            citizen=whose,
            holdings=reading.read_citizen(citizen_id, authorities=authorities),
            log=_log_of(citizen_id, most=most),
            reports=list(ItemReport.objects.filter(citizen=whose).order_by("-made")),
            powers=powers_of(whose),
        )


def powers_of(citizen: UUID) -> list[PowerOfAttorney]:
    """The powers of attorney that whom this transaction has opened has given or holds, newest first."""
    theirs = Q(giver=citizen) | Q(helper=citizen)
    return list(PowerOfAttorney.objects.defer("code_hash").filter(theirs).order_by("-made"))


def _log_of(
    citizen_id: UUID | None, *, most: int, others: bool = False, before: int | None = None, but: str | None = None
) -> LogRead:
    """The log of whom this transaction has opened; of nobody, by the same statements, for their number would tell."""
    whose = citizen_id or NOBODY
    entries = AccessEntry.objects.filter(citizen=whose).order_by("-at", "-pk")
    if others:
        entries = entries.exclude(actor=CITIZEN)
    if before is not None:
        entries = _older(entries, before)
    if but is not None:
        entries = entries.exclude(actor=but)
    objections = AccessObjection.objects.filter(citizen=whose).order_by("-made")
    return LogRead(entries=list(entries[:most]), objections=list(objections), since=logged_since())


def _older(entries: QuerySet[AccessEntry], number: int) -> QuerySet[AccessEntry]:
    """Those that come after the entry of this number in the list; none when there is no such entry any more."""
    last = entries.filter(pk=number).first()
    return entries.filter(Q(at__lt=last.at) | Q(at=last.at, pk__lt=number)) if last else entries.none()


def logged_since() -> datetime | None:
    """When the first entry of all was written; None: nothing has ever been read."""
    with connection.cursor() as cursor:
        cursor.execute(_SINCE)
        since: datetime | None = cursor.fetchone()[0]
    return since


def open_citizen(leave: Leave, *, what: str) -> UUID | None:
    """Write down that ``what`` is read, and open the citizen's rows to the rest of this transaction; answers whose.

    None: nobody is known by the number of a call.

    Raises:
        NoGrantError: nobody's were opened.
    """
    with connection.cursor() as cursor:
        cursor.execute(*leave.opening(what))
        opened, citizen_id = cursor.fetchone()
    if not opened:
        raise NoGrantError
    found: UUID | None = citizen_id
    return found
