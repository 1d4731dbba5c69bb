"""``manage.py verify_receipts``: whether each receipt of cleaning still says what it said when it was made."""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from borgerblik import cleaning
from borgerblik.models import Cleaning


class Command(BaseCommand):
    help = "Compares receipts of cleaning with their digests. Exit 1 when one does not fit. With a number: prints it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("receipt", nargs="?", type=UUID, help="as the receipt itself says it")

    def handle(self, *_args: Any, **options: Any) -> None:
        found = Cleaning.objects.filter(ended__isnull=False).order_by("ended")
        if options["receipt"] is not None:
            found = found.filter(pk=options["receipt"])
        if changed := [str(one.pk) for one in found if not cleaning.is_whole(one)]:
            raise CommandError("Somebody has changed what these receipts say: " + ", ".join(changed))
        if options["receipt"] is None:
            self.stdout.write(f"{len(found):,} receipts say what they said when they were made.")
        elif found:
            self.stdout.write(cleaning.receipt(found[0]))
        else:
            raise CommandError(
                "There is no such receipt: it has not ended, is older than KEEP_CHANGES_DAYS, or was never made."
            )
