"""Cleaning that somebody has asked for: retiring a fagsystem, taking away an authority that has left, trying again.

What is asked for is written down first, with who asked, and then done some at a time: if the command or the worker is
cut off, the next goes on, and what was done is counted once. When it has ended there is a receipt.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from django.db import IntegrityError, connections, router, transaction
from django.utils import timezone

from borgerblik import mending, settings_store
from borgerblik.models import AuthoritySettings, Cleaning, UsualTime, Work
from indexes import authorities, leaving
from indexes.leaving import Consequence, Fagsystem, Leaving
from indexes.mending import Mended, Which
from indexes.models import DefectCount, Quarantined, SourceState
from indexes.records import RefusalReason, Source
from indexes.store import locks
from indexes.sync import plan

OPERATOR: Final = "operator"  # whoever may run the commands

Progress = Callable[[int, int], None]
Tell = Callable[[Mended], None]
"""Called with what has become of messages, in more words than a receipt has."""


class BusyError(Exception):
    """Somebody reads what is to go. What has been asked for stands, and is tried again."""


class StillOnError(Exception):
    """The authority is on Borgerblik, so what it owns is not taken away."""


def what_goes(code: str, fagsystem: str | None) -> Leaving:
    return Leaving(owner_cvr=authorities.by_code[code].cvr, fagsystem=fagsystem)


def consequence(code: str, fagsystem: str | None) -> Consequence:
    """What would go; nothing is done. Asked as whoever decides, who may see no rows."""
    with connections[router.db_for_read(Cleaning)].cursor() as cursor:
        return leaving.consequence(what_goes(code, fagsystem), cursor=cursor)


def fagsystems(code: str) -> list[Fagsystem]:
    """The fagsystemer of an authority of which something is held."""
    with connections[router.db_for_read(Cleaning)].cursor() as cursor:
        return leaving.fagsystems(authorities.by_code[code].cvr, cursor=cursor)


def ask_to_retire(code: str, fagsystem: str, *, staff_key: str) -> Cleaning:
    """From now on nothing of the fagsystem is taken in, and what is held of it is to go."""
    with transaction.atomic(using=router.db_for_write(Cleaning)):
        settings_store.retire(code, fagsystem, since=timezone.localdate(), staff_key=staff_key)
        return _ask(Work.RETIRE, code, {"fagsystem": fagsystem}, staff_key)


def ask_to_leave(code: str, *, staff_key: str) -> Cleaning:
    """All that the authority owns is to go.

    Raises:
        StillOnError: it is on Borgerblik, or has a day when it will be.
    """
    if AuthoritySettings.objects.filter(code=code, since__isnull=False).exists():
        raise StillOnError(
            f"{authorities.by_code[code].name} is on Borgerblik, so nothing was taken away. "
            "Empty the day it is on Borgerblik from, in its console, and run this again."
        )
    return _ask(Work.LEAVE, code, {}, staff_key)


def ask_to_try_again(code: str, which: Which, *, staff_key: str) -> Cleaning:
    """Messages of the authority's own readings are to be read once more; with the code "", whoever's they are."""
    about = {name: str(value) for name, value in asdict(which).items() if value is not None and name != "authority_cvr"}
    return _ask(Work.TRY_AGAIN, code, about, staff_key)


def _ask(work: Work, code: str, about: Mapping[str, str], staff_key: str) -> Cleaning:
    """Write it down; the same that has not ended yet is not asked for twice."""
    using = router.db_for_write(Cleaning)
    asked: dict[str, Any] = {"work": work.value, "authority_code": code, "about": dict(about)}
    try:
        with transaction.atomic(using=using):
            return Cleaning.objects.create(id=uuid4(), asked_by=staff_key, **asked)
    except IntegrityError:
        return Cleaning.objects.get(ended=None, **asked)


def waiting() -> list[UUID]:
    """What has been asked for and has not ended, the oldest first."""
    return list(Cleaning.objects.filter(ended=None).order_by("asked").values_list("pk", flat=True))


def carry_out(
    which: UUID, *, progress: Progress = lambda _done, _all: None, tell: Tell = lambda _mended: None
) -> Cleaning | None:
    """Do what has been asked for, or what is left of it; None while another does it."""
    with locks.alone_cleaning(which.int & 0x7FFFFFFF) as alone:
        if not alone:
            return None
        asked = Cleaning.objects.get(pk=which)
        if asked.ended is None:  # looked at under the lock: another may just have ended it
            if mended := _DO[Work(asked.work)](asked, progress):
                tell(mended)
            _end(asked)
        return asked


def _retire(asked: Cleaning, progress: Progress) -> None:
    going = what_goes(asked.authority_code, asked.about["fagsystem"])
    leaving.take_away(going, in_each=lambda taken: _count(asked, taken), progress=progress)


def _leave(asked: Cleaning, progress: Progress) -> None:
    """What it owns, then what was known of it. The runs stay as history, and its decisions and the log by their law.

    Raises:
        BusyError: it is being read, which would bring back what goes.
    """
    authority = authorities.by_code[asked.authority_code]
    cvr = authority.cvr
    with ExitStack() as held:
        if not all(held.enter_context(locks.alone(source, cvr)) for source in authority.sources):
            raise BusyError(
                f"{authority.name} is being read by another process, so nothing more was taken away: "
                "it goes on by itself when that has ended."
            )
        plan.drop(cvr, timezone.now())
        _take_authority(asked, cvr, progress)


def _take_authority(asked: Cleaning, cvr: str, progress: Progress) -> None:
    leaving.take_away(
        what_goes(asked.authority_code, None), in_each=lambda taken: _count(asked, taken), progress=progress
    )
    with transaction.atomic():
        gone = Counter(
            {
                "quarantined": Quarantined.objects.filter(authority_cvr=cvr).delete()[0],
                "states": SourceState.objects.filter(authority_cvr=cvr).delete()[0],
                "defects": DefectCount.objects.filter(authority_cvr=cvr).delete()[0],
                "usual_times": UsualTime.objects.filter(owner_cvr=cvr).delete()[0],
            }
        )
        _count(asked, gone)


def which_of(asked: Cleaning) -> Which:
    about = asked.about
    return Which(
        source=Source(about["source"]) if "source" in about else None,
        authority_cvr=authorities.by_code[asked.authority_code].cvr if asked.authority_code else None,
        kind=about.get("kind"),
        reason=RefusalReason(about["reason"]) if "reason" in about else None,
        what=about.get("what"),
    )


def _try_again(asked: Cleaning, progress: Progress) -> Mended:
    which = which_of(asked)
    total, done = which.rows().filter(pk__gt=asked.position).count(), 0

    def in_each(mended: Mended, last: int) -> None:
        nonlocal done
        asked.position = last
        _count(asked, Counter(mended.as_json()))

    def show(number: int) -> None:
        nonlocal done
        done += number
        progress(done, max(done, total))

    return mending.try_again(which, after=asked.position, in_each=in_each, progress=show)


_DO: Final[Mapping[Work, Callable[[Cleaning, Progress], Mended | None]]] = {
    Work.RETIRE: _retire,
    Work.LEAVE: _leave,
    Work.TRY_AGAIN: _try_again,
}


def _count(asked: Cleaning, gone: Counter[str]) -> None:
    """In the transaction that does it, so that what was done before somebody was cut off is counted once."""
    asked.counts = dict(Counter(asked.counts) + gone)
    asked.save(update_fields=["counts", "position"])


def _end(asked: Cleaning) -> None:
    asked.ended = timezone.now()
    asked.digest = digest_of(asked)
    asked.save(update_fields=["ended", "digest"])


_TITLES: Final = {
    Work.RETIRE: "A fagsystem was retired",
    Work.LEAVE: "An authority that has left Borgerblik was taken away",
    Work.TRY_AGAIN: "Messages in quarantine were tried again",
}


def facts(asked: Cleaning) -> str:
    """All that a receipt vouches for, as one line of JSON: numbers, and nothing of anybody but who asked."""
    told = {
        "receipt": str(asked.pk),
        "work": asked.work,
        "authority": authorities.by_code[asked.authority_code].cvr if asked.authority_code else "",
        "about": asked.about,
        "asked": _moment(asked.asked),
        "asked_by": asked.asked_by,
        "ended": _moment(asked.ended),
        "counts": asked.counts,
    }
    return json.dumps(told, sort_keys=True, ensure_ascii=False)


def digest_of(asked: Cleaning) -> bytes:
    return hashlib.sha256(facts(asked).encode()).digest()


def receipt(asked: Cleaning) -> str:
    """A receipt as a text for the file."""
    authority = authorities.by_code.get(asked.authority_code)
    lines = [
        _TITLES[Work(asked.work)],
        f"Authority: {authority.name} ({authority.code}, CVR {authority.cvr})" if authority else "Authority: all",
        *(f"{name.capitalize()}: {value}" for name, value in sorted(asked.about.items())),
        f"Asked for: {_moment(asked.asked)} by {asked.asked_by}",
        f"Ended: {_moment(asked.ended)}",
        *(f"{name.replace('_', ' ').capitalize()}: {number:,}" for name, number in sorted(asked.counts.items())),
        facts(asked),
        f"SHA-256 of the line above: {bytes(asked.digest or b'').hex()}",
    ]
    return "".join(f"{line}\n" for line in lines)


def is_whole(asked: Cleaning) -> bool:
    """Whether a receipt still says what it said when it was made."""
    return asked.digest is not None and digest_of(asked) == bytes(asked.digest)


def _moment(at: datetime | None) -> str:
    return timezone.localtime(at).isoformat(sep=" ", timespec="seconds") if at else "not yet"
