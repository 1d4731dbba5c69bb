"""Messages in quarantine tried again after a fix: read by the parser as it is now, and saved where they can be used.

Some at a time, each time in a transaction of its own: killed on the way it is simply begun anew, and two at once do the
same thing once. A message is read as of when it last came: nothing is believed of it that its index did not say then.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from indexes import authorities, quarantine
from indexes.again import read_again
from indexes.crypto import KeyRingError
from indexes.errors import UNFORESEEN
from indexes.events.apply import apply
from indexes.events.decode import Message, Terms, decode
from indexes.events.payload import Roles
from indexes.models import Quarantined, SourceState
from indexes.records import Case, Item, Parsed, RefusalReason, Refused, Source
from indexes.sources import Clock
from indexes.store import Counts, NotStoredError, Wanted, save, tombstones

AT_ONCE: Final = 500
log = logging.getLogger(__name__)

Progress = Callable[[int], None]
"""Called after each batch with how many messages were in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Which:
    """The messages to try: those of whom each thing that is said is true. ``authority_cvr`` "" is single citizens'."""

    source: Source | None = None
    authority_cvr: str | None = None
    kind: str | None = None
    reason: RefusalReason | None = None
    what: str | None = None

    def rows(self) -> QuerySet[Quarantined]:
        return Quarantined.objects.filter(**self._asked())

    def holds(self, group: quarantine.Group) -> bool:
        return all(getattr(group, name) == value for name, value in self._asked().items())

    def _asked(self) -> dict[str, str]:
        told = {name: getattr(self, name) for name in ("source", "authority_cvr", "kind", "reason", "what")}
        return {name: value for name, value in told.items() if value is not None}


@dataclass(slots=True, kw_only=True)
class Mended:
    """What became of the messages: ``used`` and ``left`` and the others are all of them.

    ``overtaken`` is no longer what its index says; ``elsewhere`` is another authority's, whose own reading brings it.
    ``stored`` is what became of the used in our tables; ``undocumented`` of them are cases without their documents yet.
    """

    used: int = 0
    overtaken: int = 0
    elsewhere: int = 0
    undocumented: int = 0
    left: Counter[RefusalReason] = field(default_factory=Counter)
    sealed: int = 0  # left, because the key that they are sealed with is gone
    stored: Counts = field(default_factory=Counts)

    @property
    def tried(self) -> int:
        return self.used + self.overtaken + self.elsewhere + self.left.total() + self.sealed

    def add(self, other: "Mended") -> None:
        for each in fields(self):
            if each.name != "stored":
                setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))
        self.stored.add(other.stored)

    def as_json(self) -> dict[str, int]:
        """For a receipt: numbers only."""
        told = {name: getattr(self, name) for name in ("tried", "used", "overtaken", "elsewhere", "undocumented")}
        return {**told, "left": self.left.total() + self.sealed}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tried:
    """One message read again; ``item`` None: it cannot be read here at all."""

    row: Quarantined
    item: Item | None


InEach = Callable[["Mended", int], None]
"""Called in each transaction with what became of its messages, and the number that all up to it have been tried."""


def try_again(  # noqa: PLR0913 - on which terms, and whom it tells, each by name
    which: Which,
    *,
    terms: Terms,
    clock: Clock,
    after: int = 0,
    in_each: InEach = lambda _mended, _last: None,
    progress: Progress = lambda _number: None,
    at_once: int = AT_ONCE,
) -> Mended:
    """Read the messages again and save those that can be used now; the others stay, with the reason of today.

    The newest registration wins as always, and what has been overtaken by a later answer of its index is not brought
    back. Messages about the same record are tried together, also those that were not asked for: one of them may still
    hide what another says. ``after`` is how far somebody came who was cut off (``in_each``).
    """
    mended = Mended()
    while rows := list(which.rows().filter(pk__gt=after).select_related("citizen").order_by("pk")[:at_once]):
        after = rows[-1].pk
        asked = {row.pk for row in rows}
        some = Mended()
        events = [row for row in rows if row.kind == quarantine.ENVELOPE]
        tried = _read(
            [row for row in [*rows, *_alike(rows)] if row.kind != quarantine.ENVELOPE], asked, terms.roles, some
        )
        with transaction.atomic():
            taken = _take_events(events, terms, clock, some)
            _save_or_halve(tried, terms.wanted, clock(), some, asked)
            some.used += Quarantined.objects.filter(pk__in=taken).delete()[0]
            in_each(some, after)
        mended.add(some)
        progress(len(rows))
    return mended


def _take_events(rows: Sequence[Quarantined], terms: Terms, clock: Clock, mended: Mended) -> list[int]:
    """Messages of Beskedfordeler that could not be read at all, taken as if they came now; answers which could be.

    When they were made is in them, so what a complete reading has known better since changes nothing.
    """
    taken = []
    for row in rows:
        try:
            event = decode(Message(body=quarantine.message_of(row)), terms=terms, now=clock())
        except KeyRingError:
            mended.sealed += 1
            continue
        except UNFORESEEN:  # it is still as it was for whoever mends the fault
            mended.left[RefusalReason(row.reason)] += 1
            continue
        if any(isinstance(thing.item, Refused) and thing.item.kind == quarantine.ENVELOPE for thing in event.things):
            mended.left[RefusalReason(row.reason)] += 1
            continue
        apply([event], terms=terms, clock=clock)
        if Quarantined.objects.filter(pk=row.pk, times=row.times).exists():
            taken.append(row.pk)
        else:  # it has just come here again
            mended.left[RefusalReason(row.reason)] += 1
    return taken


def _read(rows: Sequence[Quarantined], asked: set[int], roles: Roles, mended: Mended) -> list[_Tried]:
    tried = []
    for row in rows:
        try:
            item = read_again(row.kind, quarantine.message_of(row), at=row.last_seen, roles=roles)
        except KeyRingError:
            mended.sealed += row.pk in asked
            continue
        except UNFORESEEN as error:  # one message must not keep the others; it stays for whoever mends the fault
            log.error("Message %s of quarantine cannot be read, by a fault of ours (%s).", row.pk, type(error).__name__)  # noqa: TRY400 - its own words may be the message's
            item = None
        tried.append(_Tried(row=row, item=item))
    return tried


def _alike(rows: Sequence[Quarantined]) -> Iterable[Quarantined]:
    """Other messages about the same records."""
    uuids = {row.uuid for row in rows if row.uuid}
    others = Quarantined.objects.filter(uuid__in=uuids, source__in={row.source for row in rows})
    return others.exclude(pk__in=[row.pk for row in rows]).select_related("citizen").order_by("pk")


def _save_or_halve(tried: Sequence[_Tried], wanted: Wanted, now: datetime, mended: Mended, asked: set[int]) -> None:
    """One record that the database will not take stays, with that reason, and the rest goes through."""
    try:
        _save(tried, wanted, now, mended, asked)
    except NotStoredError as error:
        if len(tried) == 1:
            row = tried[0].row
            Quarantined.objects.filter(pk=row.pk).update(reason=RefusalReason.NOT_STORED, what=error.promise)
            mended.left[RefusalReason.NOT_STORED] += row.pk in asked
            return
        # By record, so that messages about the same one stay together.
        alike = sorted(tried, key=lambda one: (str(one.row.uuid), one.row.pk))
        middle = _between_records(alike)
        if middle is None:
            for one in alike:
                _save_or_halve([one], wanted, now, mended, asked)
            return
        _save_or_halve(alike[:middle], wanted, now, mended, asked)
        _save_or_halve(alike[middle:], wanted, now, mended, asked)


def _between_records(tried: Sequence[_Tried]) -> int | None:
    """The place nearest the middle where one record's messages end; None when all are about one."""
    places = [
        place
        for place in range(1, len(tried))
        if tried[place].row.uuid is None or tried[place].row.uuid != tried[place - 1].row.uuid
    ]
    return min(places, key=lambda place: abs(place - len(tried) / 2), default=None)


def _save(tried: Sequence[_Tried], wanted: Wanted, now: datetime, mended: Mended, asked: set[int]) -> None:
    read = _Read(tried, wanted.left)
    # By itself: whoever lays one just now holds locks that ``save`` waits for.
    tombstones.lift([item.record.uuid for item in read.items if isinstance(item, Parsed)])
    with transaction.atomic():
        # First the records, then the quarantine, as a reading does: so the two never wait for each other in a ring.
        counts = save(read.items, wanted=wanted, now=now)
        there = _locked(tried)
        Quarantined.objects.filter(pk__in=there & (read.used | read.overtaken | read.elsewhere)).delete()
        Quarantined.objects.bulk_update(read.left, ["reason", "what", "sample"])
    mended.stored.add(counts)
    mended.used += len(there & read.used)
    mended.overtaken += len(there & read.overtaken)
    mended.elsewhere += len(there & read.elsewhere)
    mended.undocumented += len(there & read.undocumented)
    mended.left.update(RefusalReason(row.reason) for row in [*read.left, *read.unread] if row.pk in asked & there)


def _locked(tried: Sequence[_Tried]) -> set[int]:
    """Which of the messages still lie there: another who does the same may have been quicker. In quarantine's order."""
    rows = Quarantined.objects.filter(pk__in=[one.row.pk for one in tried]).select_for_update().order_by("digest")
    return set(rows.values_list("pk", flat=True))


class _Read:
    """What some messages say now: ``items`` to save, and what becomes of each row."""

    def __init__(self, tried: Iterable[_Tried], left: frozenset[str]) -> None:
        self.items: list[Item] = []
        self.used: set[int] = set()
        self.undocumented: set[int] = set()
        self.overtaken: set[int] = set()
        self.elsewhere: set[int] = set()
        self.left: list[Quarantined] = []
        self.unread: list[Quarantined] = []
        self._left = left  # authorities that are on Borgerblik no more
        self._states: dict[tuple[str, str], datetime | None] = {
            (source, cvr): last
            for source, cvr, last in SourceState.objects.values_list("source", "authority_cvr", "last_success")
        }
        tried = list(tried)
        self._unknown = {one.row.uuid for one in tried if one.item is None and one.row.uuid}
        for one in tried:
            self._sort(one.row, one.item)

    def _sort(self, row: Quarantined, item: Item | None) -> None:
        if item is None or (row.uuid in self._unknown and not isinstance(item, Refused)):
            self.unread.append(row)  # nor what is said of the record elsewhere: what cannot be read may be newer
        elif isinstance(item, Refused):
            self.items.append(item)
            row.reason, row.what = item.reason.value, item.what or row.what
            row.sample = row.sample or quarantine.samples_of([item])[0]
            self.left.append(row)
        elif isinstance(item, Parsed) and self._is_elsewhere(row, item):
            self.elsewhere.add(row.pk)
        elif self._is_overtaken(row, item):
            self.overtaken.add(row.pk)
        else:
            self.items.append(item)
            self.used.add(row.pk)
            if isinstance(item, Parsed) and isinstance(item.record, Case):
                self.undocumented.add(row.pk)

    def _is_elsewhere(self, row: Quarantined, item: Parsed) -> bool:
        owner = item.record.owner_cvr
        if row.authority_cvr:
            return owner != row.authority_cvr
        return owner not in authorities.by_cvr or owner in self._left

    def _is_overtaken(self, row: Quarantined, item: Item) -> bool:
        """Whether the index has answered in full since, for the authority or the citizen, and did not say this."""
        owner = item.record.owner_cvr if isinstance(item, Parsed) else row.authority_cvr
        read = self._states.get((row.source, owner))
        if read is not None and read > row.last_seen:
            return True
        answered = (row.citizen.answered if row.citizen else {}).get(row.source)
        return answered is not None and datetime.fromisoformat(answered) > row.last_seen
