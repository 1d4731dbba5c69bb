"""Reading and changing what the authorities have decided. Each change is written down with who made it."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.db import connections, router, transaction

from borgerblik import areas
from borgerblik.models import AreaSetting, AuthoritySettings, RetiredFagsystem, SettingChange
from borgerblik.policy import AreaRule, Policy, TitleChoice
from indexes import authorities

_READ = """
select s.code, s.since, s.etaper,
       a.area, a.shown, a.from_date, a.active_regardless, a.title, a.fagsystemer, a.document_titles,
       (select version from borgerblik_policyversion)
from borgerblik_authoritysettings s left join borgerblik_areasetting a on a.authority_id = s.code
"""
_DECIDES = "SELECT set_config('borgerblik.staff', %s, true)"
_OF_SOME = "where s.code = any(%s)"


class NotYoursError(PermissionError):
    """The authority does not decide about this area."""


class UndecidedError(Exception):
    """The authority has decided nothing yet."""


class OvertakenError(Exception):
    """Somebody has changed the area since the form about it was opened, so nothing was saved.

    ``stands`` is the rule that now holds; ``changes`` are those made since, oldest first, and empty when the history
    does not know the rule that the form was opened with.
    """

    def __init__(self, stands: AreaRule, changes: tuple[SettingChange, ...]) -> None:
        super().__init__("Nothing was saved: the area was changed after the form was opened. Look, and decide again.")
        self.stands, self.changes = stands, changes


def owner_of(code: str) -> areas.Owner:
    return areas.Owner.UDK if code == authorities.UDK else areas.Owner.KOMMUNE


def undecided(code: str) -> Policy:
    """The policy of an authority that has decided nothing: it shows nothing."""
    return Policy(authority=code, owner=owner_of(code))


def policies(codes: Iterable[str]) -> dict[str, Policy]:
    """Authority code -> policy, in one query. A code without settings is not in the answer: the judge then hides."""
    return _policies(_rows(_READ + _OF_SOME, [list(codes)]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    """What all authorities have decided, and what that is called. A code without settings is not in ``policies``."""

    version: str | None
    policies: Mapping[str, Policy]


_held = Decisions(version=None, policies={})


def policies_called(version: str | None) -> Mapping[str, Policy]:
    """The policies of all authorities, read again only when they are called otherwise than when this process read them.

    ``version`` has just been read in the database (``models.PolicyVersion``); None: nobody has, or nothing is decided.
    """
    global _held  # noqa: PLW0603 - one reference a process, replaced whole
    if version is None or version != _held.version:
        rows = _rows(_READ, [])
        _held = Decisions(version=str(rows[0][-1]) if rows else None, policies=_policies(rows))
    return _held.policies


def _rows(statement: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connections[router.db_for_read(AuthoritySettings)].cursor() as cursor:
        cursor.execute(statement, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _policies(rows: Iterable[Sequence[Any]]) -> dict[str, Policy]:
    heads: dict[str, tuple[dt.date | None, frozenset[int]]] = {}
    rules: dict[str, dict[str, AreaRule]] = {}
    for code, since, etaper, area, shown, from_date, regardless, title, fagsystemer, document_titles, _ in rows:
        heads[code] = (since, frozenset(etaper))
        if area is not None:
            rules.setdefault(code, {})[area] = AreaRule(
                shown=shown,
                from_date=from_date,
                active_regardless=regardless,
                title=TitleChoice(title),
                fagsystemer=None if fagsystemer is None else frozenset(fagsystemer),
                document_titles=document_titles,
            )
    return {
        code: Policy(authority=code, owner=owner_of(code), since=since, etaper=etaper, rules=rules.get(code, {}))
        for code, (since, etaper) in heads.items()
    }


def policy(code: str) -> Policy:
    """One authority's policy; one that has decided nothing shows nothing."""
    return policies([code]).get(code) or undecided(code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One decision to save: about an area, or whether an etape is on. ``None`` leaves the other alone.

    An area's ``rule`` is the whole of what is decided about it; ``shown`` switches it and leaves the rest as it stands.
    ``opened`` is the ``digest`` of the rule that was looked at when deciding: another one by now is not saved over.
    """

    area: str | None = None
    rule: AreaRule | None = None
    shown: bool | None = None
    opened: str | None = None
    etape: int | None = None
    on: bool | None = None


def _as_json(rule: AreaRule) -> dict[str, object]:
    values = asdict(replace(rule, fagsystemer=None))
    values["from_date"] = rule.from_date.isoformat() if rule.from_date else None
    values["fagsystemer"] = sorted(rule.fagsystemer) if rule.fagsystemer is not None else None
    return values


def _digest(values: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def digest(rule: AreaRule) -> str:
    """A rule in few characters, to be compared: equal rules have equal ones."""
    return _digest(_as_json(rule))


def _changes_since(code: str, key: str, opened: str) -> tuple[SettingChange, ...]:
    """What has been changed about an area since the rule of this digest stood, oldest first."""
    rows = list(SettingChange.objects.filter(authority_id=code, what=f"area {key}"))
    first = next((place for place, row in enumerate(rows) if _digest(row.before) == opened), None)
    return () if first is None else tuple(reversed(rows[: first + 1]))


def _save_rule(code: str, key: str, rule: AreaRule) -> None:
    AreaSetting.objects.update_or_create(
        authority_id=code,
        area=key,
        defaults={**asdict(rule), "fagsystemer": sorted(rule.fagsystemer) if rule.fagsystemer is not None else None},
    )


def _save_area(code: str, change: Change, area: areas.Area, old: AreaRule) -> bool:
    """Save what is decided about one area; False when it stood like that already."""
    new = change.rule or (old if change.shown is None else replace(old, shown=change.shown))
    if old == new:
        return False
    if not area.decided_by(owner_of(code)):
        raise NotYoursError(f"{code} does not decide about the area {area.key}.")
    if change.opened is not None and change.opened != digest(old):
        raise OvertakenError(old, _changes_since(code, area.key, change.opened))
    _save_rule(code, area.key, new)
    return True


def _save_etape(row: AuthoritySettings, etape: int, *, on: bool) -> bool:
    """Put an etape on or off; False when it stood like that already."""
    if on == (etape in row.etaper):
        return False
    row.etaper = sorted({*row.etaper, etape} if on else {*row.etaper} - {etape})
    row.save()
    return True


@contextmanager
def _one_at_a_time(code: str, staff_key: str) -> Iterator[AuthoritySettings]:
    """A transaction in which nobody else changes what the authority has decided; all of it holds, or none.

    The history says that it was this employee: the database writes it down with each change (``sql/decisions.sql``).
    """
    using = router.db_for_write(AuthoritySettings)
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute(_DECIDES, [staff_key])
        row, _ = AuthoritySettings.objects.select_for_update().get_or_create(code=code)
        yield row


def save(code: str, changes: Iterable[Change], *, staff_key: str) -> int:
    """Save decisions for one authority, all or none; answers how many differed from what stood there.

    One administrator saves at a time: what stands is read under the lock on the authority's row.

    Raises:
        NotYoursError: an area that the authority does not decide about (another's, or still under analysis).
        OvertakenError: an area that was changed after it was looked at.
        KeyError: an area that is not in the stage plan.
    """
    with _one_at_a_time(code, staff_key) as row:
        before, saved = policy(code), 0
        for change in changes:
            if change.area is not None:
                area = areas.load().by_key[change.area]
                saved += _save_area(code, change, area, before.rule(area))
            if change.etape is not None and change.on is not None:
                saved += _save_etape(row, change.etape, on=change.on)
        return saved


def set_since(code: str, since: dt.date | None, *, staff_key: str) -> None:
    """Put the authority on Borgerblik from a day, or take it off (None)."""
    with _one_at_a_time(code, staff_key) as row:
        if row.since != since:
            row.since = since
            row.save()


def retire(code: str, fagsystem: str, *, since: dt.date | None, staff_key: str) -> bool:
    """Say from which day the authority no longer uses a fagsystem, or that it does (None); False: it was said already.

    One that is retired already keeps its day.

    Raises:
        UndecidedError: the authority has decided nothing yet, so there is nothing of it on Borgerblik.
    """
    using = router.db_for_write(RetiredFagsystem)
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute(_DECIDES, [staff_key])
        if not AuthoritySettings.objects.filter(code=code).exists():
            raise UndecidedError(f"{authorities.by_code[code].name} has decided nothing here, so nothing was changed.")
        about = {"authority_id": code, "fagsystem": fagsystem}
        if since is not None and RetiredFagsystem.objects.get_or_create(**about, defaults={"since": since})[1]:
            return True
        stands = RetiredFagsystem.objects.select_for_update().filter(**about).first()
        if stands is None or (stands.since is None) is (since is None):
            return False
        stands.since = since
        stands.save()
        return True


def retired(code: str | None = None) -> list[RetiredFagsystem]:
    """The fagsystemer that authorities no longer use, of one or of all."""
    of = RetiredFagsystem.objects.filter(since__isnull=False).order_by("authority_id", "fagsystem")
    return list(of if code is None else of.filter(authority_id=code))


def left() -> list[str]:
    """The authorities (codes) that have decided something here and are not on Borgerblik, nor will be."""
    return list(AuthoritySettings.objects.filter(since=None).values_list("code", flat=True))
