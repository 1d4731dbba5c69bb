"""Money adds up to the øre, whatever the payments are: the ladder, the next payment, the months."""

import datetime as dt
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from borgerblik.words import load
from indexes.records import Payment
from tests.borgerblik.makers import TODAY, grant, line, payment, uuid
from tests.borgerblik.overviews import overview

ORE = st.decimals(min_value=-9_999, max_value=99_999, places=2)
MAYBE = st.none() | ORE
STEPS = ("after_tax", "sent", "paid")


@st.composite
def payments(draw: st.DrawFn) -> list[Payment]:
    """Around today, in one or two lines, with any steps known."""
    made = []
    for number in range(draw(st.integers(1, 8))):
        amounts = draw(st.lists(ORE, min_size=1, max_size=2))
        made.append(
            payment(
                uuid=uuid(f"payment {number}"),
                available=draw(st.dates(dt.date(2026, 6, 1), TODAY + dt.timedelta(days=6))),
                gross=sum(amounts, Decimal(0)),
                after_tax=draw(MAYBE),
                sent=draw(MAYBE),
                paid=draw(MAYBE),
                lines=tuple(line(amount=amount) for amount in amounts),
            )
        )
    return made


@given(payments())
def test_a_ladder_ends_at_what_reaches_the_account_and_tells_every_difference(made: list[Payment]) -> None:
    words, of = load("da"), {str(one.uuid): one for one in made}
    money = overview(grants=[grant()], payments=made).money
    for view in (*money.coming, *money.payments):
        given_steps = [getattr(of[view.uuid], name) for name in STEPS]
        amounts = [step.amount.value for step in view.ladder]
        assert amounts[0] == of[view.uuid].gross == sum(part.amount.value for part in view.lines)
        assert {step for step in given_steps if step is not None} <= set(amounts)
        assert view.amount.value == max(amounts[-1], Decimal(0))
        for before, step in zip(amounts, view.ladder[1:], strict=False):
            assert (step.words is None) == (step.amount.value == before)
            if step.words and "senere udbetaling" not in step.words:
                assert words.amount(abs(step.amount.value - before)).words in step.words
            assert not step.changed or step.words in view.explanation


@given(payments())
def test_the_next_payment_is_what_comes_that_day(made: list[Payment]) -> None:
    money = overview(grants=[grant()], payments=made).money
    if money.next is None:
        assert not [view for view in money.coming if view.amount.value]
        return
    that_day = [view.amount.value for view in money.coming if view.when == money.next.when]
    assert money.next.total.value == sum(that_day, Decimal(0)) > 0
    assert not [view for view in money.coming if view.amount.value and view.when.iso < money.next.when.iso]


@given(payments())
def test_the_months_are_all_that_came_and_comes_in_them(made: list[Payment]) -> None:
    money = overview(grants=[grant()], payments=made).money
    assert money.chart is not None or not made
    months = {month.long_label: month for month in money.chart.months} if money.chart else {}
    views = [*money.coming, *money.payments]
    for name, month in months.items():
        of_it = [v.amount.value for v in views if load("da").month(dt.date.fromisoformat(v.when.iso)) == name]
        assert month.total.value == sum(of_it, Decimal(0)) == sum((p.amount.value for p in month.parts), Decimal(0))
    keys = money.chart.keys if money.chart else ()
    assert sum((key.amount.value for key in keys), Decimal(0)) == sum(
        (month.total.value for month in months.values()), Decimal(0)
    )
