"""Messages that could not be used: kept sealed for whoever mends them, counted once however often they come."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection
from django.db.models import Count, Max, Min, Sum

from indexes.crypto import Key, Sealed, quarantine_keys
from indexes.identity import citizens_for
from indexes.masking import masked
from indexes.models import Quarantined
from indexes.records import RefusalReason, Refused, Source

ENVELOPE: Final = "event"  # the kind of a message of Beskedfordeler of which no object can be read

_KEEP = """
INSERT INTO indexes_quarantined AS held (
    source, authority_cvr, kind, uuid, citizen_id, reason, what, sample, sealed, key_id, digest,
    first_seen, last_seen, times
)
SELECT %s, %s, kind, uuid, citizen_id, reason, what, sample, sealed, %s, digest, %s, %s, times
FROM unnest(
    %s::text[], %s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::text[], %s::bytea[], %s::bytea[], %s::int[]
) AS new (kind, uuid, citizen_id, reason, what, sample, sealed, digest, times)
ORDER BY digest
ON CONFLICT (digest) DO UPDATE SET
    times = held.times + excluded.times,
    last_seen = excluded.last_seen,
    citizen_id = excluded.citizen_id,
    reason = excluded.reason,
    what = excluded.what,
    sample = coalesce(nullif(excluded.sample, ''), held.sample),
    authority_cvr = coalesce(nullif(excluded.authority_cvr, ''), held.authority_cvr)
"""


def digest_of(key: Key, source: Source, raw: bytes) -> bytes:
    """What a message is found by when the same bytes come again."""
    return key.fingerprint(source.value.encode() + b" " + raw)


def keep(refused: Iterable[Refused], *, source: Source, authority_cvr: str, now: datetime) -> None:
    """Put messages in quarantine. ``authority_cvr`` is whose reading they came in, empty when one citizen's.

    The message is sealed with what it is found by, so that a sealed message moved to another row cannot be opened.
    """
    key = quarantine_keys().writing
    times: dict[bytes, int] = {}
    messages: dict[bytes, Refused] = {}
    for message in refused:
        digest = digest_of(key, source, message.raw)
        times[digest] = times.get(digest, 0) + 1
        messages[digest] = message
    if not messages:
        return
    citizens = citizens_for(message.cpr for message in messages.values() if message.cpr)
    columns: list[list[object]] = [
        [message.kind for message in messages.values()],
        [message.uuid for message in messages.values()],
        [citizens.get(message.cpr or "") for message in messages.values()],
        [message.reason.value for message in messages.values()],
        [message.what for message in messages.values()],
        [*samples_of(messages.values())],
        [key.seal(message.raw, bound_to=digest).data for digest, message in messages.items()],
        list(messages),
        list(times.values()),
    ]
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [source.value, authority_cvr, key.id, now, now, *columns])


def meet(refused: Iterable[Refused]) -> None:
    """Make those citizens whom ``keep`` will name, where they are missing: before anything of theirs is locked.

    Else another who has just met one of them, and waits for what we write, would wait for us, and we for it.
    """
    citizens_for(message.cpr for message in refused if message.cpr)


def samples_of(messages: Iterable[Refused]) -> list[str]:
    """The masked shape of the first message of each kind, reason and field, and nothing of the others like it."""
    told: set[tuple[str, str, str]] = set()
    samples = []
    for message in messages:
        alike = (message.kind, message.reason, message.what)
        samples.append("" if alike in told else masked(message.raw))
        told.add(alike)
    return samples


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Messages in which the same is wrong. ``authority_cvr`` is empty for those of single citizens' own readings.

    ``times`` is how often they came in all; ``sample`` the shape of one of them, empty when none is known.
    """

    source: Source
    authority_cvr: str
    kind: str
    reason: RefusalReason
    what: str
    messages: int
    times: int
    first: datetime
    last: datetime
    sample: str


def groups(*, authority_cvr: str | None = None) -> list[Group]:
    """What lies in quarantine, of one authority or of all, the largest group of each first."""
    of = Quarantined.objects.all() if authority_cvr is None else Quarantined.objects.filter(authority_cvr=authority_cvr)
    rows = (
        of.values("source", "authority_cvr", "kind", "reason", "what")
        .annotate(
            messages=Count("id"),
            all_times=Sum("times"),
            first=Min("first_seen"),
            last=Max("last_seen"),
            one=Max("sample"),
        )
        .order_by("source", "authority_cvr", "-messages", "reason", "kind", "what")
    )
    return [
        Group(
            source=Source(row["source"]),
            authority_cvr=row["authority_cvr"],
            kind=row["kind"],
            reason=RefusalReason(row["reason"]),
            what=row["what"],
            messages=row["messages"],
            times=row["all_times"],
            first=row["first"],
            last=row["last"],
            sample=row["one"],
        )
        for row in rows
    ]


def message_of(row: Quarantined) -> bytes:
    """The message in clear. For mending only: it is personal data, and belongs in no log.

    Raises:
        crypto.KeyRingError: the key that it was sealed with is gone from CPR_KEYS.
    """
    return quarantine_keys().open(Sealed(key_id=row.key_id, data=bytes(row.sealed)), bound_to=bytes(row.digest))


def forget(*, source: Source, authority_cvr: str, before: datetime) -> int:
    """Forget what a complete reading that began at ``before`` did not bring again; answers how many.

    What no bulk reading claims stays until it is used, or nothing has brought it for a while (``purge``): single
    citizens' messages, and those of Beskedfordeler that could not be read, since no index sends them.
    """
    claimed = Quarantined.objects.filter(source=source.value, authority_cvr=authority_cvr).exclude(kind=ENVELOPE)
    return claimed.filter(last_seen__lt=before).delete()[0]


def held(source: Source, authority_cvr: str) -> int:
    """How many messages of the authority lie in quarantine."""
    return Quarantined.objects.filter(source=source.value, authority_cvr=authority_cvr).count()
