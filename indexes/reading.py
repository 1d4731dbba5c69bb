"""Everything we hold of one citizen, in one statement and one round trip. No record of anybody else can come along.

What may be shown of it is not decided here. The records come back with ``cpr`` empty: who they are about is the
citizen that was asked for.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson
from django.db import connection

from indexes import revive
from indexes.records import Case, Grant, Payment, Plan, Record, Source
from indexes.states import SourceStateRow

# The order of the columns is the one that ``revive`` unpacks.
_READ: Final = """
WITH held_case AS MATERIALIZED (
    SELECT uuid, owner_cvr, opened, json_build_array(
        uuid, registered, holds_from, holds_until, owner_cvr,
        kle, facet, fagsystem, sensitivity, hidden, opened, facts
    ) AS record
    FROM indexes_case WHERE citizen_id = %(citizen)s
), held_grant AS MATERIALIZED (
    SELECT uuid, owner_cvr, starts, json_build_array(
        uuid, registered, holds_from, holds_until, owner_cvr,
        case_uuid, fagsystem, sensitivity, starts, ends, facts
    ) AS record
    FROM indexes_grant WHERE citizen_id = %(citizen)s
), held_payment AS MATERIALIZED (
    SELECT uuid, owner_cvr, available, json_build_array(
        uuid, registered, holds_from, holds_until, owner_cvr,
        fagsystem, available, facts
    ) AS record
    FROM indexes_payment WHERE citizen_id = %(citizen)s
), held_plan AS MATERIALIZED (
    SELECT uuid, owner_cvr, registered, json_build_array(
        uuid, registered, holds_from, holds_until, owner_cvr,
        kle, facts
    ) AS record
    FROM indexes_plan WHERE citizen_id = %(citizen)s
), held AS (
    SELECT uuid FROM held_case UNION ALL SELECT uuid FROM held_grant
    UNION ALL SELECT uuid FROM held_payment UNION ALL SELECT uuid FROM held_plan
), owners AS (
    SELECT unnest(%(authorities)s::text[]) AS cvr
    UNION SELECT owner_cvr FROM held_case UNION SELECT owner_cvr FROM held_grant
    UNION SELECT owner_cvr FROM held_payment UNION SELECT owner_cvr FROM held_plan
)
SELECT json_build_object(
    'cases', (SELECT json_agg(record ORDER BY opened DESC NULLS LAST) FROM held_case),
    'grants', (SELECT json_agg(record ORDER BY starts DESC NULLS LAST) FROM held_grant),
    'payments', (SELECT json_agg(record ORDER BY available DESC) FROM held_payment),
    'plans', (SELECT json_agg(record ORDER BY registered DESC) FROM held_plan),
    'states', (
        SELECT json_agg(json_build_array(source, authority_cvr, last_attempt, last_success, failed_since, error))
        FROM indexes_sourcestate WHERE authority_cvr IN (SELECT cvr FROM owners)
    ),
    'answered', (SELECT answered FROM indexes_citizen WHERE id = %(citizen)s),
    'unusable', (
        SELECT json_agg(DISTINCT source)
        FROM indexes_quarantined AS refused JOIN indexes_citizen AS citizen ON citizen.id = refused.citizen_id
        WHERE refused.citizen_id = %(citizen)s
            AND last_seen >= coalesce((citizen.answered ->> source)::timestamptz, '-infinity')
            -- of a record that is held, it was an older version: the newest, unreadable, would have taken it away
            AND NOT EXISTS (SELECT FROM held WHERE held.uuid = refused.uuid)
    )
)::text
"""


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
        cursor.execute(_READ, {"citizen": citizen_id, "authorities": list(authorities)})
        found: dict[str, Any] = orjson.loads(cursor.fetchone()[0])
    return Holdings(
        cases=tuple(map(revive.case, found["cases"] or ())),
        grants=tuple(map(revive.grant, found["grants"] or ())),
        payments=tuple(map(revive.payment, found["payments"] or ())),
        plans=tuple(map(revive.plan, found["plans"] or ())),
        states=tuple(map(_state, found["states"] or ())),
        answered={Source(key): datetime.fromisoformat(at) for key, at in (found["answered"] or {}).items()},
        unusable=frozenset(map(Source, found["unusable"] or ())),
    )


def _state(row: list[Any]) -> SourceStateRow:
    source, authority_cvr, last_attempt, last_success, failed_since, error = row
    return SourceStateRow(
        source=Source(source),
        authority_cvr=authority_cvr,
        last_attempt=datetime.fromisoformat(last_attempt),
        last_success=revive.instant(last_success),
        failed_since=revive.instant(failed_since),
        error=error,
    )
