"""A helper looks, and says nothing in the giver's name: the database takes and shows no report or objection."""

import datetime as dt
from uuid import uuid4

import pytest
from django.db import ProgrammingError, transaction

from borgerblik import access_log, objections, reports
from borgerblik.grants import ByGrant, ByNumber, Leave, Reader, open_grant
from borgerblik.models import AccessEntry, AccessObjection, ItemReport, PowerOfAttorney
from borgerblik.overview.reports import ItemKind
from borgerblik.powers import ByPower
from borgerblik.wanted import wanted
from indexes.identity import citizen_id_for
from indexes.store import save
from tests.indexes.makers import BO, METTE, NOW, case, parsed
from tests.roles import WEB, asked_as

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)
THEMSELVES = Reader(actor="citizen", organisation="", system="tests", purpose="own_page")
SYSTEM = Reader(actor="x", organisation="Digitaliseringsstyrelsen", system="rest", purpose="consumer")
CASE = case(cpr=METTE)


@pytest.fixture
def mette() -> ByGrant:
    """Mette, who has a case, and whom a system has looked at."""
    save(parsed(CASE), wanted=wanted(), now=NOW)
    open_grant(METTE, THEMSELVES, token="mette", lasts=HOUR)
    access_log.read_citizen(ByNumber(cpr=METTE, reader=SYSTEM), near=[], what="overview")
    return ByGrant(token="mette")


@pytest.fixture
def helper(mette: ByGrant) -> ByPower:  # noqa: ARG001 - first Mette
    """Bo, whom Mette lets see what he likes."""
    helper = open_grant(BO, THEMSELVES, token="bo", lasts=HOUR)
    made = dt.datetime.now(dt.UTC)
    power = PowerOfAttorney.objects.create(
        id=uuid4(),
        giver_id=citizen_id_for(METTE),
        giver_name="Mette",
        giver_given_name="Mette",
        municipality="0730",
        helper_id=helper,
        helper_name="Bo",
        areas=["social"],
        made=made,
        offered_until=made,
        accepted=made,
        until=made + HOUR,
    )
    return ByPower(token="bo", power=power.id)


def report(leave: Leave) -> None:
    said = reports.Said(kind=ItemKind.CASE, item=CASE.uuid, reason="other", words="")
    with asked_as(lambda: WEB), transaction.atomic():
        reports.make(leave, said, now=NOW)


def object_to_it(leave: Leave) -> None:
    entry = AccessEntry.objects.get(actor="x").pk
    with asked_as(lambda: WEB), transaction.atomic():
        objections.make(leave, objections.Said(entry=entry, reason="other", words=""), municipality="0730", now=NOW)


def test_a_report_is_the_givers_own(mette: ByGrant, helper: ByPower) -> None:
    with pytest.raises(ProgrammingError, match="row-level security"):
        report(helper)
    assert not ItemReport.objects.exists()
    report(mette)
    assert ItemReport.objects.count() == 1


def test_an_objection_is_the_givers_own(mette: ByGrant, helper: ByPower) -> None:
    with pytest.raises(objections.UnknownEntryError):
        object_to_it(helper)
    entry = AccessEntry.objects.get(actor="x")
    objection = AccessObjection(
        citizen=entry.citizen or uuid4(),
        entry=entry.pk,
        at=entry.at,
        yours=False,
        organisation=entry.organisation,
        what=entry.what,
        purpose=entry.purpose,
        receipt="1" * 12,
        municipality="0730",
        reason="other",
        words="",
        made=NOW,
    )
    with asked_as(lambda: WEB), transaction.atomic():
        access_log.open_citizen(helper, what="log")
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            objection.save(force_insert=True)
    assert not AccessObjection.objects.exists()
    object_to_it(mette)
    assert AccessObjection.objects.count() == 1


def test_what_the_giver_has_said_is_wrong_is_not_read_by_a_helper(mette: ByGrant, helper: ByPower) -> None:
    report(mette)
    object_to_it(mette)
    for leave, number in ((helper, 0), (mette, 1)):
        with asked_as(lambda: WEB), transaction.atomic():
            access_log.open_citizen(leave, what="overview")
            assert (ItemReport.objects.count(), AccessObjection.objects.count()) == (number, number)


def test_who_else_has_looked_is_not_read_by_a_helper(mette: ByGrant, helper: ByPower) -> None:
    """The log: of the giver's own only, though a helper's reading stands in it."""
    for leave, others in ((helper, []), (mette, ["x", "helper"])):
        with asked_as(lambda: WEB), transaction.atomic():
            access_log.open_citizen(leave, what="overview")
            read = AccessEntry.objects.exclude(actor="citizen").order_by("id").values_list("actor", flat=True)
            assert [actor.partition(" ")[0] for actor in read] == others


def test_a_system_that_calls_reads_the_log(mette: ByGrant) -> None:  # noqa: ARG001 - it is hers
    with asked_as(lambda: WEB), transaction.atomic():
        access_log.open_citizen(ByNumber(cpr=METTE, reader=SYSTEM), what="log")
        assert AccessEntry.objects.filter(actor="x").count() == 2
