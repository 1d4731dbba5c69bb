"""The overview as the doors get it: what is held, judged and worded for one citizen, from a real database."""

import datetime as dt
from uuid import uuid4

import pytest
from msgspec.structs import replace

from borgerblik.grants import ByGrant, ByNumber, Leave, NoGrantError, Reader, close_grant, open_grant
from borgerblik.models import AccessEntry, AuthoritySettings
from borgerblik.overview.material import Person
from borgerblik.overview.shapes import Overview
from borgerblik.service import overview_of
from borgerblik.wanted import wanted
from borgerblik.who_has_seen import access_log_of, page_of
from indexes.identity import citizen_id_for, find_citizen
from indexes.models import Citizen, SourceState
from indexes.records import Parsed, Record, Sensitivity, Source
from indexes.store import save
from tests.indexes.makers import LOLLAND, METTE, NOW, RANDERS, UDK, case, full_case, parsed

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
READER = Reader(actor="citizen", organisation="", system="tests", purpose="own_page")
NOBODYS = "7219520009"


@pytest.fixture(autouse=True)
def _fresh_sources() -> None:
    for code in ("0730", "UDK"):
        AuthoritySettings.objects.create(code=code, since=dt.date(2020, 1, 1), etaper=[1, 2, 3])
    for source in Source:
        for cvr in (RANDERS, UDK, LOLLAND):
            SourceState.objects.create(source=source, authority_cvr=cvr, last_attempt=NOW, last_success=NOW)


def hold(*records: Record) -> None:
    save(parsed(*records), wanted=wanted(), now=NOW)


def signed_in(cpr: str) -> ByGrant:
    token = str(uuid4())
    open_grant(cpr, READER, token=token, lasts=HOUR)
    return ByGrant(token=token)


def look(cpr: str) -> Overview:
    """As a call that brings the number does."""
    return look_by(ByNumber(cpr=cpr, reader=READER))


def look_by(leave: Leave) -> Overview:
    return overview_of(
        leave,
        Person(name="Mette Lund", given_name="Mette", birth_date=None, municipality="0730"),
        language="da",
        now=NOW + HOUR,
    )


@pytest.mark.parametrize("owner", [RANDERS, LOLLAND])
@pytest.mark.parametrize("how", ["hidden", "vip"])
def test_who_has_only_secrets_reads_what_a_stranger_reads(owner: str, how: str) -> None:
    hidden, vip = case(hidden=True, title=None, owner_cvr=owner), case(sensitivity=Sensitivity.VIP, owner_cvr=owner)
    hold(hidden if how == "hidden" else vip)
    Citizen.objects.update(answered={"sdi": (NOW + HOUR).isoformat()})
    never_met = look(NOBODYS)
    citizen_id_for(NOBODYS)
    assert look(METTE) == look(NOBODYS) == never_met


def test_every_reading_stands_in_the_log_also_of_somebody_we_never_met() -> None:
    hold(case())
    look(METTE)
    look(NOBODYS)
    first, second = AccessEntry.objects.order_by("pk")
    assert (first.citizen, first.actor, first.system, first.what) == (
        find_citizen(METTE),
        "citizen",
        "tests",
        "overview",
    )
    assert second.citizen is None
    assert METTE not in repr(list(AccessEntry.objects.values()))


def test_the_citizen_reads_their_own_entries_and_that_they_do() -> None:
    mette = signed_in(METTE)
    look_by(mette)
    look(NOBODYS)
    log = access_log_of(mette, municipality="0730", language="da", now=NOW + HOUR)
    (visit,) = log.entries
    assert (visit.what, visit.who, visit.times) == ("Denne liste og dit overblik", "Dig selv", "2 gange")


def test_the_citizen_is_told_who_else_has_looked_and_a_consumer_is_not() -> None:
    hold(case())
    mette = signed_in(METTE)
    assert look_by(mette).looked == look_by(mette).looked, "their own visits do not count"
    for number in range(6):
        consumer = Reader(actor="x", organisation=f"Styrelse {number}", system="rest", purpose="consumer")
        read = overview_of(
            ByNumber(cpr=METTE, reader=consumer),
            Person(name="", given_name="", birth_date=None, municipality="0730"),
            language="da",
            now=NOW,
        )
        assert read.looked is None
    look(NOBODYS)
    looked = look_by(mette).looked
    assert looked is not None
    assert "6 gange" in looked.words
    assert [entry.who for entry in looked.entries] == [f"Styrelse {number}" for number in (5, 4, 3, 2, 1)]
    newest = [entry.number for entry in looked.entries]
    assert newest == sorted(newest, reverse=True)


@pytest.mark.django_db(transaction=True)  # in one transaction both visits would begin at once
def test_the_citizen_is_told_when_they_were_last_here_and_what_others_have_read_since() -> None:
    first = signed_in(METTE)
    assert look_by(first).since is look_by(first).since is None, "this visit is not the one before"
    second = signed_in(METTE)
    assert (found := look_by(second).since) is not None
    assert found.news == ()
    look_by(ByNumber(cpr=METTE, reader=Reader(actor="x", organisation="Styrelsen", system="rest", purpose="p")))
    assert (found := look_by(second).since) is not None
    assert [one.href for one in found.news] == ["/hvem-har-set/"]
    look_by(first)
    assert look_by(signed_in(NOBODYS)).since is None, "another's visits are not theirs"


def test_other_systems_read_the_log_some_entries_at_a_time() -> None:
    hold(case())
    mette = signed_in(METTE)
    for _ in range(4):
        look_by(mette)
    first = page_of(mette, language="da", now=NOW, before=None, most=3)
    second = page_of(mette, language="da", now=NOW, before=first.next, most=3)
    assert [entry.what for entry in first.items] == ["Denne liste", "Dit overblik", "Dit overblik"]
    assert [entry.what for entry in second.items] == ["Dit overblik", "Dit overblik"]
    assert first.words == second.words
    assert second.next is None
    assert page_of(mette, language="da", now=NOW, before=10**12, most=3).items == (), (
        "an entry that is not there, or is somebody else's"
    )
    nobodys = ByNumber(cpr=NOBODYS, reader=READER)
    assert page_of(nobodys, language="da", now=NOW, before=None, most=3).items == ()


def test_a_token_without_an_open_grant_opens_nothing() -> None:
    hold(case())
    mette = signed_in(METTE)
    assert replace(look_by(mette), looked=None) == look(METTE)
    close_grant(mette.token)
    for leave in (mette, ByGrant(token="guessed")):
        with pytest.raises(NoGrantError):
            look_by(leave)
        with pytest.raises(NoGrantError):
            access_log_of(leave, municipality="0730", language="da", now=NOW)
    assert AccessEntry.objects.count() == 2, "what was not opened was not read"


def test_an_authority_that_owns_something_that_may_be_told_is_told() -> None:
    hold(case("a"), case("b", owner_cvr=LOLLAND))
    assert "Lolland Kommune" in {source.authority_name for source in look(METTE).sources}


def test_an_answer_for_the_citizen_alone_makes_what_they_see_fresher() -> None:
    hold(full_case())
    Citizen.objects.update(answered={"sdi": (NOW + HOUR).isoformat()})
    as_of = {s.as_of.iso[:16] for s in look(METTE).sources if s.source == "sdi" and s.as_of}
    assert as_of == {(NOW + HOUR).astimezone(dt.timezone(HOUR)).isoformat()[:16]}


def test_a_number_that_only_a_municipality_has_an_area_for_is_not_kept_of_udbetaling_danmark() -> None:
    items = [Parsed(record=case(name, kle="27.60.04", owner_cvr=owner)) for name, owner in (("a", RANDERS), ("b", UDK))]
    counts = save(items, wanted=wanted(), now=NOW)
    assert (counts.new, counts.unwanted) == (1, {"27.60": 1})
