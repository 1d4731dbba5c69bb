"""Cleaning while others clean and read: nobody waits in a ring, and every row and message is counted once."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from django.db import connection
from django.utils import timezone

from borgerblik import cleaning
from borgerblik.models import AuthoritySettings
from borgerblik.wanted import wanted
from indexes import leaving, mending, quarantine
from indexes.leaving import Leaving
from indexes.mending import Which
from indexes.models import Case, Quarantined, Removal
from indexes.records import Item, RefusalReason, Refused, Source
from indexes.store import save
from tests.indexes.makers import DAY, NOW, RANDERS, case, grant, parsed, uuid
from tests.indexes.test_mending import TERMS, message

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = [f"{number:010d}" for number in range(7_213_990_000, 7_213_990_040)]  # no such dates


def at_once(*works: Callable[[], object]) -> None:
    """Each in a thread, and so in a session of the database, of its own."""

    def closing(work: Callable[[], object]) -> None:
        try:
            work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        for done in [pool.submit(closing, work) for work in works]:
            done.result()


def test_two_take_the_same_fagsystem_away_while_another_stores() -> None:
    records: list[Item] = []
    for cpr in PEOPLE:
        records += parsed(
            case(f"ky {cpr}", cpr=cpr, fagsystem="KY"),
            grant(f"ky {cpr}", cpr=cpr, fagsystem="KY", case_uuid=uuid(f"ky {cpr}")),
            case(f"ksd {cpr}", cpr=cpr),
        )
    terms = replace(wanted(), keeping=None)
    save(records, wanted=terms, now=NOW)
    taken: list[Counter[str]] = []

    def take() -> None:
        leaving.take_away(Leaving(owner_cvr=RANDERS, fagsystem="KY"), in_each=taken.append, at_once=1)

    def store() -> None:
        for number in range(20):
            newer = parsed(*(case(f"ksd {cpr}", cpr=cpr, title=f"{number}") for cpr in PEOPLE))
            save(newer, wanted=terms, now=timezone.now(), owner_cvr=RANDERS)

    at_once(take, take, store)
    assert sum(taken, Counter()) == {"case": 40, "grant": 40}
    assert sum(Removal.objects.filter(cause="retired").values_list("rows", flat=True)) == 80
    assert set(Case.objects.values_list("fagsystem", flat=True)) == {"KSD"}


def kept(number: int) -> Refused:
    raw = message().replace(b"3f6c0d0e", f"{number:08x}".encode())
    return Refused(kind="case", uuid=None, reason=RefusalReason.NO_KLE, what="Sagsklasse", raw=raw)


def test_two_try_the_same_messages_while_a_reading_brings_others() -> None:
    quarantine.keep([kept(number) for number in range(60)], source=Source.SDI, authority_cvr=RANDERS, now=NOW)
    done: list[mending.Mended] = []

    def mend() -> None:
        done.append(mending.try_again(Which(), terms=TERMS, clock=lambda: NOW + DAY, at_once=5))

    def refuse() -> None:
        for number in range(100, 120):
            quarantine.keep([kept(number)], source=Source.SDI, authority_cvr=RANDERS, now=NOW)

    at_once(mend, mend, refuse)
    mend()
    assert sum(one.used for one in done) == 80
    assert Case.objects.count() == 80
    assert not Quarantined.objects.exists()


def test_trying_again_goes_on_where_it_was_cut_off() -> None:
    AuthoritySettings.objects.create(code="0730")
    messages = [replace(kept(1), raw=message("no_owner"))]
    messages += [kept(number) for number in range(10, 10 + mending.AT_ONCE)]
    quarantine.keep(messages, source=Source.SDI, authority_cvr=RANDERS, now=NOW)
    asked = cleaning.ask_to_try_again("0730", Which(authority_cvr=RANDERS), staff_key="karen")

    def cut(done: int, _all: int) -> None:
        raise KeyboardInterrupt(done)

    with pytest.raises(KeyboardInterrupt, match=f"{mending.AT_ONCE}"):
        cleaning.carry_out(asked.pk, progress=cut)
    ended = cleaning.carry_out(asked.pk)
    assert ended is not None
    number = mending.AT_ONCE
    assert ended.counts == {"tried": number + 1, "used": number, "undocumented": number, "left": 1}
