"""From a course in outline to its grant and payments, with what is untidy about them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from indexes.mock.days import instant
from indexes.mock.dice import Dice, Kind, object_uuid
from indexes.mock.money import Slip, kroner, make_payment
from indexes.mock.objects import Benefit, Grant, Instalment, Payment
from indexes.mock.synthetic.cases import Citizen
from indexes.mock.synthetic.outlines import BenefitKind, Course, Outlines, Period
from indexes.mock.synthetic.rates import Rates
from indexes.mock.tables import Tables

PAYMENTS_PER_COURSE = 64
_CORRECTION = PAYMENTS_PER_COURSE - 1  # the place of a correction among a course's payments
_LATER = timedelta(days=14)  # from a payment to its correction
_PER_MILLE = 1000
_DEBT = "Modregning fra Gældsstyrelsen"
_REVERSED = "Udbetaling tilbageført: kontoen er lukket"
_WITHHELD = "Tilbageholdt: afdrag på et beløb, der var udbetalt for meget"
_TOO_MUCH = "For meget udbetalt. Beløbet trækkes i en senere udbetaling."


class GrantMaker:
    """Makes grants and payments; ``grant`` and ``payments`` are the only things to call."""

    def __init__(self, *, tables: Tables, rates: Rates, outlines: Outlines, today: date, seed: int) -> None:
        self._tables = tables
        self._rates = rates
        self._outlines = outlines
        self._today = today
        self._seed = seed
        self._difference = rates.group("debt", "reversed", "withheld", "unexplained")

    def grant(self, citizen: Citizen, course: Course) -> Grant | None:
        """The grant of a course, if anything was granted."""
        kind = course.kind
        if not course.granted or kind.benefit is None or course.decided is None:
            return None
        dice = Dice(self._seed, citizen.number, course.ordinal, Kind.GRANT)
        first = self._today - timedelta(days=course.decided)
        last = None if course.ended is None else self._today - timedelta(days=course.ended)
        system = self._tables.system(kind.system, citizen.municipality)
        owner, unit = self._tables.home(citizen.municipality, system, kind.kle)
        sensitivity = "FOELSOMME_PERSONOPLYSNINGER" if kind.sensitive else "FORTROLIGE_PERSONOPLYSNINGER"
        case_uuid = object_uuid(self._seed, Kind.CASE, citizen.number, course.ordinal)
        return Grant(
            uuid=object_uuid(self._seed, Kind.GRANT, citizen.number, course.ordinal),
            number=f"B{citizen.number}.{course.ordinal}",
            registered=instant(first, "11:00:00"),
            sensitivity=None if self._rates.happens("missing_grant_sensitivity", dice) else sensitivity,
            start=self._rates.example("impossible_grant_date", dice) or first.isoformat(),
            start_instant=instant(first),
            end=last.isoformat() if last else None,
            owner=owner,
            unit=unit,
            system=system,
            recipient=citizen.party,
            case_uuid=None if self._rates.happens("grant_without_case", dice) else case_uuid,
            benefits=(self._benefit(dice, kind.kle, kind.benefit, first, last),),
        )

    def _benefit(self, dice: Dice, kle: str, kind: BenefitKind, first: date, last: date | None) -> Benefit:
        start, end = instant(first), instant(last) if last else None
        pay = self._tables.pay[kind.pay]
        plan = Instalment(
            start=start,
            end=end,
            frequency=pay["frequency"],
            in_advance=pay["in_advance"],
            day=pay["day"],
            amount=kroner(dice.between(*kind.gross)),
        )
        return Benefit(
            id=kind.id,
            name=kind.name,
            kle=kle,
            kle_title=self._tables.kle[kle],
            start=start,
            end=end,
            repayable=kind.repayable,
            plans=(plan,),
        )

    def payments(self, citizen: Citizen, course: Course) -> Iterator[Payment]:
        """The payments of a course's grant, oldest first; a correction comes after what it corrects."""
        grant = self.grant(citizen, course)
        if grant is None or course.kind.benefit is None:
            return
        periods = self._outlines.periods(course)
        corrected = self._outlines.correction(course, periods)
        for place, period in enumerate(periods):
            ordinal = course.ordinal * PAYMENTS_PER_COURSE + place
            slip = self._slip(citizen, grant, course.kind.benefit, period, ordinal)
            yield self._paid(citizen, grant, slip)
            if place == corrected:
                yield self._paid(citizen, grant, self._correction(slip, course))

    def _paid(self, citizen: Citizen, grant: Grant, slip: Slip) -> Payment:
        return make_payment(grant, slip, seed=self._seed, person=citizen.number, today=self._today)

    def _slip(self, citizen: Citizen, grant: Grant, kind: BenefitKind, period: Period, ordinal: int) -> Slip:
        dice = Dice(self._seed, citizen.number, ordinal, Kind.PAYMENT)
        benefit = grant.benefits[0]
        gross = benefit.plans[0].amount
        tax = round(kind.tax * _PER_MILLE)
        after_tax = gross * (_PER_MILLE - dice.between(tax - 5, tax + 5)) // _PER_MILLE if tax else gross
        slip = Slip(
            ordinal=ordinal,
            payday=period.payday,
            start=period.start,
            end=period.end,
            shares=((benefit, gross),),
            after_tax=after_tax,
        )
        wrong = None if period.payday > self._today else self._difference.roll(dice)
        part = after_tax * dice.between(3, 40) // 100
        match wrong.name if wrong else None:
            case "debt":
                return replace(slip, paid=after_tax - part, paid_text=_DEBT)
            case "reversed":
                return replace(slip, paid=0, paid_text=_REVERSED)
            case "withheld":
                return replace(slip, sent=after_tax - part, sent_text=_WITHHELD)
            case "unexplained":
                return replace(slip, paid=after_tax - part)
        return slip

    @staticmethod
    def _correction(slip: Slip, course: Course) -> Slip:
        """Too much was paid: the same period once more, with a tenth of it the other way and nothing sent."""
        benefit, gross = slip.shares[0]
        return replace(
            slip,
            ordinal=course.ordinal * PAYMENTS_PER_COURSE + _CORRECTION,
            payday=slip.payday + _LATER,
            shares=((benefit, -(gross // 10)),),
            after_tax=-(slip.after_tax // 10),
            sent=0,
            paid=None,
            sent_text=_TOO_MUCH,
            paid_text=None,
        )
