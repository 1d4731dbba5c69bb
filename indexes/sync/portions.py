"""One portion of a bulk reading: read page by page, stored and marked as done in one transaction.

It never holds more than the portion's own records and those on its edges.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import orjson
from django.db import Error, connection, transaction

from indexes import authorities, quarantine
from indexes.errors import UNFORESEEN, BadAnswer, Flaw, SourceError
from indexes.locked import LockedError
from indexes.models import Load, Portion, SyncRun
from indexes.records import Answer, Item, Known, Parsed, RefusalReason, Refused, Withdrawn
from indexes.sources import Clock, Cursor, IndexSource
from indexes.store import Counts, NotStoredError, Taken, save
from indexes.store.known import HeldAsRead
from indexes.store.sort import identity, kind_of
from indexes.sync import ledger, plan
from indexes.sync.doubt import Trouble, too_much_taken, unforeseen
from indexes.sync.plan import Share
from indexes.sync.terms import Terms

TRIES: Final = 3  # of a portion whose pages do not hang together


# By hand: the arrays are long, and Django would convert each uuid several times.
_MARK: Final = """
UPDATE indexes_portion SET ticket = NULL, taken_at = NULL, taken_by = NULL, done = true, run_id = %(run)s,
    told = %(told)s, to_the_end = %(to_the_end)s, blind = %(blind)s, met = %(met)s::uuid[], edge = %(edge)s::uuid[],
    owed = %(owed)s::uuid[], seen = seen || %(seen)s::uuid[], counts = %(counts)s::jsonb
WHERE id = %(id)s AND ticket = %(ticket)s AND NOT done
"""


# What the neighbours have met, as far as it can be met here, too: what moved further is only counted twice.
NEAR: Final = 200
FAR: Final = 1_000_000
_TAIL: Final = """
SELECT met[greatest(1, cardinality(met) - %(most)s):], owed FROM indexes_portion
WHERE load_id = %(load)s AND kind = %(kind)s AND "end" = %(place)s AND done
"""
_HEAD: Final = """
SELECT met[:%(most)s], owed FROM indexes_portion
WHERE load_id = %(load)s AND kind = %(kind)s AND first = %(place)s AND done
"""


class _NotBelievedError(Exception):
    """The reading takes away more than can be believed. Nothing of the portion is stored."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.code)
        self.trouble = trouble


class _LostError(Exception):
    """Somebody else has the portion now, or the plan is over. Nothing is stored."""


Objects = dict[object, list[Item]]
"""What came of each object, by its uuid, in the index's order; one without a uuid stands under a key of its own."""


@dataclass(slots=True)
class _Haul:
    """What a portion brought."""

    told: int = 0
    to_the_end: bool = False
    edge: Objects = field(default_factory=dict)  # before the portion's own places
    own: Objects = field(default_factory=dict)
    beyond: Objects = field(default_factory=dict)
    _known: Objects = field(default_factory=dict)

    def put(self, share: Share, place: int, objects: Objects) -> None:
        """What stood from a place on. An object that has moved while its list was read is kept where it came first."""
        for number, (key, items) in enumerate(objects.items(), start=place):
            if (known := self._known.get(key)) is not None:
                said = [_said(item) for item in known]
                known.extend(item for item in items if _said(item) not in said)
                continue
            self._known[key] = items
            part = self.edge if number < share.first else self.own if number < share.end else self.beyond
            part[key] = items


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Who is told of what happens on the way."""

    progress: Callable[[int], None]  # after each page, with how many objects it brought
    grown: Callable[[int, int], None]  # when a plan (its id) has got so many more portions
    ended: Callable[[SyncRun], None]  # when a run is over, however it ended


def work(share: Share, reader: IndexSource, terms: Callable[[], Terms], *, clock: Clock, told: Told) -> None:
    """Read and store a portion that was taken. What goes wrong is written down, and the portion given back."""
    try:
        held_to = terms()
        haul = _read(share, reader, HeldAsRead(share.owner_cvr, held_to.wanted), told)
        if grown := _store(share, haul, held_to, clock):
            told.grown(share.load_id, grown)
    except _LostError:
        return  # whoever has it now stores it and gives it back, or the plan is over
    except _NotBelievedError as error:
        plan.release(share)
        _stop(share, error.trouble, clock, told, for_good=True)  # what was read is not to be built on
    except (SourceError, LockedError) as error:
        plan.release(share)
        if share.tries >= TRIES or not _moved(error):
            _stop(share, Trouble(code=error.code, message=str(error)), clock, told)
    except UNFORESEEN as error:
        plan.release(share)
        _stop(share, unforeseen(error), clock, told)
    except BaseException:  # whatever ends the worker: the portion is free at once
        with suppress(Error):  # of a session that broke: whoever takes it next sees that it has ended
            plan.release(share)
        raise


def _stop(share: Share, trouble: Trouble, clock: Clock, told: Told, *, for_good: bool = False) -> None:
    if run := plan.stop(share.load_id, trouble, clock(), for_good=for_good):
        told.ended(run)


def _moved(error: Exception) -> bool:
    """Whether the list changed while it was read, so that reading it again may help at once."""
    return isinstance(error, BadAnswer) and error.flaw is Flaw.INCOMPLETE


def _read(share: Share, reader: IndexSource, held: HeldAsRead, told: Told) -> _Haul:
    """Its pages, each beginning with the last object of the page before, from its edge to its end.

    Raises:
        SourceError: a page did not come, or they do not hang together.
    """
    haul = _Haul()
    cursor = Cursor(first=max(0, share.first - share.before))
    until = share.end + share.after
    more = True
    while more and cursor.first + (cursor.overlap is not None) < until:
        place, overlap = cursor.first, cursor.overlap
        answer = reader.page_of_owner(share.owner_cvr, kind=share.kind, first=place, most=until - place, held=held)
        if share.kind not in answer.total:
            raise BadAnswer(Flaw.INCOMPLETE)
        objects = _objects(answer, share.kind)
        more = cursor.advance([key if isinstance(key, UUID) else None for key in objects], answer.total[share.kind])
        haul.put(share, place, objects)
        if not haul.told and (grown := plan.grow(share, answer.total[share.kind])):  # at once: others can begin
            told.grown(share.load_id, grown)
        haul.told = cursor.told
        told.progress(len(objects) - (overlap is not None))
    haul.to_the_end = not more
    return haul


def _said(item: Item) -> object:
    """What an item says, whatever it was read from: its page may have brought less beside it."""
    return (item.record, item.defects) if isinstance(item, Parsed) else item


def _objects(answer: Answer, kind: str) -> Objects:
    """The different objects of a page. An index may send one several times, as it was at several times."""
    objects: Objects = {}
    for item in answer.items:
        if kind_of(item) == kind:
            uuid = item.record.uuid if isinstance(item, Parsed) else item.uuid
            objects.setdefault(uuid or object(), []).append(item)
    return objects


def _store(share: Share, haul: _Haul, terms: Terms, clock: Clock) -> int:
    """Rows, quarantine, counts and the portion's own mark, all or nothing; how many portions the plan has got by it.

    Raises:
        _LostError: it is somebody else's by now.
        _NotBelievedError: with it too much would have been taken away.
    """
    with transaction.atomic():
        objects = _to_store(share, haul)
        items = [item for each in objects.values() for item in each]
        mine = [item for item in items if not _is_elsewhere(item, share.owner_cvr)]
        counts = Counts()
        for saved in _save_or_halve(mine, share, terms, clock, {}):
            counts.add(saved)
        counts.elsewhere = len(items) - len(mine)
        taken = counts.taken.copy()
        load = _mark(share, haul, objects, counts)
        _doubt_removals(load, taken, terms)
        if load.run.ended is not None:
            ledger.count_again(load.run, plan.counts_of(load.pk, load.run))
        return plan.grow(share, haul.told)


def _to_store(share: Share, haul: _Haul) -> Objects:
    """The objects that are this portion's to store: its own, and on its edges those that its neighbours missed.

    A neighbour that is not done will bring its own itself; if it then turns out that something fell between the two,
    the chain is broken (``chain``). Whoever is there to mend it brings all that it met and a neighbour did not.
    """
    before, after = _met(share, _TAIL, share.first), _met(share, _HEAD, share.end)
    known = (before or set()) | (after or set())
    parts = [
        haul.own,
        haul.edge if before is not None or share.rounds else {},
        haul.beyond if after is not None or share.rounds else {},
    ]
    if known.isdisjoint(haul.own):
        objects = dict(haul.own)
        parts = parts[1:]
    else:
        objects = {}
    for part in parts:
        objects.update((key, items) for key, items in part.items() if key not in known)
    return objects


def _met(share: Share, statement: str, place: int) -> set[UUID] | None:
    """What a neighbour has received near here and not left to others; None when it is not done."""
    near = {"most": NEAR if share.rounds == 0 else FAR, "place": place, "load": share.load_id, "kind": share.kind}
    with connection.cursor() as cursor:
        cursor.execute(statement, near)
        found = cursor.fetchone()
    return None if found is None else set(found[0]) - set(found[1])


def _is_elsewhere(item: Item, owner_cvr: str) -> bool:
    """Whether the record is now another authority's: the reading of that one brings it, if we read it at all."""
    return isinstance(item, Parsed) and item.record.owner_cvr != owner_cvr


def _save_or_halve(items: Sequence[Item], share: Share, terms: Terms, clock: Clock, taken: Taken) -> Iterator[Counts]:
    """Save a batch; one record that the database will not take goes to quarantine, and the rest goes through."""
    try:
        yield _save(items, share, terms, clock, taken)
    except NotStoredError as error:
        if len(items) == 1:
            yield _save([_not_stored(items[0], error)], share, terms, clock, taken)
            return
        middle = len(items) // 2
        yield from _save_or_halve(items[:middle], share, terms, clock, taken)
        yield from _save_or_halve(items[middle:], share, terms, clock, taken)


def _save(items: Sequence[Item], share: Share, terms: Terms, clock: Clock, taken: Taken) -> Counts:
    now = clock()
    refused = [item for item in items if isinstance(item, Refused)]
    with transaction.atomic():  # a savepoint: a batch that is not taken leaves the others
        quarantine.meet(refused)
        counts = save(items, wanted=terms.wanted, now=now, since=share.since, taken=taken, owner_cvr=share.owner_cvr)
        quarantine.keep(refused, source=share.source, authority_cvr=share.owner_cvr, now=now)
    return counts


def _not_stored(item: Item, error: NotStoredError) -> Refused:
    """A record that could be read and not stored, for quarantine: by its name alone, for its bytes are gone."""
    if not isinstance(item, Parsed | Withdrawn):
        raise error  # a message in quarantine carries nothing that could break a promise, nor does what is not written
    kind, uuid, registered = identity(item)
    return Refused(
        kind=kind,
        uuid=uuid,
        reason=RefusalReason.NOT_STORED,
        what=error.promise,
        raw=f"{kind} {uuid} {registered.isoformat()}".encode(),
        registered=registered,
    )


def _mark(share: Share, haul: _Haul, objects: Objects, counts: Counts) -> Load:
    """The portion is done. Gives its plan, locked until the transaction ends.

    Raises:
        _LostError: see ``_store``.
    """
    load = (
        Load.objects.select_for_update(of=("self",), no_key=True).select_related("run").filter(pk=share.load_id).first()
    )
    counted = Portion.objects.filter(pk=share.id).values_list("counts", flat=True).first()
    rows = [key for key, items in objects.items() if _is_a_row(items, share.owner_cvr)]
    said: dict[str, Any] = {
        "id": share.id,
        "ticket": share.ticket,
        "run": load and load.run_id,
        "told": haul.told,
        "to_the_end": haul.to_the_end,
        "blind": bool(haul.edge) and not _uuids(haul.edge),
        "met": [*_uuids(haul.edge), *_uuids(haul.own), *_uuids(haul.beyond)],
        "edge": _uuids(haul.edge),
        "owed": _uuids(key for key in haul.edge if key not in objects),
        "seen": _uuids(rows),
        "counts": orjson.dumps(_together(counted, counts).packed()).decode(),
    }
    with connection.cursor() as cursor:
        cursor.execute(_MARK, said)
        marked = cursor.rowcount
    if load is None or not marked:
        raise _LostError
    return load


def _is_a_row(items: Iterable[Item], owner_cvr: str) -> bool:
    """Whether a row of it may be held: what could not be used is still in the index, and takes no row away."""
    for item in items:
        if isinstance(item, Refused | Known) or (isinstance(item, Parsed) and item.record.owner_cvr == owner_cvr):
            return True
    return False


def _uuids(keys: Iterable[object]) -> list[UUID]:
    return [key for key in keys if isinstance(key, UUID)]


def _together(before: dict[str, object] | None, counts: Counts) -> Counts:
    """Counts of a portion that was read before: what it wrote then is what it finds unchanged now."""
    if before is None:
        return counts
    first = Counts.unpacked(before)
    counts.unchanged = max(0, counts.unchanged - first.new - first.changed)
    for name in ("new", "changed", "removed", "taken"):
        setattr(counts, name, getattr(counts, name) + getattr(first, name))
    return counts


def _doubt_removals(load: Load, taken: Mapping[str, int], terms: Terms) -> None:
    for kind, number in taken.items():
        load.taken[kind] = load.taken.get(kind, 0) + number
    trouble = too_much_taken(
        load.taken,
        load.held_before,
        authority=authorities.by_cvr[load.authority_cvr].name,
        max_removal_share=terms.max_removal_share,
    )
    if trouble is not None and not load.confirmed:
        raise _NotBelievedError(trouble)
    load.save(update_fields=["taken"])
