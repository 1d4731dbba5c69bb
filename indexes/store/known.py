"""What is held just as an index sends it: known again by the bytes it was read from, so that it need not be read again.

A fingerprint tells the same bytes only as long as the same would be made of them: into it goes whatever that depends on
besides them, the program that reads included. So after an upgrade, a new key, another role or another decision on what
is kept, everything is read once more.
"""

from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import connection

from indexes.crypto import reading_keys
from indexes.records import Defect, Known, Sensitivity
from indexes.store import statements
from indexes.store.tables import TABLES
from indexes.store.wanted import Wanted

BYTES: Final = 16
_ROOT: Final = Path(__file__).resolve().parents[1]
# What makes a row of bytes, or decides that none is made.
_READERS: Final = ("parse", "store", "stream.py", "soap.py", "records.py", "keeping.py", "cpr_numbers.py")


def _digest() -> str:
    paths = (_ROOT / name for name in _READERS)
    files = sorted(file for path in paths for file in (path.rglob("*.py") if path.is_dir() else [path]))
    return sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


_PROGRAM: Final = _digest()  # as it was when it was loaded: the files may be another version's by now


class HeldAsRead:
    """The records of one authority, as far as they are known again."""

    def __init__(self, owner_cvr: str, wanted: Wanted) -> None:
        self._owner = owner_cvr
        terms = repr((settings.SDI_ROLES, settings.YI_ROLES, wanted.kinds(), _PROGRAM))
        self._begun = sha256(reading_keys().writing.fingerprint(terms.encode()))

    def within(self, bound: bytes) -> Callable[[bytes], bytes]:
        """What gives the fingerprints of bytes in which names are ``bound`` so; they tell nothing without the key."""
        begun = self._begun.copy()
        begun.update(bound + b">")

        def fingerprint(written: bytes) -> bytes:
            hashed = begun.copy()
            hashed.update(written)
            return hashed.digest()[:BYTES]

        return fingerprint

    def known(self, kind: str, fingerprints: Mapping[UUID, bytes]) -> Mapping[UUID, Known]:
        """Which of these records are held as read from bytes with these fingerprints."""
        table = next(table for table in TABLES if table.kind == kind)
        with connection.cursor() as cursor:
            cursor.execute(statements.known(table), [list(fingerprints), list(fingerprints.values()), self._owner])
            return {
                uuid: Known(
                    kind=kind,
                    uuid=uuid,
                    registered=registered,
                    sensitivity=Sensitivity(sensitivity),
                    fagsystem=system,
                    defects=tuple(map(Defect, defects or ())),
                    besides=besides,
                )
                for uuid, registered, sensitivity, system, defects, besides in cursor.fetchall()
            }
