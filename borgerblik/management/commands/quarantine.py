"""``manage.py quarantine``: what lies in quarantine and why, in sentences; after a fix, trying it again.

A message itself stays sealed. What is shown of one is its shape: no word of it and no number.
"""

import tomllib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from borgerblik import cleaning
from borgerblik.cleaning import OPERATOR
from borgerblik.management.cleaning import authority_of, do
from indexes import authorities, quarantine
from indexes.mending import Mended, Which
from indexes.records import RefusalReason, Source

REASONS = Path(authorities.DATA).with_name("refusals.toml")
KINDS = ("case", "grant", "payment", "plan", quarantine.ENVELOPE)


def sentences() -> dict[RefusalReason, str]:
    """Why a message cannot be used, what that means, and what to do."""
    return {RefusalReason(key): text for key, text in tomllib.loads(REASONS.read_text("utf-8")).items()}


class Command(BaseCommand):
    help = "Tells how many messages of each index and authority could not be used, since when, and what to do."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--samples", action="store_true", help="show the masked shape of one message of each group")
        parser.add_argument(
            "--try-again",
            action="store_true",
            help="read them again, after a fix, save what can be used, and leave a receipt",
        )
        parser.add_argument("--source", choices=[source.value for source in Source], help="of this index alone")
        parser.add_argument("--municipality", metavar="CODE", help="of this authority's readings alone")
        parser.add_argument("--kind", choices=KINDS, help="of this kind alone")
        parser.add_argument("--reason", choices=[reason.value for reason in RefusalReason], help="of this reason alone")

    def handle(self, *_args: Any, **options: Any) -> None:
        which = _which(options)
        if options["try_again"]:
            self._try_again(which, options["municipality"] or "")
        else:
            self._tell(which, samples=options["samples"])

    def _tell(self, which: Which, *, samples: bool) -> None:
        said = sentences()
        all_groups = quarantine.groups()
        groups = [group for group in all_groups if which.holds(group)]
        for group in groups:
            self.stdout.write(
                f"{group.source}, {_whose(group)}: {group.messages:,} {group.kind} ({group.what}), "
                f"first {group.first:%Y-%m-%d}, last {group.last:%Y-%m-%d}"
            )
            self.stdout.write(f"  {said[group.reason]}")
            if samples and group.sample:
                self.stdout.write("".join(f"    {line}\n" for line in group.sample.splitlines()), ending="")
        if groups:
            return
        others = sum(group.messages for group in all_groups)
        self.stdout.write(
            f"Nothing that was asked for lies in quarantine; {others:,} other messages do."
            if others
            else "Nothing lies in quarantine: every message could be used."
        )

    def _try_again(self, which: Which, code: str) -> None:
        if not which.rows().exists():
            self._say(Mended())
            return
        asked = cleaning.ask_to_try_again(code, which, staff_key=OPERATOR)
        do(asked, self.stdout.write, unit="messages", mended=self._say)

    def _say(self, mended: Mended) -> None:
        for line in told(mended):
            self.stdout.write(line)


def _whose(group: quarantine.Group) -> str:
    if known := authorities.by_cvr.get(group.authority_cvr):
        return known.name
    return "nobody knows whose" if group.kind == quarantine.ENVELOPE else "one citizen's own reading"


def told(mended: Mended) -> list[str]:
    """What came of trying again, in exact numbers."""
    if not mended.tried:
        return ["0 messages tried again: none lies in quarantine that was asked for."]
    stored = mended.stored
    fates = {
        "new": stored.new,
        "changed": stored.changed,
        "unchanged": stored.unchanged,
        "older than what is held": stored.older,
        "withdrawn": stored.withdrawn.total(),
        "not wanted": stored.unwanted.total(),
        "over": stored.over,
    }
    lines = [
        f"{mended.tried:,} messages tried again: {mended.used:,} can be used, {mended.left.total():,} still cannot.",
        f"  {mended.overtaken:,} are no longer what the index says, {mended.elsewhere:,} another authority's to read.",
        f"  Of what can be used: {', '.join(f'{number:,} {fate}' for fate, number in fates.items())}.",
    ]
    lines += [f"  Left: {number:,} for {reason}." for reason, number in sorted(mended.left.items()) if number]
    if mended.undocumented:
        lines.append(f"  {mended.undocumented:,} cases have no documents' titles before the next reading brings them.")
    if mended.sealed:
        lines.append(f"  {mended.sealed:,} cannot be opened: the key they are sealed with is not in CPR_KEYS.")
    return lines


def _which(options: dict[str, Any]) -> Which:
    code = options["municipality"]
    return Which(
        source=Source(options["source"]) if options["source"] else None,
        authority_cvr=authority_of(code).cvr if code else None,
        kind=options["kind"],
        reason=RefusalReason(options["reason"]) if options["reason"] else None,
    )
