"""Why a month's money is not that of the month before: which kind came, went, grew or shrank, by how much, and why.

Why is told only as far as the indexes tell it: from the steps of a payment with their reasons, from what was granted
and for how long, and from how often it is paid. Where they say nothing, that is said, with whom to ask.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Protocol

from borgerblik.local_time import months_after
from borgerblik.overview.closer import Change, MonthChange
from borgerblik.overview.elements import Contact
from borgerblik.overview.granted import last_day
from borgerblik.overview.material import Material
from borgerblik.overview.months import MONTHS_IN_CHART
from borgerblik.overview.payments import ZERO, is_before_tax_only
from borgerblik.overview.shapes import PaymentView
from borgerblik.overview.sources import Standing
from indexes.records import Grant, Payment, PaymentLine

MONTHLY = "månedlig"  # Beregningsfrekvens (YI, free text) of what comes in every month


class Came(Protocol):
    """A payment that may be shown, and what reaches the account of it."""

    @property
    def payment(self) -> Payment: ...

    @property
    def day(self) -> dt.date: ...

    @property
    def amount(self) -> Decimal: ...

    @property
    def creditor(self) -> Contact | None: ...

    @property
    def quoted(self) -> tuple[str, ...]: ...

    @property
    def reasons(self) -> tuple[str, ...]: ...

    @property
    def view(self) -> PaymentView: ...

    def title_of(self, line: PaymentLine) -> str: ...


Months = tuple[dt.date, dt.date]  # the first day of a month, and of the one before


def month_changes(material: Material, shown: Iterable[Came], how: Standing) -> Iterator[MonthChange]:
    """Each of the last months beside the one before it, the newest first; months without money are left out.

    So is the current month as long as nothing is known to come in it: it has only begun.
    """
    today = material.today.replace(day=1)
    starts = [months_after(today, -back) for back in range(MONTHS_IN_CHART)]
    came: dict[dt.date, list[Came]] = {start: [] for start in starts}
    of_these = [one for one in shown if one.day.replace(day=1) in came]
    for one in sorted(of_these, key=lambda each: (each.day, each.payment.uuid.int)):
        came[one.day.replace(day=1)].append(one)
    for start, before in pairwise(starts):
        if came[start] or (came[before] and start != today):
            yield _month(material, (start, before), came[start], came[before], how)


def _month(material: Material, months: Months, now: Sequence[Came], then: Sequence[Came], how: Standing) -> MonthChange:
    words, (start, before) = material.words, months
    kinds = [_Kind(material, months, *kind) for kind in _kinds(now, then)]
    known = all(kind.known for kind in kinds)
    difference = sum((kind.difference for kind in kinds), ZERO)
    notes = []
    if _is_running(material, start):
        coming = any(one.day >= material.today and one.payment.paid is None for one in now)
        notes.append(words("change/running_coming" if coming else "change/running"))
    if not how.complete:
        notes.append(words("change/only_seen"))
    return MonthChange(
        title=words("change/title", months=words.months(before, start)),
        words=_month_words(material, months, difference if known else None, sum((one.amount for one in now), ZERO)),
        notes=tuple(notes),
        difference=words.amount(difference) if known else None,
        changes=tuple(kind.change() for kind in kinds if kind.is_changed),
    )


def _month_words(material: Material, months: Months, difference: Decimal | None, total: Decimal) -> str:
    words = material.words
    names = {"month": words.month_of_year(months[0]), "before": words.month_of_year(months[1])}
    if difference is None:
        return words("change/unknown", **names)
    way = "same" if difference == ZERO else "more" if difference > ZERO else "less"
    amount = words.amount(abs(difference) if difference else total).words
    if _is_running(material, months[0]):
        return words(f"change/now/{way}", amount=amount, **names)
    return words(f"change/{way}", amount=amount, **names)


def _is_running(material: Material, start: dt.date) -> bool:
    return start == material.today.replace(day=1)


def _kinds(now: Sequence[Came], then: Sequence[Came]) -> Iterator[tuple[list[Came], list[Came]]]:
    """The payments of two months, those together that pay the same: what is ever paid in one payment is one kind."""
    kinds: list[set[tuple[str, str]]] = []
    for one in (*now, *then):
        pays = _pays(one)
        for kind in [kind for kind in kinds if kind & pays]:
            kinds.remove(kind)
            pays |= kind
        kinds.append(pays)
    for kind in sorted(kinds, key=sorted):
        yield [one for one in now if _pays(one) & kind], [one for one in then if _pays(one) & kind]


def _pays(one: Came) -> set[tuple[str, str]]:
    return {(one.title_of(line), one.payment.owner_cvr) for line in one.payment.lines}


class _Kind:
    """One kind of payment in two months."""

    def __init__(self, material: Material, months: Months, now: list[Came], then: list[Came]) -> None:
        self.material, self.months = material, months
        self.now, self.then = _of_money(now), _of_money(then)
        self.words = material.words
        self.every = (*self.then, *self.now)
        self.total, self.total_then = (sum((one.amount for one in some), ZERO) for some in (now, then))
        self.difference = self.total - self.total_then
        self.names = {
            "month": self.words.month_of_year(months[0]),
            "before": self.words.month_of_year(months[1]),
        }

    @property
    def known(self) -> bool:
        """Whether it is known of each payment what was left of it."""
        return not any(is_before_tax_only(one.payment) for one in self.every)

    @property
    def is_changed(self) -> bool:
        return bool(self.difference) or not self.known

    def change(self) -> Change:
        first = (self.now or self.then)[-1]
        creditors = dict.fromkeys(one.creditor for one in self.every if one.creditor)
        return Change(
            title=self.words.as_one(self._titles()),
            sender=self.material.authority(first.payment.owner_cvr).name,
            words=self._head(),
            why=self._why(),
            difference=self.words.amount(self.difference) if self.known else None,
            contact=first.view.contact,
            creditors=tuple(creditors),
            quoted=tuple(text for one in self.every for text in one.quoted),
        )

    def _titles(self) -> Iterator[str]:
        for one in (*self.now, *self.then):
            yield from (one.title_of(line) for line in one.payment.lines)

    def _head(self) -> str:
        """What came in each of the two months, and the difference."""
        now, then = (self.words.amount(total).words for total in (self.total, self.total_then))
        if not self.now or not self.then:
            return self.words(f"change/kind/{self._came_or_went()}", now=now, then=then, **self.names)
        if not self.known:
            return self._head_before_tax()
        way = "more" if self.difference > ZERO else "less"
        amount = self.words.amount(abs(self.difference)).words
        return self.words(f"change/kind/{way}", now=now, then=then, amount=amount, **self.names)

    def _came_or_went(self) -> str:
        if self.now:
            return "came" if self.known else "came_before_tax"
        running = _is_running(self.material, self.months[0])
        return f"{'not_yet' if running else 'went'}{'' if self.known else '_before_tax'}"

    def _head_before_tax(self) -> str:
        gross, gross_then = _gross(self.now), _gross(self.then)
        way = "same" if gross == gross_then else "more" if gross > gross_then else "less"
        amount = self.words.amount(abs(gross - gross_then)).words
        return self.words(f"change/before_tax/{way}", amount=amount, **self.names)

    def _why(self) -> tuple[str, ...]:
        """Every reason there is; that none is known, unless what is missing may simply still come."""
        told = tuple(self._compared() if self.now and self.then else self._alone())
        may_come = not self.now and _is_running(self.material, self.months[0])
        return told if told or may_come else (self.words("change/untold"),)

    def _alone(self) -> Iterator[str]:
        """Why it came in one of the months and not in the other."""
        yield from self._granted()
        yield from self._how_often()

    def _compared(self) -> Iterator[str]:
        yield from self._times()
        yield from self._told()
        if len(_arrived(self.now)) == len(_arrived(self.then)):
            before_tax = list(self._before_tax())
            yield from before_tax
            yield from self._tax()
            if before_tax:
                yield self._plan() or self.words("change/untold_gross")

    def _granted(self) -> Iterator[str]:
        """That something was granted from a day in these months, or until one."""
        start, before = self.months
        end = months_after(start, 1)
        for grant in self._grants():
            if self.now and grant.start and before < grant.start < end:
                yield self.words("change/granted_from", day=self._day(grant.start))
            last = last_day(grant)
            if self.then and last and before <= last < end:
                yield self.words("change/granted_until", day=self._day(last))

    def _how_often(self) -> Iterator[str]:
        """How often it is paid, when that is not every month."""
        plans = [plan for grant in self._grants() for benefit in grant.benefits for plan in benefit.plans]
        often = {(plan.frequency or "").casefold() for plan in plans}
        if len(often) == 1 and (word := often.pop()) != MONTHLY:
            told = self.words.find(f"overview/grant/frequency/{word}")
            if told:
                yield self.words("change/how_often", how_often=told)

    def _grants(self) -> list[Grant]:
        shown: Mapping[object, Grant] = {grant.uuid: grant for grant, _ in self.material.shown_grants}
        paid = dict.fromkeys(line.grant_uuid for one in self.every for line in one.payment.lines)
        return [shown[uuid] for uuid in paid if uuid in shown]

    def _times(self) -> Iterator[str]:
        """Each payment of a month that had more of them than one, when the other had not as many."""
        arrived = [_arrived(self.then), _arrived(self.now)]
        several = [(some, name) for some, name in zip(arrived, ("before", "month"), strict=True) if len(some) > 1]
        if len({len(some) for some in arrived}) == 1 or not several:
            return
        yield from self._how_often()
        for some, name in several:
            yield self.words.counted("change/times", len(some), month=self.names[name])
            for one in some:
                key = "change/one_time" if one.view.period else "change/one_time_without_period"
                yield self.words(key, day=self._day(one.day), amount=one.view.amount.words, period=one.view.period)

    def _told(self) -> Iterator[str]:
        """What there is to say of single payments, each with its day."""
        for one in self.every:
            if one.reasons:
                yield self.words("change/told", day=self._day(one.day), told=" ".join(one.reasons))

    def _before_tax(self) -> Iterator[str]:
        """What is not the same before tax, line by line when there are several."""
        now, then = self._lines(self.now), self._lines(self.then)
        titles = [title for title in dict.fromkeys((*then, *now)) if now.get(title) != then.get(title)]
        for title in titles:
            amount = now.get(title, ZERO) - then.get(title, ZERO)
            way = "came" if title not in then else "went" if title not in now else "more" if amount > ZERO else "less"
            of_it = {"title": title, "amount": self.words.amount(abs(amount)).words, **self.names}
            alone = len({*now, *then}) == 1
            yield self.words(f"change/gross/{way}", **of_it) if alone else self.words(f"change/line/{way}", **of_it)

    def _lines(self, some: list[Came]) -> dict[str, Decimal]:
        sums: dict[str, Decimal] = {}
        for one in _arrived(some):
            for line in one.payment.lines:
                title = one.title_of(line)
                sums[title] = sums.get(title, ZERO) + line.amount
        return sums

    def _plan(self) -> str | None:
        """That what was granted is another amount in the later month, where the plan of payments says so."""
        start, before = self.months
        for grant in self._grants():
            for benefit in grant.benefits:
                amounts = {plan.start: plan.amount for plan in benefit.plans if plan.start and plan.amount is not None}
                for old, new in pairwise(sorted(amounts)):
                    if before < new < months_after(start, 1) and amounts[old] != amounts[new]:
                        then, now = (self.words.amount(amounts[day]).words for day in (old, new))
                        return self.words("change/plan", day=self._day(new), then=then, now=now)
        return None

    def _tax(self) -> Iterator[str]:
        taken, taken_then = _taken(self.now), _taken(self.then)
        if taken is not None and taken_then is not None and taken != taken_then:
            way = "more" if taken > taken_then else "less"
            yield self.words(f"change/tax/{way}", amount=self.words.amount(abs(taken - taken_then)).words)

    def _day(self, day: dt.date) -> str:
        return self.words.day(day, today=self.material.today)


def _of_money(some: Iterable[Came]) -> list[Came]:
    """Those of which something came or was to come: a correction that is settled later changes no month."""
    return [one for one in some if one.amount > ZERO or one.payment.gross > ZERO]


def _arrived(some: Iterable[Came]) -> list[Came]:
    """Those of which something came, or is on its way."""
    return [one for one in some if one.amount > ZERO]


def _gross(some: Iterable[Came]) -> Decimal:
    return sum((one.payment.gross for one in some), ZERO)


def _taken(some: Iterable[Came]) -> Decimal | None:
    """What went to tax and ATP of those that came; None where it is not known of each."""
    taken = [None if p.after_tax is None else p.gross - p.after_tax for p in (one.payment for one in _arrived(some))]
    known = [amount for amount in taken if amount is not None]
    return sum(known, ZERO) if len(known) == len(taken) else None
