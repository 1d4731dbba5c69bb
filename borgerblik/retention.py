"""What this room and the one before hold longer than they may, in the order in which it is to go.

How long is in the settings and in KLE (``keeping``); what deletes is ``indexes.purge``; the portal calls it each night.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.utils import timezone

from borgerblik.keeping import keeping
from borgerblik.seals.forgetting import forget_block, held, to_forget
from borgerblik.seals.logs import ACCESS, SETTINGS, Log
from borgerblik.syncing import on_borgerblik
from indexes import purge
from indexes.personal import Rule
from indexes.purge import Purge, Work
from indexes.sync.plan import TOO_OLD

# The log outlives the rows, and only this row can tell whose an entry is: the citizen could not see it without.
IN_THE_LOG: Final = "EXISTS (SELECT FROM borgerblik_accessentry AS entry WHERE entry.citizen = about.id)"
TOLD_OF: Final = "EXISTS (SELECT FROM borgerblik_itemreport AS told WHERE told.citizen = about.id)"
HELPS: Final = (
    "EXISTS (SELECT FROM borgerblik_powerofattorney AS power WHERE about.id IN (power.giver_id, power.helper_id))"
)
SIGNED_IN: Final = "EXISTS (SELECT FROM borgerblik_accessgrant AS held WHERE held.citizen_id = about.id)"


@dataclass(frozen=True, slots=True, kw_only=True)
class LogWork:
    """Rows that are sealed, a block at a time: the seals stay, and the chain can be verified to its beginning."""

    log: Log
    before: dt.datetime
    rule: Rule
    what: str

    def count(self) -> int:
        return to_forget(self.log, before=self.before)

    def held(self) -> int:
        return held(self.log)

    def some(self, most: int, /) -> int:
        """Whole blocks, until that many are gone."""
        gone = 0
        while gone < most and (block := forget_block(self.log, before=self.before)):
            gone += block
        return gone


def reaches_back_to(log: Log, now: dt.datetime) -> dt.datetime:
    """Blocks sealed before may have let go of their rows."""
    days = {ACCESS: settings.KEEP_LOG_DAYS, SETTINGS: settings.KEEP_CHANGES_DAYS}
    return now - dt.timedelta(days=days[log])


def works(now: dt.datetime) -> tuple[Work, ...]:
    """All of it. A citizen's own row comes last: it stays while anything else is about them."""

    def ago(days: int) -> dt.datetime:
        return now - dt.timedelta(days=days)

    on = [authority.cvr for authority in on_borgerblik()]
    return (
        *purge.records(keeping(timezone.localdate(now))),
        *purge.left_behind(on, before=ago(settings.KEEP_LEFT_DAYS)),
        leaves(now),
        purge.quarantined(ago(settings.KEEP_QUARANTINE_DAYS)),
        purge.tombstones(now),
        purge.runs(ago(settings.KEEP_RUNS_DAYS)),
        purge.events_taken(now),
        purge.events(ago(settings.KEEP_RUNS_DAYS)),
        purge.counted_removals(ago(settings.KEEP_RUNS_DAYS)),
        *purge.unfinished(now - TOO_OLD),
        purge.counts(ago(settings.KEEP_RUNS_DAYS)),
        changes(reaches_back_to(SETTINGS, now)),
        receipts(reaches_back_to(SETTINGS, now)),
        entries(reaches_back_to(ACCESS, now)),
        objections(reaches_back_to(ACCESS, now)),
        reports(reaches_back_to(ACCESS, now)),
        powers(reaches_back_to(ACCESS, now)),
        purge.people(now, also_held=[IN_THE_LOG, TOLD_OF, HELPS, SIGNED_IN]),
    )


def objections(before: dt.datetime) -> Purge:
    """What citizens have found wrong in the access log, as long as what it is about."""
    return Purge(
        rule=Rule.LOG,
        what="objections to entries of the access log",
        table="borgerblik_accessobjection",
        over="about.at < %(before)s",
        values={"before": before},
    )


def reports(before: dt.datetime) -> Purge:
    """What citizens have said is wrong with their data, as long as the log that tells who has read it."""
    return Purge(
        rule=Rule.LOG,
        what="reports of what is wrong in data",
        table="borgerblik_itemreport",
        over="about.made < %(before)s",
        values={"before": before},
    )


def powers(before: dt.datetime) -> Purge:
    """Powers of attorney that are over, as long as the log that tells who has read by them."""
    return Purge(
        rule=Rule.LOG,
        what="powers of attorney that are over",
        table="borgerblik_powerofattorney",
        over="least(about.ended, CASE WHEN about.accepted IS NULL THEN about.offered_until ELSE about.until END)"
        " < %(before)s",
        values={"before": before},
    )


def entries(before: dt.datetime) -> LogWork:
    """Who has read which citizen's data."""
    return LogWork(log=ACCESS, before=before, rule=Rule.LOG, what="entries of the access log")


def changes(before: dt.datetime) -> LogWork:
    """Who has changed which setting. What is set now stands in the settings themselves."""
    return LogWork(log=SETTINGS, before=before, rule=Rule.CHANGES, what="changes of settings")


def receipts(before: dt.datetime) -> Purge:
    """Receipts of cleaning, as long as the history that tells who has decided it."""
    return Purge(
        rule=Rule.CHANGES,
        what="receipts of cleaning",
        table="borgerblik_cleaning",
        over="about.ended < %(before)s",
        values={"before": before},
    )


def leaves(now: dt.datetime) -> Purge:
    """Leaves to read that open nothing any more."""
    return Purge(
        rule=Rule.LEAVES,
        what="leaves to read",
        table="borgerblik_accessgrant",
        over="about.expires <= %(now)s",
        values={"now": now},
    )
