"""What this room and the one before hold longer than they may, in the order in which it is to go.

How long is in the settings and in KLE (``keeping``); what deletes is ``indexes.purge``; the portal calls it each night.
"""

import datetime as dt
from typing import Final

from django.conf import settings
from django.utils import timezone

from borgerblik.keeping import keeping
from borgerblik.syncing import on_borgerblik
from indexes import purge
from indexes.personal import Rule
from indexes.purge import Purge, Work

# The log outlives the rows, and only this row can tell whose an entry is: the citizen could not see it without.
IN_THE_LOG: Final = "EXISTS (SELECT FROM borgerblik_accessentry AS entry WHERE entry.citizen = about.id)"


def works(now: dt.datetime) -> tuple[Work, ...]:
    """All of it. A citizen's own row comes last: it stays while anything else is about them."""

    def ago(days: int) -> dt.datetime:
        return now - dt.timedelta(days=days)

    on = [authority.cvr for authority in on_borgerblik()]
    return (
        *purge.records(keeping(timezone.localdate(now))),
        *purge.left_behind(on, before=ago(settings.KEEP_LEFT_DAYS)),
        purge.leaves(now),
        purge.quarantined(ago(settings.KEEP_QUARANTINE_DAYS)),
        purge.runs(ago(settings.KEEP_RUNS_DAYS)),
        purge.counts(ago(settings.KEEP_RUNS_DAYS)),
        changes(ago(settings.KEEP_CHANGES_DAYS)),
        purge.people(now, also_held=[IN_THE_LOG]),
    )


def changes(before: dt.datetime) -> Purge:
    """Who has changed which setting. What is set now stands in the settings themselves."""
    return Purge(
        rule=Rule.CHANGES,
        what="changes of settings",
        table="borgerblik_settingchange",
        over="about.at < %(before)s",
        values={"before": before},
    )
