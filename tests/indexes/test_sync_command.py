"""``manage.py sync_indexes`` and the tasks, against the mock indexes over HTTP."""

import re
from collections.abc import Iterator
from io import StringIO
from threading import Timer
from uuid import uuid4

import httpx
import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings
from tqdm import tqdm

from borgerblik import syncing, tasks
from borgerblik.management.commands.sync_indexes import _Meter
from borgerblik.models import AuthoritySettings, Cleaning
from borgerblik.models.cleaning import Work
from indexes import authorities
from indexes.identity import citizen_id_for
from indexes.models import Case, Citizen, SourceState, SyncRun
from indexes.reading import read_citizen
from indexes.records import Source
from tests.indexes.makers import NOW, RANDERS
from tests.ops.mock_indexes import MockIndexes
from tests.queued import Queue, loads, times, work

pytestmark = pytest.mark.django_db

LINE = re.compile(
    r"^(sdi|yi|plan): [\d,]+ read, [\d,]+ new, [\d,]+ changed, [\d,]+ unchanged,(.*) [\d,]+ removed, "
    r"[\d,]+ in quarantine( \(.*\))?$",
)


@pytest.fixture(autouse=True)
def _addresses(settings: Settings, mock_indexes: MockIndexes) -> None:
    settings.SDI_URL = mock_indexes.sdi_url
    settings.YI_URL = mock_indexes.yi_url
    settings.PLAN_URL = mock_indexes.plan_url
    settings.SOURCE_TIMEOUT = 5.0


def sync_indexes(*arguments: str) -> list[str]:
    out = StringIO()
    call_command("sync_indexes", *arguments, stdout=out, skip_checks=True)
    return out.getvalue().splitlines()


@pytest.fixture
def on_borgerblik() -> None:
    for code in ("0730", authorities.UDK):
        AuthoritySettings.objects.create(code=code, since=NOW.date())


def test_one_line_for_each_index_in_exact_numbers() -> None:
    lines = sync_indexes("--municipality", "0730")
    assert [line.partition(":")[0] for line in lines] == ["sdi", "yi", "plan"]
    assert all(LINE.match(line) for line in lines), lines
    again = sync_indexes("--municipality", "0730")
    assert all(" 0 new, 0 changed, " in line and " 0 removed, " in line for line in again), again


def test_one_index_of_several_authorities() -> None:
    lines = sync_indexes("--source", "sdi", "--municipality", "0730", "0360", "--municipality", "UDK")
    assert len(lines) == 1
    assert set(SourceState.objects.values_list("source", "authority_cvr")) == {
        ("sdi", authorities.by_code[code].cvr) for code in ("0730", "0360", "UDK")
    }


@pytest.mark.usefixtures("on_borgerblik")
def test_unless_told_those_on_borgerblik_are_read() -> None:
    AuthoritySettings.objects.create(code="0461")
    sync_indexes()
    assert set(SourceState.objects.values_list("source", "authority_cvr")) == {
        *((source.value, RANDERS) for source in Source),
        ("sdi", authorities.by_code["UDK"].cvr),
        ("yi", authorities.by_code["UDK"].cvr),
    }


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--municipality", "0730", "9999", "Randers"], "no authority with the code 9999, Randers"),
        (["--municipality", "0730", "--workers", "0"], "--workers is 1 or more"),
        (["--municipality", "0730", "0461"], "for 0461 has left Borgerblik"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(arguments: list[str], sentence: str) -> None:
    AuthoritySettings.objects.create(code="0461", since=None)
    with pytest.raises(CommandError, match=sentence) as caught:
        sync_indexes(*arguments)
    assert caught.value.returncode == 1
    assert not SyncRun.objects.exists()


def test_where_nobody_is_on_borgerblik_there_is_nothing_to_do() -> None:
    AuthoritySettings.objects.create(code="0461", since=None)
    (line,) = sync_indexes()
    assert line.startswith("No authority is on Borgerblik yet")
    assert not SyncRun.objects.exists()


def test_a_source_that_failed_is_named_and_the_exit_code_is_1(mock_indexes: MockIndexes) -> None:
    out = StringIO()
    with mock_indexes.trouble("yi", "fault"), pytest.raises(CommandError) as caught:
        call_command("sync_indexes", "--municipality", "0730", "0360", stdout=out, skip_checks=True)
    assert caught.value.returncode == 1
    assert [line.partition(":")[0] for line in str(caught.value).splitlines()] == [
        "yi, Randers Kommune",
        "yi, Lolland Kommune",
    ]
    assert len(out.getvalue().splitlines()) == 3
    assert Case.objects.exists(), "the other indexes are read all the same"


def test_an_empty_index_is_believed_when_confirmed(mock_indexes: MockIndexes) -> None:
    sync_indexes("--municipality", "0730", "--source", "plan")
    with mock_indexes.trouble("plan", "empty"):
        with pytest.raises(CommandError, match="--confirm"):
            sync_indexes("--municipality", "0730", "--source", "plan")
        sync_indexes("--municipality", "0730", "--source", "plan", "--confirm")
    assert SourceState.objects.get().rows == 0


@pytest.mark.django_db(transaction=True)
def test_several_workers_end_in_the_same_rows() -> None:
    sync_indexes("--municipality", "0730", "0360", "UDK")
    one = set(Case.objects.values_list("uuid", "digest"))
    Citizen.objects.all().delete()
    sync_indexes("--municipality", "0730", "0360", "UDK", "--workers", "3")
    assert set(Case.objects.values_list("uuid", "digest")) == one


@pytest.fixture
def queue(redis_url: str) -> Iterator[Queue]:
    with loads(redis_url) as waiting:
        yield waiting


def test_the_tasks_read_one_index_for_one_authority_portion_by_portion(
    caplog: pytest.LogCaptureFixture, settings: Settings, mock_indexes: MockIndexes, queue: Queue
) -> None:
    caplog.set_level("INFO")
    settings.SOURCE_PORTION_SIZE = 60
    tasks.sync_one("sdi", "0730")
    assert not Case.objects.exists()
    assert work(queue) > 5
    assert SourceState.objects.get().rows == Case.objects.count() > 10
    assert SyncRun.objects.get().counts["read"] == Case.objects.count()
    with mock_indexes.trouble("sdi", "fault"):
        tasks.sync_one("sdi", "0730")
        work(queue)
    assert SourceState.objects.get().error == "fault"
    assert "was not read in full (fault)" in caplog.text
    tasks.sync_one("sdi", "0730")
    work(queue)
    assert SourceState.objects.get().error == ""
    assert "'read': " in caplog.text


@pytest.mark.usefixtures("on_borgerblik")
def test_the_schedule_queues_one_task_for_each_index_of_each_authority(
    queue: Queue,
) -> None:
    tasks.sync_all()
    assert sorted(map(str, queue())) == sorted(
        str(["borgerblik.tasks.sync_one", pair.source.value, pair.authority.code])
        for pair in syncing.pairs(Source, syncing.on_borgerblik())
    )


@pytest.mark.usefixtures("on_borgerblik")
def test_what_failed_is_tried_again_for_those_on_borgerblik_alone(queue: Queue) -> None:
    left = authorities.by_code["0360"].cvr
    for cvr in (RANDERS, left):
        SourceState.objects.create(
            source=Source.SDI, authority_cvr=cvr, last_attempt=NOW, failed_since=NOW, error="fault", message="It fails."
        )
    tasks.sync_failing()
    assert queue() == [["borgerblik.tasks.sync_one", "sdi", "0730"]]


@pytest.mark.usefixtures("on_borgerblik", "queue")
def test_what_nobody_did_in_time_is_over_before_it_piles_up(redis_url: str, settings: Settings) -> None:
    settings.SYNC_MINUTES = 30
    tasks.sync_all()
    assert all(1700 < seconds <= 1800 for seconds in times(redis_url))
    SourceState.objects.create(
        source=Source.SDI, authority_cvr=RANDERS, last_attempt=NOW, failed_since=NOW, error="fault", message="It fails."
    )
    tasks.sync_failing()
    Cleaning.objects.create(id=uuid4(), work=Work.TRY_AGAIN, authority_code="0730", asked_by="operator")
    tasks.clean_what_waits()
    found = times(redis_url)
    assert len(found) == 2
    assert all(500 < seconds <= tasks.SOON for seconds in found)


def test_signing_in_refreshes_a_citizen_once_a_minute(
    caplog: pytest.LogCaptureFixture, mock_indexes: MockIndexes
) -> None:
    caplog.set_level("INFO")
    people = httpx.get(mock_indexes.people_url).json()["citizens"]
    cpr = next(person["cpr"] for person in people if person["key"] == "mette")
    citizen = citizen_id_for(cpr)
    tasks.refresh_citizen(str(citizen))
    held = read_citizen(citizen)
    assert held.cases
    assert held.grants
    assert held.payments
    assert held.plans
    assert set(held.answered) == set(Source)
    Case.objects.all().delete()
    tasks.refresh_citizen(str(citizen))
    assert read_citizen(citizen).cases == ()
    assert caplog.text.count("was refreshed") == 1
    assert cpr not in caplog.text


def test_an_index_that_hangs_keeps_neither_the_others_nor_the_worker(
    settings: Settings, mock_indexes: MockIndexes
) -> None:
    settings.SOURCE_TIMEOUT = 3600.0
    people = httpx.get(mock_indexes.people_url).json()["citizens"]
    citizen = citizen_id_for(next(person["cpr"] for person in people if person["key"] == "mette"))
    answers_in_the_end = Timer(60, mock_indexes.put_trouble, ("yi", None))
    answers_in_the_end.start()
    with mock_indexes.trouble("yi", "hang"):
        tasks.refresh_citizen(str(citizen))
    answers_in_the_end.cancel()
    assert set(read_citizen(citizen).answered) == {Source.SDI, Source.PLAN}


@pytest.mark.usefixtures("on_borgerblik")
def test_the_bar_ends_at_a_hundred_percent_when_fewer_came_than_were_announced() -> None:
    shown = StringIO()
    load = syncing.begin(syncing.pairs([Source.SDI], syncing.on_borgerblik())[0])
    load.portions.update(told=100)
    with tqdm(file=shown) as bar, _Meter(bar, [load.pk]) as meter:
        meter.show(99)
    assert "99/99" in shown.getvalue().rpartition("\r")[2]
