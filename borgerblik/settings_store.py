"""Reading and changing what the authorities have decided. Each change is written down with who made it."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace

from django.db import connection, transaction
from django.utils import timezone

from borgerblik import areas
from borgerblik.models import AreaSetting, AuthoritySettings, SettingChange
from borgerblik.policy import AreaRule, Policy, TitleChoice
from indexes import authorities

_READ = """
select s.code, s.since, s.etaper,
       a.area, a.shown, a.from_date, a.active_regardless, a.title, a.fagsystemer, a.document_titles
from borgerblik_authoritysettings s left join borgerblik_areasetting a on a.authority_id = s.code
where s.code = any(%s)
"""


class NotYoursError(PermissionError):
    """The authority does not decide about this area."""


def owner_of(code: str) -> areas.Owner:
    return areas.Owner.UDK if code == authorities.UDK else areas.Owner.KOMMUNE


def policies(codes: Iterable[str]) -> dict[str, Policy]:
    """Authority code -> policy, in one query. A code without settings is not in the answer: the judge then hides."""
    with connection.cursor() as cursor:
        cursor.execute(_READ, [list(codes)])
        rows = cursor.fetchall()
    heads: dict[str, tuple[dt.date | None, frozenset[int]]] = {}
    rules: dict[str, dict[str, AreaRule]] = {}
    for code, since, etaper, area, shown, from_date, regardless, title, fagsystemer, document_titles in rows:
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
    return policies([code]).get(code, Policy(authority=code, owner=owner_of(code)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One decision to save: an area's rule, or whether an etape is on. ``None`` leaves the other alone."""

    area: str | None = None
    rule: AreaRule | None = None
    etape: int | None = None
    on: bool | None = None


def _as_json(rule: AreaRule) -> dict[str, object]:
    values = asdict(replace(rule, fagsystemer=None))
    values["from_date"] = rule.from_date.isoformat() if rule.from_date else None
    values["fagsystemer"] = sorted(rule.fagsystemer) if rule.fagsystemer is not None else None
    return values


def _save_rule(code: str, key: str, rule: AreaRule) -> None:
    AreaSetting.objects.update_or_create(
        authority_id=code,
        area=key,
        defaults={**asdict(rule), "fagsystemer": sorted(rule.fagsystemer) if rule.fagsystemer is not None else None},
    )


def _log(code: str, staff_key: str, what: str, before: Mapping[str, object], after: Mapping[str, object]) -> None:
    SettingChange.objects.create(
        authority_id=code,
        at=timezone.now(),
        staff_key=staff_key,
        what=what,
        before=before,
        after=after,
    )


@transaction.atomic
def save(code: str, changes: Iterable[Change], *, staff_key: str) -> int:
    """Save decisions for one authority; answers how many differed from what stood there.

    Raises:
        NotYoursError: an area that the authority does not decide about (another's, or still under analysis).
        KeyError: an area that is not in the stage plan.
    """
    row, _ = AuthoritySettings.objects.select_for_update().get_or_create(code=code)
    before, saved = policy(code), 0
    for change in changes:
        if change.area is not None and change.rule is not None:
            area = areas.load().by_key[change.area]
            old = before.rule(area)
            if old == change.rule:
                continue
            if not area.decided_by(owner_of(code)):
                raise NotYoursError(f"{code} does not decide about the area {area.key}.")
            _save_rule(code, area.key, change.rule)
            _log(code, staff_key, f"area {area.key}", _as_json(old), _as_json(change.rule))
            saved += 1
        if change.etape is not None and change.on is not None and change.on != (change.etape in row.etaper):
            row.etaper = sorted({*row.etaper, change.etape} if change.on else {*row.etaper} - {change.etape})
            row.save()
            _log(code, staff_key, f"etape {change.etape}", {"on": not change.on}, {"on": change.on})
            saved += 1
    return saved


@transaction.atomic
def set_since(code: str, since: dt.date | None, *, staff_key: str) -> None:
    """Put the authority on Borgerblik from a day, or take it off (None)."""
    row, _ = AuthoritySettings.objects.select_for_update().get_or_create(code=code)
    if row.since == since:
        return
    before, row.since = row.since, since
    row.save()
    _log(code, staff_key, "since", {"since": before and before.isoformat()}, {"since": since and since.isoformat()})
