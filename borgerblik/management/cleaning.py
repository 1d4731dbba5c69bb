"""What the commands that take rows away have in common: tell first, ask, do it with a bar, leave a receipt."""

import sys
from collections.abc import Callable

from django.core.management.base import CommandError
from tqdm import tqdm

from borgerblik import cleaning
from borgerblik.cleaning import BusyError
from borgerblik.models import Cleaning
from indexes import authorities
from indexes.authorities import Authority
from indexes.leaving import Consequence
from indexes.locked import LockedError

Tell = Callable[[str], object]


def authority_of(code: str) -> Authority:
    found = authorities.by_code.get(code)
    if found is None:
        raise CommandError(f"No authority has the code {code}: give four digits, or UDK.")
    return found


def consequences(found: Consequence) -> list[str]:
    """What would go and what that does, in exact numbers."""
    kinds = found.kinds or {}
    lines = [f"{found.rows:,} rows of {found.citizens:,} citizens would go:"]
    lines += [f"  {of.rows:,} {kind}s, {of.active:,} of them active" for kind, of in sorted(kinds.items())]
    if found.years:
        years = sorted({year for year, _, _ in found.years if year is not None})
        by_year = ", ".join(f"{year}: {sum(n for at, _, n in found.years if at == year):,}" for year in years)
        lines.append(f"  by year: {by_year or 'not told'}")
    lines.append(f"{found.left_with_nothing:,} of these citizens have nothing else here.")
    if found.leaning_grants or found.leaning_payments:
        lines.append(
            f"{found.leaning_grants:,} grants and {found.leaning_payments:,} payments of other fagsystemer lean on what"
            " would go: they stay, and are shown no more."
        )
    if found.hidden:
        lines.append(f"{found.hidden:,} cases exempt from view stay: they show nothing, and hide what leans on them.")
    return lines


def agreed(word: str, *, confirmed: bool) -> bool:
    """Whether to go on: by the option, or by the word typed on a terminal."""
    if confirmed:
        return True
    if not sys.stdin.isatty():
        return False
    return input(f"Type {word} to take it away, anything else to leave it: ").strip() == word


def do(asked: Cleaning, tell: Tell, *, unit: str = "citizens", mended: cleaning.Tell = lambda _mended: None) -> None:
    """Do it and print the receipt."""
    with tqdm(unit=f" {unit}", unit_scale=True, disable=None) as bar:

        def show(done: int, of: int) -> None:
            bar.total = of
            bar.update(done - bar.n)

        try:
            ended = cleaning.carry_out(asked.pk, progress=show, tell=mended)
        except (BusyError, LockedError) as error:
            raise CommandError(str(error)) from error
    if ended is None:
        raise CommandError("Another process does this already; its receipt comes when it has ended.")
    tell(cleaning.receipt(ended))
