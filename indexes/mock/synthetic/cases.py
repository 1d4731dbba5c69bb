"""From a course in outline to its case and documents, with what is untidy about them.

Chance comes from dice of the course's own, so a case looks the same whether it is found by its party or its owner.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from indexes.mock.days import instant
from indexes.mock.dice import Dice, Kind, object_uuid
from indexes.mock.objects import Case, Caseworker, Document, Party, State, System
from indexes.mock.synthetic.outlines import Course
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
_MOVED = timedelta(days=2)  # how long a gap or an overlap between two states lasts
_MORNING = "09:00:00"


@dataclass(frozen=True, slots=True, kw_only=True)
class Citizen:
    number: int
    party: Party
    neighbour: Party  # whoever is the secondary party of this citizen's cases
    municipality: Municipality


class CaseMaker:
    """Makes cases; ``case`` is the only thing to call."""

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

    def case(self, citizen: Citizen, course: Course, before: str | None) -> Case:
        """The case of a course; ``before`` is the UUID of the citizen's case before it, if any."""
        dice = Dice(self._seed, citizen.number, course.ordinal, Kind.CASE)
        happens = self._rates.happens
        system = self._tables.system(course.kind.system, citizen.municipality)
        owner, unit = self._tables.home(citizen.municipality, system, course.kind.kle)
        worker = self._tables.caseworker(dice) if not course.kind.udk and happens("caseworker", dice) else None
        opened = self._day(course.began)
        title, secret_title = self._titles(dice, citizen, course, worker)
        serial = (citizen.number * DOCUMENTS_PER_CASE + course.ordinal) % _NUMBERS
        created = self._rates.example("impossible_created", dice)
        lifecycle = self._lifecycle.roll(dice)
        case = Case(
            uuid=object_uuid(self._seed, Kind.CASE, citizen.number, course.ordinal),
            number=self._tables.case_number(system, opened.year, serial, course.kind.kle),
            kle=course.kle,
            kle_title=self._tables.kle.get(course.kle) if course.kle else None,
            facet=dice.pick(_FACETS),
            title=title,
            secret_title=secret_title,
            status_text=dice.pick(course.kind.statuses) if course.ended is None else "Afsluttet",
            sensitivity=self._level(dice, course),
            lifecycle=_LIFECYCLE[lifecycle.name] if lifecycle else "Importeret",
            registered=instant(self._day(dice.between(1, _latest(course))), "08:30:00"),
            created=created or instant(opened, _MORNING),
            start=instant(opened),
            owner=owner,
            unit=None if happens("missing_unit", dice) else unit,
            caseworker=worker,
            system=self._sender(dice, system),
            primary=None if happens("missing_primary_party", dice) else citizen.party,
            secondary=(citizen.neighbour,) if happens("secondary_party", dice) else (),
            hidden=happens("hidden_case", dice),
            outcome=_outcome(dice, course),
            states=() if happens("no_states", dice) else self._progress(dice, course),
            related=(before,) if before and happens("related", dice) else (),
            earlier=instant(opened, "08:00:00") if happens("duplicate_registration", dice) else None,
        )
        return replace(case, documents=self._documents(dice, citizen, course, case))

    def _day(self, ago: int) -> date:
        return self._today - timedelta(days=ago)

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
        steps = [("Opstaaet", course.began)]
        latest = course.decided if course.decided is not None else course.began
        informed = (course.began + latest) // 2 if course.decided is not None else course.began * 3 // 4
        if course.decided is None or dice.chance(0.6):
            steps.append(("Oplyst", informed))
        if course.decided is not None:
            steps.append(("Afgjort", course.decided))
        if course.ended is not None:
            steps.append(("Afsluttet", course.ended))
        days = [(code, self._day(ago)) for code, ago in steps]
        ends: list[date | None] = [*(day for _, day in days[1:]), None]
        wrong = self._states.roll(dice)
        if wrong and len(days) > 1:
            place = dice.number(len(days) - 1)
            end = ends[place]
            if wrong.name == "several_current_states":
                ends[place] = None
            elif end:
                ends[place] = end - _MOVED if wrong.name == "gap" else end + _MOVED
        return tuple(
            State(code=code, start=instant(day, _MORNING), end=instant(end, _MORNING) if end else None)
            for (code, day), end in zip(days, ends, strict=True)
        )

    def _documents(self, dice: Dice, citizen: Citizen, course: Course, case: Case) -> tuple[Document, ...]:
        made = []
        for place in range(dice.between(*course.kind.documents)):
            day = self._day(max(course.began - dice.number(course.began), course.ended or 1))
            kind, title = dice.pick(_DOCUMENTS)
            wrong = self._document_title.roll(dice)
            made.append(
                Document(
                    uuid=object_uuid(
                        self._seed, Kind.DOCUMENT, citizen.number, course.ordinal * DOCUMENTS_PER_CASE + place
                    ),
                    number=f"{case.number}-{place + 1}",
                    title=None if wrong and not wrong.examples else f"{title}: {course.kind.titles[0]}",
                    secret_title=dice.pick(wrong.examples) if wrong and wrong.examples else None,
                    kind=kind,
                    day=day.isoformat(),
                    start=instant(day),
                    registered=instant(day, "10:30:00"),
                    sensitivity=case.sensitivity,
                    hidden=self._rates.happens("hidden_document", dice),
                    owner=case.owner,
                    system=case.system,
                )
            )
        return tuple(made)


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
