"""The access log: written by the statement that reads. ``seals`` keeps anybody from changing it unnoticed."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from borgerblik.models import AccessEntry
from indexes.grants import Reader
from indexes.reading import Holdings, holdings

_READ = "SELECT read_logged(%s, %s, %s, %s, %s, %s, %s)"


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
