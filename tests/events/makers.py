"""Events as Beskedfordeler sends them, written by the mock indexes, and what applies them."""

import datetime as dt
from collections import Counter
from dataclasses import replace
from typing import Any
from uuid import uuid4

from django.db import connection
from psycopg.sql import SQL, Identifier

from indexes.events.apply import apply
from indexes.events.decode import Message, Terms, decode
from indexes.events.payload import Roles
from indexes.events.roles import EventRoles
from indexes.mock.demo.people import DemoPopulation, load_people
from indexes.mock.dice import Kind
from indexes.mock.objects import Case, Grant, Payment
from indexes.mock.tables import load_tables
from indexes.mock.writing.event import Told, event
from indexes.models import Fate
from indexes.parse.roles import SdiRoles, YiRoles
from indexes.store import Wanted
from indexes.store.tables import TABLES
from tests.indexes.makers import LOLLAND, NOW, RANDERS, UDK

TODAY = NOW.date()
PEOPLE = DemoPopulation(load_people(load_tables(3), TODAY))
EVERYTHING = frozenset(f"{number:02d}" for number in range(100))
MAX_BYTES = 1_000_000
OURS = frozenset({RANDERS, LOLLAND, UDK})
TERMS = Terms(
    wanted=Wanted(case=EVERYTHING, grant=EVERYTHING, payment=EVERYTHING, plan=EVERYTHING),
    authorities=OURS,
    recipients=OURS,
    roles=Roles(sdi=SdiRoles(), yi=YiRoles()),
    events=EventRoles(),
)


def instant(at: dt.datetime) -> str:
    return at.isoformat(timespec="milliseconds")


def minutes(number: float) -> dt.datetime:
    """So long after NOW."""
    return NOW + dt.timedelta(minutes=number)


def a_case(**changes: Any) -> Case:
    """Mette's case of sick-leave benefit, which has documents and grants."""
    found = next(case for case in PEOPLE.of("mette", Kind.CASE) if isinstance(case, Case) and case.documents)
    return replace(found, **{"registered": instant(NOW), **changes})


def a_grant(**changes: Any) -> Grant:
    found = next(grant for grant in PEOPLE.of("mette", Kind.GRANT) if isinstance(grant, Grant) and grant.case_uuid)
    return replace(found, **{"registered": instant(NOW), **changes})


def a_payment(**changes: Any) -> Payment:
    found = next(payment for payment in PEOPLE.of("mette", Kind.PAYMENT) if isinstance(payment, Payment))
    return replace(found, **{"registered": instant(NOW), **changes})


def told(thing: Told, *, made: dt.datetime = NOW, removed: dt.datetime | None = None, **options: Any) -> bytes:
    """A message about an object."""
    return event(
        thing,
        made=instant(made),
        removed=None if removed is None else instant(removed),
        **{"message_id": str(uuid4()), **options},
    )


def take(*bodies: bytes, now: dt.datetime = NOW, terms: Terms = TERMS) -> Counter[Fate]:
    """The messages in one batch."""
    events = [decode(Message.of(body, max_bytes=MAX_BYTES), terms=terms, now=now) for body in bodies]
    return apply(events, terms=terms, clock=lambda: now)


def rows() -> dict[str, list[tuple[object, ...]]]:
    """Every row of every kind, without whom it is about (a new id in each database), when it was stored, and how."""
    found = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            besides = {"stored_at", "citizen_id", "fingerprint"}
            columns = SQL(", ").join(Identifier(name) for name in table.columns if name not in besides)
            cursor.execute(
                SQL("SELECT {} FROM {} ORDER BY uuid").format(columns, Identifier(table.name)),
            )
            found[table.kind] = cursor.fetchall()
    return found
