"""Grants looked at closely: what they consist of, what ends soon, and what to do about it."""

import datetime as dt
from decimal import Decimal
from typing import Any

from borgerblik.overview.closer import GrantCloser
from indexes.records import Grant, PaymentPlan
from tests.borgerblik.makers import TODAY, benefit, grant, uuid
from tests.borgerblik.overviews import overview

SOON = TODAY + dt.timedelta(days=12)
LATER = TODAY + dt.timedelta(days=13)


def closer(*grants: Grant, **more: Any) -> GrantCloser:
    """The first of the grants."""
    return overview(grants=list(grants), **more).money.closer()[str(grants[0].uuid)]


def planned(amount: str, start: dt.date | None = None, end: dt.date | None = None) -> PaymentPlan:
    return PaymentPlan(start=start, end=end, frequency="Månedlig", in_advance=None, day=None, amount=Decimal(amount))


def test_what_ends_soon_says_what_to_do_and_whom_to_call() -> None:
    found = closer(grant(end=SOON))
    assert found.ending == (
        "Vi kan ikke se, at du får penge herfra bagefter. "
        "Har du stadig brug for dem, så ring til Randers Kommune i god tid."
    )
    assert found.contact.phone


def test_what_does_not_end_soon_says_nothing_of_it() -> None:
    ended, far = TODAY - dt.timedelta(days=1), TODAY + dt.timedelta(days=61)
    assert [closer(grant(end=end)).ending for end in (None, ended, far)] == [None, None, None]


def test_what_has_been_granted_anew_says_since_when() -> None:
    anew = grant(uuid=uuid("anew"), start=LATER)
    assert closer(grant(end=SOON), anew).ending == "Du har fået ja igen fra 7. december."


def test_another_grant_is_not_the_same_granted_anew() -> None:
    others = [
        grant(uuid=uuid("topic"), start=LATER, benefits=(benefit(kle="32.24.04"),)),
        grant(uuid=uuid("before"), start=dt.date(2026, 5, 1)),
        grant(uuid=uuid("shorter"), start=dt.date(2026, 11, 1), end=SOON),
        grant(uuid=uuid("no start"), start=None),
    ]
    for other in others:
        ending = closer(grant(end=SOON), other).ending
        assert ending is not None
        assert ending.startswith("Vi kan ikke se")


def test_a_grant_whose_benefits_all_end_does_not_run_until_further_notice() -> None:
    one = grant(benefits=(benefit(end=SOON),))
    (view,) = overview(grants=[one]).money.grants
    assert (view.period, view.ends_soon) == ("2. juni til 6. december 2026", "Slutter om 12 dage.")
    assert closer(one).ending is not None
    over = grant(benefits=(benefit(end=dt.date(2026, 10, 31)),))
    (view,) = overview(grants=[over]).money.grants
    assert (view.active, view.ended, view.ends_soon) == (False, True, None)
    half = grant(benefits=(benefit(end=SOON), benefit(id="2", kle="32.24.04")))
    (view,) = overview(grants=[half]).money.grants
    assert (view.period, view.ends_soon) == ("fra 2. juni og indtil videre", None)


def test_an_amount_that_is_planned_to_change_is_told_ahead() -> None:
    now, then = planned("18628", end=dt.date(2026, 12, 31)), planned("20000", dt.date(2027, 1, 1))
    rising = grant(benefits=(benefit(plans=(now, then)),))
    assert closer(rising).coming == ("Fra 1. januar 2027: Sygedagpenge, 20.000,00 kr. hver måned",)
    not_begun = grant(start=LATER, benefits=(benefit(plans=(planned("18628", LATER),)),))
    assert closer(not_begun).coming == ()


def test_a_grant_of_several_benefits_tells_each() -> None:
    two = (
        benefit(id="1", name="Folkepension", plans=(planned("7000"),)),
        benefit(id="2", name="Pensionstillæg", start=dt.date(2026, 6, 2), end=SOON, plans=(planned("500.50"),)),
        benefit(id="3", name="Varmetillæg"),
    )
    found = closer(grant(benefits=two))
    assert [(part.title, part.period, part.amount_words, part.ends_soon) for part in found.parts] == [
        ("Folkepension", None, "7.000,00 kr. hver måned", None),
        ("Pensionstillæg", "2. juni til 6. december 2026", "500,50 kr. hver måned", "Slutter om 12 dage."),
        ("Varmetillæg", None, None, None),
    ]
    assert found.ending is not None
    assert closer(grant()).parts == ()
