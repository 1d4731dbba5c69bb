"""What is read from the indexes, and on which terms: those on Borgerblik, and what the stage plan holds.

The command and the tasks call this; the reading itself is ``indexes.sync``.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from borgerblik import usual_times
from borgerblik.models import AuthoritySettings
from borgerblik.wanted import wanted
from indexes import authorities
from indexes.authorities import Authority
from indexes.client import Retry
from indexes.records import Source
from indexes.sync import RunResult, Terms, open_source, sync_authority
from indexes.sync.authority import Progress, no_progress


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


def read(pair: Pair, *, confirmed: bool = False, progress: Progress = no_progress) -> RunResult:
    """Read one index for one authority, trying again when that can help. How long its cases take is counted anew."""
    terms = Terms(wanted=wanted(), max_removal_share=settings.MAX_REMOVAL_SHARE, confirmed=confirmed)
    with open_source(pair.source, retry=Retry()) as reader:
        result = sync_authority(reader, pair.authority, terms, progress=progress)
    if pair.source is Source.SDI and result.trouble is None:
        usual_times.count(pair.authority.cvr, today=timezone.localdate())
    return result
