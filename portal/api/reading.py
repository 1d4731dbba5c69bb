"""The one place from which the API reads: who asks, about whom, how far they reach, and what comes back in words."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from rest_framework.request import Request

from borgerblik import who_has_seen
from borgerblik.grants import Leave
from borgerblik.overview.material import Person
from borgerblik.overview.shapes import AccessPage, Overview
from borgerblik.reach import WHOLE, Reach
from borgerblik.service import OutOfReachError, overview_of
from borgerblik.who_has_seen import Usages
from indexes.authorities import UDK, by_code
from portal.api.consumers import citizen_of, leave_of, reach_of, reader_of, registration_of
from portal.api.problems import InvalidFields
from portal.api.requests import CitizenRequest, unusable
from portal.api.speech import language_asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is known of the citizen asked about, in which language to answer, and how far the one who asks may see.

    ``actor`` is who reads, when it is not the citizen.
    """

    leave: Leave
    person: Person
    language: str
    reach: Reach = WHOLE
    actor: str | None = None


def by_citizen(request: Request) -> Asked:
    """Themselves."""
    citizen = citizen_of(request)
    return Asked(
        leave=citizen.leave,
        person=citizen.person,
        language=language_asked(request, pages=True),
    )


def by_consumer(request: Request, asked: CitizenRequest) -> Asked:
    """A citizen whose CPR number a consumer has sent.

    Raises:
        InvalidFields: there is no such municipality.
        OutOfReachError: the consumer is not registered for it.
    """
    if asked.municipality not in by_code or asked.municipality == UDK:
        raise InvalidFields((unusable("municipality"),))
    consumer = registration_of(request)
    reach = reach_of(consumer)
    if not reach.holds(asked.municipality):
        raise OutOfReachError(asked.municipality)
    return Asked(
        leave=leave_of(request, asked.cpr),
        # no name: the indexes hold none, and a consumer knows whom it asks about
        person=Person(name="", given_name="", birth_date=None, municipality=asked.municipality),
        language=asked.language or language_asked(request),
        reach=reach,
        actor=reader_of(consumer).actor,
    )


def overview(asked: Asked, *, what: str) -> Overview:
    """The citizen's overview; ``what`` of it is given out stands in the access log."""
    return overview_of(
        asked.leave,
        asked.person,
        language=asked.language,
        now=timezone.now(),
        what=what,
        reach=asked.reach,
    )


def access_log(asked: Asked, *, most: int, before: int | None) -> AccessPage:
    """Who has read the citizen's data, entry by entry.

    Raises:
        OutOfReachError: the log is split by neither area nor authority, so it takes a reach without limits.
    """
    if not asked.reach.whole:
        raise OutOfReachError(asked.person.municipality)
    return who_has_seen.page_of(
        asked.leave,
        language=asked.language,
        now=timezone.now(),
        most=most,
        before=before,
        but=asked.actor,
    )


def usages(asked: Asked, *, start: dt.datetime | None, end: dt.datetime | None, offset: int, limit: int) -> Usages:
    """What others have read of the citizen, as a data tracker asks."""
    return who_has_seen.usages_of(
        asked.leave, language=asked.language, start=start, end=end, offset=offset, limit=limit
    )
