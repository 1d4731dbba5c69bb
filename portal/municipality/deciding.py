"""Saving an administrator's decision: who may, what is written, and the sentence about what citizens now see.

The rules of what may be saved are ``borgerblik.settings_store``'s.
"""

import datetime as dt
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils import timezone

from borgerblik import areas, settings_store, words
from borgerblik.policy import AreaRule
from borgerblik.settings_store import Change
from indexes import authorities
from indexes.authorities import Authority
from indexes.models import DefectCount
from portal.login.reach import Reach
from portal.models import StaffUser
from portal.municipality.consequences import After

_FAGSYSTEMER = Path(__file__).with_name("fagsystemer.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """``changed`` False: it stood like that already. ``words`` say what citizens now see."""

    changed: bool
    words: str


def authorities_of(staff: StaffUser) -> dict[Authority, Reach]:
    """The authorities a person decides for and how far, their own first one first.

    Raises:
        KeptPrivilegesError: what their organisation has granted cannot be read.
    """
    reaches = {code: staff.reach(code) for code in (*staff.municipalities, authorities.UDK)}
    return {authorities.by_code[code]: reach for code, reach in reaches.items() if reach is not None}


@cache
def _known_fagsystemer() -> frozenset[str]:
    return frozenset(tomllib.loads(_FAGSYSTEMER.read_text("utf-8"))["known"])


def fagsystemer(authority: Authority, rule: AreaRule) -> list[str]:
    """The fagsystemer an administrator may choose among: the known, those seen in the data, and those chosen already.

    Seen: as the data-quality counts name them, since the console reads no citizen's rows.
    """
    counted = DefectCount.objects.filter(authority_cvr=authority.cvr).exclude(fagsystem="")
    seen = frozenset(counted.values_list("fagsystem", flat=True).distinct())
    return sorted(_known_fagsystemer() | seen | (rule.fagsystemer or frozenset()), key=str.casefold)


def _after(authority: Authority) -> After:
    return After(
        authority=authority,
        policy=settings_store.policy(authority.code),
        areas=areas.load(),
        words=words.load("da"),
        today=timezone.localdate(),
    )


def what_holds(authority: Authority, area: areas.Area) -> str:
    """The sentence about what citizens see of an area."""
    return _after(authority).of_area(area)


def save_rule(authority: Authority, area: areas.Area, rule: AreaRule, *, opened: str, staff: StaffUser) -> Saved:
    """Save a whole decision about one area. ``opened`` is the digest of the rule that the form was opened with.

    Raises:
        NotYoursError: the authority does not decide about the area.
        OvertakenError: a colleague has changed the area since.
    """
    change = Change(area=area.key, rule=rule, opened=opened)
    saved = settings_store.save(authority.code, [change], staff_key=staff.key)
    return Saved(changed=bool(saved), words=what_holds(authority, area))


def switch_area(authority: Authority, area: areas.Area, *, on: bool, staff: StaffUser) -> Saved:
    """Show or hide one area; what else is decided about it stays.

    Raises:
        NotYoursError: the authority does not decide about the area.
    """
    saved = settings_store.save(authority.code, [Change(area=area.key, shown=on)], staff_key=staff.key)
    return Saved(changed=bool(saved), words=what_holds(authority, area))


def switch_etape(authority: Authority, etape: int, *, on: bool, staff: StaffUser) -> Saved:
    saved = settings_store.save(authority.code, [Change(etape=etape, on=on)], staff_key=staff.key)
    return Saved(changed=bool(saved), words=_after(authority).of_etape(etape))


def set_since(authority: Authority, *, since: dt.date | None, staff: StaffUser) -> Saved:
    before = settings_store.policy(authority.code).since
    settings_store.set_since(authority.code, since, staff_key=staff.key)
    return Saved(changed=before != since, words=_after(authority).of_since())
