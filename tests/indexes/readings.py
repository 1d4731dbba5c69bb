"""Readings of the whole of one authority, a day between them, and what is held after each."""

from collections.abc import Callable, Sequence

from indexes import authorities
from indexes.models import Case, SourceState
from indexes.records import Case as CaseRecord
from indexes.records import Item
from indexes.sync import RunResult, Terms, sync_authority
from tests.indexes.fakes import Clock, FakeIndex
from tests.indexes.makers import RANDERS, WANTED, case

AUTHORITY = authorities.by_cvr[RANDERS]
TERMS = Terms(wanted=WANTED, max_removal_share=0.25)
Sync = Callable[..., RunResult]


def readings(clock: Clock) -> Sync:
    """What reads the pages it is given, a day after the last reading."""

    def run(
        *pages: Sequence[Item], confirmed: bool = False, fails_after: int | None = None, **fake: object
    ) -> RunResult:
        clock.tomorrow()
        reader = FakeIndex(pages=pages, fails_after=fails_after, **fake)  # type: ignore[arg-type]  # its own fields
        return sync_authority(reader, AUTHORITY, TERMS, confirmed=confirmed, clock=clock)

    return run


def state() -> SourceState:
    return SourceState.objects.get(source="sdi", authority_cvr=RANDERS)


def cases(count: int) -> list[CaseRecord]:
    return [case(f"case {number}") for number in range(count)]


def held() -> set[object]:
    return set(Case.objects.values_list("uuid", flat=True))
