"""Portions of a list that changes while it is read, in any order: nothing that was there throughout is missed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from indexes import authorities
from indexes.models import Case, Load, Outcome, Portion, SourceState, SyncRun
from indexes.records import Answer, Parsed, Source
from indexes.store import save
from indexes.sync import Terms, Worker, begin, plan, portions, result_of
from indexes.sync.conclusion import conclude
from indexes.sync.plan import Share
from indexes.sync.portions import Told
from tests.indexes.fakes import Clock, FakeIndex
from tests.indexes.makers import DAY, NOW, RANDERS, WANTED, case, parsed
from tests.indexes.readings import AUTHORITY, TERMS

pytestmark = pytest.mark.django_db

NOBODY = Told(progress=lambda _: None, grown=lambda _load, _portions: None, ended=lambda _: None)
GONE_BEFORE = 999
NO_PROCESS = 2**22 + 1  # has such a number


@dataclass(slots=True, kw_only=True)
class ListIndex(FakeIndex):
    """An index that lists cases by number. Before each page one of ``changes`` happens: a number comes, or goes."""

    numbers: set[int]
    changes: Iterator[tuple[int, bool]] = field(default_factory=lambda: iter(()))
    lie: int = 0  # so many more are told of
    throughout: set[int] = field(default_factory=set)
    asked: list[int] = field(default_factory=list)

    def page_of_owner(self, cvr: str, *, kind: str, first: int, most: int, held: object = None) -> Answer:  # noqa: ARG002 - one authority's
        if not self.asked:
            self.throughout = set(self.numbers)
        if change := next(self.changes, None):
            number, comes = change
            (self.numbers.add if comes else self.numbers.discard)(number)
            self.throughout &= self.numbers
        self.asked.append(first)
        listed = sorted(self.numbers)[first : first + most]
        items = parsed(*(case(uuid=UUID(int=number)) for number in listed))
        return Answer(items=tuple(items), total={kind: len(self.numbers) + self.lie})


def hold(portion: Portion, load: Load) -> Share:
    """Take one portion out of turn."""
    ticket = uuid4()
    Portion.objects.filter(pk=portion.pk).update(ticket=ticket, tries=1)
    return Share(
        id=portion.pk,
        load_id=load.pk,
        source=Source.SDI,
        owner_cvr=RANDERS,
        since=load.started,
        kind="case",
        first=portion.first,
        end=portion.end,
        before=portion.before,
        after=portion.after,
        tries=1,
        rounds=portion.rounds,
        ticket=ticket,
    )


def read_in_order(index: ListIndex, order: Iterable[int]) -> SyncRun:
    """Read all portions, each time the one whose number comes next, until the reading is over."""
    clock, turns = Clock(), iter(order)
    load = begin(Source.SDI, AUTHORITY, confirmed=False, now=clock())
    while Load.objects.filter(stopped=False).exists():
        waiting = list(Portion.objects.filter(load=load, done=False).order_by("first"))
        if waiting:
            share = hold(waiting[next(turns, 0) % len(waiting)], load)
            portions.work(share, index, lambda: TERMS, clock=clock, told=NOBODY)
        else:
            conclude(load.pk, TERMS, clock=clock)
    return SyncRun.objects.get(pk=load.run_id)


def held() -> set[int]:
    return {row.int for row in Case.objects.values_list("uuid", flat=True)}


@pytest.fixture(autouse=True)
def _small(settings: object) -> None:
    settings.SOURCE_PAGE_SIZE = 4  # type: ignore[attr-defined]
    settings.SOURCE_PORTION_SIZE = 7  # type: ignore[attr-defined]


@settings(max_examples=20, derandomize=True)
@given(
    numbers=st.sets(st.integers(0, 60), min_size=12, max_size=30),
    changes=st.lists(st.tuples(st.integers(0, 60), st.booleans()), max_size=12),
    order=st.lists(st.integers(0, 9), max_size=20),
)
def test_whatever_comes_and_goes_what_was_there_throughout_is_held(
    numbers: set[int], changes: Sequence[tuple[int, bool]], order: Sequence[int]
) -> None:
    with transaction.atomic():
        save(parsed(case(uuid=UUID(int=GONE_BEFORE))), wanted=WANTED, now=NOW)
        index = ListIndex(numbers=numbers, changes=iter(changes))
        run = read_in_order(index, order)
        assert run.outcome == Outcome.SUCCEEDED, SourceState.objects.get().message
        assert index.throughout <= held()
        assert GONE_BEFORE not in held()
        transaction.set_rollback(True)


def test_read_backwards_each_object_is_read_and_counted_once() -> None:
    index = ListIndex(numbers=set(range(30)))
    run = read_in_order(index, [0, *[-1] * 20])
    assert held() == set(range(30))
    assert (run.counts["read"], run.counts["new"]) == (30, 30)


def test_a_list_that_moved_between_two_portions_is_read_again_where_they_do_not_meet() -> None:
    """The last portions are read first; then as many objects go as the margin cannot bridge."""
    index = ListIndex(numbers=set(range(40)), changes=iter([(99, False), *((number, False) for number in range(6))]))
    run = read_in_order(index, [0, *[-1] * 20])
    assert run.outcome == Outcome.SUCCEEDED
    assert set(range(6, 40)) <= held()


def test_a_list_that_shrinks_below_a_portion_that_was_planned() -> None:
    index = ListIndex(
        numbers=set(range(30)), changes=iter([(99, False), *((number, False) for number in range(9, 30))])
    )
    run = read_in_order(index, [0, *[-1] * 20])
    assert run.outcome == Outcome.SUCCEEDED
    assert set(range(9)) <= held()


def test_a_list_that_grows_gets_more_portions() -> None:
    index = ListIndex(numbers=set(range(9)), changes=iter([(number, True) for number in range(100, 130)]))
    run = read_in_order(index, [])
    assert run.outcome == Outcome.SUCCEEDED
    assert set(range(9)) <= held()
    assert len(held()) > 9


def test_an_index_that_tells_of_more_than_it_gives_is_asked_again_and_then_not_believed() -> None:
    save(parsed(case(uuid=UUID(int=GONE_BEFORE))), wanted=WANTED, now=NOW)
    index = ListIndex(numbers=set(range(10)), lie=1)
    load = begin(Source.SDI, AUTHORITY, confirmed=False, now=NOW)
    Worker(opened=lambda _: index, terms=lambda: TERMS, clock=Clock()).read_all([load.pk])
    trouble = result_of(load).trouble
    assert trouble is not None
    assert trouble.code == "bad_answer"
    assert held() == {*range(10), GONE_BEFORE}
    assert index.asked.count(index.asked[-1]) == portions.TRIES


def test_a_chain_that_cannot_be_mended_is_not_believed() -> None:
    load = begin(Source.SDI, AUTHORITY, confirmed=False, now=NOW)
    index = ListIndex(numbers=set(range(30)))
    worker = Worker(opened=lambda _: index, terms=lambda: TERMS, clock=Clock())
    while worker.read_portion([load.pk]):
        Portion.objects.filter(first__gt=0, done=True).update(owed=[UUID(int=777)], to_the_end=False)
    assert SourceState.objects.get().error == "bad_answer"
    assert SyncRun.objects.get().outcome == Outcome.FAILED
    assert not Load.objects.exists()


def test_two_that_have_the_same_portion_store_it_once() -> None:
    """The first was thought dead: its ticket is gone when it comes back."""
    index, clock = ListIndex(numbers=set(range(5))), Clock()
    load = begin(Source.SDI, AUTHORITY, confirmed=False, now=clock())
    first = plan.take([load.pk])
    second = plan.take([load.pk])  # in the same session: whoever asks again has given it up
    assert first is not None
    assert second is not None
    assert first.id == second.id
    for share in (second, first):
        portions.work(share, index, lambda: TERMS, clock=clock, told=NOBODY)
    assert plan.counts_of(load.pk).new == plan.counts_of(load.pk).read == 2
    plan.release(first)
    assert Portion.objects.filter(done=True).count() == 1


def test_a_portion_of_a_session_that_is_gone_is_taken_again_and_one_of_another_that_lives_is_not() -> None:
    load = begin(Source.SDI, AUTHORITY, confirmed=False, now=NOW)
    assert plan.take([load.pk])
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid() LIMIT 1")
        (living,) = cursor.fetchone()
    Portion.objects.update(taken_by=living)
    assert plan.take([load.pk]) is None
    assert plan.hands(load.pk).busy == 1
    Portion.objects.update(taken_by=NO_PROCESS)
    assert plan.hands(load.pk).dead == 1
    assert plan.take([load.pk])


def test_of_an_authority_that_left_nothing_is_stored_that_was_on_its_way() -> None:
    index, clock = ListIndex(numbers=set(range(5))), Clock()
    load = begin(Source.SDI, AUTHORITY, confirmed=False, now=clock())
    share = plan.take()
    assert share is not None
    plan.drop(RANDERS, clock())
    portions.work(share, index, lambda: TERMS, clock=clock, told=NOBODY)
    assert held() == set()
    assert SyncRun.objects.get(pk=load.run_id).outcome == Outcome.INTERRUPTED


def test_a_plan_that_stands_is_gone_on_with_for_some_hours_and_then_begun_anew() -> None:
    load = begin(Source.SDI, AUTHORITY, confirmed=False, now=NOW)
    plan.leave(load.pk, NOW)
    assert begin(Source.SDI, AUTHORITY, confirmed=False, now=NOW + plan.TOO_OLD).pk == load.pk
    plan.leave(load.pk, NOW)
    again = begin(Source.SDI, AUTHORITY, confirmed=False, now=NOW + plan.TOO_OLD + DAY / 24)
    assert again.pk != load.pk
    assert begin(Source.SDI, AUTHORITY, confirmed=False, now=again.started + plan.LONGEST).pk == again.pk


def test_workers_go_where_the_fewest_are() -> None:
    """The stores of one authority and kind wait for each other."""
    other = authorities.by_code["0360"]
    first, second = (begin(Source.SDI, one, confirmed=False, now=NOW) for one in (AUTHORITY, other))
    taken = plan.take()
    assert taken is not None
    assert taken.load_id == first.pk
    Portion.objects.create(load=first, kind="case", first=100, end=200)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid() LIMIT 1")
        Portion.objects.filter(pk=taken.id).update(taken_by=cursor.fetchone()[0])
    following = plan.take()
    assert following is not None
    assert following.load_id == second.pk


def test_a_portion_that_kills_whoever_takes_it_keeps_no_other_authority_waiting() -> None:
    first, second = (
        begin(Source.SDI, one, confirmed=False, now=NOW) for one in (AUTHORITY, authorities.by_code["0360"])
    )
    for load in (first, first, second):
        assert plan.take([load.pk])
        Portion.objects.update(taken_by=NO_PROCESS)
    share = plan.take()
    assert share is not None
    assert share.load_id == second.pk


def test_whoever_leaves_a_plan_that_only_the_dead_are_at_ends_its_run() -> None:
    load = begin(Source.SDI, AUTHORITY, confirmed=False, now=NOW)
    assert plan.take([load.pk])
    Portion.objects.update(taken_by=NO_PROCESS)
    plan.leave(load.pk, NOW)
    assert SyncRun.objects.get().outcome == Outcome.INTERRUPTED


@dataclass(slots=True, kw_only=True)
class OddIndex(FakeIndex):
    """What it says of Randers meets a fault of ours."""

    def page_of_owner(self, cvr: str, *, kind: str, first: int, most: int, held: object = None) -> Answer:
        if cvr == RANDERS:
            raise AttributeError("a private word")
        return FakeIndex.page_of_owner(self, cvr, kind=kind, first=first, most=most, held=held)


def test_a_fault_of_ours_ends_one_reading_and_is_told_without_a_word_of_the_message() -> None:
    other = authorities.by_code["0360"]
    loads = [begin(Source.SDI, one, confirmed=False, now=NOW) for one in (AUTHORITY, other)]
    index = OddIndex(pages=[parsed(case(owner_cvr=other.cvr))])
    Worker(opened=lambda _: index, terms=lambda: TERMS, clock=Clock()).read_all([load.pk for load in loads])
    assert SourceState.objects.get(authority_cvr=other.cvr).error == ""
    state = SourceState.objects.get(authority_cvr=RANDERS)
    assert (state.error, state.failures) == ("our_fault", 1)
    assert "AttributeError, test_portions.py:" in state.message
    assert "a private word" not in state.message
    assert Portion.objects.filter(taken_at__isnull=False).count() == 0


def test_so_does_one_in_concluding() -> None:
    index = ListIndex(numbers=set(range(5)))
    load = begin(Source.SDI, AUTHORITY, confirmed=False, now=NOW)

    def odd() -> Terms:
        if plan.all_done(load.pk):
            raise LookupError
        return TERMS

    Worker(opened=lambda _: index, terms=odd, clock=Clock()).read_all([load.pk])
    assert SourceState.objects.get().error == "our_fault"
    assert len(held()) == 5


@dataclass(slots=True, kw_only=True)
class PrintingIndex(ListIndex):
    """Pages of three, each of which gives its objects fingerprints of its own."""

    def page_of_owner(self, cvr: str, *, kind: str, first: int, most: int, held: object = None) -> Answer:
        answer = ListIndex.page_of_owner(self, cvr, kind=kind, first=first, most=min(most, 3), held=held)
        items = (replace(item, fingerprint=b"%d" % first) for item in answer.items if isinstance(item, Parsed))
        return Answer(items=tuple(items), total=answer.total)


def test_an_object_on_two_pages_is_read_once_whatever_it_was_read_from() -> None:
    run = read_in_order(PrintingIndex(numbers=set(range(30))), [])
    assert (run.counts["read"], run.counts["new"]) == (30, 30)
