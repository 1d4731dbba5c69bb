"""Objections as citizens have made them."""

import datetime as dt
from uuid import UUID

from django.utils import timezone

from borgerblik.models import AccessObjection

CITIZEN = UUID("00000000-0000-4000-8000-000000000001")


def objection(number: int = 1, municipality: str = "0730", days: int = 2) -> AccessObjection:
    """To the entry of this number, made so many days ago."""
    made = timezone.now() - dt.timedelta(days=days)
    return AccessObjection.objects.create(
        receipt=f"{number:012d}",
        entry=number,
        citizen=CITIZEN,
        municipality=municipality,
        reason="unknown",
        words="Hvem er <b>de</b>?",
        made=made,
        at=made,
        yours=False,
        organisation="Digitaliseringsstyrelsen",
        what="overview",
        purpose="consumer",
    )
