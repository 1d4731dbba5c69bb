"""What a citizen sees after an event: what changed, what is gone with all that hangs on it, and how old it all is."""

from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import call_command

from borgerblik.grants import ByNumber, Reader
from borgerblik.overview.material import Person
from borgerblik.overview.shapes import Overview
from borgerblik.service import overview_of
from indexes.mock.dice import Kind
from indexes.mock.objects import Case, Grant, Payment
from indexes.models import SourceState
from indexes.records import Source
from tests.events.makers import PEOPLE, instant, minutes, take, told
from tests.indexes.makers import NOW, RANDERS, UDK

pytestmark = pytest.mark.django_db
READER = Reader(actor="citizen", organisation="", system="tests", purpose="own_page")


@pytest.fixture(autouse=True)
def _fresh_sources() -> None:
    call_command("load_demo", verbosity=0, stdout=StringIO())
    for source in Source:
        for cvr in (RANDERS, UDK):
            SourceState.objects.create(source=source, authority_cvr=cvr, last_attempt=NOW, last_success=NOW, rows=1)


def one_of_each() -> tuple[Case, Grant, Payment]:
    """A case of Mette's, a grant that belongs to it, and a payment of that grant."""
    cases = {case.uuid: case for case in PEOPLE.of("mette", Kind.CASE) if isinstance(case, Case)}
    grants = {grant.uuid: grant for grant in PEOPLE.of("mette", Kind.GRANT) if isinstance(grant, Grant)}
    for payment in PEOPLE.of("mette", Kind.PAYMENT):
        if isinstance(payment, Payment) and (grant := grants.get(payment.lines[0].grant_uuid)):
            case = cases.get(grant.case_uuid or "")
            if case is not None and case.owner.cvr == RANDERS:
                return case, grant, replace(payment, lines=payment.lines[:1])
    raise AssertionError("Mette's story has no payment of a case any more.")


CASE, GRANT, PAYMENT = one_of_each()


def look() -> Overview:
    person = Person(name="Mette Lund", given_name="Mette", birth_date=None, municipality="0730")
    return overview_of(ByNumber(cpr=CASE.cpr or "", reader=READER), person, language="da", now=minutes(20))


def shown() -> tuple[bool, bool]:
    """Whether the case is shown, and whether any money is."""
    seen = look()
    cases = {item.uuid for item in (*seen.cases.open.items, *seen.cases.closed.items)}
    money = {item.uuid for item in (*seen.money.coming.items, *seen.money.payments.items)}
    return CASE.uuid in cases, bool(money) or bool(seen.money.grants)


@pytest.fixture
def _told_of_all() -> None:
    take(told(CASE, made=NOW), told(GRANT, made=NOW), told(PAYMENT, made=NOW), now=minutes(1))
    assert shown() == (True, True)


@pytest.mark.usefixtures("_told_of_all")
@pytest.mark.parametrize("how", ["removed", "deleted", "hidden"])
def test_with_a_case_goes_all_that_hangs_on_it(how: str) -> None:
    after = {
        "removed": CASE,
        "deleted": replace(CASE, registered=instant(minutes(5)), lifecycle="Slettet"),
        "hidden": replace(CASE, registered=instant(minutes(5)), hidden=True),
    }[how]
    take(told(after, made=minutes(5), removed=minutes(5) if how == "removed" else None), now=minutes(6))
    assert shown() == (False, False)


@pytest.mark.usefixtures("_told_of_all")
def test_with_a_grant_go_its_payments() -> None:
    take(told(GRANT, made=minutes(5), removed=minutes(5)), now=minutes(6))
    assert shown() == (True, False)


def test_an_event_makes_no_source_fresh() -> None:
    """Nothing was ever read of the cases: what an event brings is shown, and that it may not be all is still said."""
    SourceState.objects.filter(source=Source.SDI).update(
        last_success=None, failed_since=NOW, error="timeout", message="No answer."
    )
    before = [source.state for source in look().sources]
    take(told(CASE, made=NOW), now=minutes(1))
    assert shown()[0]
    assert [source.state for source in look().sources] == before
    assert SourceState.objects.filter(source=Source.SDI, last_success__isnull=False).count() == 0
