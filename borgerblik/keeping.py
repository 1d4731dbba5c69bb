"""How long an ended record is kept: KLE's own deletion period of its number, else the general rule of the settings.

KLE-Online gives a number a period counted from the end of the case (SletningJaevnfoerPersondataloven).
"""

import datetime as dt
from collections.abc import Mapping

from django.conf import settings

from borgerblik import kle_edition
from indexes.keeping import Keeping, before


def keeping(today: dt.date) -> Keeping:
    """As it looks today, by the KLE edition in use."""
    return keeping_by(kle_edition.current().deletions, today=today, general_days=settings.KEEP_ENDED_DAYS)


def keeping_by(deletions: Mapping[str, str], *, today: dt.date, general_days: int) -> Keeping:
    """``deletions`` is KLE number -> ISO 8601 duration. One that is no length of days counts as none."""
    days = {number: before(today, duration) for number, duration in deletions.items()}
    return Keeping(
        general=today - dt.timedelta(days=general_days),
        hints={number: day for number, day in days.items() if day is not None},
    )
