"""Writing everything anew with the first key (``indexes.rotation``), where the rooms above know something of a citizen.

Somebody may have two rows: processes whose first keys were different met them at the same time. One row has to go, and
the access log cannot go over to the other: it is sealed. So the one stays by which the citizen has most.
"""

from dataclasses import replace
from functools import partial
from typing import Final
from uuid import UUID

from django.db.models import Q

from borgerblik.models import AccessEntry, AccessObjection, ItemReport, PowerOfAttorney
from indexes.rotation import CITIZENS, MESSAGES, rewrite_citizens


def lost_with(citizen_id: UUID) -> int:
    """How much a citizen would miss if this row of theirs went: what no index brings again."""
    return (
        AccessEntry.objects.filter(citizen=citizen_id).count()
        + PowerOfAttorney.objects.filter(Q(giver=citizen_id) | Q(helper=citizen_id)).count()
        + AccessObjection.objects.filter(citizen=citizen_id).count()
        + ItemReport.objects.filter(citizen=citizen_id).count()
    )


KEPT: Final = (replace(CITIZENS, rewrite=partial(rewrite_citizens, lost_with=lost_with)), MESSAGES)
