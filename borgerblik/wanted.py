"""Which records are kept at all: those of a KLE number that some area of some etape holds. The rest is only counted."""

from borgerblik import areas
from borgerblik.areas import Kind
from indexes.store import Wanted


def wanted() -> Wanted:
    """What the store keeps, from the stage plan: an area that opens tomorrow has its records here today."""
    plan = areas.load()
    benefits = plan.prefixes(Kind.BENEFIT)
    return Wanted(case=plan.prefixes(Kind.CASE), grant=benefits, payment=benefits, plan=plan.prefixes(Kind.PLAN))
