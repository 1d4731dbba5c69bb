"""What is held longer than it may be goes, what may stay stays, and nothing comes back the next night."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from celery.schedules import crontab
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from oauth2_provider.models import AccessToken

from borgerblik import kle_edition
from borgerblik.grants import Reader, open_grant
from borgerblik.models import AccessEntry, AuthoritySettings, Done, KleEdition, KleTopic, SettingChange
from borgerblik.seals.logs import ACCESS, SETTINGS
from borgerblik.seals.sealing import seal
from borgerblik.wanted import wanted
from indexes import authorities, quarantine
from indexes.identity import citizen_id_for, find_citizen
from indexes.models import (
    Case,
    Citizen,
    DefectCount,
    EventCount,
    EventTaken,
    Grant,
    Load,
    Payment,
    Plan,
    Portion,
    Quarantined,
    SourceState,
    SyncRun,
    Tombstone,
)
from indexes.personal import Rule
from indexes.records import CaseStatus, Item, Period, Record, Source, Step
from indexes.rights import Role
from indexes.store import Counts, save
from indexes.sync import RunResult, Terms, sync_authority
from portal import retention, tasks
from portal.models import StaffUser
from tests.borgerblik.log_makers import write
from tests.indexes.fakes import FakeIndex
from tests.indexes.makers import (
    BO,
    LOLLAND,
    METTE,
    RANDERS,
    UDK,
    case,
    grant,
    line,
    parsed,
    payment,
    plan,
    refused,
    uuid,
)
from tests.roles import asked_as, connect_as

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
YEAR = 366 * DAY
READER = Reader(actor="kommune", organisation="Randers Kommune", system="tests", purpose="to test")


@pytest.fixture(autouse=True)
def kle() -> Iterator[None]:
    """KLE gives 32.30.04 five years; nothing else has a period of its own."""
    edition = KleEdition.objects.create(published=dt.date(2026, 5, 1), loaded=timezone.now())
    for number, deletion in (("32.30.04", "P5Y"), ("32.30.08", ""), ("15.17.06", "")):
        KleTopic.objects.create(edition=edition, number=number, title=number, deletion=deletion)
    AuthoritySettings.objects.create(code="0730", since=dt.date(2020, 1, 1))
    kle_edition.forget()
    yield
    kle_edition.forget()


def years_ago(years: float) -> dt.datetime:
    return timezone.now() - years * YEAR


def ended(name: str, years: float, **changes: Any) -> Any:
    """A case closed so many years ago."""
    steps = (Step(status=CaseStatus.CLOSED, period=Period(start=years_ago(years))),)
    return case(name, progress=steps, **changes)


def ended_grant(name: str, years: float, **changes: Any) -> Any:
    return grant(name, end=years_ago(years).date(), **changes)


def paid(name: str, years: float, grant_name: str = "grant", **changes: Any) -> Any:
    return payment(name, available=years_ago(years).date(), lines=(line(grant_uuid=uuid(grant_name)),), **changes)


def hold(*records: Record) -> Counts:
    """As before today's rule: whatever its age it is here."""
    return save(parsed(*records), wanted=replace(wanted(), keeping=None), now=timezone.now())


def purge(**options: Any) -> Counter[str]:
    with asked_as(lambda: Role.SYNC):
        return +retention.purge_expired(timezone.now(), **options).gone


def held() -> set[UUID]:
    return {uuid for model in (Case, Grant, Payment, Plan) for uuid in model.objects.values_list("uuid", flat=True)}


def test_what_ended_longer_ago_than_kle_says_goes_and_the_rest_stays() -> None:
    hold(ended("old", 6), ended("young", 4), ended("of no period", 6, kle="32.30.08"), case("open"), plan())
    assert purge() == {"cases": 1}
    assert held() == {uuid("young"), uuid("of no period"), uuid("open"), uuid("plan")}


def test_without_a_period_of_kle_the_general_rule_holds(settings: Any) -> None:
    settings.KEEP_ENDED_DAYS = 365
    hold(ended("old", 2, kle="32.30.08"), ended("young", 0.5, kle="32.30.08"), ended("by kle", 2))
    assert purge() == {"cases": 1}
    assert held() == {uuid("young"), uuid("by kle")}


def test_a_case_stays_while_a_grant_of_it_does_and_a_grant_while_a_payment_does() -> None:
    """Without its case a grant is not shown, nor a payment without its grant."""
    hold(ended("case", 9), ended_grant("grant", 8, case_uuid=uuid("case")), paid("payment", 4))
    assert not purge()
    Payment.objects.update(available=years_ago(6).date())
    assert purge() == {"payments": 1, "grants": 1, "cases": 1}
    assert not held()


def sync(*items: Item) -> RunResult:
    terms = Terms(wanted=wanted(), max_removal_share=0.25)
    reader = FakeIndex(pages=[items])
    return sync_authority(reader, authorities.by_cvr[RANDERS], terms)


def test_what_an_index_still_sends_does_not_come_back() -> None:
    sent = (ended("old", 6), ended("young", 4))
    hold(*sent)
    assert purge() == {"cases": 1}
    for _ in range(2):
        counts = sync(*parsed(*sent)).counts
        assert (counts.new, counts.unchanged, counts.over) == (0, 1, 1)
        assert held() == {uuid("young")}
        assert not purge()


def test_nobody_becomes_a_citizen_by_what_is_not_kept() -> None:
    sync(*parsed(ended("old", 6)))
    assert find_citizen(METTE) is None


def test_an_older_version_does_not_bring_back_what_is_over() -> None:
    old = ended("old", 6)
    earlier = case("old", registered=old.registered - DAY)
    assert sync(*parsed(old, earlier)).counts.over == 1
    assert not held()


def test_what_is_held_and_needed_still_takes_in_news() -> None:
    hold(ended("case", 9), ended_grant("grant", 4, case_uuid=uuid("case")))
    newer = ended("case", 9, title="Another title", registered=timezone.now())
    assert sync(*parsed(newer)).counts.changed == 1
    assert Case.objects.get().facts["title"] == "Another title"


def test_a_case_that_is_over_is_taken_in_when_a_grant_of_it_is_held() -> None:
    hold(ended_grant("grant", 4, case_uuid=uuid("case")))
    assert sync(*parsed(ended("case", 9))).counts.new == 1
    assert not purge()


def long_ago() -> dt.datetime:
    """When it was last done, as the operator's metric has it."""
    at = years_ago(1)
    Done.objects.update_or_create(task="purge_expired", defaults={"at": at})
    return at


def done_since(before: dt.datetime) -> bool:
    return Done.objects.get(task="purge_expired").at > before


def test_what_would_take_much_waits_for_somebody_to_confirm(settings: Any) -> None:
    began = long_ago()
    settings.KEEP_ENDED_DAYS = 365
    hold(*(ended(f"case {number}", 2, kle="32.30.08") for number in range(retention.FEW + 1)))
    with pytest.raises(CommandError, match="1,001 of the 1,001 cases held would go"):
        call_command("purge_expired")
    assert Case.objects.count() == retention.FEW + 1
    assert not done_since(began)
    assert purge(confirmed=True)["cases"] == retention.FEW + 1
    assert done_since(began)


def test_a_large_purge_goes_in_batches() -> None:
    hold(*(ended(f"case {number}", 6) for number in range(5)))
    seen: list[int] = []
    (work,) = [work for work in retention.works(timezone.now()) if work.what == "cases"]
    while rows := work.some(2):
        seen.append(rows)
    assert seen == [2, 2, 1]


@pytest.mark.django_db(transaction=True)
def test_what_somebody_is_writing_is_left_for_the_next_night() -> None:
    hold(ended("free", 6), ended("in use", 6))
    with connect_as(Role.SYNC) as sync, sync.transaction():
        sync.execute("SELECT FROM indexes_case WHERE uuid = %s FOR UPDATE", [uuid("in use")])
        assert purge() == {"cases": 1}
    assert held() == {uuid("in use")}
    assert purge() == {"cases": 1}


def test_records_of_an_authority_that_has_left_go_after_a_while() -> None:
    hold(case("theirs", owner_cvr=LOLLAND), case("ours"))
    read = SourceState.objects.create(source=Source.SDI, authority_cvr=LOLLAND, last_attempt=timezone.now())
    Case.objects.update(stored_at=years_ago(1))
    assert not purge()
    read.last_attempt = years_ago(1)
    read.save()
    assert purge() == {"cases of authorities that have left": 1}
    assert held() == {uuid("ours")}


def test_a_citizen_of_whom_nothing_is_held_goes_and_one_the_log_tells_of_stays() -> None:
    ids = {name: citizen_id_for(cpr) for name, cpr in (("gone", METTE), ("in the log", BO), ("new", "6113840009"))}
    hold(case("held", cpr="7219520008"))
    AccessEntry.objects.create(citizen=ids["in the log"], actor="citizen", system="s", what="w", purpose="p")
    Citizen.objects.exclude(id=ids["new"]).update(made=years_ago(1))
    assert purge() == {"citizens of whom nothing is held": 1}
    assert not Citizen.objects.filter(id=ids["gone"]).exists()
    assert Citizen.objects.count() == 3


def test_a_citizen_whom_an_index_was_asked_about_today_stays() -> None:
    Citizen.objects.filter(id=citizen_id_for(METTE)).update(made=years_ago(1), refreshed_at=timezone.now())
    assert not purge()


def test_leaves_sessions_and_tokens_that_have_ended_go() -> None:
    now = timezone.now()
    hold(case())
    for lasts in (-DAY / 24, DAY):
        open_grant(METTE, READER, token=str(lasts), lasts=abs(lasts))
        Session.objects.create(session_key=str(lasts), session_data="", expire_date=now + lasts)
        AccessToken.objects.create(token=str(lasts), expires=now + lasts, scope="summary")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE borgerblik_accessgrant SET made = now() - interval '2 days', expires = now() - interval '1 day'"
            " WHERE expires < now() + interval '12 hours'"
        )
    assert purge() == {"leaves to read": 1, "sessions": 1, "access tokens": 1}


def test_quarantine_readings_counts_changes_and_employees_go_in_their_time() -> None:
    quarantine.keep(
        [refused("old", cpr=None), refused("young", cpr=None)],
        source=Source.SDI,
        authority_cvr=RANDERS,
        now=timezone.now(),
    )
    first = Quarantined.objects.order_by("pk").first()
    assert first is not None
    Quarantined.objects.filter(pk=first.pk).update(last_seen=years_ago(1))
    for years in (3, 2, 0):
        SyncRun.objects.create(source="sdi", authority_cvr=RANDERS, started=years_ago(years), outcome="running")
        DefectCount.objects.create(
            source="sdi",
            authority_cvr=RANDERS,
            fagsystem=str(years),
            defect="no_title",
            count=1,
            records=1,
            counted=years_ago(years),
        )
    for years in (6, 4):
        SettingChange.objects.create(
            authority_id="0730", at=years_ago(years), staff_key="k", what="etape 1", before=0, after=1
        )
        assert seal(SETTINGS, now=years_ago(years))
    for key, years, active in (("gone", 2, True), ("shut out", 2, False), ("here", 0, True)):
        StaffUser.objects.create(key=key, name=key, role="coordinator", is_active=active, last_login=years_ago(years))
    assert purge() == {
        "messages in quarantine": 1,
        "readings": 2,
        "counts of defects": 2,
        "changes of settings": 1,
        "employees": 1,
    }
    assert set(StaffUser.objects.values_list("key", flat=True)) == {"shut out", "here"}


def test_what_is_remembered_of_events_goes_in_its_time() -> None:
    for name, at in (("old", years_ago(1)), ("young", years_ago(0))):
        Tombstone.objects.create(uuid=uuid(name), kind="case", registered=at, strictness=3, final=True, noted_at=at)
        EventTaken.objects.create(message=uuid(name), taken_at=at)
    for years in (2, 0):
        EventCount.objects.create(hour=years_ago(years), fate="applied", slot=1, events=1, again=0)
    assert purge() == {"notes of what was taken away": 1, "ids of events": 1, "counts of events": 1}
    assert Tombstone.objects.get().uuid == EventTaken.objects.get().message == uuid("young")


def test_the_newest_reading_stays_however_old() -> None:
    SyncRun.objects.create(source="sdi", authority_cvr=RANDERS, started=years_ago(3), outcome="running")
    assert not purge()


def test_the_log_goes_by_whole_blocks_and_can_still_be_verified(capsys: pytest.CaptureFixture[str]) -> None:
    for years, entries in ((6, 3), (5.5, 2), (1, 4)):
        write(entries, at=years_ago(years))
        assert seal(ACCESS, now=years_ago(years))
    call_command("purge_expired")
    call_command("verify_access_log")
    said = capsys.readouterr().out
    assert "5 rows deleted: 5 entries of the access log." in said
    assert "3 blocks fit their entries and each other" in said
    assert AccessEntry.objects.count() == 4


def test_an_entry_taken_before_its_time_is_missed() -> None:
    write(3, at=years_ago(1))
    assert seal(ACCESS, now=years_ago(1))
    AccessEntry.objects.all().delete()
    with pytest.raises(CommandError, match="covers 3 entries and 0 are there"):
        call_command("verify_access_log")


def test_the_command_tells_first_and_then_does(capsys: pytest.CaptureFixture[str]) -> None:
    hold(ended("old", 6), case("open"))
    call_command("purge_expired", "--dry-run")
    call_command("purge_expired")
    call_command("purge_expired")
    assert capsys.readouterr().out.splitlines() == [
        "1 rows or more would be deleted: 1 cases.",
        "1 rows deleted: 1 cases.",
        "0 rows deleted: nothing's time is over.",
    ]
    assert held() == {uuid("open")}


def test_the_clock_does_it_each_night(settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    entry = settings.CELERY_BEAT_SCHEDULE["purge-expired"]
    assert (entry["task"], entry["schedule"]) == (tasks.purge_expired.name, crontab(hour=3, minute=20))
    hold(ended("old", 6))
    before = long_ago()
    with caplog.at_level("INFO", logger="portal.tasks"):
        tasks.purge_expired()
    assert "1 rows were deleted whose time was over: {'cases': 1}" in caplog.text
    assert done_since(before)


def test_what_a_reading_that_was_given_up_has_seen_goes_and_one_that_goes_on_stays() -> None:
    now = timezone.now()
    for cvr, hours, stopped in ((RANDERS, 7, True), (LOLLAND, 7, False), (UDK, 5, True)):
        about: dict[str, Any] = {"source": "sdi", "authority_cvr": cvr, "started": now - dt.timedelta(hours=hours)}
        run = SyncRun.objects.create(**about, outcome="running")
        load = Load.objects.create(**about, run=run, held_before={}, stopped=stopped)
        Portion.objects.create(load=load, kind="case", first=0, end=9, met=[uuid("seen")])
    assert purge() == {"portions of readings that were given up": 1, "readings that were given up": 1}
    assert set(Load.objects.values_list("authority_cvr", flat=True)) == {LOLLAND, UDK}


def test_every_rule_is_enforced_or_says_who_does_it() -> None:
    by_night = {work.rule for work in retention.works(timezone.now())}
    assert by_night | set(retention.ELSEWHERE) == set(Rule)
    assert not by_night & set(retention.ELSEWHERE)
