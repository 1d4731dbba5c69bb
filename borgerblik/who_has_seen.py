"""The citizen's calls about the access log: the list, one entry, an objection to it; and entries for other systems.

What is said is ``overview.access``'s, what is read and written ``access_log``'s and ``objections``'.
"""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Final

from borgerblik import access_log, contacts, objections, words
from borgerblik.access_log import LogRead
from borgerblik.grants import Leave
from borgerblik.local_time import local
from borgerblik.models import AccessEntry, AccessObjection
from borgerblik.overview.access import (
    CITIZEN,
    Entry,
    Log,
    Objection,
    Told,
    access_log_view,
    access_page,
    entry_view,
    told,
)
from borgerblik.overview.elements import Contact
from borgerblik.overview.shapes import AccessLogView, AccessPage, EntryView
from indexes import authorities

MOST_ENTRIES: Final = 2_000  # on one citizen's list: years of visits


def access_log_of(
    leave: Leave, *, municipality: str, language: str, now: dt.datetime, others: bool = False
) -> AccessLogView:
    """Who has read the citizen's data, newest first, in finished words; ``others``: without their own visits.

    Raises:
        NoGrantError: the leave opens nobody.
    """
    read = access_log.read_log(leave, most=MOST_ENTRIES + 1, others=others)
    whole, shown = len(read.entries) <= MOST_ENTRIES, replace(read, entries=read.entries[:MOST_ENTRIES])
    return view_of(shown, municipality=municipality, language=language, now=now, others=others, whole=whole)


def view_of(  # noqa: PLR0913 - who reads it and what of it, each by name
    read: LogRead,
    *,
    municipality: str,
    language: str,
    now: dt.datetime,
    others: bool = False,
    whole: bool = True,
) -> AccessLogView:
    """What was read of a log, in finished words."""
    log = Log(
        entries=[_entry(entry) for entry in read.entries],
        objections=[_objection(one) for one in read.objections],
        since=local(read.since) if read.since else None,
        others=others,
        whole=whole,
    )
    today = local(now).date()
    return access_log_view(log, authority=_authority(municipality), words=words.load(language), today=today)


def entry_of(leave: Leave, number: int, *, municipality: str, language: str, now: dt.datetime) -> EntryView:
    """One entry of the citizen's, what can be wrong with it, and what they have said about it.

    Raises:
        NoGrantError: the leave opens nobody.
        UnknownEntryError: there is no such entry of theirs.
    """
    entry, objection = objections.entry_of(leave, number)
    return entry_view(
        _entry(entry),
        _objection(objection) if objection else None,
        authority=_authority(municipality),
        words=words.load(language),
        today=local(now).date(),
    )


def page_of(  # noqa: PLR0913 - whose log, in which language, and which part of it
    leave: Leave,
    *,
    language: str,
    now: dt.datetime,
    most: int,
    before: int | None = None,
    but: str | None = None,
) -> AccessPage:
    """A citizen's entries, each by itself, newest first, some at a time.

    Args:
        leave: whose.
        language: of the words.
        now: any aware instant.
        most: entries on a page.
        before: the cursor: the ``next`` of the page before; None: from the newest.
        but: without the entries of this actor.

    Raises:
        NoGrantError: the leave opens nobody.
    """
    read = access_log.read_log(leave, most=most + 1, before=before, but=but)
    shown = [_entry(entry) for entry in read.entries[:most]]
    return access_page(
        Log(entries=shown, since=local(read.since) if read.since else None),
        partly=but is not None,
        following=shown[-1].number if len(read.entries) > most else None,
        words=words.load(language),
        today=local(now).date(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Usages:
    """How often others have read in all, and the entries asked for."""

    total: int
    entries: tuple[Told, ...]


def usages_of(  # noqa: PLR0913 - what a data tracker may ask, each by name
    leave: Leave, *, language: str, start: dt.datetime | None, end: dt.datetime | None, offset: int, limit: int
) -> Usages:
    """What others have read of the citizen, newest first.

    Raises:
        NoGrantError: the leave opens nobody.
    """
    total, entries = access_log.read_usages(leave, start=start, end=end, offset=offset, limit=limit)
    return Usages(total=total, entries=tuple(told(_entry(entry), words.load(language)) for entry in entries))


def complete_since() -> dt.datetime | None:
    """From when the log is complete; None: nothing has ever been read."""
    return access_log.logged_since()


def _authority(municipality: str) -> Contact:
    return contacts.of(municipality, authorities.by_code[municipality].name)


def _entry(entry: AccessEntry) -> Entry:
    return Entry(
        number=entry.pk,
        at=local(entry.at),
        actor=entry.actor,
        organisation=entry.organisation,
        what=entry.what,
        purpose=entry.purpose,
    )


def _objection(made: AccessObjection) -> Objection:
    return Objection(
        entry=Entry(
            number=made.entry,
            at=local(made.at),
            actor=CITIZEN if made.yours else "",
            organisation=made.organisation,
            what=made.what,
            purpose=made.purpose,
        ),
        receipt=made.receipt,
        reason=made.reason,
        words=made.words,
        made=local(made.made),
        answer=made.answer,
        answered=local(made.answered) if made.answered else None,
    )
