"""Saying that an entry is wrong, in the citizen's browser: the form, what it refuses, and the receipt."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from borgerblik import access_log, objections
from borgerblik.grants import ByNumber, Reader
from borgerblik.models import AccessEntry, AccessObjection
from borgerblik.receipts import MOST_A_DAY
from tests.pages.sessions import a_citizen, sign_in_as

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]

METTE, BO = "6815859002", "7219520002"
SYSTEM = Reader(actor="x", organisation="Styrelsen for <b>", system="rest", purpose="consumer")


@pytest.fixture
def mette(client: Client) -> Client:
    sign_in_as(client, a_citizen(METTE))
    return client


def looked_at(cpr: str = METTE) -> str:
    """The address of the page about an entry."""
    access_log.read_citizen(ByNumber(cpr=cpr, reader=SYSTEM), near=[], what="overview")
    return f"/hvem-har-set/{AccessEntry.objects.latest('pk').pk}/"


def test_from_the_list_to_the_receipt_and_back(mette: Client) -> None:
    address = looked_at()
    assert address in mette.get("/hvem-har-set/").content.decode()
    form = mette.get(address).content.decode()
    assert re.findall(r'name="reason" value="(\w+)"', form) == ["unknown", "no_reason", "other"]
    sent = mette.post(address, {"reason": "unknown", "words": "Hvem er <i>de</i>? 6815859002"}, follow=True)
    assert sent.redirect_chain == [(address, 302)]
    page = sent.content.decode()
    made = AccessObjection.objects.get()
    assert re.search(r'bo-receipt">(\d{3} ){3}\d{3}<', page)
    assert "Hvem er &lt;i&gt;de&lt;/i&gt;? [nummer fjernet]" in page
    assert "Den skal svare dig senest" in page
    assert made.municipality == "0730"
    listed = mette.get("/hvem-har-set/?vis=andre").content.decode()
    assert "Det har du meldt" in listed
    assert "Du har meldt det" in listed
    assert "Styrelsen for &lt;b&gt;" in listed


def test_what_is_missing_or_too_long_is_said_and_kept(mette: Client) -> None:
    address = looked_at()
    for sent, error in (
        ({"words": "Hvorfor?"}, "Vælg, hvad der er forkert."),
        ({"reason": "not_me", "words": "Hvorfor?"}, "Vælg, hvad der er forkert."),
        ({"reason": "other", "words": "Hvorfor?" * 200}, "Teksten er for lang."),
    ):
        answer = mette.post(address, sent)
        assert answer.status_code == 400
        assert error in answer.content.decode()
        assert "Hvorfor?</textarea>" in answer.content.decode()
    assert not AccessObjection.objects.exists()


def test_somebody_elses_entry_is_not_there(mette: Client) -> None:
    address = looked_at(BO)
    assert mette.get(address).status_code == 404
    assert mette.post(address, {"reason": "other"}).status_code == 404
    assert mette.get("/hvem-har-set/999999999/").status_code == 404
    assert mette.get("/hvem-har-set/99999999999999999999/").status_code == 404


def test_too_many_in_a_day_are_told_whom_to_call(mette: Client) -> None:
    for _ in range(MOST_A_DAY):
        mette.post(looked_at(), {"reason": "other"})
    answer = mette.post(looked_at(), {"reason": "other"})
    assert answer.status_code == 429
    assert "Ring til din kommune om resten" in answer.content.decode()
    assert AccessObjection.objects.count() == MOST_A_DAY


def test_another_site_cannot_send_it(mette: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = mette.cookies
    assert strict.post(looked_at(), {"reason": "other"}).status_code == 403


def test_the_front_page_says_that_there_is_an_answer(mette: Client) -> None:
    mette.post(looked_at(), {"reason": "other"})
    told = "Du har fået svar om, hvem der har set dine oplysninger"
    assert told not in mette.get("/").content.decode()
    receipt = AccessObjection.objects.get().receipt
    objections.answer("0730", receipt, words="Det var en fejl.", staff_key="k", now=timezone.now())
    assert told in mette.get("/").content.decode()
    sign_in_as(mette, a_citizen(BO))
    assert told not in mette.get("/").content.decode()
