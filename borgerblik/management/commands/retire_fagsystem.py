"""``manage.py retire_fagsystem``: an authority no longer uses a fagsystem, so what it brought goes and stays away."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from borgerblik import cleaning, settings_store
from borgerblik.cleaning import OPERATOR
from borgerblik.management.cleaning import agreed, authority_of, consequences, do
from borgerblik.settings_store import UndecidedError


class Command(BaseCommand):
    help = (
        "Shows what a municipality's fagsystem holds here; with --confirm, or its name typed, takes it away in batches "
        "and leaves a receipt. From then on nothing of it is taken in, until --undo."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--municipality", required=True, metavar="CODE", help="four digits, or UDK")
        parser.add_argument("--fagsystem", metavar="NAME", help="as the index spells it; without it: which there are")
        parser.add_argument("--confirm", action="store_true", help="take it away without asking")
        parser.add_argument("--undo", action="store_true", help="take it in again; the next reading brings it")

    def handle(self, *_args: Any, **options: Any) -> None:
        authority, fagsystem = authority_of(options["municipality"]), options["fagsystem"]
        if not fagsystem:
            self._list(authority.code)
        elif options["undo"]:
            self._undo(authority.code, fagsystem)
        else:
            self._retire(authority.code, fagsystem, confirmed=options["confirm"])

    def _list(self, code: str) -> None:
        for one in cleaning.fagsystems(code):
            held = ", ".join(f"{rows:,} {kind}s" for kind, rows in sorted(one.kinds.items()))
            self.stdout.write(f"{one.name}: {held}, the newest registered {one.newest:%Y-%m-%d}")
        for retired in settings_store.retired(code):
            self.stdout.write(f"{retired.fagsystem}: retired since {retired.since}")

    def _undo(self, code: str, fagsystem: str) -> None:
        if not settings_store.retire(code, fagsystem, since=None, staff_key=OPERATOR):
            raise CommandError(f"{fagsystem} is not retired, so nothing was changed.")
        self.stdout.write(f"{fagsystem} is taken in again: the next reading of the index brings what it still holds.")

    def _retire(self, code: str, fagsystem: str, *, confirmed: bool) -> None:
        known = {one.name for one in cleaning.fagsystems(code)} | {
            one.fagsystem for one in settings_store.retired(code)
        }
        if fagsystem not in known:
            raise CommandError(
                f"Nothing of a fagsystem called {fagsystem} is held, and none of that name is retired, so nothing was "
                f"changed. There are: {', '.join(sorted(known)) or 'none'}. The name is as the index spells it."
            )
        for line in consequences(cleaning.consequence(code, fagsystem)):
            self.stdout.write(line)
        if not agreed(fagsystem, confirmed=confirmed):
            self.stdout.write("Nothing was taken away. Run it with --confirm to do it.")
            return
        try:
            asked = cleaning.ask_to_retire(code, fagsystem, staff_key=OPERATOR)
        except UndecidedError as error:
            raise CommandError(str(error)) from error
        do(asked, self.stdout.write)
