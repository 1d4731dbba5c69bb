"""Whole answers, written by hand beside the indexes' own schemas, which they validate against."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest

from indexes.mock.answers import Source
from indexes.parse.roles import SdiRoles, YiRoles
from indexes.parse.sdi import parse_sdi
from indexes.parse.yi import parse_yi
from indexes.records import (
    Case,
    CaseStatus,
    Defect,
    Grant,
    Item,
    Parsed,
    Payment,
    PaymentLine,
    PaymentPlan,
    Period,
    Record,
    Sensitivity,
    Step,
)
from indexes.soap import parse_xml
from tests.schemas import check

SAMPLES = Path(__file__).parent / "samples"
AT = datetime(2026, 3, 1, tzinfo=UTC)
GRANT_UUID = UUID("4f6c0d0e-5a0d-4a49-9f0e-6f6f3b1b0a01")


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def record_of(item: Item) -> Record:
    assert isinstance(item, Parsed)
    return item.record


def test_sags_og_dokumentindeks() -> None:
    answer = parse_sdi(sample("sdi_fremsoeg_output.xml"), at=AT, roles=SdiRoles())
    first, second, third = (
        datetime(2025, 2, 3, 9, tzinfo=UTC),
        datetime(2025, 2, 19, 23, tzinfo=UTC),
        datetime(2025, 3, 9, 23, tzinfo=UTC),
    )
    assert answer.total == {"case": 1}
    assert answer.items == (
        Parsed(
            record=Case(
                uuid=UUID("3f6c0d0e-5a0d-4a49-9f0e-6f6f3b1b0a01"),
                registered=datetime(2025, 3, 10, 8, 12, tzinfo=UTC),
                holds=Period(start=datetime(2025, 2, 2, 23, tzinfo=UTC)),
                owner_cvr="11111111",
                cpr="0123456789",
                kle="32.24.04",
                fagsystem="KY",
                sensitivity=Sensitivity.CONFIDENTIAL,
                hidden=False,
                opened=date(2025, 2, 3),
                title="Hjælp til forsørgelse",
                number="2025-000123",
                status_text="Oplysninger indhentes",
                unit="Ydelsescenter Korsbæk",
                progress=(
                    Step(status=CaseStatus.RECEIVED, period=Period(start=first, end=second)),
                    Step(status=CaseStatus.INFORMED, period=Period(start=second, end=third)),
                    Step(status=CaseStatus.DECIDED, period=Period(start=third)),
                ),
            )
        ),
    )


def test_ydelsesindeks() -> None:
    answer = parse_yi(sample("yi_fremsoeg_output.xml"), at=AT, roles=YiRoles())
    assert answer.total == {"grant": 1}
    assert [item.defects for item in answer.items if isinstance(item, Parsed)] == [
        (Defect.NO_FAGSYSTEM, Defect.NO_UNIT),
        (Defect.NO_FAGSYSTEM, Defect.NO_UNIT),
    ]
    grant, payment = map(record_of, answer.items)
    assert isinstance(grant, Grant)
    assert (grant.uuid, grant.cpr, grant.owner_cvr, grant.sensitivity, grant.start) == (
        GRANT_UUID,
        "0123456789",
        "11111111",
        Sensitivity.CONFIDENTIAL,
        date(2025, 3, 1),
    )
    (benefit,) = grant.benefits
    assert (benefit.id, benefit.name, benefit.kle, benefit.start, benefit.end) == (
        "1",
        "Kontanthjælp",
        "32.24.04",
        date(2025, 3, 1),
        None,
    )
    assert benefit.plans == (
        PaymentPlan(
            start=date(2025, 3, 1),
            end=None,
            frequency="Månedlig",
            in_advance=False,
            day="Sidste bankdag i måneden",
            amount=Decimal("6694.00"),
        ),
    )
    assert isinstance(payment, Payment)
    assert (payment.gross, payment.after_tax, payment.sent, payment.paid) == (
        Decimal("6694.00"),
        Decimal("5010.50"),
        Decimal("5010.50"),
        Decimal("4510.50"),
    )
    assert (payment.start, payment.end, payment.available) == (date(2025, 3, 1), date(2025, 3, 31), date(2025, 3, 31))
    assert payment.paid_text == "Modregning fra Gældsstyrelsen"
    assert payment.lines == (
        PaymentLine(
            kle="32.24.04",
            amount=Decimal("6694.00"),
            start=date(2025, 3, 1),
            end=date(2025, 3, 31),
            grant_uuid=GRANT_UUID,
            benefit_id="1",
        ),
    )


def test_the_search_we_send_is_no_answer() -> None:
    data = sample("sdi_fremsoeg_input.xml")
    with pytest.raises(Exception, match="not an answer to what was asked"):
        parse_sdi(data, at=AT, roles=SdiRoles())


@pytest.mark.parametrize("name", sorted(path.name for path in SAMPLES.iterdir()))
def test_they_are_valid(name: str) -> None:
    check(Source(name.partition("_")[0]), parse_xml(sample(name)))
