"""Whether CPR_KEYS are the keys that the database was written with.

With others nobody would be found: everybody would be taken for somebody new, and what is held of them be lost to them.
So each key that somebody is sealed with leaves a mark in the database, which tells nothing of the key and nothing of
anybody, and whoever looks for a person compares the marks first: once in a process, for these keys.
"""

from collections.abc import Collection, Iterable
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import connection

from indexes.crypto import Key, KeyRing, KeyRingError, cpr_keys
from indexes.models import KeyMark

_MARKED: Final = b"which key this is"  # no CPR number: those are digits
_SEVERAL: Final = 20  # of a key's rows; whoever has the pages' password could leave one that nothing opens
_MAY_MARK: Final = "SELECT has_table_privilege('indexes_keymark', 'INSERT')"
_SEALED: Final = "SELECT id, cpr_sealed FROM indexes_citizen WHERE key_id = %s LIMIT %s"
_STRANGE: Final = "SELECT key_id FROM indexes_citizen WHERE NOT key_id = ANY(%s) LIMIT 1"
_MARK: Final = "INSERT INTO indexes_keymark (key, mark) VALUES (%s, %s) ON CONFLICT DO NOTHING"

_believed = ""


def believe(text: str) -> None:
    """Take these CPR_KEYS for the right ones, unlooked."""
    global _believed  # noqa: PLW0603 - of this process
    _believed = text


def trusted() -> KeyRing:
    """The keys for CPR numbers, which fit the database.

    Raises:
        crypto.KeyRingError: they do not, and nobody must be looked for.
    """
    ring = cpr_keys()
    if _believed != settings.CPR_KEYS:
        compare()
        believe(settings.CPR_KEYS)
    return ring


def compare() -> None:
    """Compare the keys with the marks now; mark the key that is written with, if this role may and nobody has.

    Raises:
        crypto.KeyRingError: a key is missing, or its secret is another one.
    """
    ring, marks = cpr_keys(), dict(KeyMark.objects.values_list("key", "mark"))
    _none_is_missing(ring, marks)
    for key in ring:
        if key.id in marks and key.fingerprint(_MARKED) != bytes(marks[key.id]):
            raise _another_secret(key)
    if ring.writing.id not in marks and _may_mark():
        _mark(ring, marks)


def forget(used: Collection[str]) -> None:
    """Nothing is sealed any more with any other key than these and the one that is written with."""
    KeyMark.objects.exclude(key__in=[*used, cpr_keys().writing.id]).delete()


def _may_mark() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_MAY_MARK)
        return bool(cursor.fetchone()[0])


def _mark(ring: KeyRing, marked: Collection[str]) -> None:
    """By what it has sealed a key is known to be the right one. Large tables are searched, once for each new key."""
    with connection.cursor() as cursor:
        cursor.execute(_STRANGE, [[key.id for key in ring]])
        _none_is_missing(ring, [key_id for (key_id,) in cursor.fetchall()])
        for key in ring:
            if key.id in marked:
                continue
            cursor.execute(_SEALED, [key.id, _SEVERAL])
            rows = cursor.fetchall()
            if rows and not any(_opens(key, *row) for row in rows):
                raise _another_secret(key)
            if rows or key is ring.writing:
                cursor.execute(_MARK, [key.id, key.fingerprint(_MARKED)])


def _opens(key: Key, citizen_id: UUID, data: bytes) -> bool:
    """Whether it is the key that this was sealed with."""
    try:
        key.open(bytes(data), bound_to=citizen_id.bytes)
    except KeyRingError:
        return False
    return True


def _none_is_missing(ring: KeyRing, used: Iterable[str]) -> None:
    if missing := sorted(set(used) - {key.id for key in ring}):
        raise KeyRingError(
            f"CPR numbers in the database are sealed with the key '{missing[0]}', which CPR_KEYS does not hold, so "
            "those people would be taken for others and lose what is held of them: put that key back, last in CPR_KEYS."
        )


def _another_secret(key: Key) -> KeyRingError:
    return KeyRingError(
        f"CPR_KEYS holds another secret for the key '{key.id}' than the one that CPR numbers in the database are "
        "sealed with, so everybody would be taken for somebody new and lose what is held of them: put the right secret "
        "back."
    )
