"""The console's page of the quality of data: what citizens have told, what was found at the door, who may read it."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from borgerblik.models import AccessEntry, ItemReport
from indexes.models import Load, Portion, SyncRun
from portal.municipality.quality import ON_A_PAGE
from tests.indexes.makers import LOLLAND, RANDERS, UDK
from tests.municipality.reported import CITIZEN, found_at_the_door, report
from tests.staff import employee, granted

pytestmark = pytest.mark.django_db

LIST = "/kommune/datakvalitet/"


def text(client: Client, address: str = LIST, **asked: str) -> str:
    answer = client.get(address, {"kommune": "0730", **asked})
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def page_of(made: ItemReport, code: str = "0730") -> str:
    return f"/kommune/{code}/datakvalitet/{made.receipt}/"


def test_the_list_tells_of_the_report_and_not_of_the_citizen(karen: Client) -> None:
    made = report()
    page = text(karen)
    for told in ("Kvittering 000 000 000 001", "Sag", "32.30.04", "KSD", "Det passer ikke, hvor langt sagen er", "Ny"):
        assert told in page, told
    assert "1 melding mangler svar." in page
    for kept in (str(CITIZEN), str(made.item), "2026-0042", "svar</b>"):
        assert kept not in page, kept
    assert not AccessEntry.objects.exists(), "nothing of the citizen's was read"


def test_whoever_opens_one_reads_what_the_citizen_wrote_and_stands_in_their_log(karen: Client) -> None:
    made = report()
    page = text(karen, page_of(made))
    for told in ("Jeg har fået &lt;b&gt;svar&lt;/b&gt;.", "2026-0042", str(made.item)):
        assert told in page, told
    assert str(CITIZEN) not in page
    entry = AccessEntry.objects.get()
    assert (entry.citizen, entry.organisation, entry.what) == (CITIZEN, "Randers Kommune", "report")
    assert "Karen" not in entry.actor


def test_somebody_looks_at_it_and_answers_once(karen: Client) -> None:
    made = report()
    address = page_of(made)
    assert "Borgeren kan nu se, at I er i gang." in karen.post(f"{address}ser-paa/", follow=True).content.decode()
    assert "Nogen ser allerede på den" in karen.post(f"{address}ser-paa/", follow=True).content.decode()
    assert "Nogen ser på den" in text(karen)
    assert "Svaret blev ikke sendt" in karen.post(f"{address}svar/", {"words": " "}, follow=True).content.decode()
    sent = karen.post(f"{address}svar/", {"words": "Det er <rettet>."}, follow=True).content.decode()
    assert "Borgeren kan nu læse svaret på kvittering 000 000 000 001." in sent
    assert "0 meldinger mangler svar." in sent
    assert "er besvaret" in karen.post(f"{address}svar/", {"words": "Nej."}, follow=True).content.decode()
    assert "Det er &lt;rettet&gt;." in text(karen, address)
    made.refresh_from_db()
    assert (made.answer, made.answered_by, made.taken_by) == ("Det er <rettet>.", "administrator-1", "administrator-1")


def test_nobody_reads_or_answers_another_authoritys(karen: Client) -> None:
    lolland, odense = report(1, owner_cvr=LOLLAND), report(2, owner_cvr="35209115")
    assert "000 000 000 001" not in text(karen)
    assert karen.get(page_of(lolland, "0360")).status_code == 200
    for made, code in ((lolland, "0730"), (odense, "0461"), (odense, "0730")):
        address = page_of(made, code)
        assert karen.get(address).status_code == 404
        for what in ("ser-paa/", "svar/"):
            assert karen.post(f"{address}{what}", {"words": "Nej."}).status_code == 404
        made.refresh_from_db()
        assert not made.answer
        assert not made.taken
    assert karen.get(LIST, {"kommune": "0461"}).status_code == 404
    assert AccessEntry.objects.count() == 1


def test_who_administers_nothing_reads_nothing(henrik: Client) -> None:
    made = report()
    assert henrik.get(LIST).status_code == 403
    assert henrik.get(page_of(made)).status_code == 403
    assert not AccessEntry.objects.exists()


def test_udbetaling_danmark_sees_its_own(ulla: Client) -> None:
    made = report(owner_cvr=UDK, kind="payment", reason="amount")
    report(2)
    page = text(ulla, kommune="UDK")
    assert "000 000 000 001" in page
    assert "000 000 000 002" not in page
    assert "Beløbet er forkert" in text(ulla, page_of(made, "UDK"))


def test_a_role_that_is_limited_to_areas_sees_what_is_about_those(client: Client) -> None:
    limited = employee("administrator", "0730")
    limited.privileges = [granted("0730", kle=["32"])]
    limited.save()
    client.force_login(limited)
    within, outside, both = report(1), report(2, kle=["15.17.06"]), report(3, kle=["32.30.04", "15.17.06"])
    page = text(client)
    assert "000 000 000 001" in page
    assert "000 000 000 002" not in page
    assert "000 000 000 003" not in page
    assert "Din rolle i Randers Kommune gælder KLE 32." in page
    assert "Fundet, da vi læste jeres data" not in page, "the defects are of the whole authority"
    assert client.get(page_of(within)).status_code == 200
    for made in (outside, both):
        assert client.get(page_of(made)).status_code == 404
        assert client.post(f"{page_of(made)}svar/", {"words": "Nej."}).status_code == 404


def test_the_list_can_be_narrowed(karen: Client) -> None:
    report(1)
    report(2, kind="payment", reason="amount")
    report(3, kind="plan", reason="goal", kle=["15.17.30"])
    report(4, answer="Ja.", answered=timezone.now(), answered_by="k")

    def shown(**asked: str) -> list[str]:
        return re.findall(r"Kvittering 000 000 000 00(\d)", text(karen, **asked))

    assert shown() == ["1", "2", "3", "4"]
    assert "Sager og dokumenter (2)" in text(karen)
    assert "Besvaret (1)" in text(karen)
    assert shown(slags="payment") == ["2"]
    assert shown(kilde="sdi") == ["1", "4"]
    assert shown(tilstand="answered") == ["4"]
    assert shown(omraade="helhedsorienteret_plan") == ["3"]
    assert shown(kilde="plan", slags="case") == []
    assert "Ingen meldinger passer" in text(karen, kilde="plan", slags="case")
    assert shown(slags="nonsense") == ["1", "2", "3", "4"]


def test_a_long_list_comes_in_pages_that_stay_narrowed(karen: Client) -> None:
    for number in range(ON_A_PAGE + 1):
        report(number, days=30 - number // 2)
    report(99, kind="payment", reason="amount")
    first = text(karen, slags="case")
    assert len(re.findall(r"Kvittering 000", first)) == ON_A_PAGE
    assert "Side 1 af 2" in first
    (onward,) = re.findall(r'href="(\?[^"]*side=2)"', first)
    assert onward == "?kommune=0730&amp;slags=case&amp;side=2"
    assert re.findall(r"Kvittering 000 000 000 (\d+)", text(karen, slags="case", side="2")) == [f"{ON_A_PAGE:03d}"]


def test_what_should_have_been_answered_is_marked_and_stands_first(karen: Client) -> None:
    report(1)
    report(2, days=40)
    page = text(karen)
    assert "Skulle være besvaret" in page
    assert page.index("000 000 000 002") < page.index("000 000 000 001")


def test_what_was_found_at_the_door_is_told_of_each_source(karen: Client) -> None:
    found_at_the_door()
    page = " ".join(text(karen).split())
    cases, _, rest = page.partition("Ydelser og udbetalinger</h3>")
    benefits, _, plans = rest.partition("Planer</h3>")
    assert "CPR-nummer i en tekst" in cases
    assert "7 af 40" in cases
    assert "Mangler KLE-nummer" in cases
    assert "Vi fandt ingen fejl." in benefits
    assert "ikke læst helt endnu" in plans, "nothing is only said when it is known"
    assert "Vi fandt ingen fejl." not in plans


def test_how_far_the_next_reading_is_stands_with_the_source(karen: Client) -> None:
    found_at_the_door()
    for source, told, stopped in (("sdi", 4200, False), ("yi", 0, True)):
        run = SyncRun.objects.create(source=source, authority_cvr=RANDERS, started=timezone.now(), outcome="running")
        load = Load.objects.create(
            source=source, authority_cvr=RANDERS, run=run, started=run.started, held_before={}, stopped=stopped
        )
        Portion.objects.create(load=load, kind="case", first=0, end=2000, done=bool(told), counts={}, told=told)
    cases, _, rest = " ".join(text(karen).split()).partition("Ydelser og udbetalinger</h3>")
    assert "Den bliver læst nu: 2000 af 4200 er hentet." in cases
    assert "Den næste læsning er gået i stå. Vi prøver igen af os selv." in rest


def test_the_console_leads_there(karen: Client) -> None:
    assert re.search(r'href="/kommune/datakvalitet/\?kommune=0730"', karen.get("/kommune/").content.decode())
    assert "Ingen borgere har meldt noget." in text(karen)
