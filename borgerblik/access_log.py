"""The access log: written by the statement that reads, sealed in blocks, checked by anybody who keeps the last seal.

A block covers the transactions of a range in which all have ended, so writing stays parallel. Its root is the Merkle
tree hash of its entries (RFC 9162, section 2.1.1), and its seal includes the seal before: whoever changes, removes or
adds an entry later changes a root, and cannot mend it without changing every seal since.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

import orjson
from django.db import connection, transaction

from borgerblik.models import AccessBlock, AccessEntry
from indexes.grants import Reader
from indexes.reading import Holdings, holdings

FIRST: Final = bytes(32)  # what the first block is chained to
SEALING: Final = 7_470_301  # this work's own number among PostgreSQL's advisory locks

_READ = "SELECT read_logged(%s, %s, %s, %s, %s, %s, %s)"
_ENDED = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
_ENTRIES = """
SELECT id, at, citizen, actor, organisation, system, what, purpose FROM borgerblik_accessentry
WHERE tx >= %s::text::xid8 AND tx < %s::text::xid8 ORDER BY id
"""
_AFTER = "SELECT count(*) FROM borgerblik_accessentry WHERE tx >= %s::text::xid8"


def read_citizen(citizen_id: UUID | None, *, authorities: Iterable[str], reader: Reader, what: str) -> Holdings:
    """What we hold of a citizen, and in the same statement the entry that tells who read it; one round trip.

    Args:
        citizen_id: None: somebody we have never met; that they were asked for is written down too.
        authorities: CVR numbers whose states are wanted besides those that own a row.
        reader: who reads, and why.
        what: the kind of data.
    """
    told = [reader.actor, reader.organisation, reader.system, what, reader.purpose]
    with connection.cursor() as cursor:
        cursor.execute(_READ, [citizen_id, list(authorities), *told])
        return holdings(cursor.fetchone()[0])


def read_log(
    citizen_id: UUID, *, reader: Reader, most: int
) -> tuple[list[tuple[datetime, str, str, str, str]], datetime | None]:
    """A citizen's newest entries (at, actor, organisation, what, purpose), and when the first entry of all was written.

    That the log itself was read stands in it, written first.
    """
    told = AccessEntry(
        citizen=citizen_id,
        actor=reader.actor,
        organisation=reader.organisation,
        system=reader.system,
        what="log",
        purpose=reader.purpose,
    )
    with transaction.atomic():
        told.save(force_insert=True)
        found = AccessEntry.objects.filter(citizen=citizen_id).order_by("-at", "-pk")[:most]
        rows = list(found.values_list("at", "actor", "organisation", "what", "purpose"))
        since: datetime | None = AccessEntry.objects.order_by("pk").values_list("at", flat=True).first()
    return rows, since


def leaf(entry: Sequence[Any]) -> bytes:
    """The hash of one entry, in the order of ``_ENTRIES``."""
    return sha256(b"\x00" + orjson.dumps([str(part) for part in entry])).digest()


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The Merkle tree hash of hashed leaves (RFC 9162, section 2.1.1)."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << ((len(leaves) - 1).bit_length() - 1)  # the largest power of two below the number of leaves
    return sha256(b"\x01" + root_of(leaves[:split]) + root_of(leaves[split:])).digest()


def seal_of(block: AccessBlock) -> bytes:
    numbers = [block.number, block.from_tx, block.to_tx, block.entries]
    return sha256(orjson.dumps(numbers) + bytes(block.root) + bytes(block.previous)).digest()


def _leaves(from_tx: int, to_tx: int) -> list[bytes]:
    with connection.cursor() as cursor:
        cursor.execute(_ENTRIES, [str(from_tx), str(to_tx)])
        return [leaf(row) for row in cursor.fetchall()]


def seal(*, now: datetime) -> AccessBlock | None:
    """Seal the entries of every transaction that has ended since the last seal; None when there are none.

    Two at the same time: the second finds nothing left.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEALING])
        cursor.execute(_ENDED)
        (to_tx,) = cursor.fetchone()
        last = AccessBlock.objects.order_by("-number").first()
        from_tx = last.to_tx if last else 0
        leaves = _leaves(from_tx, to_tx)
        if not leaves:
            return None
        block = AccessBlock(
            number=last.number + 1 if last else 1,
            from_tx=from_tx,
            to_tx=to_tx,
            entries=len(leaves),
            root=root_of(leaves),
            previous=last.seal if last else FIRST,
            sealed=now,
        )
        block.seal = seal_of(block)
        block.save(force_insert=True)
        return block


def unsealed() -> int:
    """How many entries no block covers yet."""
    last = AccessBlock.objects.order_by("-number").first()
    with connection.cursor() as cursor:
        cursor.execute(_AFTER, [str(last.to_tx if last else 0)])
        return int(cursor.fetchone()[0])


def faults() -> Iterator[str]:
    """What is wrong with the log, a sentence each; nothing when every block still fits its entries and the next."""
    previous, number, reached = FIRST, 0, 0
    for block in AccessBlock.objects.order_by("number").iterator():
        number += 1
        if block.number != number:
            yield f"Block {number} is missing: somebody has removed a seal. Compare with the last seal you kept."
            number = block.number
        if bytes(block.previous) != previous or block.from_tx != reached or bytes(block.seal) != seal_of(block):
            yield f"Block {number} does not follow from the one before: a seal was changed. Restore it from a backup."
        leaves = _leaves(block.from_tx, block.to_tx)
        if len(leaves) != block.entries or root_of(leaves or [FIRST]) != bytes(block.root):
            yield (
                f"Block {number}, sealed {block.sealed:%Y-%m-%d %H:%M}, held {block.entries:,} entries and now holds "
                f"{len(leaves):,} that do not fit its seal: entries were changed, removed or added. "
                "Restore them from a backup of that day."
            )
        previous, reached = bytes(block.seal), block.to_tx
