"""Whatever comes, in whatever order and batches: one row a record, exact numbers, the newest registration."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexes.models import Case, Citizen
from indexes.records import Case as CaseRecord
from indexes.records import Item, Parsed
from indexes.store import Counts, Taken, save
from tests.indexes.makers import BO, METTE, NOW, WANTED, case, days_ago, parsed, refused, withdrawn

pytestmark = pytest.mark.django_db

NAMES, DAYS = st.sampled_from(["a", "b", "c"]), st.integers(1, 4)
CASES = st.builds(
    lambda name, days, cpr, kle, title: case(name, registered=days_ago(days), cpr=cpr, kle=kle, title=title),
    NAMES,
    DAYS,
    st.sampled_from([METTE, BO]),
    st.sampled_from(["32.30.04", "32.30.04", "81.02.04"]),
    st.sampled_from(["x", "y"]),
)
ITEMS = st.one_of(
    CASES.map(lambda record: Parsed(record=record)),
    st.builds(lambda name, days: withdrawn(name, days=days), NAMES, DAYS),
    st.builds(refused, NAMES),
)
BATCHES = st.lists(st.lists(ITEMS, max_size=6), max_size=4)


def save_all(batches: list[list[Item]]) -> Counts:
    total, taken = Counts(), Taken()
    for batch in batches:
        total.add(save(batch, wanted=WANTED, now=NOW, taken=taken))
    return total


def rows() -> list[tuple[object, ...]]:
    return list(Case.objects.order_by("uuid", "citizen").values_list("uuid", "citizen", "registered", "digest"))


@settings(max_examples=60)
@given(batches=BATCHES)
def test_every_item_is_counted_once_and_every_record_has_one_row(batches: list[list[Item]]) -> None:
    Citizen.objects.all().delete()
    counts = save_all(batches)
    fates = counts.new + counts.changed + counts.unchanged + counts.older
    assert counts.read == sum(map(len, batches))
    assert counts.read == counts.kinds.total()
    assert counts.read == fates + counts.withdrawn.total() + counts.refused.total() + counts.unwanted.total()
    assert Case.objects.count() == Case.objects.values("uuid").distinct().count()
    assert Case.objects.count() == counts.new - counts.removed


@settings(max_examples=60)
@given(records=st.lists(CASES.filter(lambda record: record.kle != "81.02.04"), max_size=8), edge=st.integers(0, 8))
def test_the_newest_is_held_wherever_the_page_ends(records: list[CaseRecord], edge: int) -> None:
    Citizen.objects.all().delete()
    save_all([parsed(*records[:edge]), parsed(*records[edge:])])
    newest: dict[object, CaseRecord] = {}
    for record in records:
        if record.uuid not in newest or newest[record.uuid].registered <= record.registered:
            newest[record.uuid] = record
    held = {uuid: registered for uuid, _, registered, _ in rows()}
    assert held == {uuid: record.registered for uuid, record in newest.items()}
    before = rows()
    again = save_all([parsed(*newest.values())])
    assert (again.new, again.changed, again.older, again.removed) == (0, 0, 0, 0)
    assert rows() == before
