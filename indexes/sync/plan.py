"""The plan of a bulk reading: one ``Load`` with its ``Portion``s in the database, that any number of workers share.

A portion is taken by one conditional statement and done once: what it brought, its counts and its mark are written in
one transaction, by whoever still holds its ticket. One whose worker has died, or has had it for too long, is taken
again. So a plan may be worked on twice at once, left at any point and gone on with, by workers and by hand alike.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from indexes.authorities import Authority
from indexes.models import Load, Outcome, Portion, SyncRun
from indexes.records import Source
from indexes.store import Counts, locks
from indexes.store.sweep import held
from indexes.store.tables import tables_of
from indexes.sync import ledger, pace
from indexes.sync.doubt import Trouble

LEASE: Final = 300.0  # seconds: a worker that lives and has asked for nothing of its portion for longer hangs
SHOWN: Final = 30.0  # seconds, at least, between two signs of life of one who has a portion
TOO_OLD: Final = timedelta(hours=6)  # a plan that stands for longer is begun anew: too much has changed since
LONGEST: Final = timedelta(days=1)  # and one that goes on, if nobody is at it just now
MARGIN: Final = 20  # objects read before a portion's own: so many may go or come while it is read
AT_ONCE: Final = 1_000  # portions that an index's word can make: what it tells may be nonsense

# Whether the one who has taken it is there no more. Without the right to see when another role's session began, as the
# owner of the tables sees those of workers, it counts as alive.
_ABANDONED: Final = """
(taken_at < clock_timestamp() - make_interval(secs => %(lease)s) OR taken_by = pg_backend_pid() OR NOT EXISTS (
    SELECT FROM pg_stat_activity AS session
    WHERE session.pid = taken_by AND coalesce(session.backend_start <= taken_at, true)
))
"""
# Plans with something to do: first those on which the fewest work, since they need not wait for each other's stores.
# One that kills whoever takes its next portion does not keep the others.
_PLANS: Final = """
SELECT load.id FROM indexes_load AS load LEFT JOIN (
    SELECT load_id, count(*) AS hands FROM indexes_portion WHERE taken_at IS NOT NULL GROUP BY load_id
) AS busy ON busy.load_id = load.id CROSS JOIN LATERAL (
    SELECT min(tries) AS tries FROM indexes_portion AS portion
    WHERE portion.load_id = load.id AND NOT done AND (taken_at IS NULL OR $abandoned)
) AS next
WHERE NOT load.stopped AND load.source = ANY(%(sources)s) AND (%(loads)s::bigint[] IS NULL OR load.id = ANY(%(loads)s))
    AND next.tries IS NOT NULL
ORDER BY next.tries > 1, coalesce(busy.hands, 0), next.tries, load.id LIMIT 5
""".replace("$abandoned", _ABANDONED)
_TAKE: Final = """
WITH next AS (
    SELECT portion.id, load.source, load.authority_cvr, load.started
    FROM indexes_portion AS portion JOIN indexes_load AS load ON load.id = portion.load_id
    WHERE load.id = %(load)s AND NOT portion.done AND (taken_at IS NULL OR $abandoned)
    ORDER BY portion.tries > 1, portion.first LIMIT 1 FOR UPDATE OF portion SKIP LOCKED
)
UPDATE indexes_portion AS portion
SET taken_at = clock_timestamp(), taken_by = pg_backend_pid(), ticket = %(ticket)s, tries = portion.tries + 1
FROM next WHERE portion.id = next.id
RETURNING portion.id, portion.load_id, next.source, next.authority_cvr, next.started,
    portion.kind, portion.first, portion."end", portion.before, portion.after, portion.tries, portion.rounds
""".replace("$abandoned", _ABANDONED)
_PACES: Final = """
SELECT source, share, coalesce(paused_until > clock_timestamp(), false) FROM indexes_sourcepace
ORDER BY source FOR NO KEY UPDATE
"""
_BUSY: Final = """
SELECT load.source, count(*) FROM indexes_portion AS portion JOIN indexes_load AS load ON load.id = portion.load_id
WHERE taken_at IS NOT NULL AND NOT $abandoned GROUP BY load.source
""".replace("$abandoned", _ABANDONED)
_RELEASE: Final = """
UPDATE indexes_portion SET taken_at = NULL, taken_by = NULL, ticket = NULL WHERE id = %s AND ticket = %s
"""
_KEEP: Final = """
UPDATE indexes_portion SET taken_at = clock_timestamp()
WHERE id = %s AND ticket = %s AND taken_at < clock_timestamp() - make_interval(secs => %s)
"""
_HANDS: Final = """
SELECT count(*) FILTER (WHERE taken_at IS NOT NULL AND $abandoned),
    count(*) FILTER (WHERE taken_at IS NOT NULL AND NOT $abandoned),
    count(*) FILTER (WHERE taken_at IS NULL)
FROM indexes_portion WHERE load_id = %(load)s AND NOT done
""".replace("$abandoned", _ABANDONED)
_WAITING: Final = """
SELECT source, CASE WHEN count(portion.id) = 0 THEN 1
    ELSE count(portion.id) FILTER (WHERE taken_at IS NULL OR $abandoned) END
FROM indexes_load AS load LEFT JOIN indexes_portion AS portion ON portion.load_id = load.id AND NOT portion.done
WHERE NOT load.stopped GROUP BY load.id
""".replace("$abandoned", _ABANDONED)
_GROW: Final = """
WITH heard AS (UPDATE indexes_portion SET told = %(told)s WHERE id = %(id)s)
INSERT INTO indexes_portion
    (load_id, kind, first, "end", before, after, tries, rounds, done, told, to_the_end, blind, met, edge, owed, seen)
SELECT %(load)s, %(kind)s, place, place + %(step)s, %(before)s, 0, 0, 0, false, 0, false, false, '{}', '{}', '{}', '{}'
FROM generate_series(
    (SELECT max("end") FROM indexes_portion WHERE load_id = %(load)s AND kind = %(kind)s), %(told)s - 1, %(step)s
) AS place
LIMIT %(most)s
ON CONFLICT (load_id, kind, first) DO NOTHING
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How an index's list is cut. ``length`` is what a portion is read by, ``step`` what of it is its own."""

    length: int
    before: int

    @property
    def step(self) -> int:
        return self.length - self.before


def sizes(*, page: int, portion: int) -> Sizes:
    """Portions of as many whole pages as fit: each page repeats the last object of the page before."""
    pages = max(1, portion // page)
    length = min(page, portion) if pages == 1 else pages * (page - 1) + 1
    return Sizes(length=length, before=min(MARGIN, length // 2))


def sizes_set() -> Sizes:
    """As the settings say."""
    return sizes(page=settings.SOURCE_PAGE_SIZE, portion=settings.SOURCE_PORTION_SIZE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A portion in somebody's hands."""

    id: int
    load_id: int
    source: Source
    owner_cvr: str
    since: datetime  # when the reading began
    kind: str
    first: int
    end: int
    before: int
    after: int
    tries: int
    rounds: int
    ticket: UUID = field(repr=False)


def begin(source: Source, authority: Authority, *, confirmed: bool, now: datetime) -> Load:
    """The plan of a reading: one that was left is gone on with, one that is worked on is joined."""
    about = {"source": source.value, "authority_cvr": authority.cvr}
    pace.make(source)
    with transaction.atomic():
        locks.wait_alone_here(source, authority.cvr)
        load = Load.objects.select_related("run").filter(**about).first()
        if load is not None and _is_too_old(load, now):
            give_up(load, now)
            load = None
        if load is None:
            run = ledger.begin(source, authority.cvr, now)
            taken = ledger.taken_since_complete(source, authority.cvr)
            before = held(source, authority.cvr) + taken
            load = Load.objects.create(
                **about, run=run, started=now, confirmed=confirmed, taken=taken, held_before=before
            )
            step = sizes_set().step
            Portion.objects.bulk_create(
                Portion(load=load, kind=table.kind, first=0, end=step) for table in tables_of(source)
            )
            return load
        if load.stopped or load.run.outcome != Outcome.RUNNING or hands(load.pk).dead:
            if load.run.outcome == Outcome.RUNNING:  # whoever was killed could not say so
                ledger.interrupt(load.run, counts_of(load.pk, load.run), now)
            load.run = ledger.begin(source, authority.cvr, now)
            Portion.objects.filter(load=load, done=False).update(tries=0)
        load.stopped = False
        load.confirmed = load.confirmed or confirmed
        load.save(update_fields=["run", "stopped", "confirmed"])
        return load


def _is_too_old(load: Load, now: datetime) -> bool:
    return load.started < now - (TOO_OLD if load.stopped else LONGEST) and not hands(load.pk).busy


@dataclass(frozen=True, slots=True, kw_only=True)
class Hands:
    """The portions of a plan that are not done: somebody died over them, has them now, or nobody has."""

    dead: int
    busy: int
    free: int


def hands(load_id: int) -> Hands:
    with connection.cursor() as cursor:
        cursor.execute(_HANDS, {"load": load_id, "lease": LEASE})
        dead, busy, free = cursor.fetchone()
    return Hands(dead=dead, busy=busy, free=free)


def take(loads: Sequence[int] | None = None) -> Share | None:
    """The next portion that nobody has, of any of these plans or of all there are.

    None when there is none, or their indexes have no room: one has while fewer portions of it are in hand than calls
    may be open, and it is not left alone.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        room = [source.value for source, places in _room(cursor).items() if places]
        cursor.execute(_PLANS, {"loads": None if loads is None else list(loads), "sources": room, "lease": LEASE})
        for (load,) in cursor.fetchall():
            ticket = uuid4()
            cursor.execute(_TAKE, {"load": load, "lease": LEASE, "ticket": ticket})
            if found := cursor.fetchone():
                return _share(found, ticket)
    return None


def _room(cursor: CursorWrapper) -> dict[Source, int]:
    """How many more portions of each index may be taken; held until the transaction ends, so that two take not one."""
    cursor.execute(_PACES)
    paces = cursor.fetchall()
    cursor.execute(_BUSY, {"lease": LEASE})
    busy = dict(cursor.fetchall())
    return {
        Source(source): 0 if paused else max(0, at_once(Source(source), share) - busy.get(source, 0))
        for source, share, paused in paces
    }


def room() -> dict[Source, int]:
    """How many more portions of each index may be taken just now."""
    with transaction.atomic(), connection.cursor() as cursor:
        return _room(cursor)


def _share(found: tuple[Any, ...], ticket: UUID) -> Share:
    number, load_id, source, owner_cvr, since, kind, first, end, before, after, tries, rounds = found
    return Share(
        id=number,
        load_id=load_id,
        source=Source(source),
        owner_cvr=owner_cvr,
        since=since,
        kind=kind,
        first=first,
        end=end,
        before=before,
        after=after,
        tries=tries,
        rounds=rounds,
        ticket=ticket,
    )


def at_once(source: Source, share: float) -> int:
    """How many portions of an index may be in hand: each has one call open at most."""
    return max(1, int(settings.SOURCE_CALLS_AT_ONCE[source] * share))


def release(share: Share) -> None:
    """Give it back, undone."""
    with connection.cursor() as cursor:
        cursor.execute(_RELEASE, [share.id, share.ticket])


def keep(share: Share) -> None:
    """Whoever has it is at it: an index that is asked slowly takes longer than a lease for a portion of many pages."""
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [share.id, share.ticket, SHOWN])


def grow(share: Share, told: int) -> int:
    """Portions for as many objects as the index now says there are; answers how many are new."""
    cut = sizes_set()
    with connection.cursor() as cursor:
        cursor.execute(
            _GROW,
            {
                "id": share.id,
                "load": share.load_id,
                "kind": share.kind,
                "told": told,
                "step": cut.step,
                "before": cut.before,
                "most": AT_ONCE,
            },
        )
        return int(cursor.rowcount)


def those_open(loads: Sequence[int] | None = None) -> list[int]:
    """Which of these plans, or of all, still have something to read, or to conclude; the oldest first."""
    found = Load.objects.filter(stopped=False).order_by("pk")
    return list((found if loads is None else found.filter(pk__in=loads)).values_list("pk", flat=True))


def waiting() -> Counter[Source]:
    """How many portions nobody has, by index; a plan that only waits for its conclusion counts as one."""
    found: Counter[Source] = Counter()
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, {"lease": LEASE})
        for source, number in cursor.fetchall():
            found[Source(source)] += number
    return found


def all_done(load_id: int) -> bool:
    return not Portion.objects.filter(load_id=load_id, done=False).exists()


def counts_of(load_id: int, run: SyncRun | None = None) -> Counts:
    """What the portions that are done have brought, in all or in one run."""
    done = Portion.objects.filter(load_id=load_id, done=True)
    counts = Counts()
    for packed in (done if run is None else done.filter(run=run)).values_list("counts", flat=True):
        counts.add(Counts.unpacked(packed or {}))
    return counts


def stop(load_id: int, trouble: Trouble, now: datetime, *, for_good: bool = False) -> SyncRun | None:
    """Something failed. The plan stands until the next run with all that is done, unless it is ``for_good``.

    Answers the run that ended by it; None if it had ended before.
    """
    with transaction.atomic():
        load = _locked(load_id)
        if load is None or load.stopped:
            return None
        load.stopped = True
        load.save(update_fields=["stopped"])
        ledger.fail(load.run, trouble, counts_of(load_id, load.run), now)
        if for_good:
            _delete(load)
        return load.run


def leave(load_id: int, now: datetime) -> None:
    """Somebody was interrupted. Their run is over if nobody else works on the plan, and the next goes on with it."""
    with transaction.atomic():
        load = _locked(load_id)
        if load is not None and not load.stopped and not hands(load_id).busy:
            load.stopped = True
            load.save(update_fields=["stopped"])
            ledger.interrupt(load.run, counts_of(load_id, load.run), now)


def give_up(load: Load, now: datetime) -> None:
    """The plan is worth nothing any more; what was stored stays."""
    if load.run.outcome == Outcome.RUNNING:
        ledger.interrupt(load.run, counts_of(load.pk, load.run), now)
    _delete(load)


def _delete(load: Load) -> None:
    """It was not concluded. What its messages have taken away counts with what those of the next will."""
    ledger.keep_taken(load.run, load.taken)
    load.delete()


def drop(authority_cvr: str, now: datetime) -> None:
    """The authority is read no more, so nothing of what is on its way may be stored: a portion needs its plan."""
    with transaction.atomic():
        for load in (
            Load.objects.select_for_update(of=("self",)).select_related("run").filter(authority_cvr=authority_cvr)
        ):
            give_up(load, now)


def _locked(load_id: int) -> Load | None:
    return Load.objects.select_for_update(of=("self",), no_key=True).select_related("run").filter(pk=load_id).first()
