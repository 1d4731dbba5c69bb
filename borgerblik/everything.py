"""Everything a citizen may take along (GDPR art. 15): what the pages show, the records, who has seen them.

What goes along is decided in ``release``; here the database and the clock come in, as in ``service``.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from borgerblik import kle_edition, powers, reports, who_has_seen, words
from borgerblik.access_log import read_everything
from borgerblik.grants import Leave
from borgerblik.models import AccessEntry
from borgerblik.overview.access import CITIZEN
from borgerblik.overview.material import Person
from borgerblik.overview.shapes import AccessLogView, ObjectionView, Overview
from borgerblik.powers import Powers
from borgerblik.readable import Names
from borgerblik.release import Records, release
from borgerblik.service import UnknownAuthorityError, near, worded
from indexes import authorities

MOST_ENTRIES: Final = 100_000  # of the log


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """One entry of the log as it stands; ``what`` and ``purpose`` are codes, or a sentence of a consumer's."""

    at: dt.datetime
    yours: bool
    organisation: str
    system: str
    what: str
    purpose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Everything:
    """``log`` is in words for people, ``entries`` are the same for machines."""

    overview: Overview
    records: Records
    log: AccessLogView
    entries: tuple[LogLine, ...]
    reports: tuple[ObjectionView, ...]
    powers: Powers
    names: Names


def everything_of(leave: Leave, person: Person, *, language: str, now: dt.datetime) -> Everything:
    """A copy of what is held of the citizen whom the leave opens.

    Raises:
        NoGrantError: the leave opens nobody.
        UnknownAuthorityError: the person's municipality is not one of the 98.
    """
    if person.municipality not in authorities.by_code:
        raise UnknownAuthorityError(person.municipality)
    read = read_everything(leave, authorities=near(person.municipality), most=MOST_ENTRIES)
    judged, overview = worded(read.holdings, person, language, now)
    return Everything(
        overview=overview,
        records=release(judged),
        log=who_has_seen.view_of(read.log, municipality=person.municipality, language=language, now=now),
        entries=tuple(_lines(read.log.entries)),
        reports=reports.views_of(read.reports, language=language, now=now),
        powers=powers.views_of(read.powers, read.citizen, language=language, now=now),
        names=_names(language),
    )


def _lines(entries: Iterable[AccessEntry]) -> Iterable[LogLine]:
    for entry in entries:
        yield LogLine(
            at=entry.at,
            yours=entry.actor == CITIZEN,
            organisation=entry.organisation,
            system=entry.system,
            what=entry.what,
            purpose=entry.purpose,
        )


def _names(language: str) -> Names:
    kle, known = kle_edition.current(), authorities.by_cvr
    return Names(
        topic=lambda number: kle.title(number, words.load(language)) or number,
        authority=lambda cvr: known[cvr].name if cvr in known else cvr,
    )
