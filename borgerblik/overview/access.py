"""The access log in words: when, who, what they saw and why. Pure."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby

from borgerblik.overview.shapes import AccessLogView, AccessView, Contact
from borgerblik.words import Words

CITIZEN = "citizen"  # the actor of an entry by the citizen themselves


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of the log. ``at`` is local time; ``what`` and ``purpose`` are codes, or a sentence of a consumer's."""

    at: dt.datetime
    actor: str
    organisation: str
    what: str
    purpose: str


def access_log_view(
    entries: Iterable[Entry], *, since: dt.datetime | None, authority: Contact, words: Words, today: dt.date
) -> AccessLogView:
    """``since`` is when the first entry of all was written, local time; None: nothing has ever been read."""
    begun = words.day(since.date(), today=today) if since else None
    told = (_entry(entry, words, today) for entry in entries)
    # The same again within the minute is told once, with how often: who turns pages leaves many entries.
    groups = (
        list(group) for _, group in groupby(told, key=lambda view: (view.when.words, view.who, view.what, view.why))
    )
    return AccessLogView(
        words=words("access/since", day=begun) if begun else words("access/never"),
        authority=authority,
        entries=tuple(
            replace(group[0], times=words("access/times", number=len(group)) if len(group) > 1 else None)
            for group in groups
        ),
    )


def _entry(entry: Entry, words: Words, today: dt.date) -> AccessView:
    yours = entry.actor == CITIZEN
    return AccessView(
        when=words.moment(entry.at, today=today),
        who=words("access/you") if yours else entry.organisation or words("access/unknown"),
        what=words.find(f"overview/access/what/{entry.what}") or entry.what,
        why=words.find(f"overview/access/why/{entry.purpose}") or entry.purpose,
        yours=yours,
        times=None,
    )
