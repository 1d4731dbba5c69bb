"""``manage.py purge_municipality``: what an authority that has left Borgerblik owns goes now, not after a while."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from borgerblik import cleaning
from borgerblik.cleaning import OPERATOR, StillOnError
from borgerblik.management.cleaning import agreed, authority_of, consequences, do


class Command(BaseCommand):
    help = (
        "Shows what an authority that has left Borgerblik still has here; with --confirm, or its code typed, takes it "
        "away in batches and leaves a receipt. Its decisions and the access log stay as long as the law says."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="four digits, or UDK")
        parser.add_argument("--confirm", action="store_true", help="take it away without asking")

    def handle(self, *_args: Any, **options: Any) -> None:
        authority = authority_of(options["code"])
        for line in consequences(cleaning.consequence(authority.code, None)):
            self.stdout.write(line)
        if not agreed(authority.code, confirmed=options["confirm"]):
            self.stdout.write("Nothing was taken away. Run it with --confirm to do it.")
            return
        try:
            asked = cleaning.ask_to_leave(authority.code, staff_key=OPERATOR)
        except StillOnError as error:
            raise CommandError(str(error)) from error
        do(asked, self.stdout.write)
