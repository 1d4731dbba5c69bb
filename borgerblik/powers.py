"""Powers of attorney: a citizen lets a helper see some areas of their pages, until a day, and ends it when they like.

It is offered with a code and is nobody's until the helper, signed in as themselves, has taken it on; the code fits only
somebody born on the day that the giver said. A helper who reads opens the giver's rows by their own session
(``sql/powers.sql``), which writes the giver's access log each time. What the helper sees of it is ``reach``'s to limit.
(Of powers of attorney: aftaleloven §§ 10-16; they are withdrawn by telling the helper, here by ending them.)
"""

import datetime as dt
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils.crypto import salted_hmac

from borgerblik import areas as stage_plan
from borgerblik import words
from borgerblik.access_log import NOBODY, open_citizen, powers_of
from borgerblik.grants import ByGrant, Call, NoGrantError
from borgerblik.local_time import local, midnight_after, months_after
from borgerblik.models import PowerOfAttorney
from borgerblik.models.powers import OFFER
from borgerblik.overview.material import Person
from borgerblik.overview.powers import Party, Power, PowerView, area_names, power_view
from borgerblik.reach import Reach
from borgerblik.receipts import one_at_a_time
from indexes.cpr_numbers import masked_by_hand
from indexes.parse.text import MASK

MONTHS: Final = (1, 6, 12, 24)  # how long one can last
MOST: Final = 10  # of a citizen's own that are offered or hold at a time
LONGEST_NAME: Final = 100  # letters
DIGITS: Final = 12
_SALT: Final = "borgerblik.powers"
_OFFERED: Final = "SELECT giver_name, areas, until FROM offered_power(%s, %s)"
_ACCEPT: Final = "SELECT accept_power(%s, %s, %s)"
_FOLLOW: Final = "SELECT powers_follow(%s, %s, %s, %s)"


@dataclass(frozen=True, slots=True, kw_only=True)
class ByPower:
    """Leave to read the giver's rows, by the token of the helper's own session and the power of attorney's id."""

    token: str = field(repr=False)
    power: UUID

    def reading(self, near: Iterable[str], what: str) -> Call:
        return "SELECT held, decisions, looked FROM read_power(%s, %s, %s, %s)", [
            *(self.token, self.power, list(near), what)
        ]

    def opening(self, what: str) -> Call:
        return "SELECT citizen IS NOT NULL, citizen FROM use_power(%s, %s, %s) AS citizen", [
            *(self.token, self.power, what)
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a citizen says when they give one. ``born`` is the helper's birthday, ``areas`` keys of the stage plan."""

    helper_name: str
    born: dt.date
    areas: Sequence[str]
    months: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """What a helper reads before they take it on. ``until`` is its last day."""

    giver_name: str
    areas: tuple[str, ...]
    until: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Powers:
    """A citizen's: those they have given and those they hold, each with what is in force first, then the newest."""

    given: tuple[PowerView, ...]
    held: tuple[PowerView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One in force, for the helper who uses it: whose pages they see, and how far. ``until`` is its last day."""

    id: UUID
    giver: Person
    areas: frozenset[str]
    until: dt.date

    @property
    def reach(self) -> Reach:
        return Reach(areas=self.areas, by_power=True)


class TooManyPowersError(Exception):
    """The citizen has given as many as one may have at a time."""


class UnknownAreaError(ValueError):
    """An area that is to be seen is none of the stage plan, or none was named."""


class UnknownPowerError(LookupError):
    """There is no such power of attorney of theirs, or not any more."""


def give(leave: ByGrant, giver: Person, terms: Terms, *, now: dt.datetime) -> tuple[UUID, str]:
    """Offer one; its id, and the code that the giver hands to the helper, which no row tells.

    Raises:
        NoGrantError: the leave opens nobody.
        TooManyPowersError: they have ``MOST`` already.
        UnknownAreaError: see there.
        ValueError: ``months`` is none of ``MONTHS``.
    """
    if terms.months not in MONTHS:
        raise ValueError(f"A power of attorney lasts one of {MONTHS} months, not {terms.months}.")
    known = [key for key in stage_plan.load().by_key if key in terms.areas]
    if not known or len(known) != len(set(terms.areas)):
        raise UnknownAreaError
    code = "".join(secrets.choice("0123456789") for _ in range(DIGITS))
    with transaction.atomic():
        citizen = open_citizen(leave, what="powers")
        if citizen is None:
            raise NoGrantError
        one_at_a_time(citizen)
        if _in_force(PowerOfAttorney.objects.filter(giver=citizen), now).count() >= MOST:
            raise TooManyPowersError
        made = PowerOfAttorney(
            giver_id=citizen,
            giver_name=giver.name,
            giver_given_name=giver.given_name,
            municipality=giver.municipality,
            helper_name=masked_by_hand(terms.helper_name.strip(), MASK)[:LONGEST_NAME],
            areas=known,
            made=now,
            code_hash=_hash(code, terms.born),
            offered_until=now.astimezone(dt.UTC) + OFFER,  # by a clock in Denmark a week may be an hour longer
            until=midnight_after(months_after(local(now).date(), terms.months)),
        )
        made.save(force_insert=True)
    return made.id, code


def offered(leave: ByGrant, code: str, born: dt.date, *, language: str) -> Offered | None:
    """What is offered to somebody by this code, who was born on this day; None: it fits nothing, or not any more."""
    with connection.cursor() as cursor:
        cursor.execute(_OFFERED, [leave.token, _hash(code, born)])
        found = cursor.fetchone()
    if found is None:
        return None
    giver_name, areas, until = found
    return Offered(giver_name=giver_name, areas=area_names(areas, words.load(language)), until=_last_day(until))


def accept(leave: ByGrant, code: str, born: dt.date, *, name: str) -> UUID | None:
    """Take on what is offered: from now on whoever has this leave is its helper. Its id; None as in ``offered``."""
    with connection.cursor() as cursor:
        cursor.execute(_ACCEPT, [leave.token, _hash(code, born), name])
        taken: UUID | None = cursor.fetchone()[0]
    return taken


def of_citizen(leave: ByGrant, *, language: str, now: dt.datetime) -> Powers:
    """A citizen's own.

    Raises:
        NoGrantError: the leave opens nobody.
    """
    with transaction.atomic():
        citizen = open_citizen(leave, what="powers")
        rows = powers_of(citizen or NOBODY)
    return views_of(rows, citizen or NOBODY, language=language, now=now)


def views_of(rows: Sequence[PowerOfAttorney], citizen: UUID, *, language: str, now: dt.datetime) -> Powers:
    """Rows in finished words, for the citizen whose they are."""
    told, here = words.load(language), local(now)

    def views(mine: Party, of: Iterable[PowerOfAttorney]) -> tuple[PowerView, ...]:
        seen = [power_view(_power(row, mine), told, here) for row in of]
        return tuple(sorted(seen, key=lambda view: not view.live))

    return Powers(
        given=views(Party.GIVER, (row for row in rows if row.giver_id == citizen)),
        held=views(Party.HELPER, (row for row in rows if row.helper_id == citizen)),
    )


def end(leave: ByGrant, power: UUID, *, now: dt.datetime) -> None:
    """End one, as either of the two may. Doing it twice equals doing it once.

    Raises:
        NoGrantError: the leave opens nobody.
        UnknownPowerError: there is none of theirs with this id.
    """
    with transaction.atomic():
        citizen = open_citizen(leave, what="powers")
        theirs = PowerOfAttorney.objects.filter(Q(giver=citizen) | Q(helper=citizen), pk=power)
        for who in Party:
            theirs.filter(**{who: citizen}, ended=None).update(ended=now, ended_by=who, code_hash=None)
        if not theirs.exists():
            raise UnknownPowerError(power)


def held(leave: ByGrant, power: UUID, *, now: dt.datetime) -> Held:
    """One that the citizen may use now.

    Raises:
        NoGrantError: the leave opens nobody.
        UnknownPowerError: it is none of theirs, or is not in force.
    """
    with transaction.atomic():
        citizen = open_citizen(leave, what="powers")
        found = PowerOfAttorney.objects.defer("code_hash").filter(pk=power, helper=citizen, ended=None).first()
    if found is None or not _power(found, Party.HELPER).holds(local(now)):
        raise UnknownPowerError(power)
    giver = Person(
        name=found.giver_name, given_name=found.giver_given_name, birth_date=None, municipality=found.municipality
    )
    return Held(id=found.id, giver=giver, areas=frozenset(found.areas), until=_last_day(found.until))


def follow(leave: ByGrant, giver: Person) -> None:
    """Let the powers of attorney that somebody has given say where they live now, and what they are called."""
    with connection.cursor() as cursor:
        cursor.execute(_FOLLOW, [leave.token, giver.name, giver.given_name, giver.municipality])


def _in_force(rows: QuerySet[PowerOfAttorney], now: dt.datetime) -> QuerySet[PowerOfAttorney]:
    """Those that are offered or hold."""
    return rows.filter(ended=None).filter(
        Q(accepted=None, offered_until__gt=now) | Q(accepted__isnull=False, until__gt=now)
    )


def _power(row: PowerOfAttorney, mine: Party) -> Power:
    return Power(
        id=str(row.id),
        mine=mine,
        name=row.helper_name if mine is Party.GIVER else row.giver_name,
        areas=row.areas,
        offered_until=local(row.offered_until),
        accepted=local(row.accepted) if row.accepted else None,
        until=_last_day(row.until),
        ended=local(row.ended) if row.ended else None,
        ended_by=Party(row.ended_by) if row.ended_by else None,
    )


def _last_day(until: dt.datetime) -> dt.date:
    """The day before the midnight that ends it."""
    return (local(until) - dt.timedelta(microseconds=1)).date()


def _hash(code: str, born: dt.date) -> bytes:
    """What is kept of a code, with the birthday in it; by a key, for digits can be tried one by one."""
    digits = "".join(letter for letter in code if letter.isdigit())
    return salted_hmac(_SALT, f"{digits} {born.isoformat()}", algorithm="sha256").digest()
