"""The table of all payments: what a spreadsheet reads of it, and that it calculates nothing."""

import csv
import datetime as dt
import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from borgerblik.overview.shapes import Overview
from borgerblik.payments_csv import BOM, harmless, payments_csv
from borgerblik.words import load
from tests.borgerblik.makers import TODAY, benefit, grant, line, payment, uuid
from tests.borgerblik.overviews import overview
from tests.sample_overview import SAMPLES


def table(shown: Overview) -> list[list[str]]:
    text = payments_csv(shown, load(shown.language))
    assert text.startswith(BOM)
    return list(csv.reader(io.StringIO(text.removeprefix(BOM), newline=""), delimiter=";"))


def test_a_row_for_each_payment_as_danish_excel_reads_it() -> None:
    shown = overview(
        grants=[grant()],
        payments=[
            payment(),
            payment(uuid=uuid("coming"), available=TODAY + dt.timedelta(days=6), sent=None, paid=None),
            payment(uuid=uuid("less"), available=dt.date(2026, 9, 30), gross=Decimal("-850.5"), after_tax=None),
        ],
    )
    assert payments_csv(shown, load("da")).splitlines() == [
        f"{BOM}Dag;Hvad;For;Fra;Status;Før skat;Efter skat og ATP;Til din konto;Udbetalt til dig",
        "2026-11-30;Sygedagpenge;oktober 2026;Randers Kommune;På vej;18628,00;13412,00;;",
        "2026-10-30;Sygedagpenge;oktober 2026;Randers Kommune;Udbetalt;18628,00;13412,00;13412,00;13412,00",
        "2026-09-30;Sygedagpenge;oktober 2026;Randers Kommune;Rettet;-850,50;;13412,00;13412,00",
    ]


def test_lines_end_as_the_format_says() -> None:
    text = payments_csv(SAMPLES["rich"]("da"), load("da"))
    assert text.endswith("\r\n")
    assert text.count("\r\n") == text.count("\n") == text.count("\r")


def test_the_headings_are_in_the_readers_language() -> None:
    assert table(SAMPLES["rich"]("en"))[0][:5] == ["Day", "What", "For", "From", "Status"]


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_every_payment_is_in_it_once(name: str) -> None:
    shown = SAMPLES[name]("da")
    _, *rows = table(shown)
    every = [*reversed(shown.money.coming), *shown.money.payments]
    assert [(row[0], row[1], row[3]) for row in rows] == [(one.when.iso, one.title, one.sender) for one in every]
    assert {len(row) for row in rows} <= {9}


@pytest.mark.parametrize(
    ("title", "seen"),
    [
        ('=HYPERLINK("http://x")', '\'=HYPERLINK("http://x")'),
        ("+1", "'+1"),
        ("-1+1", "'-1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'=1"),
        ("\r=1", "'=1"),
        ("\N{FULLWIDTH EQUALS SIGN}1", "'\N{FULLWIDTH EQUALS SIGN}1"),
        ("Husleje;\n=1", "Husleje; =1"),
        ("Husleje - a = b", "Husleje - a = b"),
        ("", ""),
    ],
)
def test_no_text_is_a_formula(title: str, seen: str) -> None:
    assert harmless(title) == seen


@given(st.text())
def test_whatever_the_text_its_cell_begins_with_nothing_that_is_calculated(text: str) -> None:
    assert not harmless(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n", " "))
    assert len(harmless(text).splitlines()) <= 1


def test_a_title_of_the_register_is_harmless_in_the_table() -> None:
    twice = (benefit(id="1", name="=1+1"), benefit(id="2", name="Andet"))
    paid = payment(lines=(line(benefit_id="1"),))
    assert table(overview(grants=[grant(benefits=twice)], payments=[paid]))[1][1] == "'=1+1"
