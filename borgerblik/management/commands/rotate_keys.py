"""``manage.py rotate_keys``: after a new key was put first in CPR_KEYS, so that the old ones can go."""

import time
from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from borgerblik.rotating import KEPT
from indexes import keys
from indexes.crypto import KeyRingError, secrets_of
from indexes.rotation import Kept, in_use, waiting

PATIENCE = 60.0  # seconds without any progress: somebody holds on to the rows that are left
PAUSE = 0.2


class Command(BaseCommand):
    help = (
        "Writes anew with the first key of CPR_KEYS whatever is sealed with another: CPR numbers and messages in "
        "quarantine. The site may run meanwhile, once all its processes hold the new key. Safe to stop and run again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--portion", type=int, default=2000, help="how many rows in one transaction")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["portion"] < 1:
            raise CommandError("--portion is 1 or more: nothing was written anew.")
        done: Counter[str] = Counter()
        try:
            keys.compare()
        except KeyRingError as error:
            raise CommandError(f"{error} Nothing was written anew.") from None
        # disable=None: no bar where nobody looks, such as in a log
        with tqdm(total=waiting(), unit=" rows", unit_scale=True, disable=None) as bar:
            for kept in KEPT:
                try:
                    _rotate(kept, options["portion"], done, bar)
                except KeyRingError as error:
                    raise CommandError(f"{_told(done)} were written anew, and no more: {error}") from error
        self.stdout.write(f"{_told(done)} were written anew. {_advice()}")


def _rotate(kept: Kept, portion: int, done: Counter[str], bar: "tqdm[Any]") -> None:
    bar.set_description(kept.what)
    last = time.monotonic()
    while left := waiting([kept]):
        if number := kept.rewrite(portion):
            done[kept.what] += number
            bar.update(number)
            last = time.monotonic()
        elif time.monotonic() - last > PATIENCE:
            raise CommandError(
                f"{_told(done)} were written anew; {left:,} {kept.what} are held by another transaction for a minute "
                "now, so the old keys must stay. Run the command again when it has ended."
            )
        else:
            time.sleep(PAUSE)


def _told(done: Counter[str]) -> str:
    return " and ".join(f"{done[kept.what]:,} {kept.what}" for kept in KEPT)


def _advice() -> str:
    """Which keys nothing is sealed with any more, so that nobody misses them."""
    writing, *others = secrets_of(settings.CPR_KEYS)
    used = in_use()
    keys.forget(used)
    unused = ", ".join(f"'{key_id}'" for key_id in others if not used.get(key_id))
    if not unused:
        return f"CPR_KEYS holds no key but '{writing}': nothing can leave it."
    return (
        f"Everything is sealed with '{writing}'. Nothing in the database needs {unused} any more: take it out of "
        "CPR_KEYS, and keep it with the backups made until now, which nothing else opens."
    )
