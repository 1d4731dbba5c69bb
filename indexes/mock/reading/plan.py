"""Requests to the plan index: PlanSoegning of planindeks-1.xsd."""

import re

from indexes.mock.reading.elements import PLAN, only, text, tree, uuids, whole
from indexes.mock.reading.search import (
    DEFAULT_PAGE,
    LARGEST_PAGE,
    Criteria,
    NotUnderstood,
    PlanSearch,
    Refused,
    constrained,
)


def read_plan(body: bytes) -> PlanSearch:
    """A PlanSoegning to the plan index. Raises NotUnderstood or Refused."""
    request = tree(body)
    if request.tag != f"{{{PLAN}}}PlanSoegning":
        raise NotUnderstood(f"The request is no PlanSoegning in {PLAN}. Send that to this address.")
    only(request, ("plan:Cpr", "plan:EjerCvr", "plan:Foerste", "plan:Maks"), repeated=("plan:PlanUuid",))
    named = uuids(request, "plan:PlanUuid")
    cpr, cvr = text(request, "plan:Cpr"), text(request, "plan:EjerCvr")
    for name, number, digits in (("Cpr", cpr, 10), ("EjerCvr", cvr, 8)):
        if number is not None and not re.fullmatch(rf"[0-9]{{{digits}}}", number):
            raise Refused(f"{name} er ikke på {digits} cifre. Ret nummeret.")
    constrained(named, cpr, cvr)
    if named:
        return PlanSearch(uuids=named, criteria=None)
    first = whole(request, "plan:Foerste", default=0, least=0)
    most = min(whole(request, "plan:Maks", default=DEFAULT_PAGE, least=1), LARGEST_PAGE)
    return PlanSearch(uuids=(), criteria=Criteria(cpr=cpr, cvr=cvr, first=first, most=most))
