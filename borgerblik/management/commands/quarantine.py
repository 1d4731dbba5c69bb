"""``manage.py quarantine``: what lies in quarantine and why, in sentences. A message itself stays sealed."""

import tomllib
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Count, Max, Min

from indexes import authorities
from indexes.models import Quarantined
from indexes.records import RefusalReason

REASONS = Path(authorities.DATA).with_name("refusals.toml")


def sentences() -> dict[RefusalReason, str]:
    """Why a message cannot be used, what that means, and what to do."""
    return {RefusalReason(key): text for key, text in tomllib.loads(REASONS.read_text("utf-8")).items()}


class Command(BaseCommand):
    help = "Tells how many messages of each index and authority could not be used, since when, and what to do."

    def handle(self, *_args: Any, **_options: Any) -> None:
        said = sentences()
        groups = (
            Quarantined.objects.values("source", "authority_cvr", "kind", "reason", "what")
            .annotate(number=Count("id"), first=Min("first_seen"), last=Max("last_seen"))
            .order_by("source", "authority_cvr", "reason", "kind", "what")
        )
        for group in groups:
            known = authorities.by_cvr.get(group["authority_cvr"])
            whose = known.name if known else "one citizen's own reading"
            self.stdout.write(
                f"{group['source']}, {whose}: {group['number']:,} {group['kind']} ({group['what']}), "
                f"first {group['first']:%Y-%m-%d}, last {group['last']:%Y-%m-%d}"
            )
            self.stdout.write(f"  {said[RefusalReason(group['reason'])]}")
        if not groups:
            self.stdout.write("Nothing lies in quarantine: every message could be used.")
