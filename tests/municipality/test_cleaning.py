"""The console's page of cleaning: what may be tried again, which fagsystem goes, in two steps, and the receipts."""

from hashlib import sha256

import pytest
from django.test import Client

from borgerblik import cleaning, settings_store
from borgerblik.models import Cleaning, SettingChange
from indexes import quarantine
from indexes.models import Case, Quarantined
from indexes.records import Source
from indexes.store import save
from tests.indexes.makers import METTE, NOW, RANDERS, UDK, WANTED, case, parsed, refused, uuid
from tests.municipality.cleaned import to_clean
from tests.staff import employee, granted

pytestmark = pytest.mark.django_db

PAGE = "/kommune/oprydning/"
KSD = "/kommune/0730/oprydning/fagsystem/?navn=KSD"
GROUP = {"source": "sdi", "kind": "case", "reason": "no_kle", "what": "Sagsklasse"}


def text(client: Client, address: str = PAGE, **asked: str) -> str:
    answer = client.get(address, asked)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_the_page_tells_what_is_wrong_and_nothing_of_anybody(karen: Client) -> None:
    to_clean()
    page = text(karen)
    for told in (
        "Sag: Mangler KLE-nummer",
        "2 beskeder",
        "Sag: Ingen myndighed ejer den",
        "Titel: Xxxxx xxx Xxxxx",
        "KSD",
    ):
        assert told in page, told
    for kept in (METTE, "Mette", str(uuid("one"))):
        assert kept not in page, kept
    assert "Gammelt System bruges ikke længere" in page
    assert "Fagsystemet bruges ikke længere" in page, "where the rows have gone"


def test_a_group_is_tried_again_by_a_worker_and_the_result_is_told(karen: Client) -> None:
    to_clean()
    sent = karen.post("/kommune/0730/oprydning/proev-igen/", GROUP, follow=True).content.decode()
    assert "Vi læser beskederne igen." in sent
    assert "Er i gang" in sent
    assert Quarantined.objects.count() == 3, "nothing has been read yet"
    (waits,) = cleaning.waiting()
    cleaning.carry_out(waits)
    page = text(karen)
    assert "Prøvet igen. Sag: Mangler KLE-nummer" in page
    assert "Kan stadig ikke bruges: 2" in page
    assert karen.post("/kommune/0730/oprydning/proev-igen/", {**GROUP, "reason": "x"}).status_code == 404
    for nothing in ({**GROUP, "what": "Andet"}, {**GROUP, "kind": "plan"}):
        sent = karen.post("/kommune/0730/oprydning/proev-igen/", nothing, follow=True).content.decode()
        assert "De beskeder ligger her ikke længere." in sent
    assert not cleaning.waiting()
    karen.post("/kommune/0730/oprydning/fagsystem/igen/", {"navn": "\0"})


def test_a_fagsystem_goes_when_its_name_is_typed_by_who_has_seen_what_goes(karen: Client) -> None:
    to_clean()
    page = text(karen, KSD)
    for told in ("Bruger I ikke længere KSD?", "2, heraf 2 aktive", "Ydelser fra andre fagsystemer", "2026"):
        assert told in page, told
    wrong = karen.post(KSD, {"typed": "ksd"})
    assert wrong.status_code == 400
    assert "Skriv navnet, præcis som det står." in wrong.content.decode()
    assert not cleaning.waiting()
    sent = karen.post(KSD, {"typed": "KSD"}, follow=True).content.decode()
    assert "Vi er ved at fjerne alt fra KSD." in sent
    assert karen.get(KSD).status_code == 200, "what is left of it can still be seen"
    (waits,) = cleaning.waiting()
    cleaning.carry_out(waits)
    assert not Case.objects.filter(fagsystem="KSD").exists()
    assert "Sager fjernet: 2" in text(karen)
    decided = SettingChange.objects.filter(what="fagsystem").first()
    assert decided is not None
    assert decided.staff_key == "administrator-1"
    history = text(karen, "/kommune/aendringer/")
    assert "Fagsystemet KSD" in history
    assert "Ude af brug fra: nej → " in history
    again = karen.post("/kommune/0730/oprydning/fagsystem/igen/", {"navn": "KSD"}, follow=True).content.decode()
    assert "Vi tager igen imod fra KSD." in again
    assert [one.fagsystem for one in settings_store.retired("0730")] == ["Gammelt System"]


def test_a_receipt_is_a_text_for_the_file_of_ones_own_authority(karen: Client) -> None:
    to_clean()
    (made,) = Cleaning.objects.all()
    answer = karen.get(f"/kommune/0730/oprydning/{made.pk}/")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    text_of = answer.content.decode()
    assert "Gammelt System bruges ikke længere" in text_of
    assert "af Karen Dahl" in text_of
    *_, vouched_for, digest = text_of.splitlines()
    assert digest.endswith("sha256:" + sha256(vouched_for.encode()).hexdigest()), "anybody can see that it is whole"
    assert karen.get(f"/kommune/0360/oprydning/{made.pk}/").status_code == 404


def test_udbetaling_danmark_sees_its_own(ulla: Client) -> None:
    to_clean()
    quarantine.keep([refused("udk", raw=b"<B/>", kind="grant")], source=Source.YI, authority_cvr=UDK, now=NOW)
    page = text(ulla)
    assert "Bevilget ydelse: Mangler KLE-nummer" in page
    assert "KSD" not in page
    (made,) = Cleaning.objects.all()
    assert ulla.get(f"/kommune/0730/oprydning/{made.pk}/").status_code == 404


def test_a_role_that_is_limited_to_areas_has_no_such_page(client: Client) -> None:
    to_clean()
    limited = employee("administrator", "0730")
    limited.privileges = [granted("0730", kle=["32"])]
    limited.save()
    client.force_login(limited)
    assert client.get(PAGE).status_code == 404
    assert client.get(KSD).status_code == 404
    assert client.post("/kommune/0730/oprydning/proev-igen/", GROUP).status_code == 404
    assert "Oprydning" not in text(client, "/kommune/")
    assert quarantine.held(Source.SDI, RANDERS) == 3


def test_an_authority_that_has_set_up_nothing_retires_nothing(karen: Client) -> None:
    save(parsed(case("ksd", fagsystem="KSD")), wanted=WANTED, now=NOW)
    assert "I har ikke sat noget op her endnu." in karen.post(KSD, {"typed": "KSD"}, follow=True).content.decode()
    assert not cleaning.waiting()
