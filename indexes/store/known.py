"""What is held just as an index sends it: known again by the bytes it was read from, so that it need not be read again.

A fingerprint tells the same bytes only as long as the same would be made of them: into it goes whatever that depends on
besides them, the program that reads included. So after an upgrade, a new key, another role or another decision on what
is kept, everything is read once more.
"""

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import connection

from indexes.crypto import reading_keys
from indexes.records import Defect, Known
from indexes.store import statements
from indexes.store.tables import TABLES
from indexes.store.wanted import Wanted

BYTES: Final = 16
_ROOT: Final = Path(__file__).resolve().parents[1]
# What makes a row of bytes.
_READERS: Final = ("parse", "store/tables.py", "stream.py", "soap.py", "records.py", "keeping.py", "cpr_numbers.py")


class HeldAsRead:
    """The records of one authority, as far as they are known again."""

    def __init__(self, owner_cvr: str, wanted: Wanted) -> None:
        self._owner = owner_cvr
        terms = repr((settings.SDI_ROLES, settings.YI_ROLES, wanted.kinds(), _readers()))
        self._begun = sha256(reading_keys().writing.fingerprint(terms.encode()))

    def fingerprint(self, written: bytes) -> bytes:
        """What these bytes are known by; tells nothing of them without the key."""
        hashed = self._begun.copy()
        hashed.update(written)
        return hashed.digest()[:BYTES]

    def known(self, kind: str, fingerprints: Mapping[UUID, bytes]) -> Mapping[UUID, Known]:
        """Which of these records are held as read from bytes with these fingerprints."""
        table = next(table for table in TABLES if table.kind == kind)
        with connection.cursor() as cursor:
            cursor.execute(statements.known(table), [list(fingerprints), list(fingerprints.values()), self._owner])
            return {
                uuid: Known(
                    kind=kind, uuid=uuid, fagsystem=system, defects=tuple(map(Defect, defects or ())), besides=besides
                )
                for uuid, system, defects, besides in cursor.fetchall()
            }


@cache
def _readers() -> str:
    """A digest of the program that reads, as it is now."""
    files = sorted(
        file for name in _READERS for file in ((_ROOT / name).rglob("*.py") if name == "parse" else [_ROOT / name])
    )
    return sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
