"""Whether a page was of use: answers are counted, each visit's once for a page, and nobody is told from another."""

import datetime as dt
import re

import pytest
from django.conf import settings
from django.db import DataError, IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from portal.citizen.usefulness import ASKED, answers, count
from portal.models import Usefulness
from tests.indexes.makers import BO, METTE
from tests.pages.sessions import a_citizen, sign_in_as
from tests.staff import employee

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]

ADDRESS = "/kunne-du-bruge-siden/"
DAY = dt.date(2026, 11, 24)


@pytest.fixture
def mette(client: Client) -> Client:
    sign_in_as(client, a_citizen(METTE))
    return client


def say(client: Client, answer: str, page: str = "your_data") -> str:
    told = client.post(ADDRESS, {"side": page, "svar": answer})
    assert told.status_code == 302, told.status_code
    return client.get(told["Location"]).content.decode()


def counters() -> list[tuple[str, str, int, int]]:
    return list(Usefulness.objects.order_by("page", "language").values_list("page", "language", "yes", "no"))


def test_a_page_asks_and_says_thanks(mette: Client) -> None:
    html = mette.get("/om-dine-data/").content.decode()
    assert "Kunne du bruge siden?" in html
    assert re.search(r'name="side" value="your_data"', html)
    assert "Tak for dit svar" in say(mette, "ja")
    assert counters() == [("your_data", "da", 1, 0)]


def test_whoever_could_not_use_it_is_told_where_there_is_help(mette: Client) -> None:
    html = say(mette, "nej")
    assert "Her kan du få hjælp" in html
    assert "Randers Kommune" in html
    assert 'href="tel:' in html
    assert counters() == [("your_data", "da", 0, 1)]


def test_a_visit_counts_once_for_a_page(mette: Client) -> None:
    for answer in ("ja", "ja", "nej"):
        assert "Tak" in say(mette, answer)
    say(mette, "nej", "money")
    assert counters() == [("money", "da", 0, 1), ("your_data", "da", 1, 0)]


def test_people_are_added_up_by_language(mette: Client) -> None:
    say(mette, "ja")
    for language, answer in (("da", "nej"), ("en", "ja")):
        other = Client()
        sign_in_as(other, a_citizen(BO), language)
        say(other, answer)
    assert counters() == [("your_data", "da", 1, 1), ("your_data", "en", 1, 0)]


def test_nothing_is_kept_of_who_has_answered(mette: Client) -> None:
    before = dict(mette.session)
    cookies = set(mette.cookies)
    say(mette, "ja")
    assert {key: mette.session[key] for key in before if key != "seen"} == {
        key: value for key, value in before.items() if key != "seen"
    }
    assert set(mette.session.keys()) == set(before)
    assert set(mette.cookies) <= cookies | {settings.CSRF_COOKIE_NAME}


@pytest.mark.parametrize("wrong", [{}, {"svar": "ja"}, {"side": "plan"}, {"side": "plan", "svar": "måske"},
                                   {"side": "sign_in", "svar": "ja"}])  # fmt: skip
def test_what_is_no_answer_of_ours_is_not_counted(mette: Client, wrong: dict[str, str]) -> None:
    assert mette.post(ADDRESS, wrong).status_code == 404
    assert counters() == []


def test_an_answer_comes_from_a_form_of_ours_by_somebody_signed_in(mette: Client) -> None:
    assert mette.get(ADDRESS).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = mette.cookies
    assert strict.post(ADDRESS, {"side": "plan", "svar": "ja"}).status_code == 403
    stranger = Client().post(ADDRESS, {"side": "plan", "svar": "ja"})
    assert stranger["Location"].startswith("/log-ind/")
    assert counters() == []


def test_nobody_is_asked_before_signing_in(client: Client) -> None:
    assert "Kunne du bruge siden?" not in client.get("/om-dine-data/").content.decode()


def test_the_page_of_least_use_comes_first() -> None:
    for page, yes, no in (("plan", 3, 1), ("money", 1, 3), ("overview", 2, 0)):
        for answer in [True] * yes + [False] * no:
            count(page, "da", DAY, yes=answer)
    count("money", "da", DAY - dt.timedelta(days=1), yes=False)
    assert [(one.page, one.share) for one in answers(DAY)] == [("money", 25), ("plan", 75), ("overview", 100)]


def test_what_no_page_asks_and_what_nobody_has_answered_is_left_out() -> None:
    """Whoever has the pages' password can write such a counter, and the console would have no words for it."""
    Usefulness.objects.create(page="sign_in", language="da", day=DAY, yes=1, no=0)
    Usefulness.objects.create(page="plan", language="da", day=DAY, yes=0, no=0)
    assert answers(DAY) == []


def test_a_counter_is_of_a_kind_of_page() -> None:
    with pytest.raises((IntegrityError, DataError), match="usefulness_page_is_a_name"), transaction.atomic():
        Usefulness.objects.create(page="/sager/1", language="da", day=DAY, yes=1, no=0)


def test_the_console_shows_what_was_answered(client: Client) -> None:
    for page in ASKED:
        count(page, "da", timezone.localdate(), yes=page != "plan")
    client.force_login(employee("administrator", "0730"))
    html = client.get("/kommune/brugbarhed/").content.decode()
    assert html.index("Planen") < html.index("Pengene")
    assert "0 %" in html
    assert "100 %" in html
