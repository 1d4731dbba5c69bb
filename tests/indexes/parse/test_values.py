"""Single values: what is accepted, and how the rest fails."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexes.parse import values
from indexes.parse.problems import Gone, Unusable
from indexes.records import Defect, RefusalReason


@pytest.mark.parametrize(
    ("text", "day"),
    [
        (None, None),
        ("", None),
        ("2025-03-01", date(2025, 3, 1)),
        ("2025-03-01+01:00", date(2025, 3, 1)),
        ("2025-03-01Z", date(2025, 3, 1)),
        ("01-03-2025", date(2025, 3, 1)),
        ("2025-03-01T00:00:00+01:00", date(2025, 3, 1)),
        ("2025-03-31T00:00:00+02:00", date(2025, 3, 31)),
        ("2025-03-30T22:00:00Z", date(2025, 3, 31)),
        ("2025-03-31T00:00:00", date(2025, 3, 31)),
        ("2025-02-29", None),
        ("2024-02-29", date(2024, 2, 29)),
        ("2025-02-31T00:00:00Z", None),
        ("31-02-2025", None),
        ("1-3-2025", None),
        ("2025-3-1", None),
        ("20250301", None),
        ("2025-W09-6", None),
        ("0001-01-01", None),
        ("1899-12-31", None),
        ("1900-01-01", date(1900, 1, 1)),
        ("2200-12-31", date(2200, 12, 31)),
        ("9999-12-31T23:59:59Z", None),
        ("٢٠٢٥-٠٣-٠١", None),
        ("i morgen", None),
    ],
)
def test_day_of(text: str | None, day: date | None) -> None:
    assert values.day_of(text) == day
    defects: set[Defect] = set()
    assert values.optional_day(text, defects) == day
    assert defects == ({Defect.BAD_OPTIONAL_DATE} if text and day is None else set())


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2025-03-10T09:12:00+01:00", datetime(2025, 3, 10, 8, 12, tzinfo=UTC)),
        ("2025-03-10T09:12:00.123456789Z", datetime(2025, 3, 10, 9, 12, 0, 123456, tzinfo=UTC)),
        ("2025-07-10T09:12:00", datetime(2025, 7, 10, 7, 12, tzinfo=UTC)),
        ("0001-01-01T00:00:00+14:00", values.BEGINNING),
        ("9999-12-31T23:59:59-12:00", values.END),
        ("2025-03-10", None),
        ("2025-03-10 09:12:00Z", None),
        ("2025-03-10T25:12:00Z", None),
        ("2025-03-10T09:12:00+25:00", None),
        ("-0044-03-15T00:00:00Z", None),
        ("", None),
    ],
)
def test_instant(text: str, moment: datetime | None) -> None:
    assert values.instant(text) == moment


@given(st.text(max_size=30))
def test_any_text_is_a_value_or_none(text: str) -> None:
    values.instant(text)
    values.day_of(text)
    values.uuid_or_none(text)
    values.kle_or_none(text)
    values.facet_or_none(text)
    values.flag(text)


@pytest.mark.parametrize("text", ["0", "-850.00", "6694", "6694.00", "0.005"])
def test_amounts(text: str) -> None:
    assert values.amount(text, "x") == Decimal(text)


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "1.234,56",
        "1,5",
        "1e3",
        "+5",
        ".5",
        "5.",
        "NaN",
        "Infinity",
        "٥",
        "9" * 99,
        "7513804321",
        "1.7513804321",
    ],
)
def test_amounts_that_cannot_be_read(text: str | None) -> None:
    with pytest.raises(Unusable) as caught:
        values.amount(text, "Beløb")
    assert (caught.value.reason, caught.value.what) == (RefusalReason.BAD_AMOUNT, "Beløb")


def test_a_missing_amount_may_be_none_but_not_a_bad_one() -> None:
    assert values.amount_or_none(None, "x") is None
    with pytest.raises(Unusable):
        values.amount_or_none("mange", "x")


@pytest.mark.parametrize("urn", ["urn:oio:cpr-nr:7513804321", "URN:OIO:CPR-NR:7513804321"])
def test_a_citizen_by_urn(urn: str) -> None:
    assert values.cpr_of_urn(urn, "x") == "7513804321"


@pytest.mark.parametrize(
    "urn", ["urn:oio:us:personid:1234567", "urn:oio:udk:borgerid:123456789012", "urn:oio:pnr:1234567890", "7513804321"]
)
def test_somebody_who_is_not_known_by_a_cpr_number(urn: str) -> None:
    with pytest.raises(Gone):
        values.cpr_of_urn(urn, "x")


@pytest.mark.parametrize(
    "number", ["", "751380432", "75138043210", "751380-4321", "751380432x", "７５１３８０４３２１"]
)
def test_a_cpr_number_that_cannot_be_read(number: str) -> None:
    with pytest.raises(Unusable) as caught:
        values.cpr_of_urn(f"urn:oio:cpr-nr:{number}", "Sagspart")
    assert not number or number not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "reason"),
    [(None, RefusalReason.NO_OWNER), ("", RefusalReason.NO_OWNER), ("1111111", RefusalReason.BAD_DECIDING_FIELD)],
)
def test_an_owner_that_cannot_be_read(text: str | None, reason: RefusalReason) -> None:
    with pytest.raises(Unusable) as caught:
        values.cvr(text, "x")
    assert caught.value.reason is reason


def test_owners() -> None:
    assert values.cvr("11111111", "x") == values.cvr("urn:oio:cvr-nr:11111111", "x") == "11111111"


@pytest.mark.parametrize(
    "text", ["3f6c0d0e5a0d4a499f0e6f6f3b1b0a01", "{3f6c0d0e-5a0d-4a49-9f0e-6f6f3b1b0a01}", "", None]
)
def test_other_spellings_of_a_uuid_are_none(text: str | None) -> None:
    assert values.uuid_or_none(text) is None
