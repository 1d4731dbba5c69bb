"""What the overview is made of: records with their verdicts, the sources' states, and the words. Frozen and given."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from msgspec import Struct

from borgerblik.areas import Area, Areas, Kind
from borgerblik.kle import Kle
from borgerblik.overview.access import Looked
from borgerblik.overview.elements import Contact, State
from borgerblik.policy import AreaRule, Policy
from borgerblik.visibility import SECRET, Judged, Reason, Verdict
from borgerblik.words import Words
from indexes.records import Case, Grant, Payment, Plan, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who reads: as the sign-in told it. ``municipality`` is the kommune code of where they live."""

    name: str
    given_name: str
    birth_date: dt.date | None
    municipality: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """One authority as the citizen meets it."""

    code: str
    cvr: str
    name: str
    contact: Contact


class SourceReading(Struct, frozen=True, kw_only=True):
    """How one source stands for one authority. ``as_of`` is the last complete reading, local time; None: never."""

    source: Source
    authority: str  # code
    state: State  # FRESH, STALE, FAILED or OFF
    as_of: dt.datetime | None
    reason: str | None = None


def grants_of(payment: Payment) -> Collection[UUID]:
    """The grants that a payment pays something of, each once."""
    lines = payment.lines
    if len(lines) == 1:
        return (lines[0].grant_uuid,) if lines[0].grant_uuid else ()
    return {line.grant_uuid for line in lines if line.grant_uuid}


@dataclass(frozen=True, kw_only=True)  # no slots: what is looked up often is looked up once
class Material:
    """Everything ``build`` needs. ``now`` is local time (Europe/Copenhagen); ``authorities`` is keyed by CVR number."""

    person: Person
    judged: Judged
    readings: tuple[SourceReading, ...]
    unusable: frozenset[Source]  # indexes that sent something about this person that could not be used
    authorities: Mapping[str, Authority]
    policies: Mapping[str, Policy]  # by CVR number
    areas: Areas
    kle: Kle
    words: Words
    now: dt.datetime
    limited: frozenset[Kind] = frozenset()  # what the reader may not see all of (reach.py)
    by_power: bool = False  # the reader has a power of attorney
    looked: Looked | None = None  # None: who reads is not told, because it is no citizen

    @cached_property
    def today(self) -> dt.date:
        return self.now.date()

    @cached_property
    def home(self) -> Authority:
        """The citizen's own municipality."""
        return self.by_code[self.person.municipality]

    @cached_property
    def by_code(self) -> Mapping[str, Authority]:
        return {authority.code: authority for authority in self.authorities.values()}

    def authority(self, cvr: str) -> Authority:
        return self.authorities[cvr]

    def kle_title(self, number: str, area: Area) -> str:
        """What a KLE number is called; the area's own name when nothing else is known."""
        return self.kle.title(number, self.words) or self.area_title(area)

    def area_title(self, area: Area) -> str:
        return self.words.area(area.key)

    @cached_property
    def shown_cases(self) -> list[tuple[Case, Area, AreaRule]]:
        return [(c, v.area, v.rule) for c, v in self.judged.cases if v.shown and v.area and v.rule]

    @cached_property
    def shown_grants(self) -> list[tuple[Grant, Area]]:
        return [(g, v.area) for g, v in self.judged.grants if v.shown and v.area]

    @cached_property
    def shown_payments(self) -> list[tuple[Payment, Area]]:
        return [(p, v.area) for p, v in self.judged.payments if v.shown and v.area]

    @cached_property
    def payments_of_grant(self) -> Mapping[UUID, list[Payment]]:
        """Grant uuid -> the shown payments that pay something of it."""
        found: dict[UUID, list[Payment]] = {}
        for payment, _ in self.shown_payments:
            for grant_uuid in grants_of(payment):
                found.setdefault(grant_uuid, []).append(payment)
        return found

    def plan(self) -> tuple[Plan, Verdict] | None:
        """The newest plan that may be spoken of: shown, or not shared because consent is lacking."""
        spoken = [(p, v) for p, v in self.judged.plans if v.reason in {Reason.SHOWN, Reason.CONSENT_NOT_GIVEN}]
        return max(spoken, key=lambda pair: pair[0].registered, default=None)

    def has_unusable(self, source: Source) -> bool:
        """Whether an index sent something about this person that could not be used, and that may be told.

        Not to somebody with a secret case: what could not be read may hang on it.
        """
        return source in self.unusable and all(map(SECRET.isdisjoint, self.judged.reasons[Source.SDI].values()))

    def readings_of(self, source: Source) -> list[SourceReading]:
        return [reading for reading in self.readings if reading.source is source]

    def areas_not_opened(self, *kinds: Kind) -> list[tuple[Area, Authority]]:
        """The areas of these kinds that the authorities concerned have not opened today, in the stage plan's order."""
        return [
            (area, self.authority(cvr))
            for cvr, policy in self.policies.items()
            for area in self.areas.all
            if policy.owner in area.owners and area.kinds & set(kinds) and not policy.opens(area, self.today)
        ]

    @cached_property
    def case_titles(self) -> Mapping[UUID, str]:
        """Shown case uuid -> what its KLE number is called."""
        return {case.uuid: self.kle_title(case.kle, area) for case, area, _ in self.shown_cases}

    @cached_property
    def grants_of_case(self) -> Mapping[UUID, list[Grant]]:
        """Case uuid -> its shown grants."""
        found: dict[UUID, list[Grant]] = {}
        for grant, _ in self.shown_grants:
            if grant.case_uuid is not None:
                found.setdefault(grant.case_uuid, []).append(grant)
        return found
