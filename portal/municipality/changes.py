"""The history of decisions in finished words: when, who, about what, from what to what."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from borgerblik import areas
from borgerblik.cleaning import OPERATOR
from borgerblik.models import SettingChange
from borgerblik.words import Words
from portal.login.reach import Reach
from portal.models import StaffUser
from portal.municipality.words import day, listed, moment, say


def within(reach: Reach) -> Q:
    """The changes that concern whoever has this reach: of their areas, and of what opens all areas."""
    if reach.whole:
        return Q()
    mine = [f"area {area.key}" for area in areas.load().all if reach.holds(area.kle)]
    return Q(what__in=mine) | Q(what="since") | Q(what__startswith="etape ")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeView:
    iso: str
    at: str
    who: str
    what: str
    changes: tuple[str, ...]  # "Vises: nej → ja"


def _value(name: str, value: object) -> str:
    """A stored value in words."""
    match value:
        case bool():
            words = ("value.on", "value.off") if name == "on" else ("value.yes", "value.no")
            return say(words[0] if value else words[1])
        case None if name == "retired":
            return say("value.no")
        case None:
            return say("value.all" if name == "fagsystemer" else "value.none")
        case list():
            return listed(value)
        case str() if name == "title":
            return say(f"value.{value}")
        case _:
            return day(dt.date.fromisoformat(str(value)))


def _differences(before: Mapping[str, object], after: Mapping[str, object]) -> Iterator[str]:
    for name, new in after.items():
        old = before.get(name)
        if old != new:
            words = {"before": _value(name, old), "after": _value(name, new)}
            yield say("changes.before_after", name=say(f"setting.{name}"), **words)


def _what(change: SettingChange, words: Words) -> str:
    """What a change is about; it is stored as "etape 3", "area social", "since" or "fagsystem"."""
    kind, _, which = change.what.partition(" ")
    if kind == "area":
        return words.find(f"areas/{which}/title") or which  # an area may leave the stage plan; its history stays
    if kind == "fagsystem":
        return say("changes.fagsystem", name=change.after["fagsystem"])
    return say("etape.name", number=which) if kind == "etape" else say("changes.since")


def views(changes: list[SettingChange], words: Words) -> tuple[ChangeView, ...]:
    """Changes in words, in the order given; one query for the names of those who made them."""
    keys = {change.staff_key for change in changes}
    names = dict(StaffUser.objects.filter(key__in=keys).values_list("key", "name")) | {
        OPERATOR: say("changes.operator")
    }
    return tuple(
        ChangeView(
            iso=change.at.isoformat(timespec="seconds"),
            at=moment(timezone.localtime(change.at)),
            who=names.get(change.staff_key, say("changes.unknown_staff")),
            what=_what(change, words),
            changes=tuple(_differences(change.before, change.after)),
        )
        for change in changes
    )
