"""Two requests of a citizen at the same moment, each on a connection of its own, do no more than one may: in telling of
what is wrong, in giving powers of attorney.
"""

import datetime as dt
import threading
import time
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection, connections, transaction

from borgerblik import access_log, objections, powers, reports
from borgerblik.grants import ByGrant, Reader, open_grant
from borgerblik.models import AccessEntry, AccessObjection, ItemReport, PowerOfAttorney
from borgerblik.overview.material import Person
from borgerblik.overview.reports import ItemKind
from borgerblik.powers import MOST, Terms, TooManyPowersError
from borgerblik.receipts import MOST_A_DAY, TooManyError
from borgerblik.reports import Said
from borgerblik.wanted import wanted
from indexes.store import save
from tests.indexes.makers import METTE, NOW, case, parsed

pytestmark = pytest.mark.django_db(transaction=True)

THEMSELVES = Reader(actor="citizen", organisation="", system="tests", purpose="own_page")
Tell = Callable[[int], str]  # about the thing of this number; gives the receipt


@pytest.fixture
def leave() -> ByGrant:
    token = str(uuid4())
    open_grant(METTE, THEMSELVES, token=token, lasts=dt.timedelta(hours=1))
    return ByGrant(token=token)


@pytest.fixture(params=["reports", "objections"])
def tell(request: pytest.FixtureRequest, leave: ByGrant) -> Tell:
    """Says something is wrong with one of many things of Mette's: an item, or an entry of her log."""
    if request.param == "reports":
        cases = [case(str(number)) for number in range(MOST_A_DAY + 1)]
        save(parsed(*cases), wanted=wanted(), now=NOW)

        def report(number: int) -> str:
            told = Said(kind=ItemKind.CASE, item=cases[number].uuid, reason="other", words="")
            return reports.make(leave, told, now=NOW).receipt

        return report
    for _ in range(MOST_A_DAY + 1):
        access_log.read_citizen(leave, near=[], what="overview")
    entries = list(AccessEntry.objects.order_by("pk"))

    def objection(number: int) -> str:
        told = objections.Said(entry=entries[number].pk, reason="other", words="")
        return objections.make(leave, told, municipality="0730", now=NOW).receipt

    return objection


def both_at_once(tell: Tell, one: int, other: int) -> tuple[str, str | None]:
    """The receipts of two requests, of which the second came while the first was not over; None: it was too much."""
    got: list[str | None] = []

    def second() -> None:
        try:
            got.append(tell(other))
        except (TooManyError, TooManyPowersError):
            got.append(None)
        finally:
            connections.close_all()

    thread = threading.Thread(target=second)
    with transaction.atomic():
        first = tell(one)
        thread.start()
        while thread.is_alive() and not somebody_waits():
            time.sleep(0.01)
    thread.join()
    return first, got[0]


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
        return bool(cursor.fetchone()[0])


def made() -> int:
    return ItemReport.objects.count() + AccessObjection.objects.count()


def test_the_eleventh_is_refused_though_the_tenth_is_not_over(tell: Tell) -> None:
    for number in range(MOST_A_DAY - 1):
        tell(number)
    assert both_at_once(tell, MOST_A_DAY - 1, MOST_A_DAY)[1] is None
    assert made() == MOST_A_DAY


def test_the_tenth_pressed_twice_is_one(tell: Tell) -> None:
    for number in range(MOST_A_DAY - 1):
        tell(number)
    first, second = both_at_once(tell, MOST_A_DAY - 1, MOST_A_DAY - 1)
    assert first == second
    assert made() == MOST_A_DAY


def test_one_power_of_attorney_too_many_is_refused_though_the_last_is_not_over(leave: ByGrant) -> None:
    giver = Person(name="Mette Lund", given_name="Mette", birth_date=None, municipality="0730")
    terms = Terms(helper_name="Bo", born=dt.date(1958, 3, 2), areas=["social"], months=1)

    def give(_number: int) -> str:
        return str(powers.give(leave, giver, terms, now=NOW)[0])

    for number in range(MOST - 1):
        give(number)
    assert both_at_once(give, MOST - 1, MOST)[1] is None
    assert PowerOfAttorney.objects.count() == MOST
