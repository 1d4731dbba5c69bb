"""The access log in the shape of Estonia's data tracker (Andmejälgija, dumonitor-openapi 2.1.0): three calls.

Names and fields are the protocol's own; a person is never named in an address, so ``findUsage`` is about whoever has
signed in. The citizen's own visits are no use by others and are left out: they stand in ``/me/access-log``.
"""

import datetime as dt
from typing import Final

from django.utils.dateparse import parse_datetime
from rest_framework.request import Request
from rest_framework.response import Response

from borgerblik import who_has_seen
from borgerblik.overview.access import Told
from indexes import authorities
from portal.api import reading
from portal.api.answers import FindUsageResponse, HeartbeatResponse, Usage, UsagePeriodResponse
from portal.api.requests import unusable_parameter, whole_number
from portal.api.views import CitizensCall, PublicCall
from portal.models import Consumer

USUAL: Final = 1000  # and the most, as in the protocol
FAR: Final = 100_000_000
OURSELVES: Final = "Borgerblik"
_CVR_BY_NAME: Final = {authority.name: authority.cvr for authority in authorities.all_of_them}


class FindUsage(CitizensCall):
    """Who has used my data."""

    def get(self, request: Request) -> Response:
        asked = request.query_params
        if "userCode" in asked:
            raise unusable_parameter("userCode")
        found = reading.usages(
            reading.by_citizen(request),
            start=_moment(asked.get("periodStart"), "periodStart"),
            end=_moment(asked.get("periodEnd"), "periodEnd"),
            offset=whole_number(asked.get("offset"), "offset", usual=0, lowest=0, most=FAR),
            limit=whole_number(asked.get("limit"), "limit", usual=USUAL, lowest=1, most=USUAL),
        )
        known = _systems({entry.actor for entry in found.entries})
        usages = tuple(_usage(entry, *known.get(entry.actor, ("", ""))) for entry in found.entries)
        return Response(FindUsageResponse(totalUsages=found.total, usages=usages))


class UsagePeriod(PublicCall):
    """From when the log is complete."""

    def get(self, _request: Request) -> Response:
        since = who_has_seen.complete_since()
        return Response(UsagePeriodResponse(periodStart=since.isoformat() if since else None))


class Heartbeat(PublicCall):
    """Whether the log can be read. When it cannot, this call too answers as a problem."""

    def get(self, _request: Request) -> Response:
        who_has_seen.complete_since()
        return Response(HeartbeatResponse(status="OK", message=f"{OURSELVES}: the access log can be read."))


def _moment(text: str | None, name: str) -> dt.datetime | None:
    if text is None:
        return None
    try:
        at = parse_datetime(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise unusable_parameter(name)
    return at


def _systems(actors: set[str]) -> dict[str, tuple[str, str]]:
    """Consumer id -> CVR number and the name of its system; also of those that have been revoked."""
    found = Consumer.objects.filter(application__client_id__in=actors).select_related("application")
    return {one.application.client_id: (one.cvr, one.application.name) for one in found}


def _usage(entry: Told, cvr: str, system: str) -> Usage:
    return Usage(
        logtime=entry.at.isoformat(),
        action=entry.action,
        receiverCode=cvr or _CVR_BY_NAME.get(entry.organisation, ""),
        receiverName=entry.organisation,
        receiverSystem=system or OURSELVES,
    )
