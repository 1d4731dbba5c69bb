"""``manage.py rewrite_cpr_keys``: after a new key was put first in CPR_KEYS, so that the old ones can go."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from indexes.crypto import KeyRingError
from indexes.identity import rewrite


class Command(BaseCommand):
    help = "Seals every CPR number anew with the first key of CPR_KEYS. Safe to stop and to run again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--portion", type=int, default=2000, help="how many citizens in one transaction")

    def handle(self, *_args: Any, **options: Any) -> None:
        done = 0
        try:
            while number := rewrite(most=options["portion"]):
                done += number
        except KeyRingError as error:
            raise CommandError(f"{done:,} citizens were written anew, and no more: {error}") from error
        self.stdout.write(f"{done:,} citizens were written anew. Keys after the first in CPR_KEYS can go.")
