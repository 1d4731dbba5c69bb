"""The one call that pages, REST, console and PDF make: a citizen's overview, now. It reads, judges and words.

Everything that decides is pure and elsewhere (``visibility``, ``overview``); here the database and the clock come in.
"""

import datetime as dt
from collections.abc import Iterable, Mapping

from django.conf import settings

from borgerblik import areas, contacts, kle_edition, settings_store, words
from borgerblik.access_log import read_citizen
from borgerblik.grants import Leave
from borgerblik.local_time import local
from borgerblik.overview.access import Looked
from borgerblik.overview.build import build
from borgerblik.overview.elements import State
from borgerblik.overview.material import Authority, Material, Person, SourceReading
from borgerblik.overview.shapes import Overview
from borgerblik.policy import Policy
from borgerblik.reach import WHOLE, Reach, limited_kinds, within
from borgerblik.visibility import SECRET, Bench, Judged, judge
from indexes import authorities
from indexes.reading import Holdings
from indexes.records import SOURCES, Source
from indexes.states import SourceStateRow, state_of


def overview_of(  # noqa: PLR0913 - who is read of and who reads, each by name
    leave: Leave,
    person: Person,
    *,
    language: str,
    now: dt.datetime,
    what: str = "overview",
    reach: Reach = WHOLE,
) -> Overview:
    """The overview of the citizen whom the leave opens.

    ``person`` is what the door knows of them, ``language`` one of ``words.LANGUAGES``, ``now`` any aware instant.
    ``what`` is the kind of data: it stands in the access log, before anything is given out. ``reach`` is how far
    whoever asks may see.

    Raises:
        NoGrantError: the leave opens nobody.
        UnknownAuthorityError: the person's municipality is not one of the 98.
        OutOfReachError: the reader reaches nothing of that municipality.
    """
    if person.municipality not in authorities.by_code:
        raise UnknownAuthorityError(person.municipality)
    if not reach.holds(person.municipality):
        raise OutOfReachError(person.municipality)
    read = read_citizen(leave, near=near(person.municipality, reach), what=what)
    return worded(read.holdings, person, language, now, reach=reach, decisions=read.decisions, looked=read.looked)[1]


def near(municipality: str, reach: Reach = WHOLE) -> list[str]:
    """The authorities of everybody who lives there, as far as the reader reaches."""
    return [authorities.by_code[code].cvr for code in (municipality, authorities.UDK) if reach.holds(code)]


def worded(  # noqa: PLR0913 - what was read, and who reads it
    holdings: Holdings,
    person: Person,
    language: str,
    now: dt.datetime,
    *,
    reach: Reach = WHOLE,
    decisions: str | None = None,
    looked: Looked | None = None,
) -> tuple[Judged, Overview]:
    """What is held, judged by the ``decisions`` as they are called now (None: as they are read now), and in words."""
    here, by = local(now), near(person.municipality, reach)
    owners = _known({*by, *(record.owner_cvr for record in holdings.records())})
    policies = _policies(owners, settings_store.policies_called(decisions))
    judged = within(_judge(holdings, policies, here), reach, areas.load())
    # Whoever only owns something secret is no part of the overview: its name alone would tell.
    spoken = [cvr for reasons in judged.reasons.values() for cvr, of in reasons.items() if not SECRET.issuperset(of)]
    concerned = _concerned([*by, *spoken])
    told = {cvr: policies[cvr] for cvr in concerned}
    return judged, build(
        Material(
            person=person,
            judged=judged,
            readings=_readings(concerned, holdings, judged, told, here),
            # What could not be read may lie outside the reader's reach; that the reach limits them is said anyway.
            unusable=holdings.unusable if reach.whole else frozenset(),
            authorities=concerned,
            policies=told,
            areas=reach.narrows(areas.load()),
            kle=kle_edition.current(),
            words=words.load(language),
            now=here,
            limited=limited_kinds(reach, areas.load()),
            by_power=reach.by_power,
            looked=looked,
        ),
    )


class UnknownAuthorityError(LookupError):
    """There is no municipality with this code."""


class OutOfReachError(PermissionError):
    """The reader may see nothing of this municipality."""


def _known(cvrs: Iterable[str]) -> list[authorities.Authority]:
    """The authorities among them, each once. A record of any other owner is judged as of an unknown one: hidden."""
    return [authorities.by_cvr[cvr] for cvr in dict.fromkeys(cvrs) if cvr in authorities.by_cvr]


def _concerned(cvrs: Iterable[str]) -> dict[str, Authority]:
    """CVR number -> authority as the citizen meets it."""
    return {
        a.cvr: Authority(code=a.code, cvr=a.cvr, name=a.name, contact=contacts.of(a.code, a.name)) for a in _known(cvrs)
    }


def _policies(known: Iterable[authorities.Authority], decided: Mapping[str, Policy]) -> dict[str, Policy]:
    """CVR number -> policy; an authority that has decided nothing has one that shows nothing."""
    return {a.cvr: decided.get(a.code) or settings_store.undecided(a.code) for a in known}


def _judge(holdings: Holdings, policies: Mapping[str, Policy], now: dt.datetime) -> Judged:
    return judge(
        cases=holdings.cases,
        grants=holdings.grants,
        payments=holdings.payments,
        plans=holdings.plans,
        bench=Bench(areas=areas.load(), policies=policies, now=now, today=now.date()),
    )


def _readings(
    concerned: Mapping[str, Authority],
    holdings: Holdings,
    judged: Judged,
    policies: Mapping[str, Policy],
    now: dt.datetime,
) -> tuple[SourceReading, ...]:
    """How each source stands for each authority that uses it.

    An answer for this citizen alone that brought only what is secret is not told of: its time would be the proof.
    """
    answered = {
        source: at
        for source, at in holdings.answered.items()
        if any(not SECRET.issuperset(reasons) for reasons in judged.reasons[source].values())
    }
    return tuple(
        _reading(source, authority, holdings.states, answered, now)
        if policies[cvr].is_on(now.date())
        else _off(source, authority)
        for source in SOURCES
        for cvr, authority in concerned.items()
        if source in authorities.by_cvr[cvr].sources
    )


def _off(source: Source, authority: Authority) -> SourceReading:
    return SourceReading(source=source, authority=authority.code, state=State.OFF, as_of=None)


def _reading(
    source: Source,
    authority: Authority,
    states: Iterable[SourceStateRow],
    answered: Mapping[Source, dt.datetime],
    now: dt.datetime,
) -> SourceReading:
    standing = state_of(
        source,
        authority.cvr,
        states=states,
        now=now,
        fresh_minutes=settings.FRESH_MINUTES,
        answered=answered,
    )
    return SourceReading(
        source=source,
        authority=authority.code,
        state=State(standing.kind.value),
        as_of=local(standing.as_of) if standing.as_of else None,
        reason=standing.reason,
    )
