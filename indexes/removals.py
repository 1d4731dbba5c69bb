"""Every row that is taken away is counted, in the transaction that takes it: by whom it was, of what kind, and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Sum
from django.db.models.functions import TruncDate

from indexes.keeping import COPENHAGEN
from indexes.models import Cause, Removal

_NOTE = """
INSERT INTO indexes_removal AS noted (hour, authority_cvr, kind, cause, slot, rows)
SELECT date_trunc('hour', now()), owner, kind, %s, pg_backend_pid(), rows
FROM unnest(%s::text[], %s::text[], %s::bigint[]) AS taken (owner, kind, rows)
ON CONFLICT (hour, authority_cvr, kind, cause, slot) DO UPDATE SET rows = noted.rows + excluded.rows
"""


def note(cause: Cause, kind: str, owners: Iterable[str]) -> None:
    """Count rows that were taken away: ``owners`` has the owner (CVR number) of each row, "" where it is not told."""
    rows: dict[str, int] = {}
    for owner in owners:
        rows[owner] = rows.get(owner, 0) + 1
    _write(cause, {(owner, kind): number for owner, number in rows.items()})


def note_of(cause: Cause, authority_cvr: str, kinds: Mapping[str, int]) -> None:
    """Count rows that were taken away, all of one authority, by kind."""
    _write(cause, {(authority_cvr, kind): number for kind, number in kinds.items()})


def _write(cause: Cause, rows: Mapping[tuple[str, str], int]) -> None:
    some = {about: number for about, number in rows.items() if number}
    if some:
        with connection.cursor() as cursor:
            owners, kinds = [owner for owner, _ in some], [kind for _, kind in some]
            cursor.execute(_NOTE, [cause.value, owners, kinds, list(some.values())])


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """Rows of one kind that went on one day for one cause."""

    day: date
    authority_cvr: str
    kind: str
    cause: Cause
    rows: int


def since(day: date, *, authority_cvr: str | None = None) -> list[Removed]:
    """What went on that day and after it, the newest first; of one authority when one is named."""
    of = Removal.objects.all() if authority_cvr is None else Removal.objects.filter(authority_cvr=authority_cvr)
    rows = (
        of.annotate(day=TruncDate("hour", tzinfo=COPENHAGEN))
        .filter(day__gte=day)
        .values("day", "authority_cvr", "kind", "cause")
        .annotate(number=Sum("rows"))
        .order_by("-day", "authority_cvr", "cause", "kind")
    )
    return [
        Removed(
            day=row["day"],
            authority_cvr=row["authority_cvr"],
            kind=row["kind"],
            cause=Cause(row["cause"]),
            rows=row["number"],
        )
        for row in rows
    ]
