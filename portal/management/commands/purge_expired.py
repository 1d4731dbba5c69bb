"""``manage.py purge_expired``: delete what is held longer than it may be, as Celery's clock does each night."""

from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from indexes.purge import Work
from portal import retention


class Command(BaseCommand):
    help = "Deletes what is held longer than it may be. Safe to run twice, and while the site is up."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="only tell how many rows would go first; more may after them"
        )
        parser.add_argument("--confirm", action="store_true", help="believe it when much of what is held is to go")

    def handle(self, *_args: Any, **options: Any) -> None:
        now = timezone.now()
        before = retention.counted(now).gone
        if options["dry_run"]:
            self._tell(before, "or more would be deleted")
            return
        with tqdm(total=before.total(), unit=" rows", unit_scale=True, disable=None) as bar:

            def show(work: Work, rows: int) -> None:
                bar.set_description(work.what, refresh=False)
                bar.update(rows)

            report = retention.purge_expired(now, confirmed=options["confirm"], progress=show)
        self._tell(report.gone, "deleted")
        if report.doubts:
            raise CommandError("\n".join(report.doubts))

    def _tell(self, gone: Counter[str], done: str) -> None:
        """One line of exact numbers."""
        told = ", ".join(f"{number:,} {what}" for what, number in gone.items() if number)
        self.stdout.write(
            f"{gone.total():,} rows {done}: {told}." if told else f"0 rows {done}: nothing's time is over."
        )
