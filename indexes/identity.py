"""Who a row is about. A person is a ``Citizen`` row known by its id everywhere; the CPR number stays in here.

A CPR number is stored once: sealed, and found by a keyed fingerprint. It is in no log, exception or repr. Whoever looks
for somebody, or makes them, raises ``crypto.KeyRingError`` when CPR_KEYS are not the database's (``keys``).
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID, uuid4

from django.db import connection

from indexes.crypto import Sealed, cpr_keys
from indexes.keys import trusted

_FIND = "SELECT cpr_hmac, id FROM indexes_citizen WHERE cpr_hmac = ANY(%b::bytea[])"

# Whom we write of is not purged before we commit. It costs half a microsecond each, and 54 bytes of the database's log;
# the foreign key of each row written asks for the same lock, but not before the end.
_FIND_TO_WRITE = f"{_FIND} FOR KEY SHARE"

# The update changes nothing: it makes the row of a concurrent insert come back too; of no key, so that it does not wait
# for those who hold the row to write. Ordered, so that two inserts of the same people wait for each other and never in
# a ring.
_ADD = """
INSERT INTO indexes_citizen AS held (id, cpr_hmac, cpr_sealed, key_id, answered)
SELECT new.*, '{}'
FROM unnest(%b::uuid[], %b::bytea[], %b::bytea[], %b::text[]) AS new (id, cpr_hmac, cpr_sealed, key_id)
ORDER BY cpr_hmac
ON CONFLICT (cpr_hmac) DO UPDATE SET key_id = held.key_id
RETURNING cpr_hmac, id
"""

_SEALED = "SELECT key_id, cpr_sealed FROM indexes_citizen WHERE id = %s"


class UnknownCitizenError(LookupError):
    """No citizen has this id."""


def _query(statement: str, parameters: Sequence[Any]) -> list[tuple[bytes, UUID]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return [(bytes(fingerprint), citizen_id) for fingerprint, citizen_id in cursor.fetchall()]


def _find(cprs: Collection[str], statement: str = _FIND) -> dict[str, UUID]:
    """The citizens we already know, under whichever key they were written."""
    ring = trusted()
    # Older keys first: a person known under two keys is then the one under the writing key.
    owners = {key.fingerprint(cpr.encode()): cpr for key in reversed(ring.keys) for cpr in cprs}
    found = dict(_query(statement, [list(owners)]))
    return {cpr: found[fingerprint] for fingerprint, cpr in owners.items() if fingerprint in found}


def newcomer(cpr: str) -> tuple[UUID, Sealed]:
    """An id and the sealed number for a citizen whom we have not met."""
    citizen_id = uuid4()
    return citizen_id, trusted().writing.seal(cpr.encode(), bound_to=citizen_id.bytes)


def _add(cprs: Iterable[str]) -> dict[str, UUID]:
    key = trusted().writing
    owners = {key.fingerprint(cpr.encode()): cpr for cpr in cprs}
    new = [newcomer(cpr) for cpr in owners.values()]
    ids, sealed = [citizen_id for citizen_id, _ in new], [each for _, each in new]
    columns = [ids, list(owners), [each.data for each in sealed], [each.key_id for each in sealed]]
    return {owners[fingerprint]: citizen_id for fingerprint, citizen_id in _query(_ADD, columns)}


def citizens_for(cprs: Iterable[str]) -> dict[str, UUID]:
    """CPR number (ten digits) -> citizen id, made where missing. At most two statements, however many there are.

    For whoever writes of them: until the transaction ends they stay, whoever purges.
    """
    wanted = set(cprs)
    if not wanted:
        return {}
    known = _find(wanted, _FIND_TO_WRITE)
    missing = wanted - known.keys()
    return known | _add(missing) if missing else known


def citizen_id_for(cpr: str) -> UUID:
    """The citizen with this CPR number, made if we did not know them."""
    return citizens_for([cpr])[cpr]


def known_citizens(cprs: Iterable[str]) -> dict[str, UUID]:
    """CPR number (ten digits) -> citizen id, of those we know. Nobody is made."""
    wanted = set(cprs)
    return _find(wanted) if wanted else {}


def fingerprints_of(cpr: str) -> list[bytes]:
    """What a CPR number may be found by, the writing key's first."""
    return [key.fingerprint(cpr.encode()) for key in trusted()]


def find_citizen(cpr: str) -> UUID | None:
    """The citizen with this CPR number, None if we know nothing of them."""
    return _find([cpr]).get(cpr)


def cpr_of(citizen_id: UUID) -> str:
    """The CPR number of a citizen, for asking an index about them.

    Raises:
        UnknownCitizenError: no citizen has this id.
        crypto.KeyRingError: the key that it was sealed with is gone from CPR_KEYS.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SEALED, [citizen_id])
        row = cursor.fetchone()
    if row is None:
        raise UnknownCitizenError(
            f"There is no citizen {citizen_id}, so nothing can be asked about them: they were erased, or the id is "
            "wrong."
        )
    key_id, data = row
    return cpr_keys().open(Sealed(key_id=key_id, data=bytes(data)), bound_to=citizen_id.bytes).decode()
