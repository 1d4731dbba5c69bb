"""The one call that pages, REST, console and PDF make: a citizen's overview, now. It reads, judges and words.

Everything that decides is pure and elsewhere (``visibility``, ``overview``); here the database and the clock come in.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings

from borgerblik import areas, contacts, kle_edition, settings_store, words
from borgerblik.overview.build import build
from borgerblik.overview.material import Authority, Material, Person, SourceReading
from borgerblik.overview.shapes import Overview, State
from borgerblik.policy import Policy
from borgerblik.visibility import Bench, judge
from indexes import authorities
from indexes.reading import Holdings, read_citizen
from indexes.records import Record, Source
from indexes.states import state_of

COPENHAGEN = ZoneInfo("Europe/Copenhagen")


def overview_of(  # noqa: PLR0913 - what the door knows of the person, each by name
    citizen_id: UUID | None,
    *,
    name: str,
    given_name: str,
    birth_date: dt.date | None,
    municipality: str,
    language: str,
    now: dt.datetime,
) -> Overview:
    """The overview of one citizen; ``None`` is somebody we hold nothing of.

    ``municipality`` is the kommune code of where the person lives, ``language`` one of ``words.LANGUAGES``, ``now`` any
    aware instant.

    Raises:
        UnknownAuthorityError: the person's municipality is not one of the 98.
    """
    if municipality not in authorities.by_code:
        raise UnknownAuthorityError(municipality)
    local = now.astimezone(COPENHAGEN)
    near = [authorities.by_code[code].cvr for code in (municipality, authorities.UDK)]
    holdings = read_citizen(citizen_id, authorities=near)
    concerned = _concerned(near, holdings)
    policies = _policies(concerned)
    bench = Bench(areas=areas.load(), policies=policies, now=local, today=local.date())
    return build(
        Material(
            person=Person(name=name, given_name=given_name, birth_date=birth_date, municipality=municipality),
            judged=judge(
                cases=holdings.cases,
                grants=holdings.grants,
                payments=holdings.payments,
                plans=holdings.plans,
                bench=bench,
            ),
            readings=_readings(concerned, holdings, policies, local),
            authorities=concerned,
            policies=policies,
            areas=bench.areas,
            kle=kle_edition.current(),
            words=words.load(language),
            now=local,
        ),
    )


class UnknownAuthorityError(LookupError):
    """There is no municipality with this code."""


def _concerned(near: Iterable[str], holdings: Holdings) -> dict[str, Authority]:
    """CVR number -> authority: the citizen's own, Udbetaling Danmark, and whoever owns something we hold.

    Records of an owner that is no authority of ours are judged as of an unknown authority: hidden.
    """
    held: tuple[Record, ...] = (*holdings.cases, *holdings.grants, *holdings.payments, *holdings.plans)
    concerned = dict.fromkeys([*near, *(record.owner_cvr for record in held)])
    known = [authorities.by_cvr[cvr] for cvr in concerned if cvr in authorities.by_cvr]
    return {a.cvr: Authority(code=a.code, cvr=a.cvr, name=a.name, contact=contacts.of(a.code, a.name)) for a in known}


def _policies(concerned: Mapping[str, Authority]) -> dict[str, Policy]:
    """CVR number -> policy; an authority that has decided nothing has one that shows nothing."""
    decided = settings_store.policies(authority.code for authority in concerned.values())
    return {
        cvr: decided.get(authority.code)
        or Policy(authority=authority.code, owner=settings_store.owner_of(authority.code))
        for cvr, authority in concerned.items()
    }


def _readings(
    concerned: Mapping[str, Authority], holdings: Holdings, policies: Mapping[str, Policy], now: dt.datetime
) -> tuple[SourceReading, ...]:
    """How each source stands for each authority that uses it."""
    return tuple(
        _reading(source, authority, holdings, now) if policies[cvr].is_on(now.date()) else _off(source, authority)
        for source in Source
        for cvr, authority in concerned.items()
        if source in authorities.by_cvr[cvr].sources
    )


def _off(source: Source, authority: Authority) -> SourceReading:
    return SourceReading(source=source, authority=authority.code, state=State.OFF, as_of=None)


def _reading(source: Source, authority: Authority, holdings: Holdings, now: dt.datetime) -> SourceReading:
    standing = state_of(
        source,
        authority.cvr,
        states=holdings.states,
        now=now,
        fresh_minutes=settings.FRESH_MINUTES,
        answered=holdings.answered,
    )
    return SourceReading(
        source=source,
        authority=authority.code,
        state=State(standing.kind.value),
        as_of=standing.as_of.astimezone(COPENHAGEN) if standing.as_of else None,
        reason=standing.reason,
    )
