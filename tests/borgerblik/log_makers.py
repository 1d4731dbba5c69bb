"""A log with seals at known hours, for the tests of seals."""

import datetime as dt
from uuid import UUID

from borgerblik.models import AccessBlock, AccessEntry
from borgerblik.seals.logs import ACCESS
from borgerblik.seals.sealing import seal
from borgerblik.seals.verifying import faults
from tests.indexes.makers import NOW

CITIZEN = UUID("00000000-0000-4000-8000-000000000001")
SECOND, MINUTE, HOUR = dt.timedelta(seconds=1), dt.timedelta(minutes=1), dt.timedelta(hours=1)


def entry(at: dt.datetime, **more: object) -> AccessEntry:
    told = {"citizen": CITIZEN, "actor": "demo", "organisation": "Demo", "system": "rest", "what": "overview"}
    return AccessEntry(**{**told, "at": at, "purpose": "consumer", **more})


def write(number: int = 1, *, at: dt.datetime = NOW) -> list[AccessEntry]:
    """Entries, a second between them, the last one second before ``at``."""
    return AccessEntry.objects.bulk_create([entry(at - SECOND * left) for left in range(number, 0, -1)])


def sealed(*sizes: int, first: dt.datetime = NOW) -> None:
    """Blocks of so many entries: the first at ``first``, then one every two hours."""
    for place, size in enumerate(sizes):
        at = first + 2 * HOUR * place
        write(size, at=at)
        assert seal(ACCESS, now=at)


def skip_ids(number: int) -> list[int]:
    """Ids that are given out and come to nothing, as when a transaction is rolled back."""
    taken = write(number)
    AccessEntry.objects.filter(pk__in=[one.pk for one in taken]).delete()
    return [one.pk for one in taken]


def sizes() -> list[int]:
    return [block.entries for block in AccessBlock.objects.order_by("number")]


def found(now: dt.datetime) -> list[str]:
    return list(faults(ACCESS, now=now))
