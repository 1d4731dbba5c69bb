"""The console's page of objections: whose they are nobody learns, and one answer reaches the citizen."""

import re

import pytest
from django.test import Client

from borgerblik.models import AccessEntry
from tests.municipality.objected import CITIZEN, objection
from tests.staff import employee, granted

pytestmark = pytest.mark.django_db


def text(client: Client, code: str = "0730") -> str:
    return client.get("/kommune/indsigelser/", {"kommune": code}).content.decode()


def test_an_administrator_sees_what_was_sent_and_not_by_whom(karen: Client) -> None:
    objection()
    objection(2, "0360")
    page = text(karen)
    assert "Kvittering 000 000 000 001" in page
    assert "000 000 000 002" not in page
    assert "Digitaliseringsstyrelsen så borgerens overblik" in page
    assert "Hvem er" not in page, "what the citizen wrote is on the page of each"
    assert "Svar senest" in page
    assert str(CITIZEN) not in page
    assert "Mangler svar (1)" in page


def test_whoever_opens_one_reads_what_the_citizen_wrote_and_stands_in_their_log(karen: Client) -> None:
    made = objection()
    text(karen)
    assert not AccessEntry.objects.exists()
    page = karen.get(f"/kommune/0730/indsigelser/{made.receipt}/").content.decode()
    assert "Hvem er &lt;b&gt;de&lt;/b&gt;?" in page
    assert str(CITIZEN) not in page
    entry = AccessEntry.objects.get()
    assert (entry.citizen, entry.organisation, entry.what) == (CITIZEN, "Randers Kommune", "report")


def test_an_answer_is_sent_once(karen: Client) -> None:
    made = objection()
    address = f"/kommune/0730/indsigelser/{made.receipt}/svar/"
    assert "Svaret blev ikke sendt" in karen.post(address, {"words": " "}, follow=True).content.decode()
    sent = karen.post(address, {"words": "Det var <en fejl>."}, follow=True).content.decode()
    assert "Borgeren kan nu læse svaret på kvittering 000 000 000 001." in sent
    assert "Det var &lt;en fejl&gt;." in sent
    again = karen.post(address, {"words": "Nej."}, follow=True).content.decode()
    assert "er besvaret" in again
    made.refresh_from_db()
    assert (made.answer, made.answered_by) == ("Det var <en fejl>.", "administrator-1")


def test_what_should_have_been_answered_is_marked(karen: Client) -> None:
    objection(days=40)
    assert "Skulle være besvaret" in text(karen)


def test_who_administers_nothing_reads_nothing(henrik: Client) -> None:
    assert henrik.get("/kommune/indsigelser/").status_code == 403


def test_nobody_reads_or_answers_another_municipalitys(karen: Client) -> None:
    made = objection(municipality="0101")
    assert karen.get("/kommune/indsigelser/", {"kommune": "0101"}).status_code == 404
    for code in ("0101", "0730", "UDK"):
        assert karen.get(f"/kommune/{code}/indsigelser/{made.receipt}/").status_code == 404
        karen.post(f"/kommune/{code}/indsigelser/{made.receipt}/svar/", {"words": "Nej."})
    made.refresh_from_db()
    assert not made.answer
    assert not AccessEntry.objects.exists()


def test_a_role_that_is_limited_to_areas_does_not_reach_them(client: Client) -> None:
    limited = employee("administrator", "0730")
    limited.privileges = [granted("0730", kle=["32"])]
    limited.save()
    client.force_login(limited)
    made = objection()
    assert client.get("/kommune/indsigelser/").status_code == 404
    assert client.get(f"/kommune/0730/indsigelser/{made.receipt}/").status_code == 404
    assert client.post(f"/kommune/0730/indsigelser/{made.receipt}/svar/", {"words": "Ja."}).status_code == 404
    assert "indsigelser" not in client.get("/kommune/").content.decode()


def test_the_console_leads_there_where_citizens_live(karen: Client) -> None:
    assert re.search(r'href="/kommune/indsigelser/\?kommune=0730"', karen.get("/kommune/").content.decode())
    assert "Ingen borgere har meldt noget." in text(karen)


def test_udbetaling_danmark_has_none(ulla: Client) -> None:
    assert "indsigelser" not in ulla.get("/kommune/").content.decode()
