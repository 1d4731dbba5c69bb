"""Whose pages a helper sees just now, by a power of attorney: said by the session until they go back to their own.

What the session says opens nothing: the database asks each time whether the power of attorney still holds
(``borgerblik/powers.py``).
"""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest

from borgerblik.overview.material import Person
from borgerblik.powers import ByPower, Held
from borgerblik.reach import Reach
from portal.login.sessions import token_of

_HELPING = "helping"


@dataclass(frozen=True, slots=True, kw_only=True)
class Helping:
    """Whose pages are seen, by which leave and how far. ``until`` is the last day of the power of attorney."""

    power: UUID
    giver: Person
    leave: ByPower
    reach: Reach
    until: dt.date


def helping_of(request: HttpRequest) -> Helping | None:
    """Whom the signed-in citizen helps just now; None: they see their own pages."""
    told = request.session.get(_HELPING)
    if told is None:
        return None
    held = Held(
        id=UUID(told["power"]),
        giver=Person(
            name=told["name"],
            given_name=told["given_name"],
            birth_date=None,
            municipality=told["municipality"],
        ),
        areas=frozenset(told["areas"]),
        until=dt.date.fromisoformat(told["until"]),
    )
    leave = ByPower(token=token_of(request.session), power=held.id)
    return Helping(power=held.id, giver=held.giver, leave=leave, reach=held.reach, until=held.until)


def begin_helping(request: HttpRequest, held: Held) -> None:
    """From now on this session sees the giver's pages."""
    request.session[_HELPING] = {
        "power": str(held.id),
        "name": held.giver.name,
        "given_name": held.giver.given_name,
        "municipality": held.giver.municipality,
        "areas": sorted(held.areas),
        "until": held.until.isoformat(),
    }


def stop_helping(request: HttpRequest) -> None:
    """From now on this session sees its own pages. Doing it twice equals doing it once."""
    request.session.pop(_HELPING, None)
