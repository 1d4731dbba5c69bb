"""From a course in outline to its case and documents, with what is untidy about them.

Chance comes from dice of the course's own, so a case looks the same whether it is found by its party or its owner.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from indexes.mock.days import instant
from indexes.mock.dice import Dice, Kind, object_uuid
from indexes.mock.objects import Authority, Case, Caseworker, Document, Party, State, System, Unit
from indexes.mock.synthetic.outlines import Course, CourseKind
from indexes.mock.synthetic.rates import Rates
from indexes.mock.tables import Municipality, Tables, fixed_uuid

DOCUMENTS_PER_CASE = 16
_SENSITIVITY = {"missing_sensitivity": None, "vip": "VIP_SAGER", "sensitive": "FOELSOMME_PERSONOPLYSNINGER"}
_LIFECYCLE = {"passive": "Passiveret", "deleted": "Slettet"}
_DOCUMENTS = (
    ("Brev, udgaaende", "Afgørelse"),
    ("Brev, indgaaende", "Ansøgning"),
    ("Brev, udgaaende", "Kvittering"),
    ("Internt Notat", "Notat"),
    ("Rapport", "Vurdering"),
    ("Andet", "Bilag"),
)
_FACETS = ("G01", "G01", "G01", "G01", "K04", "P22", "Ø34")
_GRANTED = ("granted", "granted", "granted", "granted", "partly")
_NOT_GRANTED = ("refused", "refused", "refused", "annulled")
_NUMBERS = 1_000_000  # case numbers have six digits
_MOVED = 2  # days that a gap or an overlap between two states lasts
_INFORMED = 0.6  # the share of the decided that were Oplyst before
_MIDNIGHT, _MORNING = "00:00:00", "09:00:00"
_KEPT_INSTANTS = 32_768  # more than there are days in all courses, at each time of day


@dataclass(frozen=True, slots=True, kw_only=True)
class Citizen:
    number: int
    party: Party
    neighbour: Callable[[], Party]  # makes the secondary party of this citizen's cases: few have one
    municipality: Municipality


class CaseMaker:
    """Makes cases; ``case`` is the only thing to call.

    The dice are rolled in the order in which the lines stand: who moves one makes another Denmark of every seed.
    """

    def __init__(self, *, tables: Tables, rates: Rates, today: date, seed: int) -> None:
        self._tables = tables
        self._rates = rates
        self._today = today
        self._seed = seed
        self._title = rates.group("missing_title", "cpr_in_title", "secret_title", "initials_in_title")
        self._states = rates.group("gap", "overlap", "several_current_states")
        self._sensitivity = rates.group(*_SENSITIVITY)
        self._lifecycle = rates.group(*_LIFECYCLE)
        self._system = rates.group("missing_system", "unknown_system")
        self._document_title = rates.group("missing_document_title", "secret_document_title")
        self._desks: dict[tuple[str, str, str], tuple[System, Authority, Unit]] = {}
        self._instant = lru_cache(maxsize=_KEPT_INSTANTS)(self._instant_ago)

    def case(self, citizen: Citizen, course: Course) -> Case:
        """The case of a course, with its documents."""
        dice = Dice(self._seed, citizen.number, course.ordinal, Kind.CASE)
        case = self._without_documents(dice, citizen, course)
        documents = self._documents(dice, citizen, course, case)
        return replace(case, documents=documents) if documents else case

    def _without_documents(self, dice: Dice, citizen: Citizen, course: Course) -> Case:
        """The case itself: one field after the other, as long as a case has fields."""
        kind, happens = course.kind, self._rates.happens
        system, owner, unit = self._desk(citizen.municipality, kind)
        worker = self._tables.caseworker(dice) if not kind.udk and happens("caseworker", dice) else None
        title, secret_title = self._titles(dice, citizen, course, worker)
        created = self._rates.example("impossible_created", dice)
        lifecycle = self._lifecycle.roll(dice)
        return Case(
            uuid=self._case_uuid(citizen, course.ordinal),
            number=self._number(citizen, course, system),
            kle=course.kle,
            kle_title=self._tables.kle.get(course.kle) if course.kle else None,
            facet=dice.pick(_FACETS),
            title=title,
            secret_title=secret_title,
            status_text=dice.pick(kind.statuses) if course.ended is None else "Afsluttet",
            sensitivity=self._level(dice, course),
            lifecycle=_LIFECYCLE[lifecycle.name] if lifecycle else "Importeret",
            registered=self._instant(dice.between(1, _latest(course)), "08:30:00"),
            created=created or self._instant(course.began, _MORNING),
            start=self._instant(course.began, _MIDNIGHT),
            owner=owner,
            unit=None if happens("missing_unit", dice) else unit,
            caseworker=worker,
            system=self._sender(dice, system),
            primary=None if happens("missing_primary_party", dice) else citizen.party,
            secondary=(citizen.neighbour(),) if happens("secondary_party", dice) else (),
            hidden=happens("hidden_case", dice),
            outcome=_outcome(dice, course),
            states=() if happens("no_states", dice) else self._progress(dice, course),
            related=self._related(dice, citizen, course),
            earlier=self._instant(course.began, "08:00:00") if happens("duplicate_registration", dice) else None,
        )

    def _desk(self, municipality: Municipality, kind: CourseKind) -> tuple[System, Authority, Unit]:
        """The fagsystem of a municipality's courses of a kind, who owns them, and which unit works on them."""
        key = (municipality.code, kind.system, kind.kle)
        if (desk := self._desks.get(key)) is None:
            system = self._tables.system(kind.system, municipality)
            desk = self._desks[key] = (system, *self._tables.home(municipality, system, kind.kle))
        return desk

    def _case_uuid(self, citizen: Citizen, ordinal: int) -> str:
        return object_uuid(self._seed, Kind.CASE, citizen.number, ordinal)

    def _number(self, citizen: Citizen, course: Course, system: System) -> str:
        serial = (citizen.number * DOCUMENTS_PER_CASE + course.ordinal) % _NUMBERS
        return self._tables.case_number(system, self._day(course.began).year, serial, course.kind.kle)

    def _related(self, dice: Dice, citizen: Citizen, course: Course) -> tuple[str, ...]:
        """The citizen's case before this one, if they have to do with each other."""
        if not course.ordinal or not self._rates.happens("related", dice):
            return ()
        return (self._case_uuid(citizen, course.ordinal - 1),)

    def _day(self, ago: int) -> date:
        return self._today - timedelta(days=ago)

    def _instant_ago(self, ago: int, clock: str) -> str:
        return instant(self._day(ago), clock)

    def _sender(self, dice: Dice, system: System) -> System | None:
        """The fagsystem as the case names it."""
        wrong = self._system.roll(dice)
        if wrong is None:
            return system
        if not wrong.examples:
            return None
        name = dice.pick(wrong.examples)
        return System(name=name, uuid=fixed_uuid(name))

    def _titles(
        self, dice: Dice, citizen: Citizen, course: Course, worker: Caseworker | None
    ) -> tuple[str | None, str | None]:
        """Titel and TitelAlternativTekst."""
        title = dice.pick(course.kind.titles)
        wrong = self._title.roll(dice)
        match wrong.name if wrong else None:
            case "missing_title":
                return None, None
            case "cpr_in_title":
                cpr = citizen.party.cpr
                return f"{title}, {cpr[:6]}-{cpr[6:]}", None
            case "secret_title" if wrong:
                return title, dice.pick(wrong.examples)
            case "initials_in_title" if worker:
                return f"{title} ({worker.initials})", None
        return title, None

    def _level(self, dice: Dice, course: Course) -> str | None:
        wrong = self._sensitivity.roll(dice)
        if wrong:
            return _SENSITIVITY[wrong.name]
        return "FOELSOMME_PERSONOPLYSNINGER" if course.kind.sensitive else "FORTROLIGE_PERSONOPLYSNINGER"

    def _progress(self, dice: Dice, course: Course) -> tuple[State, ...]:
        """The states a course has been in, the last one unbounded, unless something is wrong with them."""
        steps = _steps(dice, course)
        ends: list[int | None] = [ago for _, ago in steps[1:]]
        wrong = self._states.roll(dice)
        if wrong and ends:
            place = dice.number(len(ends))
            ends[place] = _spoilt(wrong.name, steps[place + 1][1])
        ends.append(None)
        at = self._instant
        return tuple(
            [
                State(code=code, start=at(ago, _MORNING), end=None if end is None else at(end, _MORNING))
                for (code, ago), end in zip(steps, ends, strict=True)
            ]
        )

    def _documents(self, dice: Dice, citizen: Citizen, course: Course, case: Case) -> tuple[Document, ...]:
        least, most = course.kind.documents
        if not (count := dice.between(least, most)):
            return ()
        return tuple([self._document(dice, citizen, course, case, place) for place in range(count)])

    def _document(self, dice: Dice, citizen: Citizen, course: Course, case: Case, place: int) -> Document:
        ago = max(course.began - dice.number(course.began), course.ended or 1)
        kind, title = dice.pick(_DOCUMENTS)
        wrong = self._document_title.roll(dice)
        return Document(
            uuid=object_uuid(self._seed, Kind.DOCUMENT, citizen.number, course.ordinal * DOCUMENTS_PER_CASE + place),
            number=f"{case.number}-{place + 1}",
            title=None if wrong and not wrong.examples else f"{title}: {course.kind.titles[0]}",
            secret_title=dice.pick(wrong.examples) if wrong and wrong.examples else None,
            kind=kind,
            day=self._day(ago).isoformat(),
            start=self._instant(ago, _MIDNIGHT),
            registered=self._instant(ago, "10:30:00"),
            sensitivity=case.sensitivity,
            hidden=self._rates.happens("hidden_document", dice),
            owner=case.owner,
            system=case.system,
        )


def _steps(dice: Dice, course: Course) -> list[tuple[str, int]]:
    """What a course has come through, and how many days ago."""
    steps = [("Opstaaet", course.began)]
    if course.decided is None:
        steps.append(("Oplyst", course.began * 3 // 4))
    else:
        if dice.chance(_INFORMED):
            steps.append(("Oplyst", (course.began + course.decided) // 2))
        steps.append(("Afgjort", course.decided))
    if course.ended is not None:
        steps.append(("Afsluttet", course.ended))
    return steps


def _spoilt(wrong: str, ago: int) -> int | None:
    """When a state ends, in days ago, that should have ended when the next one began; None is never."""
    if wrong == "several_current_states":
        return None
    return ago + _MOVED if wrong == "gap" else ago - _MOVED


def _latest(course: Course) -> int:
    """Days since the course last changed."""
    if course.ended is not None:
        return course.ended
    return course.began if course.decided is None else course.decided


def _outcome(dice: Dice, course: Course) -> str | None:
    """How the case was decided: a benefit that was decided on without a grant was not granted."""
    if course.decided is None:
        return None
    return dice.pick(_NOT_GRANTED if course.kind.benefit and not course.granted else _GRANTED)
