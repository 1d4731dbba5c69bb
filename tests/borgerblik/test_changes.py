"""Why a month's money is not that of the month before: to the øre, and never by a guess."""

import datetime as dt
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from borgerblik.overview.closer import Change, MonthChange
from borgerblik.overview.elements import State
from indexes.records import Payment, PaymentPlan
from tests.borgerblik.makers import HOME, UDK, benefit, grant, line, payment, uuid
from tests.borgerblik.overviews import overview, readings

ORE = st.decimals(min_value=-9_999, max_value=99_999, places=2)
HELP = line(kle="32.24.04", grant_uuid=uuid("help"), benefit_id="1")
RENT = line(kle="32.06.12", grant_uuid=uuid("rent"))
GRANTS = [
    grant(),
    grant(uuid=uuid("help"), benefits=(benefit(kle="32.24.04"),), case_uuid=None),
    grant(uuid=uuid("rent"), owner_cvr=UDK, benefits=(benefit(kle="32.06.12"),), case_uuid=None),
]
KINDS = ((HOME, (line(),)), (HOME, (HELP,)), (HOME, (line(), HELP)), (UDK, (RENT,)))
SEPTEMBER, OCTOBER, NOVEMBER = dt.date(2026, 9, 30), dt.date(2026, 10, 30), dt.date(2026, 11, 30)


@st.composite
def payments(draw: st.DrawFn) -> list[Payment]:
    """Of several kinds from two authorities, over half a year; every amount that is left after tax is known."""
    made = []
    for number in range(draw(st.integers(0, 12))):
        owner, lines = draw(st.sampled_from(KINDS))
        made.append(
            payment(
                uuid=uuid(f"payment {number}"),
                available=draw(st.dates(dt.date(2026, 6, 1), dt.date(2026, 12, 1))),
                owner_cvr=owner,
                gross=draw(ORE),
                after_tax=draw(ORE),
                sent=draw(st.none() | ORE),
                paid=draw(st.none() | ORE),
                lines=lines,
            )
        )
    return made


@given(payments())
def test_the_differences_come_to_those_of_the_chart(made: list[Payment]) -> None:
    money = overview(grants=GRANTS, payments=made).money
    chart = {month.long_label: month.total.value for month in money.chart.months} if money.chart else {}
    names = list(chart)
    for change in money.changes():
        now = next(name for name in names if change.title.endswith(name))
        assert change.difference is not None
        assert change.difference.value == chart[now] - chart[names[names.index(now) - 1]]
        parts = [kind.difference.value for kind in change.changes if kind.difference]
        assert len(parts) == len(change.changes)
        assert sum(parts, Decimal(0)) == change.difference.value
        assert Decimal(0) not in parts


@given(payments())
def test_the_newest_change_is_the_first_of_them(made: list[Payment]) -> None:
    money = overview(grants=GRANTS, payments=made).money
    assert money.change() == next(iter(money.changes()), None)


@given(payments())
def test_each_difference_has_its_reason_or_says_that_none_is_known_and_whom_to_ask(made: list[Payment]) -> None:
    for month in overview(grants=GRANTS, payments=made).money.changes():
        for kind in month.changes:
            assert kind.contact.name == kind.sender
            assert kind.contact.phone
            assert kind.why or kind.words.endswith("ser vi ikke noget endnu.")


def changes(*made: dict[str, Any], grants: list[Any] | None = None, **more: Any) -> tuple[MonthChange, ...]:
    every = [payment(uuid=uuid(f"payment {number}"), **one) for number, one in enumerate(made)]
    return overview(grants=[grant()] if grants is None else grants, payments=every, **more).money.changes()


def only(month: MonthChange) -> Change:
    (kind,) = month.changes
    return kind


def test_nothing_is_told_without_money_or_of_a_month_that_has_only_begun() -> None:
    assert changes() == ()
    assert [month.title for month in changes({"available": OCTOBER})] == ["Fra september til oktober 2026"]


def test_a_month_like_the_one_before() -> None:
    october = changes({"available": OCTOBER}, {"available": SEPTEMBER})[0]
    assert october.words == "Du fik 13.412,00 kr. i alt i både september og oktober."
    assert october.changes == ()


def test_a_debt_is_told_with_its_day_and_who_took_it() -> None:
    reduced = {"available": OCTOBER, "paid": Decimal(12312), "paid_text": "Modregning fra Gældsstyrelsen"}
    november, october = changes({"available": NOVEMBER, "paid": None}, reduced, {"available": SEPTEMBER})[:2]
    assert october.words == "I oktober fik du 1.100,00 kr. mindre end i september."
    kind = only(october)
    assert (kind.title, kind.sender) == ("Sygedagpenge", "Randers Kommune")
    assert kind.words == "12.312,00 kr. i oktober og 13.412,00 kr. i september. Det er 1.100,00 kr. mindre."
    (why,) = kind.why
    assert why.startswith("Den 30. oktober: 1.100,00 kr. gik til at betale din gæld. Gældsstyrelsen bad om det.")
    assert [one.name for one in kind.creditors] == ["Gældsstyrelsen"]
    assert kind.contact.phone
    assert november.words == "I november får du 1.100,00 kr. mere end i oktober, som det ser ud nu."
    assert november.notes == (
        "Måneden er ikke slut. Der kan komme flere penge, og det, der er på vej, kan nå at ændre sig.",
    )


def test_two_payments_in_one_month_are_told_each() -> None:
    again = {"available": dt.date(2026, 10, 7), "start": dt.date(2026, 9, 1), "end": SEPTEMBER}
    back = {"available": SEPTEMBER, "start": dt.date(2026, 9, 1), "end": SEPTEMBER, "paid": Decimal(0)}
    october, september = changes({"available": OCTOBER}, again, {**back, "paid_text": "Kontoen er lukket"})
    assert only(october).why[:3] == (
        "Du fik penge 2 gange i oktober.",
        "Den 7. oktober kom der 13.412,00 kr. for september 2026.",
        "Den 30. oktober kom der 13.412,00 kr. for oktober 2026.",
    )
    assert only(october).why[3].endswith("Pengene blev udbetalt igen 7. oktober.")
    assert september.changes == ()


def test_that_no_receipt_has_come_is_no_reason() -> None:
    sent = {"paid": None}
    less = {"gross": Decimal(17950), "after_tax": Decimal(12980), "sent": Decimal(12980), **sent}
    lower = line(amount=Decimal(17950))
    october = changes({"available": OCTOBER, **sent}, {"available": SEPTEMBER, **less, "lines": (lower,)})[0]
    assert only(october).why == (
        "Beløbet før skat er 678,00 kr. større.",
        "Der er trukket 246,00 kr. mere i skat og ATP.",
        "Vi har ikke fået at vide, hvorfor beløbet før skat er ændret. Ring, og spørg.",
    )


def test_what_comes_every_other_week_comes_three_times_in_some_months() -> None:
    fortnightly = grant(benefits=(benefit(plans=(planned("18628", None, "Hver 14. dag"),)),))
    days = [dt.date(2026, 9, 3), dt.date(2026, 9, 17), dt.date(2026, 10, 1), dt.date(2026, 10, 15), OCTOBER]
    october = changes(*({"available": day} for day in days), grants=[fortnightly])[0]
    assert only(october).why[:2] == ("Pengene kommer hver 14. dag.", "Du fik penge 2 gange i september.")
    assert "Du fik penge 3 gange i oktober." in only(october).why


def test_a_correction_that_moved_no_money_explains_nothing() -> None:
    taken_back = {"gross": Decimal(-850), "after_tax": Decimal(-500), "sent": Decimal(0), "paid": None}
    less = {"available": OCTOBER, "sent": Decimal(13000), "paid": Decimal(13000), "sent_text": "Træk"}
    october = changes(less, {"available": dt.date(2026, 10, 14), **taken_back}, {"available": SEPTEMBER})[0]
    assert only(october).why == ("Den 30. oktober: 412,00 kr. er trukket fra. Grunden er: Træk.",)


def test_a_month_with_nothing_but_a_correction_has_nothing() -> None:
    taken_back = {"gross": Decimal(-850), "after_tax": Decimal(-500), "sent": Decimal(0), "paid": None}
    less = {"available": SEPTEMBER, "sent": Decimal(13000), "paid": Decimal(13000), "sent_text": "Træk"}
    october = changes({"available": OCTOBER, **taken_back}, less)[0]
    assert only(october).words == "13.000,00 kr. i september. I oktober ser vi ikke noget."
    assert only(october).why == ("Vi har ikke fået at vide hvorfor. Ring, og spørg.",)


def test_what_came_back_does_not_hide_that_the_other_payment_changed() -> None:
    back = {"available": dt.date(2026, 9, 7), "paid": Decimal(0), "paid_text": "Kontoen er lukket"}
    less = {"gross": Decimal(17950), "after_tax": Decimal(12980), "sent": Decimal(12980), "paid": Decimal(12980)}
    lower = line(amount=Decimal(17950))
    october = changes({"available": OCTOBER}, {"available": SEPTEMBER, **less, "lines": (lower,)}, back)[0]
    told, *others = only(october).why
    assert told.startswith("Den 7. september: 13.412,00 kr. kom ikke frem. Grunden er: Kontoen er lukket.")
    assert others == [
        "Beløbet før skat er 678,00 kr. større.",
        "Der er trukket 246,00 kr. mere i skat og ATP.",
        "Vi har ikke fået at vide, hvorfor beløbet før skat er ændret. Ring, og spørg.",
    ]


def test_a_change_before_tax_says_that_its_reason_is_not_known() -> None:
    less = {"gross": Decimal(17950), "after_tax": Decimal(12980), "sent": Decimal(12980), "paid": Decimal(12980)}
    lower = line(amount=Decimal(17950))
    october = changes({"available": OCTOBER, **less, "lines": (lower,)}, {"available": SEPTEMBER})[0]
    assert only(october).why == (
        "Beløbet før skat er 678,00 kr. mindre.",
        "Der er trukket 246,00 kr. mindre i skat og ATP.",
        "Vi har ikke fået at vide, hvorfor beløbet før skat er ændret. Ring, og spørg.",
    )


def planned(amount: str, start: dt.date | None, often: str = "Månedlig") -> PaymentPlan:
    return PaymentPlan(start=start, end=None, frequency=often, in_advance=None, day=None, amount=Decimal(amount))


def test_a_change_that_was_granted_is_told_instead() -> None:
    granted = benefit(plans=(planned("18628", dt.date(2026, 6, 2)), planned("19000", dt.date(2026, 10, 1))))
    more = {"gross": Decimal(19000), "after_tax": Decimal(13784), "sent": Decimal(13784), "paid": Decimal(13784)}
    october = changes(
        {"available": OCTOBER, **more, "lines": (line(amount=Decimal(19000)),)},
        {"available": SEPTEMBER},
        grants=[grant(benefits=(granted,))],
    )[0]
    assert only(october).why == (
        "Beløbet før skat er 372,00 kr. større.",
        "Det, du har fået ja til, er ændret fra 18.628,00 kr. til 19.000,00 kr. den 1. oktober.",
    )


def test_a_benefit_that_joins_another_in_one_payment_is_named() -> None:
    both = {"gross": Decimal(20000), "after_tax": Decimal(14784), "sent": Decimal(14784), "paid": Decimal(14784)}
    help_too = line(kle="32.24.04", grant_uuid=uuid("help"), amount=Decimal(1372))
    october = changes(
        {"available": OCTOBER, **both, "lines": (line(), help_too)}, {"available": SEPTEMBER}, grants=GRANTS
    )[0]
    kind = only(october)
    assert kind.title == "Sygedagpenge og kontanthjælp"
    assert kind.why[0] == "Kontanthjælp er med i oktober: 1.372,00 kr. før skat. Det var ikke med i september."


def test_what_came_says_since_when_it_was_granted() -> None:
    october = changes({"available": OCTOBER}, grants=[grant(start=dt.date(2026, 10, 5))])[0]
    kind = only(october)
    assert kind.words == "13.412,00 kr. i oktober. I september ser vi ikke noget."
    assert kind.why == ("Du har fået ja fra 5. oktober.",)


def test_what_went_says_until_when_it_was_granted() -> None:
    ended = grant(end=SEPTEMBER)
    october, _ = changes({"available": SEPTEMBER}, grants=[ended])
    assert only(october).words == "13.412,00 kr. i september. I oktober ser vi ikke noget."
    assert only(october).why == ("Du havde fået ja til og med 30. september.",)


def test_what_comes_each_quarter_is_not_missed_in_between() -> None:
    quarterly = grant(benefits=(benefit(plans=(planned("18628", None, "Kvartalsvis"),)),))
    october, _ = changes({"available": SEPTEMBER}, grants=[quarterly])
    assert only(october).why == ("Pengene kommer hvert kvartal.",)


def test_what_went_without_a_reason_says_that_none_is_known() -> None:
    october, _ = changes({"available": SEPTEMBER})
    assert only(october).why == ("Vi har ikke fået at vide hvorfor. Ring, og spørg.",)


def test_what_has_not_come_yet_this_month_is_not_gone() -> None:
    rent = {"owner_cvr": UDK, "lines": (RENT,)}
    november = changes({"available": NOVEMBER, "paid": None}, {"available": OCTOBER, **rent}, grants=GRANTS)[0]
    kind = next(kind for kind in november.changes if kind.sender == "Udbetaling Danmark")
    assert kind.words == "13.412,00 kr. i oktober. I november ser vi ikke noget endnu."
    assert kind.why == ()


def test_what_is_only_known_before_tax_is_not_compared_with_what_was_left() -> None:
    unknown = {"after_tax": None, "sent": None, "paid": None}
    november = changes({"available": NOVEMBER, **unknown}, {"available": OCTOBER})[0]
    assert november.difference is None
    assert november.words.startswith("Vi kender ikke alle beløb i november og oktober.")
    assert only(november).difference is None
    assert only(november).words == "Vi kender kun beløbet før skat. Det er det samme i november som i oktober."
    came, *_ = changes({"available": OCTOBER, **unknown})
    assert only(came).words == "18.628,00 kr. før skat i oktober. I september ser vi ikke noget."


def test_where_not_all_is_seen_that_is_said() -> None:
    october = changes({"available": OCTOBER}, {"available": SEPTEMBER}, reads=readings(yi=State.STALE))[0]
    assert october.notes == ("Vi kan ikke se alt lige nu. Her er det, vi kan vise.",)


def test_in_english() -> None:
    reduced = {"available": OCTOBER, "paid": Decimal(12312), "paid_text": "Modregning fra Gældsstyrelsen"}
    october = changes(reduced, {"available": SEPTEMBER}, language="en")[0]
    assert october.title == "From September to October 2026"
    assert october.words == "In October you received DKK 1,100.00 less than in September."
