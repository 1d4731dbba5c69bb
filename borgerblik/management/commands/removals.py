"""``manage.py removals``: where rows have gone, day by day, in exact numbers."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any, Final

from django.core.management.base import BaseCommand
from django.utils import timezone

from borgerblik.management.cleaning import authority_of
from indexes import authorities, removals
from indexes.models import Cause

WHY: Final = {
    Cause.MESSAGE: "an index said it is withdrawn, unusable or not wanted",
    Cause.EVENT: "an event said so",
    Cause.ABSENT: "a complete reading no longer brought it",
    Cause.OVER: "it ended longer ago than it is kept",
    Cause.LEFT: "its authority has left Borgerblik",
    Cause.RETIRED: "its authority no longer uses the fagsystem",
}


class Command(BaseCommand):
    help = "Tells how many rows were taken away on each day, of which authority and kind, and why."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--municipality", metavar="CODE", help="of this authority alone")
        parser.add_argument("--days", type=int, default=7, help="how far back, today included (7)")

    def handle(self, *_args: Any, **options: Any) -> None:
        code = options["municipality"]
        authority = authority_of(code) if code is not None else None
        first = timezone.localdate() - timedelta(days=options["days"] - 1)
        found = removals.since(first, authority_cvr=authority.cvr if authority else None)
        for one in found:
            known = authorities.by_cvr.get(one.authority_cvr)
            whose = known.name if known else "asked for one citizen"
            self.stdout.write(f"{one.day:%Y-%m-%d} {whose}: {one.rows:,} {one.kind}, {WHY[one.cause]}")
        total = sum(one.rows for one in found)
        self.stdout.write(f"{total:,} rows were taken away since {first:%Y-%m-%d}.")
