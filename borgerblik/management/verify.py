"""What the commands that verify a log share: ``verify_access_log`` and ``verify_settings_history``."""

from argparse import ArgumentParser, ArgumentTypeError
from typing import Any, ClassVar, Final

from django.core.management.base import BaseCommand, CommandError
from django.db import ProgrammingError
from django.utils import timezone
from tqdm import tqdm

from borgerblik.retention import reaches_back_to
from borgerblik.seals.logs import Log
from borgerblik.seals.verifying import Kept, faults, unsealed

NOT_ALLOWED: Final = (
    "The database does not let this role read the log and its seals, so nothing was compared. Give DATABASE_URL the "
    "role of the worker (borgerblik_sync) or of the owner, and see that migrate has been run."
)
MOST: Final = 20  # sentences: whoever has rewritten a year has not to be told of each minute


class VerifyCommand(BaseCommand):
    """Compares every sealed block of ``log`` with what it covers."""

    log: ClassVar[Log]

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--expect", type=_kept, metavar="N:SEAL", help="the last seal as this command printed it the time before"
        )
        parser.add_argument(
            "--since", type=int, default=0, metavar="N", help="believe blocks up to number N and compare those after"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        since: int = options["since"]
        now = timezone.now()
        forgotten = reaches_back_to(self.log, now)
        with tqdm(unit=" entries", unit_scale=True, disable=None) as bar:

            def show(entries: int) -> None:
                bar.update(entries)

            found = faults(self.log, now=now, since=since, kept=options["expect"], forgotten=forgotten, progress=show)
            try:
                told = list(found)
            except ProgrammingError as error:
                raise CommandError(NOT_ALLOWED) from error
        if told:
            more = [f"… and {len(told) - MOST:,} sentences more like these."] if len(told) > MOST else []
            raise CommandError("\n".join([*told[:MOST], *more]))
        self.stdout.write(_summary(self.log, since))


def _kept(given: str) -> Kept:
    number, _, seal = given.partition(":")
    try:
        return Kept(number=int(number), seal=bytes.fromhex(seal))
    except ValueError:
        raise ArgumentTypeError(f"{given!r} is no seal: give a block's number, a colon and 64 hex digits.") from None


def _summary(log: Log, since: int) -> str:
    waiting = unsealed(log)
    last = log.blocks.objects.order_by("-number").first()
    if last is None:
        return f"Nothing is sealed yet; {waiting:,} entries wait for the first seal."
    compared = last.number - since
    fit = "1 block fits its" if compared == 1 else f"{compared:,} blocks fit their"
    return (
        f"{fit} entries and each other; {waiting:,} {'entry waits' if waiting == 1 else 'entries wait'} for a seal.\n"
        f"The last seal is {last.number}:{bytes(last.seal).hex()}\n"
        "Keep it where nobody of this database can reach it, and give it with --expect the next time."
    )
