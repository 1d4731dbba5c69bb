"""Sessions in the database are of no use to whoever reads or writes rows there."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from pytest_django import Settings

from borgerblik.models import AccessGrant
from portal.login.sessions import SessionStore, stored_key, token_of
from portal.models import StaffUser
from tests.pages.sessions import a_citizen, sign_in_as
from tests.staff import employee, granted

pytestmark = pytest.mark.django_db


def kept(**content: object) -> SessionStore:
    store = SessionStore()
    store.update(content)
    store.save()
    return store


def test_a_session_is_read_again_by_its_key() -> None:
    store = kept(name="Mette Lund")
    assert SessionStore(store.session_key).load() == {"name": "Mette Lund"}
    assert store.exists(store.session_key or "")
    store.delete()
    assert not Session.objects.exists()


def test_a_row_says_neither_the_key_nor_whose_it_is() -> None:
    store = kept(name="Mette Lund")
    row = Session.objects.get()
    assert row.session_key == stored_key(store.session_key or "")
    assert str(store.session_key) not in str(Session.objects.values())
    assert "Mette" not in row.session_data
    assert SessionStore(row.session_key).load() == {}, "what stands in the table is no key"


def test_a_row_that_was_moved_or_changed_opens_nothing() -> None:
    mine, hers = kept(name="Bo"), kept(name="Mette")
    content = Session.objects.get(pk=stored_key(hers.session_key or "")).session_data
    for forged in (content, content[:-8] + "AAAAAAA=", "", "no base64"):
        Session.objects.filter(pk=stored_key(mine.session_key or "")).update(session_data=forged)
        assert SessionStore(mine.session_key).load() == {}


def test_nobody_makes_a_row_that_opens_without_our_secret(settings: Settings) -> None:
    settings.SECRET_KEY = "of-whoever-may-write-to-the-table"
    forged = kept(name="Mette")
    settings.SECRET_KEY = "ours"
    assert SessionStore(forged.session_key).load() == {}


def test_the_token_ends_with_the_key_of_the_session() -> None:
    store = kept(name="Mette")
    before = token_of(store)
    store.cycle_key()
    assert token_of(store) != before
    assert before not in str(Session.objects.values())


def test_signing_in_opens_a_grant_and_signing_out_closes_it(client: Client) -> None:
    sign_in_as(client, a_citizen("6815859002"))
    assert AccessGrant.objects.count() == 1
    assert client.get("/").status_code == 200
    client.post("/log-af/")
    assert not AccessGrant.objects.exists()


def test_a_session_whose_grant_is_gone_is_over(client: Client) -> None:
    sign_in_as(client, a_citizen("6815859002"))
    AccessGrant.objects.all().delete()
    answer = client.get("/penge/")
    assert answer.status_code == 302
    assert answer["Location"] == "/log-ind/?next=%2Fpenge%2F&hvorfor=tid"
    sign_in_as(client, a_citizen("6815859002"))
    AccessGrant.objects.all().delete()
    assert client.get("/api/v1/me/summary").status_code == 401


RAISED: list[dict[str, object]] = [
    {"role": "administrator"},
    {"municipalities": ["0730", "0360"]},
    {"privileges": [granted("0730"), granted("0360")]},
    {"key": "somebody else"},
]


@pytest.mark.parametrize("raised", RAISED, ids=str)
def test_whoever_can_write_the_table_of_employees_raises_nobody(client: Client, raised: dict[str, object]) -> None:
    """The web role writes an employee's row when they sign in; the session says what they signed in with."""
    client.force_login(employee("coordinator", "0730"))
    assert client.get("/kommune/").status_code == 403
    StaffUser.objects.update(**raised)
    answer = client.get("/kommune/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/log-ind/")
