"""Reports as citizens have made them, and defects as a reading finds them."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.utils import timezone

from borgerblik.models import ItemReport
from indexes.models import DefectCount, SyncRun
from tests.indexes.makers import RANDERS

CITIZEN = UUID("00000000-0000-4000-8000-000000000001")
ITEM = UUID("00000000-0000-4000-8000-000000000002")


def report(number: int = 1, days: int = 2, **otherwise: Any) -> ItemReport:
    """About a case of sick pay in Randers, made so many days ago."""
    told: dict[str, Any] = {
        "receipt": f"{number:012d}",
        "citizen": CITIZEN,
        "kind": "case",
        "item": UUID(int=ITEM.int + number),
        "owner_cvr": RANDERS,
        "kle": ["32.30.04"],
        "fagsystem": "KSD",
        "number": "2026-0042",
        "reason": "status",
        "words": "Jeg har fået <b>svar</b>.",
        "made": timezone.now() - dt.timedelta(days=days),
    }
    return ItemReport.objects.create(**{**told, **otherwise})


def found_at_the_door() -> None:
    """What the last reading of Randers' cases found, and that of its payments, which found nothing."""
    now = timezone.now()
    run: dict[str, Any] = {"authority_cvr": RANDERS, "started": now, "ended": now, "outcome": "succeeded"}
    SyncRun.objects.create(source="sdi", counts={"refused": {"no_kle": 3}}, **run)
    SyncRun.objects.create(source="yi", counts={"refused": {}}, **run)
    DefectCount.objects.create(
        source="sdi",
        authority_cvr=RANDERS,
        fagsystem="KSD",
        defect="cpr_in_text",
        count=7,
        records=40,
        counted=now,
    )
