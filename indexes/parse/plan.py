"""An answer of the plan index (PlanSvar, version 1) to records: the one holistic plan of each citizen.

The format is the project's own: no public one exists. Its schema lies with the mock index.
"""

import re
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime
from operator import itemgetter
from typing import Final, TypeVar
from uuid import UUID

from lxml import etree
from lxml.etree import _Element

from indexes.parse.elements import children_of, parts_of
from indexes.parse.facts import Parts
from indexes.parse.objects import GONE, LIVING, check_status, count_of, registration_time
from indexes.parse.problems import Unusable, undecidable
from indexes.parse.text import clean, clean_id
from indexes.parse.values import FLAGS, cpr, cvr, instant_in_reach, is_cpr, kle_or_none, optional_day, uuid_or_none
from indexes.records import (
    Agreement,
    Answer,
    Consent,
    ConsentState,
    Defect,
    Doer,
    FamilyMember,
    GoalState,
    Intervention,
    InterventionState,
    Item,
    Meeting,
    Parsed,
    Period,
    Plan,
    RefusalReason,
    Refused,
    SubGoal,
    Withdrawn,
)
from indexes.stream import Found, ObjectStream, read_whole

_NS: Final = "{urn:borgerblik:planindeks:1}"
_ANSWER: Final = f"{_NS}PlanSvar"
_PLAN: Final = f"{_NS}Plan"
_HEAD: Final = ("StatusKode", "FejlbeskedTekst", "Antal")

KLE: Final = "15.17.30"
"""Helhedsorienteret plan - beskæftigelsesindsats mv.: the topic of every plan."""

_NUMBER = re.compile(r"[0-9]{1,9}")
_YEAR = re.compile(r"(?:19|20|21)[0-9]{2}")

_CONSENTS = {
    "givet": ConsentState.GIVEN,
    "trukket": ConsentState.WITHDRAWN,
    "mangler": ConsentState.MISSING,
}
_GOAL_STATES = {
    "planlagt": GoalState.PLANNED,
    "i_gang": GoalState.ONGOING,
    "naaet": GoalState.REACHED,
    "opgivet": GoalState.GIVEN_UP,
}
_INTERVENTION_STATES = {
    "planlagt": InterventionState.PLANNED,
    "i_gang": InterventionState.ONGOING,
    "afsluttet": InterventionState.ENDED,
    "afbrudt": InterventionState.STOPPED,
}
_DOERS = {"borger": Doer.CITIZEN, "raadgiver": Doer.ADVISER, "mentor": Doer.MENTOR, "anden": Doer.OTHER}
_KINDS = {word: word for word in ("indsats", "aktivitet", "tilbud")}
_FIELDS = {
    word: word for word in ("beskaeftigelse", "sundhed", "social", "boern_familie", "oekonomi", "uddannelse", "bolig")
}
_FAMILY_ROLES = {word: word for word in ("barn", "partner", "foraelder")}

# What a plan may hold once, and what more often. Anything else, or more of it, cannot be believed.
_SINGLE = frozenset(
    f"{_NS}{name}"
    for name in (
        "PlanUuid",
        "Tidspunkt",
        "LivscyklusKode",
        "EjerCvr",
        "EjerNavn",
        "KoordinerendeEnhed",
        "Cpr",
        "Oprettet",
        "Aendret",
        "Samtykke",
        "FaellesMaal",
        "BeskaeftigelsessagUuid",
    )
)
_LISTS = frozenset(f"{_NS}{name}" for name in ("Delmaal", "Aftale", "Opfoelgning", "Familiemedlem", "SagUuid"))

T = TypeVar("T")


class PlanAnswer:
    """The plans of one answer, fed in pieces and then closed. A plan has no Virkning: it holds until changed.

    ``at`` (timezone-aware) is when it is read: a plan registered later than that is not believed. Our own schema's
    required fields are required: a plan without one is refused as a whole.
    """

    def __init__(self, *, at: datetime) -> None:
        self._at = at
        self._stream = ObjectStream(_ANSWER, objects=(_PLAN,), others=tuple(f"{_NS}{name}" for name in _HEAD))
        self._head: dict[str, str] = {}
        self._items: list[Item] = []

    def feed(self, data: bytes) -> None:
        """Take in the next piece. Raises BadAnswer when the answer as a whole cannot be used."""
        for found in self._stream.feed(data):
            self._take(found)

    def close(self) -> Answer:
        """The answer, in its order. ``total`` is by ``plan``.

        Raises:
            SourceRefused: the index answered with another status than 20.
            BadAnswer: the answer as a whole cannot be used.
        """
        for found in self._stream.close():
            self._take(found)
        check_status(_text(self._head, "StatusKode"), _text(self._head, "FejlbeskedTekst"))
        return Answer(items=tuple(self._items), total={"plan": count_of(_text(self._head, "Antal"))})

    def _take(self, found: Found) -> None:
        if found.tag == _PLAN:
            self._items.append(_item(found.element, self._at))
        else:
            self._head[found.tag] = (found.element.text or "").strip()


def parse_plan(data: bytes, *, at: datetime) -> Answer:
    """A whole answer at once: ``PlanAnswer``, fed and closed."""
    return read_whole(PlanAnswer(at=at), data)


def _item(element: _Element, at: datetime) -> Item:
    uuid: UUID | None = None
    registered: datetime | None = None
    try:
        parts = parts_of(element)
        uuid = _needed(uuid_or_none(_text(parts, "PlanUuid")), RefusalReason.NO_UUID, "PlanUuid")
        registered = registration_time(_text(parts, "Tidspunkt"), at, "Tidspunkt")
        if reason := GONE.get(_text(parts, "LivscyklusKode") or ""):
            return Withdrawn(kind="plan", uuid=uuid, registered=registered, reason=reason)
        return _plan(uuid, registered, element, parts)
    except Unusable as problem:
        raw = etree.tostring(element, encoding="UTF-8", with_tail=False)
        return Refused(
            kind="plan",
            uuid=uuid,
            reason=problem.reason,
            what=problem.what,
            raw=raw,
            registered=registered,
            cpr=_about(element),
        )


def _about(element: _Element) -> str | None:
    """Whom a refused plan is about, None if it names nobody, or more than one."""
    numbers = [(child.text or "").strip() for child in element.iterchildren(f"{_NS}Cpr")]
    return numbers[0] if len(numbers) == 1 and is_cpr(numbers[0]) else None


def _check_children(element: _Element) -> None:
    """Nothing if the plan holds what its schema says: of two citizens or consents, which one counts?"""
    once = [child.tag for child in element if child.tag not in _LISTS]
    if len(set(once)) < len(once) or not _SINGLE.issuperset(once):
        raise undecidable("Plan")


def _plan(uuid: UUID, registered: datetime, element: _Element, parts: Parts) -> Parsed:
    _check_children(element)
    if _text(parts, "LivscyklusKode") not in LIVING:
        raise undecidable("LivscyklusKode")
    defects: set[Defect] = set()
    owner_cvr, citizen = cvr(_text(parts, "EjerCvr"), "EjerCvr"), cpr(_text(parts, "Cpr"), "Cpr")
    children = children_of(element)
    consent = _consent(children.get(f"{_NS}Samtykke"), defects)
    if consent.state is not ConsentState.GIVEN:
        # Without consent nothing else of the plan may go further in.
        bare = Plan(
            uuid=uuid, registered=registered, holds=Period(), owner_cvr=owner_cvr, cpr=citizen, kle=KLE, consent=consent
        )
        return Parsed(record=bare, defects=tuple(sorted(defects)))
    named = children.get(f"{_NS}KoordinerendeEnhed")
    unit = {} if named is None else parts_of(named)
    plan = Plan(
        uuid=uuid,
        registered=registered,
        holds=Period(),
        owner_cvr=owner_cvr,
        cpr=citizen,
        kle=KLE,
        unit=clean(_text(unit, "Navn"), defects),
        phone=clean(_text(unit, "Telefon"), defects),
        made=optional_day(_text(parts, "Oprettet"), defects),
        changed=optional_day(_text(parts, "Aendret"), defects),
        goal=clean(_text(parts, "FaellesMaal"), defects),
        sub_goals=_sub_goals(element, defects),
        agreements=tuple(_agreement(one, place, defects) for place, one in enumerate(_all(element, "Aftale"), 1)),
        meetings=tuple(_meeting(one, place, defects) for place, one in enumerate(_all(element, "Opfoelgning"), 1)),
        family=tuple(_family_member(one, defects) for one in _all(element, "Familiemedlem")),
        consent=consent,
        case_uuids=_case_uuids(element),
    )
    return Parsed(record=plan, defects=tuple(sorted(defects)))


def _consent(consent: _Element | None, defects: set[Defect]) -> Consent:
    given = {} if consent is None else parts_of(consent)
    state = _CONSENTS.get(_text(given, "Tilstand") or "")
    if state is None or (consent is not None and len(given) != len(consent)):
        raise undecidable("Samtykke/Tilstand")
    return Consent(
        reference=uuid_or_none(_text(given, "Reference")),
        state=state,
        given=optional_day(_text(given, "GivetDato"), defects),
        withdrawn=optional_day(_text(given, "TrukketDato"), defects),
    )


def _sub_goals(element: _Element, defects: set[Defect]) -> tuple[SubGoal, ...]:
    """In the order of Raekkefoelge; one without a number stands last."""
    numbered = []
    for number, goal in enumerate(element.iterchildren(f"{_NS}Delmaal"), 1):
        parts = parts_of(goal)
        order = _text(parts, "Raekkefoelge") or ""
        sub_goal = SubGoal(
            id=_id(parts, "Delmaal", f"goal-{number}", defects),
            text=_required(clean(_text(parts, "Tekst"), defects), "Delmaal/Tekst"),
            state=_word(_text(parts, "Tilstand"), _GOAL_STATES, "Delmaal/Tilstand"),
            interventions=tuple(
                _intervention(one, f"{number}.{place}", defects) for place, one in enumerate(_all(goal, "Indsats"), 1)
            ),
        )
        numbered.append((int(order) if _NUMBER.fullmatch(order) else sys.maxsize, number, sub_goal))
    return tuple(sub_goal for _, _, sub_goal in sorted(numbered, key=itemgetter(0, 1)))


def _intervention(parts: Parts, place: str, defects: set[Defect]) -> Intervention:
    return Intervention(
        id=_id(parts, "Indsats", f"intervention-{place}", defects),
        title=_required(clean(_text(parts, "Titel"), defects), "Indsats/Titel"),
        description=clean(_text(parts, "Beskrivelse"), defects),
        kind=_word(_text(parts, "Art"), _KINDS, "Indsats/Art"),
        field=_word(_text(parts, "Felt"), _FIELDS, "Indsats/Felt"),
        kle=kle_or_none(_text(parts, "KleNummer")),
        unit=clean(_text(parts, "Enhed"), defects),
        start=optional_day(_text(parts, "Start"), defects),
        end=optional_day(_text(parts, "Slut"), defects),
        state=_word(_text(parts, "Tilstand"), _INTERVENTION_STATES, "Indsats/Tilstand"),
        amount=clean(_text(parts, "Omfang"), defects),
        payer=clean(_text(parts, "Betaler"), defects),
    )


def _agreement(parts: Parts, place: int, defects: set[Defect]) -> Agreement:
    return Agreement(
        id=_id(parts, "Aftale", f"agreement-{place}", defects),
        text=_required(clean(_text(parts, "Tekst"), defects), "Aftale/Tekst"),
        who=_word(_text(parts, "Hvem"), _DOERS, "Aftale/Hvem"),
        who_name=clean(_text(parts, "HvemNavn"), defects),
        due=optional_day(_text(parts, "Frist"), defects),
        done=_word(_text(parts, "Klaret"), FLAGS, "Aftale/Klaret"),
        done_on=optional_day(_text(parts, "KlaretDato"), defects),
    )


def _meeting(parts: Parts, place: int, defects: set[Defect]) -> Meeting:
    start = _needed(instant_in_reach(_text(parts, "Start")), RefusalReason.BAD_DATE, "Opfoelgning/Start")
    until = _text(parts, "Slut")
    end = instant_in_reach(until)
    if until and end is None:
        defects.add(Defect.BAD_OPTIONAL_DATE)
    return Meeting(
        id=_id(parts, "Opfoelgning", f"meeting-{place}", defects),
        start=start,
        end=end,
        place=clean(_text(parts, "Sted"), defects),
        topic=clean(_text(parts, "Emne"), defects),
        held=_word(_text(parts, "Holdt"), FLAGS, "Opfoelgning/Holdt"),
    )


def _family_member(parts: Parts, defects: set[Defect]) -> FamilyMember:
    year = _text(parts, "Foedselsaar")
    readable = year is not None and _YEAR.fullmatch(year)
    if year and not readable:
        defects.add(Defect.BAD_OPTIONAL_DATE)
    return FamilyMember(
        role=_word(_text(parts, "Rolle"), _FAMILY_ROLES, "Familiemedlem/Rolle"),
        given_name=_required(clean(_text(parts, "Fornavn"), defects), "Familiemedlem/Fornavn"),
        birth_year=int(year) if year and readable else None,
    )


def _case_uuids(element: _Element) -> tuple[UUID, ...]:
    """The cases the plan builds on, the employment case first."""
    tags = (f"{_NS}BeskaeftigelsessagUuid", f"{_NS}SagUuid")
    found = (uuid_or_none((case.text or "").strip()) for tag in tags for case in element.iterchildren(tag))
    return tuple(dict.fromkeys(uuid for uuid in found if uuid))


def _all(element: _Element, name: str) -> Iterator[Parts]:
    return (parts_of(child) for child in element.iterchildren(f"{_NS}{name}"))


def _text(parts: Parts, name: str) -> str | None:
    return parts.get(f"{_NS}{name}")


def _needed(value: T | None, reason: RefusalReason, what: str) -> T:
    if value is None:
        raise Unusable(reason, what)
    return value


def _required(value: str | None, what: str) -> str:
    return _needed(value, RefusalReason.WRONG_SHAPE, what)


def _id(parts: Parts, what: str, name: str, defects: set[Defect]) -> str:
    """The Id; where it holds a CPR number ``name``, which tells the place and lasts as long as the plan's order."""
    return clean_id(_required(_text(parts, "Id"), f"{what}/Id"), defects) or name


def _word(value: str | None, words: Mapping[str, T], what: str) -> T:
    """What one of the schema's words means."""
    if value is None or value not in words:
        raise Unusable(RefusalReason.WRONG_SHAPE, what)
    return words[value]
