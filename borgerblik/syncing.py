"""What is read from the indexes, and on which terms: those on Borgerblik, and what the stage plan holds.

The command and the tasks call this; the reading itself is ``indexes.sync``.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.utils import timezone

from borgerblik import usual_times
from borgerblik.models import AuthoritySettings
from borgerblik.wanted import wanted
from indexes import authorities, keys, sync
from indexes.authorities import Authority
from indexes.client import Retry
from indexes.models import Load, Outcome, SourceState, SyncRun
from indexes.records import Source
from indexes.sync import Terms, Worker, breaker, open_source, plan
from indexes.sync.authority import no_news, no_progress, not_spread


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One index to read for one authority."""

    source: Source
    authority: Authority


def on_borgerblik() -> tuple[Authority, ...]:
    """The authorities that are on Borgerblik or have a day when they will be: on that day their records are here."""
    codes = AuthoritySettings.objects.filter(since__isnull=False).values_list("code", flat=True)
    return tuple(authorities.by_code[code] for code in sorted(codes))


def pairs(sources: Iterable[Source], of: Iterable[Authority]) -> tuple[Pair, ...]:
    """Every index that holds records of each authority, source by source."""
    asked = tuple(of)
    return tuple(
        Pair(source=source, authority=authority)
        for source in sources
        for authority in asked
        if source in authority.sources
    )


def begin(pair: Pair, *, confirmed: bool = False) -> Load:
    """The plan of reading one index for one authority: a new one, or the one that is there and not over.

    Raises:
        indexes.crypto.KeyRingError: CPR_KEYS are not the database's.
    """
    keys.trusted()
    return sync.begin(pair.source, pair.authority, confirmed=confirmed, now=timezone.now())


@contextmanager
def worker(
    *,
    progress: Callable[[int], None] = no_progress,
    grown: Callable[[int, int], None] = not_spread,
    ended: Callable[[SyncRun], None] = no_news,
) -> Iterator[Worker]:
    """One that reads on Borgerblik's terms, and keeps its connections to the indexes while it lasts.

    How long an authority's cases take is counted anew when they have been read.

    Raises:
        indexes.crypto.KeyRingError: CPR_KEYS are not the database's.
    """
    keys.trusted()  # before anything is taken that could not be stored
    with ExitStack() as stack:
        opened = cache(lambda source: stack.enter_context(open_source(source)))

        def over(run: SyncRun) -> None:
            _count_times(run)
            ended(run)

        yield Worker(opened=opened, terms=_terms, retry=Retry(), progress=progress, grown=grown, ended=over)


def free_hands() -> int:
    """How many more may read at once: as many as there are portions that nobody has, and room at their indexes."""
    waiting, room = plan.waiting(), plan.room()
    return sum(min(number, room[source]) for source, number in waiting.items())


def due() -> tuple[Pair, ...]:
    """What is to be read now: what failed a little while ago is left alone."""
    alone = breaker.left_alone(timezone.now())
    every = pairs(Source, on_borgerblik())
    return tuple(pair for pair in every if (pair.source, pair.authority.cvr) not in alone)


def failing() -> tuple[Pair, ...]:
    """What failed and is to be tried again now.

    Not of an authority that has left Borgerblik: nobody reads it any more, so its failure would stand for ever.
    """
    failed = set(SourceState.objects.filter(failed_since__isnull=False).values_list("source", "authority_cvr"))
    return tuple(pair for pair in due() if (pair.source.value, pair.authority.cvr) in failed)


def _terms() -> Terms:
    return Terms(wanted=wanted(), max_removal_share=settings.MAX_REMOVAL_SHARE)


def _count_times(run: SyncRun) -> None:
    if run.source == Source.SDI and run.outcome == Outcome.SUCCEEDED:
        usual_times.count(run.authority_cvr, today=timezone.localdate())
