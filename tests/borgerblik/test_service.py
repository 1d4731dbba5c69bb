"""The overview as the doors get it: what is held, judged and worded for one citizen, from a real database."""

import datetime as dt
from uuid import UUID

import pytest

from borgerblik.models import AccessEntry, AuthoritySettings
from borgerblik.overview.shapes import Overview
from borgerblik.service import access_log_of, overview_of
from borgerblik.wanted import wanted
from indexes.grants import Reader
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


def look(citizen: UUID | None) -> Overview:
    return overview_of(
        citizen,
        name="Mette Lund",
        given_name="Mette",
        birth_date=None,
        municipality="0730",
        language="da",
        now=NOW + HOUR,
        reader=READER,
    )


@pytest.mark.parametrize("owner", [RANDERS, LOLLAND])
@pytest.mark.parametrize("how", ["hidden", "vip"])
def test_who_has_only_secrets_reads_what_a_stranger_reads(owner: str, how: str) -> None:
    hidden, vip = case(hidden=True, title=None, owner_cvr=owner), case(sensitivity=Sensitivity.VIP, owner_cvr=owner)
    hold(hidden if how == "hidden" else vip)
    citizen = find_citizen(METTE)
    assert citizen is not None
    Citizen.objects.update(answered={"sdi": (NOW + HOUR).isoformat()})
    assert look(citizen) == look(citizen_id_for(NOBODYS)) == look(None)


def test_every_reading_stands_in_the_log_also_of_somebody_we_never_met() -> None:
    hold(case())
    look(find_citizen(METTE))
    look(None)
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
    look(find_citizen(METTE) or citizen_id_for(METTE))
    look(citizen_id_for(NOBODYS))
    log = access_log_of(citizen_id_for(METTE), municipality="0730", language="da", now=NOW + HOUR, reader=READER)
    assert [entry.what for entry in log.entries] == ["Denne liste", "Dit overblik"]
    assert {entry.who for entry in log.entries} == {"Dig selv"}


def test_an_authority_that_owns_something_that_may_be_told_is_told() -> None:
    hold(case("a"), case("b", owner_cvr=LOLLAND))
    assert "Lolland Kommune" in {source.authority_name for source in look(find_citizen(METTE)).sources}


def test_an_answer_for_the_citizen_alone_makes_what_they_see_fresher() -> None:
    hold(full_case())
    Citizen.objects.update(answered={"sdi": (NOW + HOUR).isoformat()})
    as_of = {s.as_of.iso[:16] for s in look(find_citizen(METTE)).sources if s.source == "sdi" and s.as_of}
    assert as_of == {(NOW + HOUR).astimezone(dt.timezone(HOUR)).isoformat()[:16]}


def test_a_number_that_only_a_municipality_has_an_area_for_is_not_kept_of_udbetaling_danmark() -> None:
    items = [Parsed(record=case(name, kle="27.60.04", owner_cvr=owner)) for name, owner in (("a", RANDERS), ("b", UDK))]
    counts = save(items, wanted=wanted(), now=NOW)
    assert (counts.new, counts.unwanted) == (1, {"27.60": 1})
