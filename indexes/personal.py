"""What is said of every piece of data we hold: whether it is personal, of which kind, where from, how long it is kept.

The vocabulary only; plain Python. Each room declares its own tables beside its models (``declared.py``), one line a
field, and a test fails on a field that is missing there. The record of processing (docs/privacy/record.md), the
citizen's page about their data and the deletion each night are made from these declarations.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """How private it is; strictest last."""

    NOT_PERSONAL = "not_personal"
    PSEUDONYM = "pseudonym"  # points at a person, and only we can tell whom (GDPR art. 4(5))
    ORDINARY = "ordinary"  # GDPR art. 6
    CONFIDENTIAL = "confidential"  # what people expect to be kept from others: income, debt, social circumstances
    SPECIAL = "special"  # may tell of health and the like (GDPR art. 9)
    CPR = "cpr"  # databeskyttelsesloven § 11 (GDPR art. 87)


class Origin(StrEnum):
    """Where it comes from."""

    SDI = "sdi"  # Sags- og Dokumentindeks
    YI = "yi"  # Ydelsesindeks
    PLAN = "plan"  # the plan index
    PROVIDER = "provider"  # the identity provider, at sign-in
    CITIZEN = "citizen"  # themselves
    AUTHORITY = "authority"  # the municipality or Udbetaling Danmark, in the console
    CONSUMER = "consumer"  # whoever asks by REST
    KL = "kl"  # KLE's editions
    HERE = "here"  # made by Borgerblik


class About(StrEnum):
    """Whom a table is about."""

    CITIZENS = "citizens"
    STAFF = "staff"
    CONSUMERS = "consumers"  # organisations
    NOBODY = "nobody"


class Purpose(StrEnum):
    """What it is held for; each has a text and a legal basis (``borgerblik/data/privacy.toml``)."""

    SHOW = "show"  # show citizens what is held about them
    IDENTIFY = "identify"  # know whose data are whose, and who is signed in
    GUARD = "guard"  # let only those in who may
    ACCOUNT = "account"  # tell who has seen and decided what
    MEND = "mend"  # find and mend what was wrong in the data
    RUN = "run"  # read the indexes and keep the service going
    DECIDE = "decide"  # what an authority has decided to show


class Rule(StrEnum):
    """How long it is kept. How many days, on which ground and by which code is said once for each.

    ``portal/retention.py`` names the code that enforces it; the test that shows it stands with the code.
    """

    RECORDS = "records"  # while the index sends it, and no longer than KLE's hint after it ended
    SENT = "sent"  # while the index sends it: what has no end
    PEOPLE = "people"  # a citizen's own row: while anything is held of them or the log tells of them
    LEAVES = "leaves"  # leave to read: until it ends
    QUARANTINE = "quarantine"
    REMOVED = "removed"  # that a record was taken away, or an event taken: while it may still come once more
    RUNS = "runs"
    COUNTS = "counts"
    UNFINISHED = "unfinished"  # a bulk reading on the way: until it is over
    LOG = "log"
    CHANGES = "changes"
    EMPLOYEES = "employees"
    SESSIONS = "sessions"
    TOKENS = "tokens"
    BROWSER = "browser"  # a cookie: by its own age, in the visitor's browser
    PASSING = "passing"  # a message: until it has been handled
    OPERATOR = "operator"  # log lines: by the platform that collects them
    STANDING = "standing"  # settings and registrations: until whoever made them changes them


@dataclass(frozen=True, slots=True, kw_only=True)
class Datum:
    """One field, or one key inside a JSON column. ``inside`` is a JSON column's own keys, as paths."""

    kind: Kind
    origin: Origin
    says: str  # what it is, in English, for the record
    inside: Mapping[str, "Datum"] = field(default_factory=dict)

    @property
    def personal(self) -> bool:
        return self.kind is not Kind.NOT_PERSONAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """A table, or another place where data lies (a session, a cookie, a message)."""

    about: About
    purpose: Purpose
    kept: Rule
    fields: Mapping[str, Datum]

    @property
    def strictest(self) -> Kind:
        """The most private thing in it."""
        return max((datum.kind for datum in self.fields.values()), key=list(Kind).index, default=Kind.NOT_PERSONAL)


def plain(origin: Origin, says: str, inside: Mapping[str, Datum] | None = None) -> Datum:
    """About nobody."""
    return Datum(kind=Kind.NOT_PERSONAL, origin=origin, says=says, inside=inside or {})


def pseudonym(origin: Origin, says: str) -> Datum:
    """Points at a person, and only with what we keep elsewhere."""
    return Datum(kind=Kind.PSEUDONYM, origin=origin, says=says)


def ordinary(origin: Origin, says: str, inside: Mapping[str, Datum] | None = None) -> Datum:
    return Datum(kind=Kind.ORDINARY, origin=origin, says=says, inside=inside or {})


def confidential(origin: Origin, says: str, inside: Mapping[str, Datum] | None = None) -> Datum:
    """Income, debt, social circumstances."""
    return Datum(kind=Kind.CONFIDENTIAL, origin=origin, says=says, inside=inside or {})


def special(origin: Origin, says: str, inside: Mapping[str, Datum] | None = None) -> Datum:
    """May tell of health and the like."""
    return Datum(kind=Kind.SPECIAL, origin=origin, says=says, inside=inside or {})


def cpr(origin: Origin, says: str) -> Datum:
    return Datum(kind=Kind.CPR, origin=origin, says=says)


def paths_in(told: object, at: str = "") -> set[str]:
    """The paths of a JSON value's keys, as ``Datum.inside`` names them: ``progress[].period.start``."""
    if isinstance(told, Mapping):
        found: set[str] = set()
        for key, value in told.items():
            here = f"{at}.{key}" if at else str(key)
            found |= paths_in(value, here) or {here}
        return found
    if isinstance(told, list | tuple):
        return set().union(*(paths_in(value, f"{at}[]") for value in told)) or {at}
    return {at} if at else set()
