"""What is deleted each night, in all rooms: every rule of ``indexes.personal.Rule`` and the code that enforces it.

``manage.py purge_expired`` and Celery's clock call ``purge_expired``; it may run twice, and while the site is up.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from django.conf import settings

from borgerblik import done, retention
from indexes.personal import Rule
from indexes.purge import AT_ONCE, Purge, Work
from indexes.store.tombstones import KEPT
from portal.middleware import COOKIE_AGE

FEW: Final = 1_000  # of so few a large share may well go in one night
PURGE: Final = "purge_expired"  # as the command and the task are called

# Rules that no nightly deletion enforces, and what does instead.
ELSEWHERE: Final[Mapping[Rule, str]] = {
    Rule.STANDING: "nothing: it is no personal data, or in use until somebody ends it",
    Rule.PASSING: "the queue and the answer themselves: what has been handled is gone",
    Rule.BROWSER: "the browser, by the age that the cookie is given",
    Rule.OPERATOR: "the platform that collects the log lines, as the operator has set it",
}


def days() -> Mapping[Rule, int]:
    """How long each rule keeps, where it is a matter of days."""
    return {
        Rule.RECORDS: settings.KEEP_ENDED_DAYS,
        Rule.LOG: settings.KEEP_LOG_DAYS,
        Rule.QUARANTINE: settings.KEEP_QUARANTINE_DAYS,
        Rule.REMOVED: KEPT.days,
        Rule.RUNS: settings.KEEP_RUNS_DAYS,
        Rule.COUNTS: settings.KEEP_RUNS_DAYS,
        Rule.CHANGES: settings.KEEP_CHANGES_DAYS,
        Rule.EMPLOYEES: settings.KEEP_EMPLOYEES_DAYS,
        Rule.BROWSER: COOKIE_AGE // (24 * 60 * 60),
    }


Progress = Callable[[Work, int], None]
"""Called after each batch with what is being deleted and how many rows that were."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What went, or would have gone, by what it is; the works that were not believed, as sentences."""

    gone: Counter[str] = field(default_factory=Counter)
    doubts: tuple[str, ...] = ()


def works(now: dt.datetime) -> tuple[Work, ...]:
    """Everything whose time may be over."""
    return (
        *retention.works(now),
        sessions(now),
        *tokens(now),
        employees(now - dt.timedelta(days=settings.KEEP_EMPLOYEES_DAYS)),
    )


def sessions(now: dt.datetime) -> Purge:
    return Purge(
        rule=Rule.SESSIONS,
        what="sessions",
        table="django_session",
        over="about.expire_date < %(now)s",
        values={"now": now},
    )


def tokens(now: dt.datetime) -> tuple[Purge, ...]:
    """The OAuth toolkit deletes none of its own accord."""
    return tuple(
        Purge(
            rule=Rule.TOKENS,
            what=what,
            table=table,
            over="about.expires < %(now)s",
            values={"now": now},
        )
        for table, what in (
            ("oauth2_provider_accesstoken", "access tokens"),
            ("oauth2_provider_grant", "grants of OAuth"),
        )
    )


def employees(before: dt.datetime) -> Purge:
    """Employees who sign in no more. One who has been shut out stays: without the row they would be let in again."""
    return Purge(
        rule=Rule.EMPLOYEES,
        what="employees",
        table="portal_staffuser",
        over="about.is_active AND coalesce(about.last_login, about.date_joined) < %(before)s",
        values={"before": before},
    )


def counted(now: dt.datetime) -> Report:
    """What would go; nothing is deleted."""
    return Report(gone=Counter({work.what: work.count() for work in works(now)}))


def purge_expired(
    now: dt.datetime, *, confirmed: bool = False, progress: Progress = lambda _work, _rows: None
) -> Report:
    """Delete all that is held longer than it may be.

    Records of citizens of which a large share would go are left, and doubted: a deletion period may have been loaded
    wrong (``MAX_REMOVAL_SHARE``), and whoever knows better says that it is ``confirmed``. Only where nothing is doubted
    has it been done.
    """
    gone: Counter[str] = Counter()
    doubts = []
    for work in works(now):
        if not confirmed and (doubt := _doubt(work)):
            doubts.append(doubt)
            continue
        for rows in _batches(work):
            gone[work.what] += rows
            progress(work, rows)
    if not doubts:
        done.note(PURGE)
    return Report(gone=gone, doubts=tuple(doubts))


def _batches(work: Work) -> Iterator[int]:
    """The size of each batch deleted, until none is left but what is in use until tomorrow night."""
    while rows := work.some(AT_ONCE):
        yield rows


def _doubt(work: Work) -> str | None:
    if work.rule not in {Rule.RECORDS, Rule.SENT}:
        return None
    over = work.count()
    if over <= FEW or over <= settings.MAX_REMOVAL_SHARE * (held := work.held()):
        return None
    return (
        f"{over:,} of the {held:,} {work.what} held would go, more than the {settings.MAX_REMOVAL_SHARE:.0%} that are "
        "believed: none were deleted. Look at the deletion periods of the KLE edition (import_kle) and at "
        "KEEP_ENDED_DAYS; if it is right, run purge_expired --confirm."
    )
