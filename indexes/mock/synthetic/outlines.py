"""What goes on in the synthetic citizens' lives, in outline: how many objects of whom, before any of them is made.

An outline costs a few rolls of the dice. Counting for paging uses it, and ``cases`` and ``payments`` fill it in: so
both agree on how many objects there are.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from indexes.mock.days import Payday, bank_day, paydays
from indexes.mock.dice import Dice, Kind
from indexes.mock.objects import PLAN_KLE
from indexes.mock.synthetic.rates import Rates
from indexes.mock.tables import Tables, read_toml

_ONCE_WITHIN = 730  # days: a single payment longer ago is no longer in the index
_ONCE_AFTER = 4  # days from the decision to a single payment
_EXTRA_LIFE = 0.15  # the share of citizens who also have an everyday course beside their life
_EVERYDAY = ("flytning", "hjaelpemiddel", "enkeltudgift")
_SLOWEST_DECISION = 60  # days
_LEAST_CORRECTED = 3  # payments: fewer than these are never corrected


@dataclass(frozen=True, slots=True, kw_only=True)
class BenefitKind:
    id: str
    name: str
    gross: tuple[int, int]  # kroner a payment, from and to
    tax: float
    pay: Payday
    repayable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseKind:
    """A table of ``data/courses.toml``."""

    kle: str
    system: str
    udk: bool
    titles: tuple[str, ...]
    statuses: tuple[str, ...]
    sensitive: bool
    days: tuple[int, int]
    ended: float
    decided: float
    refused: float
    documents: tuple[int, int]
    benefit: BenefitKind | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    courses: tuple[CourseKind, ...]
    plan: float


@dataclass(slots=True, kw_only=True)
class Course:
    """One course of one citizen in outline; days are counted back from today, so that 1 is yesterday, the latest."""

    ordinal: int
    kind: CourseKind
    kle: str | None  # what the case says, which may be wrong
    began: int
    decided: int | None
    ended: int | None
    granted: bool
    corrected: bool


@dataclass(slots=True, kw_only=True)
class Outline:
    courses: list[Course]
    plan: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A payday and the period that is paid for."""

    payday: date
    start: date
    end: date


class Outlines:
    """Makes outlines, and counts in them."""

    def __init__(self, *, tables: Tables, rates: Rates, today: date, seed: int) -> None:
        self.today = today
        self._seed = seed
        self._udk = tables.udk.cvr
        self._lives, self._weights, self._everyday = _load(tables)
        self._wrong_kle = rates.group("missing_kle", "unknown_kle", "expired_kle")
        self._corrected = rates.table["corrected"].share
        self._paydays = {
            rule: tuple(Period(payday=day, start=start, end=end) for day, start, end in paydays(rule, today))
            for rule in Payday
        }
        self._days = {rule: [period.payday for period in periods] for rule, periods in self._paydays.items()}

    def of(self, citizen: int) -> Outline:
        """A citizen's outline: the same every time."""
        dice = Dice(self._seed, citizen)
        life = self._lives[bisect_right(self._weights, dice.number(self._weights[-1]))]
        kinds = life.courses
        if dice.chance(_EXTRA_LIFE):
            kinds = (*kinds, dice.pick(self._everyday))
        courses = [self._course(ordinal, kind, dice) for ordinal, kind in enumerate(kinds)]
        return Outline(courses=courses, plan=bool(life.plan) and dice.chance(life.plan))

    def _course(self, ordinal: int, kind: CourseKind, dice: Dice) -> Course:
        began = dice.between(*kind.days)
        ended = dice.between(1, began) if dice.chance(kind.ended) else None
        decided: int | None = None
        if ended is not None or dice.chance(kind.decided):
            decided = max(began - dice.between(1, _SLOWEST_DECISION), ended or 1)
        wrong = self._wrong_kle.roll(dice)
        kle: str | None = kind.kle
        if wrong:
            kle = dice.pick(wrong.examples) if wrong.examples else None
        granted = kind.benefit is not None and decided is not None and not dice.chance(kind.refused)
        return Course(
            ordinal=ordinal,
            kind=kind,
            kle=kle,
            began=began,
            decided=decided,
            ended=ended,
            granted=granted,
            corrected=granted and dice.chance(self._corrected),
        )

    def periods(self, course: Course) -> tuple[Period, ...]:
        """The payments of a course, without the correction; the last may be on its way."""
        if not course.granted or course.kind.benefit is None or course.decided is None:
            return ()
        first = self.today - timedelta(days=course.decided)
        rule = course.kind.benefit.pay
        if rule is Payday.ONCE:
            payday = bank_day(first + timedelta(days=_ONCE_AFTER), 1)
            return (Period(payday=payday, start=first, end=first),) if course.decided <= _ONCE_WITHIN else ()
        places = self._days[rule]
        start = bisect_left(places, first)
        if course.ended is None:
            return self._paydays[rule][start:]
        return self._paydays[rule][start : bisect_right(places, self.today - timedelta(days=course.ended))]

    def correction(self, course: Course, periods: tuple[Period, ...]) -> int | None:
        """Which of the periods is corrected by one more payment, or None."""
        if not course.corrected or len(periods) < _LEAST_CORRECTED:
            return None
        return len(periods) // 2

    def count(self, kind: Kind, citizen: int, cvr: str, kle: str) -> int:
        """How many objects of a kind, an owner (the citizen's municipality, if not Udbetaling Danmark) and a KLE."""
        outline = self.of(citizen)
        if kind is Kind.PLAN:
            return int(outline.plan and cvr != self._udk and PLAN_KLE.startswith(kle))
        courses = self.having(kind, outline, cvr, kle)
        return sum(map(self._payments, courses)) if kind is Kind.PAYMENT else len(courses)

    def having(self, kind: Kind, outline: Outline, cvr: str | None, kle: str) -> list[Course]:
        """The courses that have a case, a grant or payments of an owner (None is any) and a KLE number.

        A case may say another KLE number than its grant: the case's may be wrong.
        """
        courses = outline.courses
        if cvr is not None:
            udk = cvr == self._udk
            courses = [course for course in courses if course.kind.udk is udk]
        if kind is not Kind.CASE:
            return [course for course in courses if course.granted and course.kind.kle.startswith(kle)]
        return [course for course in courses if (course.kle or "").startswith(kle)] if kle else courses

    def _payments(self, course: Course) -> int:
        periods = self.periods(course)
        return len(periods) + (self.correction(course, periods) is not None)


def _load(tables: Tables) -> tuple[list[Life], list[int], tuple[CourseKind, ...]]:
    """The lives, the sums of their weights up to and with each, and the everyday courses."""
    data = read_toml("courses.toml")
    kinds = {key: _kind(entry, tables) for key, entry in data["course"].items()}
    lives = [
        Life(courses=tuple(kinds[key] for key in entry["courses"]), plan=entry.get("plan", 0.0))
        for entry in data["life"]
    ]
    weights: list[int] = []
    for entry in data["life"]:
        weights.append((weights[-1] if weights else 0) + entry["weight"])
    return lives, weights, tuple(kinds[key] for key in _EVERYDAY)


def _kind(entry: dict[str, Any], tables: Tables) -> CourseKind:
    benefit = entry.get("benefit")
    return CourseKind(
        kle=entry["kle"],
        system=entry["system"],
        udk=entry["system"] in tables.units["udk"],
        titles=tuple(entry["titles"]),
        statuses=tuple(entry["statuses"]),
        sensitive=entry.get("sensitive", False),
        days=(entry["days"][0], entry["days"][1]),
        ended=entry["ended"],
        decided=entry["decided"],
        refused=entry["refused"],
        documents=(entry["documents"][0], entry["documents"][1]),
        benefit=BenefitKind(**{**benefit, "gross": tuple(benefit["gross"]), "pay": Payday(benefit["pay"])})
        if benefit
        else None,
    )
