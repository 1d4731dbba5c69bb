"""A year's money: every sum agrees to the øre, whatever the payments are."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from borgerblik.overview.elements import Money
from borgerblik.overview.year import YearView, year_of
from borgerblik.words import load
from indexes.records import Payment
from tests.borgerblik.makers import HOME, TODAY, UDK, benefit, grant, line, payment, uuid
from tests.borgerblik.overviews import overview

WORDS = load("da")
COLUMNS = ("gross", "taken", "sent", "paid")
ORE = st.decimals(min_value=-99_999, max_value=999_999, places=2)
MAYBE = st.none() | ORE
GRANTS = [
    grant(),
    grant(uuid=uuid("help"), benefits=(benefit(kle="32.24.04"),), case_uuid=None),
    grant(uuid=uuid("rent"), owner_cvr=UDK, benefits=(benefit(kle="32.06.12"),), case_uuid=None),
]
HELP = line(kle="32.24.04", grant_uuid=uuid("help"))
RENT = line(kle="32.06.12", grant_uuid=uuid("rent"))
KINDS = ((HOME, line()), (HOME, HELP), (UDK, RENT))
DAYS = st.dates(dt.date(2024, 12, 1), dt.date(2026, 12, 31))


@st.composite
def payments(draw: st.DrawFn) -> list[Payment]:
    """Of three kinds from two authorities, around a few years, some of them to come; not every step is known."""
    made = []
    for number in range(draw(st.integers(0, 12))):
        owner, its_line = draw(st.sampled_from(KINDS))
        made.append(
            payment(
                uuid=uuid(f"payment {number}"),
                available=draw(DAYS),
                owner_cvr=owner,
                gross=draw(ORE),
                after_tax=draw(MAYBE),
                sent=draw(MAYBE),
                paid=draw(MAYBE),
                lines=(its_line,),
            )
        )
    return made


def sums(parts: Iterable[Money | None]) -> Decimal | None:
    known = [part.value for part in parts if part is not None]
    return sum(known, Decimal(0)) if known else None


def value(money: Money | None) -> Decimal | None:
    return None if money is None else money.value


@given(payments())
def test_the_months_the_kinds_and_the_payments_come_to_the_same(made: list[Payment]) -> None:
    shown = overview(grants=GRANTS, payments=made)
    assert len(shown.money.figures()) == len(made), "a test of nothing"
    came = [item for item in shown.money.figures() if not item.upcoming]
    for year in {item.day.year for item in came}:
        found = year_of(shown, year, WORDS)
        assert found is not None
        of_it = [item for item in came if item.day.year == year]
        assert found.payments == len(of_it)
        for column in COLUMNS:
            total = value(getattr(found.total, column))
            each = [amount for one in of_it if (amount := getattr(one, column)) is not None]
            assert total == (sum(each, Decimal(0)) if each else None)
            assert total == sums(getattr(row.sums, column) for row in found.months)
            assert total == sums(getattr(kind.total, column) for kind in found.kinds)
            for kind in found.kinds:
                assert value(getattr(kind.total, column)) == sums(getattr(row.sums, column) for row in kind.months)


@given(payments())
def test_each_payment_that_came_stands_in_one_year(made: list[Payment]) -> None:
    shown = overview(grants=GRANTS, payments=made)
    found = [year_of(shown, year, WORDS) for year in shown.money.years()]
    assert sum(one.payments for one in found if one) == len(shown.money.payments)
    assert list(shown.money.years()) == sorted(shown.money.years(), reverse=True)


def of(*made: dict[str, Any], year: int = 2026) -> YearView:
    every = [payment(uuid=uuid(f"payment {number}"), **changes) for number, changes in enumerate(made)]
    found = year_of(overview(grants=GRANTS, payments=every), year, WORDS)
    assert found is not None
    return found


def test_what_is_to_come_and_another_year_are_left_out() -> None:
    tomorrow = TODAY + dt.timedelta(days=1)
    found = of({}, {"available": tomorrow, "paid": None}, {"available": dt.date(2025, 12, 31)})
    assert [row.label for row in found.months] == ["oktober"]
    assert found.payments == 1
    shown = overview(payments=[payment(available=tomorrow, paid=None)], grants=GRANTS)
    assert shown.money.years() == ()
    assert year_of(shown, 2026, WORDS) is None


def test_each_kind_stands_by_itself_with_who_paid() -> None:
    rent = {"owner_cvr": UDK, "lines": (RENT,)}
    found = of({}, rent, {"available": dt.date(2026, 9, 30)})
    assert [(kind.title, kind.sender, len(kind.months)) for kind in found.kinds] == [
        ("Boligstøtte", "Udbetaling Danmark", 1),
        ("Sygedagpenge", "Randers Kommune", 2),
    ]


def test_months_stand_in_their_order() -> None:
    found = of({}, {"available": dt.date(2026, 2, 1)}, {"available": dt.date(2026, 9, 30)})
    assert [row.label for row in found.months] == ["februar", "september", "oktober"]


def test_an_amount_that_is_not_known_is_no_zero() -> None:
    found = of({"paid": None, "after_tax": None}, {"available": dt.date(2026, 9, 30)})
    september, october = found.months
    assert (october.sums.taken, october.sums.paid) == (None, None)
    assert september.sums.taken is not None
    assert september.sums.taken.words == "5.216,00"
    assert found.unknown == 1
    assert found.total.paid is not None
    assert found.total.paid.words == "13.412,00"


def test_tax_that_is_given_back_is_less_than_nothing() -> None:
    found = of({"gross": Decimal(-1450), "after_tax": Decimal(-1154)}, {"after_tax": Decimal("18627.995")})
    assert found.total.gross is not None
    assert found.total.gross.words == "17.178,00"
    assert found.total.taken is not None
    assert found.total.taken.words == "−296,00"
