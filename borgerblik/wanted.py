"""Which records are kept at all: those of a KLE number that some area of some etape holds, while their time lasts.

The rest is only counted.
"""

from dataclasses import replace

from django.utils import timezone

from borgerblik import areas
from borgerblik.areas import Kind, Owner
from borgerblik.keeping import keeping
from indexes.store import Wanted


def wanted() -> Wanted:
    """What the store keeps, from the stage plan: an area that opens tomorrow has its records here today."""
    return replace(_wanted_of(Owner.KOMMUNE), udk=_wanted_of(Owner.UDK), keeping=keeping(timezone.localdate()))


def _wanted_of(owner: Owner) -> Wanted:
    plan = areas.load()
    benefits = plan.prefixes(Kind.BENEFIT, owner)
    return Wanted(
        case=plan.prefixes(Kind.CASE, owner), grant=benefits, payment=benefits, plan=plan.prefixes(Kind.PLAN, owner)
    )
