"""Single values of the wire, typed: instants, days, amounts, numbers. Each says what it accepts and how it fails.

Nothing here knows in which element a value stood; ``what`` is passed in only to name it in a refusal.
"""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from indexes.parse.problems import Gone, Unusable, undecidable
from indexes.records import Defect, RefusalReason, WithdrawalReason

DANISH_TIME = ZoneInfo("Europe/Copenhagen")

# Years outside these are placeholders (0001, 9999), not dates: no case, payment or citizen reaches them.
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2200

# Both ends of time for us: what the wire calls unbounded, and where placeholders are moved to.
BEGINNING: Final = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC)
END: Final = datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC)

UUID_LENGTH: Final = 36
_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})?")
# Never ten digits on either side: no one person's money needs them, and a CPR number in a wrong place would be kept.
_AMOUNT = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]{1,9})?")
_KLE = re.compile(r"[0-9]{2}\.[0-9]{2}\.[0-9]{2}")
_FACET = re.compile(r"[A-ZÆØÅ][0-9]{2}")
_CVR = re.compile(r"[0-9]{8}")
_CPR = re.compile(r"[0-9]{10}")
_ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:Z|[+-][0-9]{2}:[0-9]{2})?")
_DANISH_DAY = re.compile(r"([0-9]{2})-([0-9]{2})-([0-9]{4})")
FLAGS = {"true": True, "1": True, "false": False, "0": False}

_CPR_URN = "urn:oio:cpr-nr:"
_CVR_URN = "urn:oio:cvr-nr:"


def is_uuid(text: str) -> bool:
    return _UUID.fullmatch(text) is not None


def uuid_or_none(text: str | None) -> UUID | None:
    """The UUID in its one canonical spelling, None for anything else."""
    # by its number: what UUID itself would do to a text was checked here already
    return UUID(int=int(text.replace("-", ""), 16)) if text and _UUID.fullmatch(text) else None


@lru_cache(maxsize=8192)  # an answer repeats few instants many times: most Virkninger start on the same days
def instant(text: str) -> datetime | None:
    """An xs:dateTime in UTC, None if it is none. Without a zone it is Danish time.

    Years out of reach become ``BEGINNING`` and ``END``: whether an instant lies before or after is still certain.
    """
    if not _INSTANT.fullmatch(text):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.year < FIRST_YEAR:
        return BEGINNING
    if moment.year > LAST_YEAR:
        return END
    return (moment if moment.tzinfo else moment.replace(tzinfo=DANISH_TIME)).astimezone(UTC)


def instant_in_reach(text: str | None) -> datetime | None:
    """As ``instant``, and None outside the years 1900–2200."""
    moment = instant(text) if text else None
    return None if moment is BEGINNING or moment is END else moment


def day_of(text: str | None) -> date | None:
    """A day written as an xs:dateTime, an xs:date or dd-mm-yyyy; None if it is none of them or out of reach.

    A dateTime is the day it is in Denmark: 2025-03-31T00:00:00+02:00 is 31 March.
    """
    if not text:
        return None
    if "T" in text:
        moment = instant_in_reach(text)
        return moment.astimezone(DANISH_TIME).date() if moment else None
    if found := _ISO_DAY.fullmatch(text):
        year, month, day = found.groups()
    elif found := _DANISH_DAY.fullmatch(text):
        day, month, year = found.groups()
    else:
        return None
    if not FIRST_YEAR <= int(year) <= LAST_YEAR:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def optional_day(text: str | None, defects: set[Defect]) -> date | None:
    """As ``day_of``; adds BAD_OPTIONAL_DATE to ``defects`` if something stood there and is no day."""
    day = day_of(text)
    if text and day is None:
        defects.add(Defect.BAD_OPTIONAL_DATE)
    return day


def amount(text: str | None, what: str) -> Decimal:
    """Kroner as gd:BeloebType writes them: a dot, perhaps a minus.

    Raises:
        Unusable: BAD_AMOUNT, missing included.
    """
    if not text or not _AMOUNT.fullmatch(text):
        raise Unusable(RefusalReason.BAD_AMOUNT, what)
    return Decimal(text)


def amount_or_none(text: str | None, what: str) -> Decimal | None:
    """As ``amount``, but a missing one is None; one that cannot be read still raises."""
    return None if text is None else amount(text, what)


def kle(text: str | None, what: str) -> str:
    """A KLE topic number, NN.NN.NN. Whether it is in force is not asked here.

    Raises:
        Unusable: NO_KLE.
    """
    if not text or not _KLE.fullmatch(text):
        raise Unusable(RefusalReason.NO_KLE, what)
    return text


def kle_or_none(text: str | None) -> str | None:
    return text if text and _KLE.fullmatch(text) else None


def facet_or_none(text: str | None) -> str | None:
    """A KLE facet: a letter (Ø included) and two digits."""
    return text if text and _FACET.fullmatch(text) else None


def cvr(text: str | None, what: str) -> str:
    """A CVR number, bare or as a URN.

    Raises:
        Unusable: NO_OWNER if it is missing, BAD_DECIDING_FIELD if it cannot be read.
    """
    if not text:
        raise Unusable(RefusalReason.NO_OWNER, what)
    number = text[len(_CVR_URN) :] if text.lower().startswith(_CVR_URN) else text
    if not _CVR.fullmatch(number):
        raise undecidable(what)
    return number


def is_cpr(text: str) -> bool:
    """Whether it is the ten digits of a bare CPR number."""
    return _CPR.fullmatch(text) is not None


def cpr(text: str | None, what: str) -> str:
    """The ten digits of a bare CPR number. Dates are not checked: replacement numbers have impossible ones.

    Raises:
        Unusable: BAD_DECIDING_FIELD.
    """
    if not text or not is_cpr(text):
        raise undecidable(what)
    return text


def cpr_of_urn(urn: str, what: str) -> str:
    """The CPR number of a party's URN (anvisning for Sag: ``urn:oio:cpr-nr:`` and ten digits).

    Raises:
        Unusable: BAD_DECIDING_FIELD if the reference is missing or its digits cannot be read.
        Gone: NOT_A_PERSON for any other kind of reference.
    """
    if not urn:
        raise undecidable(what)
    if not urn.lower().startswith(_CPR_URN):
        raise Gone(WithdrawalReason.NOT_A_PERSON)
    return cpr(urn[len(_CPR_URN) :], what)


def flag(text: str | None) -> bool | None:
    """An xs:boolean, None if it is missing or foreign."""
    return FLAGS.get(text or "")
