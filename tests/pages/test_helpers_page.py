"""Power of attorney in two citizens' browsers: given, taken on, used and ended, and what a helper is kept from."""

import datetime as dt
import re
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from msgspec.structs import replace

from borgerblik.models import AccessEntry, AreaSetting, AuthoritySettings, PowerOfAttorney
from borgerblik.wanted import wanted
from indexes.models import SourceState
from indexes.records import Period, Record, Source
from indexes.store import save
from portal.citizen import helpers
from tests.indexes.makers import AMINA, BO, METTE, RANDERS, UDK, case, grant, parsed, payment
from tests.pages.sessions import a_citizen, sign_in_as

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates", "randers")]

BORN = dt.date(1962, 4, 30)
SEEN, KEPT = case("seen", cpr=BO), case("kept from helpers", cpr=BO, kle="27.24.04")
HERS = case("hers", cpr=METTE)
GRANT, PAID = grant(cpr=BO, case_uuid=None), payment(cpr=BO)
GIVEN = {"name": "Mette", "day": "30", "month": "4", "year": "1962", "areas": ["kontante_ydelser"], "months": "6"}


@pytest.fixture
def randers() -> None:
    """Randers has opened two areas; Bo has something in both."""
    for code in ("0730", "UDK"):
        authority = AuthoritySettings.objects.create(code=code, since=dt.date(2020, 1, 1), etaper=[1, 2, 3, 4])
        for area in ("kontante_ydelser", "social"):
            AreaSetting.objects.create(authority=authority, area=area, shown=True)
    for source in Source:
        for cvr in (RANDERS, UDK):
            now = timezone.now()
            SourceState.objects.create(source=source, authority_cvr=cvr, last_attempt=now, last_success=now)
    records: list[Record] = [SEEN, KEPT, HERS, GRANT, PAID]
    save(parsed(*(replace(record, holds=Period()) for record in records)), wanted=wanted(), now=timezone.now())


@pytest.fixture
def bo(client: Client) -> Client:
    sign_in_as(client, a_citizen(BO, name="Bo Hansen", given_name="Bo"))
    return client


@pytest.fixture
def mette() -> Client:
    found = Client()
    sign_in_as(found, a_citizen(METTE, name="Mette Lund", birth_date=BORN))
    return found


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.status_code
    return answer.content.decode()


def given(bo: Client) -> str:
    """Bo gives one; its code, as his page shows it."""
    answer = bo.post("/hjaelpere/giv/", GIVEN, follow=True)
    assert answer.redirect_chain == [("/hjaelpere/", 302)], answer.content.decode()
    found = re.search(r'bo-code" dir="ltr">([\d ]{15})<', answer.content.decode())
    assert found
    return found[1]


def taken(bo: Client, mette: Client) -> PowerOfAttorney:
    assert mette.post("/hjaelpere/kode/", {"code": given(bo), "svar": "ja"}).status_code == 302
    return PowerOfAttorney.objects.get()


def helping(bo: Client, mette: Client) -> PowerOfAttorney:
    """Mette sees Bo's pages."""
    power = taken(bo, mette)
    assert mette.post(f"/hjaelpere/{power.id}/se/", follow=True).redirect_chain == [("/", 302)]
    return power


def test_from_giving_to_seeing_and_back_to_ones_own_page(bo: Client, mette: Client) -> None:
    code = given(bo)
    assert "Mette har ikke brugt koden endnu" in text(bo, "/hjaelpere/")
    offered = mette.post("/hjaelpere/kode/", {"code": code}).content.decode()
    assert "Bo Hansen vil have din hjælp" in offered
    assert mette.post("/hjaelpere/kode/", {"code": code, "svar": "ja"}, follow=True).redirect_chain
    power = PowerOfAttorney.objects.get()
    assert "Se med hos Bo Hansen" in text(mette, "/hjaelpere/")
    told = text(bo, "/hjaelpere/")
    assert "Mette Lund kan se med til og med" in told
    assert code not in told, "it is used"
    page = mette.post(f"/hjaelpere/{power.id}/se/", follow=True).content.decode()
    assert "Du ser med hos Bo Hansen." in page
    assert "Overblik for Bo Hansen" in page
    assert f"/sager/{SEEN.uuid}/" in page
    for kept in (KEPT.uuid, HERS.uuid):
        assert str(kept) not in page
    assert "Fuldmagten viser kun en del" in page
    own = mette.post("/hjaelpere/egen-side/", follow=True)
    assert own.redirect_chain == [("/hjaelpere/", 302)]
    assert f"/sager/{HERS.uuid}/" in text(mette, "/")


def test_every_page_a_helper_opens_is_the_givers_and_in_his_log_by_name(bo: Client, mette: Client) -> None:
    helping(bo, mette)
    for address in (
        "/",
        "/sager/",
        f"/sager/{SEEN.uuid}/",
        "/penge/",
        "/penge/udbetalinger.csv",
        "/plan/",
        "/omraader/",
    ):
        page = mette.get(address)
        assert page.status_code == 200, address
        assert str(HERS.uuid) not in page.content.decode()
    for address in (f"/sager/{KEPT.uuid}/", f"/sager/{HERS.uuid}/"):
        text(mette, address, 404)
    log = text(bo, "/hvem-har-set/?vis=andre")
    assert "Mette Lund" in log
    assert "Du har givet en fuldmagt." in log
    read = AccessEntry.objects.filter(organisation="Mette Lund", purpose="power").values_list("what", flat=True)
    assert list(read.order_by("id")) == ["power", *["overview"] * 5, "payments", *["overview"] * 4]


@pytest.mark.parametrize(
    "address",
    [
        *("/hvem-har-set/", "/noget-galt/", "/hjaelpere/", "/hjaelpere/giv/", "/om-dine-data/kopi/"),
        f"/noget-galt/sag/{SEEN.uuid}/",
    ],
)
def test_what_is_about_oneself_is_kept_from_a_helper(bo: Client, mette: Client, address: str) -> None:
    helping(bo, mette)
    for answer in (mette.get(address), mette.post(address, {"form": "json", "reason": "status"})):
        assert answer.status_code == 403
        assert "Gå tilbage til din egen side først" in answer.content.decode()


def test_a_helper_is_offered_nothing_that_is_kept_from_them(bo: Client, mette: Client) -> None:
    helping(bo, mette)
    for address in ("/", "/sager/", f"/sager/{SEEN.uuid}/", "/penge/", "/om-dine-data/"):
        page = text(mette, address)
        for link in (
            "/noget-galt/",
            "/hvem-har-set/",
            "/om-dine-data/kopi/",
            "/kunne-du-bruge-siden/",
            '"/hjaelpere/"',
        ):
            assert link not in page, f"{link} on {address}"


def test_the_helpers_own_answers_by_rest_stay_their_own(bo: Client, mette: Client) -> None:
    helping(bo, mette)
    told = mette.get("/api/v1/me/cases").content.decode()
    assert str(HERS.uuid) in told
    assert str(SEEN.uuid) not in told


def test_it_ends_at_once_also_for_who_is_in_the_middle_of_it(bo: Client, mette: Client) -> None:
    power = helping(bo, mette)
    assert bo.post(f"/hjaelpere/{power.id}/stop/").status_code == 302
    ended = mette.get("/sager/", follow=True)
    assert ended.redirect_chain == [("/hjaelpere/?slut=ja", 302)]
    assert "Fuldmagten gælder ikke mere." in ended.content.decode()
    assert f"/sager/{HERS.uuid}/" in text(mette, "/")
    assert mette.post(f"/hjaelpere/{power.id}/se/").status_code == 404
    assert "Du stoppede fuldmagten" in text(bo, "/hjaelpere/")
    assert "Bo Hansen stoppede fuldmagten" in text(mette, "/hjaelpere/")


def test_the_helper_can_end_it_too(bo: Client, mette: Client) -> None:
    power = taken(bo, mette)
    assert mette.post(f"/hjaelpere/{power.id}/stop/").status_code == 302
    assert "Mette Lund stoppede fuldmagten" in text(bo, "/hjaelpere/")


def test_somebody_elses_is_not_there(bo: Client, mette: Client) -> None:
    power = taken(bo, mette)
    amina = Client()
    sign_in_as(amina, a_citizen(AMINA, birth_date=BORN))
    for number in (power.id, uuid4()):
        assert amina.post(f"/hjaelpere/{number}/stop/").status_code == 404
        assert amina.post(f"/hjaelpere/{number}/se/").status_code == 404
    assert bo.post(f"/hjaelpere/{power.id}/se/").status_code == 404, "the giver sees their own page anyway"
    assert "Du hjælper ingen her." in text(amina, "/hjaelpere/")
    assert PowerOfAttorney.objects.get().ended is None


def test_signing_out_ends_the_helping_and_not_the_power(bo: Client, mette: Client) -> None:
    helping(bo, mette)
    mette.post("/log-ud/")
    sign_in_as(mette, a_citizen(METTE, name="Mette Lund", birth_date=BORN))
    assert f"/sager/{HERS.uuid}/" in text(mette, "/")
    assert "Se med hos Bo Hansen" in text(mette, "/hjaelpere/")


def test_who_signs_in_anew_in_the_middle_lands_on_a_page(bo: Client, mette: Client) -> None:
    """What a button sends is gone then; its address, which is where signing in leads back to, is no page."""
    power = taken(bo, mette)
    for address in ("kode/", f"{power.id}/stop/", f"{power.id}/se/", "egen-side/"):
        assert Client().post(f"/hjaelpere/{address}").headers["Location"].startswith("/log-ind/")
        assert mette.get(f"/hjaelpere/{address}", follow=True).redirect_chain == [("/hjaelpere/", 302)], address
    assert PowerOfAttorney.objects.get().ended is None
    assert f"/sager/{HERS.uuid}/" in text(mette, "/"), "nothing was begun by looking"


def test_a_wrong_code_says_what_to_do_and_cannot_be_guessed(bo: Client, mette: Client) -> None:
    code = given(bo)
    for wrong in ("", "12", "000 000 000 000", code[:-1], code + "1", "\0" * 12, "٣" * 12):
        answer = mette.post("/hjaelpere/kode/", {"code": wrong})
        assert answer.status_code == 400
        assert "Koden passer ikke." in answer.content.decode()
    amina = Client()
    sign_in_as(amina, a_citizen(AMINA, birth_date=BORN + dt.timedelta(days=1)))
    assert amina.post("/hjaelpere/kode/", {"code": code, "svar": "ja"}).status_code == 400
    for _ in range(helpers.MOST_CODES):
        last = mette.post("/hjaelpere/kode/", {"code": "111111111111", "svar": "ja"})
    assert last.status_code == 429
    assert "Vent en time" in last.content.decode()
    assert mette.post("/hjaelpere/kode/", {"code": code, "svar": "ja"}).status_code == 429, "also the right one"
    assert PowerOfAttorney.objects.get().accepted is None


def test_without_a_birthday_a_code_cannot_be_used(bo: Client) -> None:
    code = given(bo)
    amina = Client()
    sign_in_as(amina, a_citizen(AMINA))
    answer = amina.post("/hjaelpere/kode/", {"code": code})
    assert answer.status_code == 400
    assert "Vi kender ikke din fødselsdag" in answer.content.decode()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": " "}, "Skriv, hvad hjælperen hedder."),
        ({"name": "\N{ZERO WIDTH SPACE}\N{RIGHT-TO-LEFT OVERRIDE}"}, "Skriv, hvad hjælperen hedder."),
        ({"day": "31"}, "Skriv dag, måned og år med tal"),
        ({"year": "2999"}, "Skriv dag, måned og år med tal"),
        ({"year": "62"}, "Skriv dag, måned og år med tal"),
        ({"month": "9" * 30}, "Skriv dag, måned og år med tal"),
        ({"areas": []}, "Vælg mindst ét område."),
        ({"areas": ["boern_unge"]}, "Vælg mindst ét område."),
        ({"months": "36"}, "Vælg, hvor længe det skal gælde."),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_the_rest_is_kept(bo: Client, wrong: dict[str, object], said: str) -> None:
    answer = bo.post("/hjaelpere/giv/", {**GIVEN, **wrong})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert said in page
    assert 'value="1962"' in page or "year" in wrong
    assert not PowerOfAttorney.objects.exists()


def test_a_cpr_number_in_the_name_is_not_kept(bo: Client) -> None:
    bo.post("/hjaelpere/giv/", {**GIVEN, "name": f"Mette {METTE}"})
    assert METTE not in PowerOfAttorney.objects.get().helper_name


def test_more_than_one_may_have_at_a_time_is_refused_in_words(bo: Client) -> None:
    for _ in range(10):
        assert bo.post("/hjaelpere/giv/", GIVEN).status_code == 302
    answer = bo.post("/hjaelpere/giv/", GIVEN)
    assert answer.status_code == 429
    assert "Stop en af dem" in answer.content.decode()


def test_the_code_is_gone_with_the_session_and_no_cache_keeps_a_page_with_it(bo: Client) -> None:
    code = given(bo)
    answer = bo.get("/hjaelpere/")
    assert code in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    bo.post("/log-ud/")
    sign_in_as(bo, a_citizen(BO, name="Bo Hansen", given_name="Bo"))
    assert code not in text(bo, "/hjaelpere/")


def test_of_children_nothing_is_shown_and_that_is_said(bo: Client) -> None:
    assert "Vi kan ikke vise dig dine børns sager." in text(bo, "/hjaelpere/")


def test_a_danish_name_keeps_its_direction_in_arabic(bo: Client, mette: Client) -> None:
    taken(bo, mette)
    assert "\N{FIRST STRONG ISOLATE}Mette Lund\N{POP DIRECTIONAL ISOLATE}" in text(bo, "/hjaelpere/?sprog=ar")
