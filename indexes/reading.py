"""Everything we hold of one citizen, in one statement and one round trip. No record of anybody else can come along.

What may be shown of it is not decided here. The records come back with ``cpr`` empty: who they are about is the
citizen that was asked for.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection

from indexes import revive
from indexes.records import Case, Grant, Payment, Plan, Record, Source
from indexes.states import SourceStateRow

_READ: Final = "SELECT holdings_of(%s, %s)"  # sql/holdings.sql; a migration makes it


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """What we hold of one citizen, newest first, and how the indexes stand for the authorities concerned.

    ``answered`` is when each index last answered for this citizen alone (``sync.sync_citizen``). ``unusable`` are the
    indexes that have since sent something about them that could not be used (``quarantine``).
    """

    cases: tuple[Case, ...]
    grants: tuple[Grant, ...]
    payments: tuple[Payment, ...]
    plans: tuple[Plan, ...]
    states: tuple[SourceStateRow, ...]
    answered: Mapping[Source, datetime]
    unusable: frozenset[Source]

    def records(self) -> tuple[Record, ...]:
        return (*self.cases, *self.grants, *self.payments, *self.plans)


def read_citizen(citizen_id: UUID | None, *, authorities: Iterable[str] = ()) -> Holdings:
    """What we hold of a citizen. None: somebody we have never met, of whom we hold nothing.

    Args:
        citizen_id: as ``identity`` gives it.
        authorities: CVR numbers whose states are wanted besides those that own a row: where the citizen lives, and
            Udbetaling Danmark.
    """
    with connection.cursor() as cursor:
        cursor.execute(_READ, [citizen_id, list(authorities)])
        return holdings(cursor.fetchone()[0])


def holdings(told: str) -> Holdings:
    """What ``holdings_of`` told, in the database, as records."""
    found = revive.told(told)
    return Holdings(
        cases=tuple(row.record() for row in found.cases or ()),
        grants=tuple(row.record() for row in found.grants or ()),
        payments=tuple(row.record() for row in found.payments or ()),
        plans=tuple(row.record() for row in found.plans or ()),
        states=found.states or (),
        answered=found.answered or {},
        unusable=found.unusable or frozenset(),
    )
