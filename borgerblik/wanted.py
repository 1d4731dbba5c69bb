"""Which records are kept at all: those of a KLE number that some area of some etape holds, while their time lasts.

The rest is only counted, and so is what comes from a fagsystem that its authority no longer uses.
"""

from dataclasses import replace

from django.utils import timezone

from borgerblik import areas, settings_store
from borgerblik.areas import Kind, Owner
from borgerblik.keeping import keeping
from indexes import authorities
from indexes.store import Wanted


def wanted() -> Wanted:
    """What the store keeps, from the stage plan: an area that opens tomorrow has its records here today."""
    retired = {(authorities.by_code[one.authority_id].cvr, one.fagsystem) for one in settings_store.retired()}
    return replace(
        _wanted_of(Owner.KOMMUNE),
        udk=_wanted_of(Owner.UDK),
        keeping=keeping(timezone.localdate()),
        retired=frozenset(retired),
        left=frozenset(authorities.by_code[code].cvr for code in settings_store.left()),
    )


def _wanted_of(owner: Owner) -> Wanted:
    plan = areas.load()
    benefits = plan.prefixes(Kind.BENEFIT, owner)
    return Wanted(
        case=plan.prefixes(Kind.CASE, owner), grant=benefits, payment=benefits, plan=plan.prefixes(Kind.PLAN, owner)
    )
