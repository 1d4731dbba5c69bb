"""Money in words: what comes, what came and why it differs, what was granted."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from borgerblik.overview.shapes import MonthChart
from indexes.records import CaseStatus, PaymentPlan
from tests.borgerblik.makers import (
    TODAY,
    UDK,
    benefit,
    case,
    grant,
    line,
    payment,
    uuid,
)
from tests.borgerblik.overviews import overview


def chart_of(**records: Any) -> MonthChart:
    chart = overview(grants=[grant()], **records).money.chart
    assert chart is not None
    return chart


def once(**changes: Any) -> PaymentPlan:
    values = {"start": None, "end": None, "frequency": "Engangsydelse", "in_advance": None, "day": None}
    return PaymentPlan(**{**values, "amount": Decimal(18400), **changes})


def test_what_was_paid_once_does_not_run() -> None:
    loan = grant(case_uuid=uuid("case"), benefits=(benefit(repayable=True, plans=(once(),)),))
    page = overview(cases=[case(status=CaseStatus.DECIDED)], grants=[loan], payments=[payment()])
    assert page.cases.open[0].status.words == "Pengene er udbetalt"
    (view,) = page.money.grants
    assert (view.active, view.ended) == (False, True)
    assert view.amount_words == "18.400,00 kr. før skat én gang"
    assert view.repay is not None
    assert view.repay.startswith("Det er et lån. Du skal betale pengene tilbage.")
    before = overview(cases=[case()], grants=[loan]).cases.open[0]
    assert before.status.words == "Du får pengene"


def test_a_grant_that_begins_later_has_not_ended() -> None:
    (view,) = overview(grants=[grant(start=TODAY + dt.timedelta(days=30))]).money.grants
    assert (view.active, view.ended) == (False, False)


def test_a_coming_payment_that_a_debt_takes_is_still_told() -> None:
    taken = payment(available=dt.date(2026, 11, 30), paid=Decimal(0), paid_text="Modregning fra Gældsstyrelsen")
    money = overview(grants=[grant()], payments=[taken]).money
    assert money.next is None
    assert [view.amount.value for view in money.coming] == [0]


def test_a_reduced_payment_is_explained() -> None:
    reduced = payment(
        sent=Decimal(10214), paid=Decimal(9114), paid_text="Modregning fra Gældsstyrelsen", after_tax=Decimal(10214)
    )
    page = overview(grants=[grant()], payments=[reduced])
    assert page.lead.endswith("Der er noget, du skal læse først.")
    view = page.money.payments[0]
    (said,) = view.explanation
    assert said.startswith("1.100,00 kr. gik til at betale din gæld. Gældsstyrelsen bad om det.")
    assert view.amount.words == "9.114,00 kr."
    assert [step.label for step in view.ladder] == [
        "Før skat",
        "Efter skat og ATP",
        "Til din konto",
        "Udbetalt til dig",
    ]
    assert page.attention[0].title == "Du fik mindre end beregnet: Sygedagpenge"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("da", "Du har fået 500,00 kr. for meget. Det bliver trukket i en senere udbetaling."),
        ("en", "You have been paid DKK 500.00 too much. It will be taken from a later payment."),
    ],
)
def test_a_correction_is_told_in_plain_words_of_the_readers_language(language: str, said: str) -> None:
    correction = payment(
        gross=Decimal(-850),
        after_tax=Decimal(-500),
        sent=Decimal(0),
        paid=None,
        sent_text="For meget udbetalt. Beløbet trækkes i en senere udbetaling.",
    )
    (view,) = overview(language=language, grants=[grant()], payments=[correction]).money.payments
    assert view.explanation[-1] == said


def test_a_payment_that_came_back() -> None:
    back = payment(paid=Decimal(0), paid_text="Udbetaling tilbageført: kontoen er lukket")
    view = overview(grants=[grant()], payments=[back]).money.payments[0]
    assert view.status.code == "reversed"
    assert "NemKonto" in view.explanation[-1]
    assert view.amount.value == 0


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("Kontoen er spærret.", "13.412,00 kr. kom ikke frem. Grunden er: Kontoen er spærret."),
        (None, "13.412,00 kr. kom ikke frem. Vi har ikke fået at vide hvorfor."),
    ],
)
def test_money_that_came_back_is_not_said_to_be_taken(told: str | None, said: str) -> None:
    (view,) = overview(grants=[grant()], payments=[payment(paid=Decimal(0), paid_text=told)]).money.payments
    assert view.explanation[0] == said
    assert view.ladder[-1].words == said


def test_a_payment_that_came_back_and_was_paid_again() -> None:
    back = payment(paid=Decimal(0), paid_text="Udbetaling tilbageført: kontoen er lukket")
    again = payment(uuid=uuid("again"), available=dt.date(2026, 11, 6))
    view = next(v for v in overview(grants=[grant()], payments=[back, again]).money.payments if v.amount.value == 0)
    assert view.explanation[-1] == "Pengene blev udbetalt igen 6. november."


def test_a_payment_of_which_only_the_gross_is_known_is_not_said_to_be_sent() -> None:
    view = overview(grants=[grant()], payments=[payment(after_tax=None, sent=None, paid=None)]).money.payments[0]
    assert view.status.words == "Ikke bekræftet"
    assert view.explanation == (
        "Vi kender kun beløbet før skat. Vi ved ikke, hvad der bliver tilbage.",
        "Vi har ikke fået at vide, om pengene er sendt. Ring, hvis du mangler dem.",
    )


def test_a_payment_that_is_not_known_to_have_come_has_not_come_in_the_chart() -> None:
    only_gross = payment(after_tax=None, sent=None, paid=None)
    (part,) = chart_of(payments=[only_gross]).months[-2].parts
    assert part.planned
    assert chart_of(payments=[only_gross]).words == "Vi kan ikke se nogen penge, der er kommet i de seneste måneder."
    (sent,) = chart_of(payments=[payment(paid=None)]).months[-2].parts
    assert not sent.planned


def test_a_next_payment_of_which_only_the_gross_is_known_says_so() -> None:
    coming = payment(available=dt.date(2026, 11, 30), after_tax=None, sent=None, paid=None)
    money = overview(grants=[grant()], payments=[coming]).money
    assert money.next is not None
    assert money.next.words.endswith("Noget af beløbet er før skat. Vi ved ikke, hvad der bliver trukket.")
    assert money.coming[0].explanation == ("Vi kender kun beløbet før skat. Vi ved ikke, hvad der bliver tilbage.",)


def test_a_month_tells_what_is_paid_from_what_is_on_its_way() -> None:
    coming = payment(uuid=uuid("b"), available=dt.date(2026, 11, 30), paid=None)
    page = overview(grants=[grant()], payments=[payment(available=dt.date(2026, 11, 2)), coming])
    assert page.money.chart is not None
    assert [(part.planned, part.amount.value) for part in page.money.chart.months[-1].parts] == [
        (False, Decimal(13412)),
        (True, Decimal(13412)),
    ]
    assert len(page.money.chart.keys) == 1


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        (dt.date(2026, 10, 1), dt.date(2026, 10, 31), "oktober 2026"),
        (dt.date(2026, 10, 1), dt.date(2026, 12, 31), "oktober til december 2026"),
        (dt.date(2025, 12, 1), dt.date(2026, 1, 31), "december 2025 til januar 2026"),
        (dt.date(2026, 10, 5), dt.date(2026, 11, 4), "5. oktober til 4. november 2026"),
    ],
)
def test_the_period_of_a_payment(start: dt.date, end: dt.date, said: str) -> None:
    (view,) = overview(grants=[grant()], payments=[payment(start=start, end=end)]).money.payments
    assert view.period == said


def test_what_is_set_off_did_not_come_back() -> None:
    taken = payment(paid=Decimal(0), paid_text="Modregning fra Gældsstyrelsen")
    view = overview(grants=[grant()], payments=[taken]).money.payments[0]
    assert view.status.code == "reduced"
    assert not any("kom tilbage" in sentence for sentence in view.explanation)


def test_a_correction_is_not_money_on_its_way() -> None:
    later = dt.date(2026, 11, 30)
    correction = {"gross": Decimal(-850), "after_tax": Decimal(-500), "sent": None, "paid": None}
    page = overview(
        grants=[grant()],
        payments=[payment(uuid=uuid("a"), available=later, **correction), payment(uuid=uuid("b"), **correction)],
    )
    assert page.money.next is None
    assert page.money.chart is not None
    assert {month.total.value for month in page.money.chart.months} == {0}
    assert not any("Pengene er sendt" in sentence for sentence in page.money.payments[0].explanation)


def test_a_grant_is_the_sum_of_what_is_planned_today() -> None:
    def planned(amount: int, start: dt.date, end: dt.date | None = None, often: str = "Månedlig") -> PaymentPlan:
        return PaymentPlan(start=start, end=end, frequency=often, in_advance=None, day=None, amount=Decimal(amount))

    old = planned(1000, dt.date(2025, 1, 1), dt.date(2025, 12, 31))
    two = (benefit(plans=(old, planned(2000, dt.date(2026, 1, 1)))), benefit(id="2", plans=(planned(500, TODAY),)))
    (view,) = overview(grants=[grant(benefits=two)], payments=[payment()]).money.grants
    assert view.amount_words == "2.500,00 kr. før skat hver måned"
    untaxed = payment(after_tax=Decimal(18628), sent=Decimal(18628), paid=Decimal(18628))
    (view,) = overview(grants=[grant(benefits=two)], payments=[untaxed]).money.grants
    assert view.amount_words == "2.500,00 kr. hver måned"
    mixed = (benefit(plans=(planned(2000, TODAY),)), benefit(id="2", plans=(planned(500, TODAY, often="Kvartalsvis"),)))
    assert overview(grants=[grant(benefits=mixed)]).money.grants[0].amount is None


def test_the_next_payment_adds_up_what_comes_that_day() -> None:
    day = dt.date(2026, 11, 30)
    coming = [
        payment(uuid=uuid("a"), available=day, paid=None),
        payment(uuid=uuid("b"), available=day, paid=None, sent=Decimal("1216.50")),
        payment(uuid=uuid("c"), available=day + dt.timedelta(days=1), paid=None),
    ]
    page = overview(grants=[grant()], payments=coming)
    assert page.money.next is not None
    assert page.money.next.total.words == "14.628,50 kr."
    assert page.money.next.when.words == "mandag den 30. november"
    assert len(page.money.coming) == len(coming)
    assert not page.money.payments
    assert "På vej" in {view.status.words for view in page.money.coming}


def test_the_months_of_the_chart_are_the_last_six() -> None:
    page = overview(grants=[grant()], payments=[payment()])
    assert page.money.chart is not None
    assert [month.label for month in page.money.chart.months] == ["jun.", "jul.", "aug.", "sep.", "okt.", "nov."]
    assert [month.total.value for month in page.money.chart.months] == [0, 0, 0, 0, 13412, 0]


def test_a_line_has_the_name_of_its_benefit() -> None:
    housing = grant(uuid=uuid("g2"), owner_cvr=UDK, benefits=(benefit(kle="32.06.12"),), case_uuid=None)
    paid = payment(owner_cvr=UDK, lines=(line(kle="32.06.12", grant_uuid=uuid("g2")),))
    page = overview(grants=[housing], payments=[paid])
    assert page.money.payments[0].title == "Boligstøtte"
    assert page.money.payments[0].sender == "Udbetaling Danmark"


def test_two_benefits_with_one_number_are_told_apart() -> None:
    two = (benefit(id="1", name="Folkepension"), benefit(id="2", name="Pensionstillæg"))
    paid = payment(lines=(line(benefit_id="1"), line(benefit_id="2")))
    (view,) = overview(grants=[grant(benefits=two)], payments=[paid]).money.payments
    assert view.title == "Folkepension og pensionstillæg"
    assert [each.title for each in view.lines] == ["Folkepension", "Pensionstillæg"]
