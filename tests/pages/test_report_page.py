"""Saying that an item is wrong, in the citizen's browser: from each kind to its form, what it refuses, the receipt."""

import datetime as dt
import re
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import timezone
from msgspec.structs import replace

from borgerblik import reports
from borgerblik.models import AccessEntry, AreaSetting, AuthoritySettings, ItemReport
from borgerblik.receipts import MOST_A_DAY
from borgerblik.wanted import wanted
from indexes.models import SourceState
from indexes.records import Period, Record, Source
from indexes.store import save
from tests.indexes.makers import BO, METTE, RANDERS, UDK, case, full_plan, grant, parsed, payment
from tests.pages.sessions import a_citizen, sign_in_as

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates", "randers")]

CASE, PAYMENT, GRANT, PLAN = case(), payment(), grant(case_uuid=None), full_plan()
CLOSED = case("closed", kle="15.17.06")
ADDRESS = f"/noget-galt/sag/{CASE.uuid}/"


def hold(*records: Record) -> None:
    lasting = (replace(record, holds=Period()) for record in records)
    save(parsed(*lasting), wanted=wanted(), now=timezone.now())


@pytest.fixture
def randers() -> None:
    """Randers has opened benefits and the plan; sick pay's own cases are closed."""
    for code in ("0730", "UDK"):
        authority = AuthoritySettings.objects.create(code=code, since=dt.date(2020, 1, 1), etaper=[1, 2, 3, 4])
        for area in ("kontante_ydelser", "helhedsorienteret_plan"):
            AreaSetting.objects.create(authority=authority, area=area, shown=True)
    for source in Source:
        for cvr in (RANDERS, UDK):
            now = timezone.now()
            SourceState.objects.create(source=source, authority_cvr=cvr, last_attempt=now, last_success=now)
    hold(CASE, CLOSED, GRANT, PAYMENT, PLAN)


@pytest.fixture
def mette(client: Client) -> Client:
    sign_in_as(client, a_citizen(METTE))
    return client


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


@pytest.mark.parametrize(
    ("where", "kind", "record", "about"),
    [
        (f"/sager/{CASE.uuid}/", "sag", CASE, "Sagen om "),
        ("/penge/", "udbetaling", PAYMENT, "Udbetalingen "),
        ("/penge/", "ret", GRANT, "Det, du har ret til: "),
        ("/plan/", "plan", PLAN, "Din plan"),
    ],
)
def test_from_each_item_to_its_form_the_receipt_and_the_list(
    mette: Client, where: str, kind: str, record: Record, about: str
) -> None:
    address = f"/noget-galt/{kind}/{record.uuid}/"
    assert f'href="{address}"' in text(mette, where)
    form = text(mette, address)
    assert about in form
    assert "00 00 00 00" in form, "whom to call instead"
    chosen = re.findall(r'name="reason" value="(\w+)"', form)[0]
    sent = mette.post(address, {"reason": chosen, "words": "Se <i>her</i>. 6113840001"}, follow=True)
    assert sent.redirect_chain == [(address, 302)]
    receipt = sent.content.decode()
    assert re.search(r'bo-receipt">(\d{3} ){3}\d{3}<', receipt)
    assert "Se &lt;i&gt;her&lt;/i&gt;. [nummer fjernet]" in receipt
    assert "har fået det. Du får svar senest" in receipt
    asks_more = "<form" in receipt.partition("<main")[2].partition("</main")[0]
    assert asks_more == (kind == "plan"), "while it waits there is nothing more to say, but of another part of a plan"
    (made,) = ItemReport.objects.all()
    assert (made.item, made.reason) == (record.uuid, chosen)
    assert about in text(mette, "/noget-galt/")


def test_of_the_plan_a_part_is_chosen(mette: Client) -> None:
    goal = PLAN.sub_goals[0]
    chosen = f"/noget-galt/plan/{PLAN.uuid}/?del=goal/{goal.id}"
    assert f'href="{chosen}"' in text(mette, "/plan/")
    assert f'<option value="goal/{goal.id}" selected>{goal.text}</option>' in text(mette, chosen)
    address = chosen.partition("?")[0]
    assert mette.post(address, {"reason": "goal", "part": "goal/none"}).status_code == 400
    assert mette.post(address, {"reason": "goal", "part": f"goal/{goal.id}"}).status_code == 302
    page = text(mette, address)
    assert f"<p>{goal.text}</p>" in page
    assert "Er der mere galt?" in page
    mette.post(address, {"reason": "meeting"})
    assert set(ItemReport.objects.values_list("part", flat=True)) == {"", f"goal/{goal.id}"}


def test_what_was_answered_is_read_and_it_can_be_told_of_again(mette: Client) -> None:
    mette.post(ADDRESS, {"reason": "status"})
    receipt = ItemReport.objects.get().receipt
    assert "Du har fået svar" not in text(mette, "/")
    reports.answer(RANDERS, receipt, words="Det er <rettet>.", staff_key="k", now=timezone.now())
    assert "Du har fået svar på det, du har meldt" in text(mette, "/")
    for address in (ADDRESS, "/noget-galt/"):
        assert "<q>Det er &lt;rettet&gt;.</q>" in text(mette, address)
    assert "Er der stadig noget galt?" in text(mette, ADDRESS)
    mette.post(ADDRESS, {"reason": "other"})
    assert ItemReport.objects.count() == 2


def test_what_has_ended_is_asked_of_what_is_open_and_the_other_way_round(mette: Client) -> None:
    """Nobody is asked whether a case that is open is still open."""
    form = text(mette, ADDRESS)
    assert ('value="ended"' in form, 'value="not_ended"' in form) == (True, False)
    assert mette.post(ADDRESS, {"reason": "not_ended"}).status_code == 400


def test_what_is_missing_or_too_long_is_said_and_kept(mette: Client) -> None:
    for sent, error in (
        ({"words": "Hvorfor?"}, "Vælg, hvad der er forkert."),
        ({"reason": "amount", "words": "Hvorfor?"}, "Vælg, hvad der er forkert."),
        ({"reason": "other", "words": "Hvorfor?" * 200}, "Teksten er for lang."),
    ):
        answer = mette.post(ADDRESS, sent)
        assert answer.status_code == 400
        assert error in answer.content.decode()
        assert "Hvorfor?</textarea>" in answer.content.decode()
    assert not ItemReport.objects.exists()


@pytest.mark.parametrize(
    "address",
    [
        f"/noget-galt/sag/{case('his').uuid}/",
        f"/noget-galt/sag/{CLOSED.uuid}/",
        f"/noget-galt/sag/{uuid4()}/",
        f"/noget-galt/sag/{PAYMENT.uuid}/",
        f"/noget-galt/brev/{CASE.uuid}/",
    ],
    ids=["somebody else's", "not shown", "none", "of another kind", "no such kind"],
)
def test_what_the_citizen_does_not_see_is_not_there(mette: Client, address: str) -> None:
    hold(case("his", cpr=BO))
    assert mette.get(address).status_code == 404
    assert mette.post(address, {"reason": "other"}).status_code == 404
    assert not ItemReport.objects.exists()


@pytest.mark.parametrize(
    "sent",
    [
        {"reason": "status\0"},
        {"reason": "status", "words": "a\0b"},
        {"reason": "status", "words": "a" * 100_000},
        {"reason": "status", "part": "goal/1"},
        {"reason": ["amount", "no_such"]},
        {"reason": "not_mine" * 500},
    ],
    ids=[
        "nothing in the reason",
        "nothing in the words",
        "a book",
        "a part of a case",
        "another's reason",
        "a long one",
    ],
)
def test_what_the_form_does_not_offer_is_not_kept(mette: Client, sent: dict[str, object]) -> None:
    assert mette.post(ADDRESS, sent).status_code == 400
    assert not ItemReport.objects.exists()


def test_what_is_sent_again_is_told_once(mette: Client) -> None:
    for _ in range(3):
        assert mette.post(ADDRESS, {"reason": "status", "words": "<script>\u202e1 2"}).status_code == 302
    assert ItemReport.objects.get().words == "<script>1 2"
    assert "&lt;script&gt;1 2" in text(mette, ADDRESS)


def test_nobody_reads_what_another_has_told(mette: Client) -> None:
    mette.post(ADDRESS, {"reason": "other", "words": "Mit eget."})
    bo = Client()
    sign_in_as(bo, a_citizen(BO))
    assert "Mit eget." in text(mette, "/noget-galt/")
    assert "Mit eget." not in text(bo, "/noget-galt/")
    assert "Du har ikke meldt noget." in text(bo, "/noget-galt/")
    assert AccessEntry.objects.filter(what="reports").count() >= 2


def test_too_many_in_a_day_are_told_whom_to_call(mette: Client) -> None:
    cases = [case(str(number)) for number in range(MOST_A_DAY + 1)]
    hold(*cases)

    def tell(uuid: UUID) -> int:
        status: int = mette.post(f"/noget-galt/sag/{uuid}/", {"reason": "other"}).status_code
        return status

    assert [tell(one.uuid) for one in cases] == [302] * MOST_A_DAY + [429]
    assert ItemReport.objects.count() == MOST_A_DAY


def test_another_site_cannot_send_it(mette: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = mette.cookies
    assert strict.post(ADDRESS, {"reason": "other"}).status_code == 403


def test_it_goes_along_in_the_copy(mette: Client) -> None:
    mette.post(ADDRESS, {"reason": "facts", "words": "Min dato er forkert."})
    told = mette.post("/om-dine-data/kopi/", {"form": "json"}).json()["reports"]
    assert [(one["reason"], one["words"]) for one in told] == [
        ("Et navn, en dato eller et tal er forkert", "Min dato er forkert.")
    ]
