"""``manage.py import_kle FILE``: load an edition of KLE, and say what that changes."""

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from borgerblik import kle_edition, kle_import


def _numbers(numbers: tuple[str, ...]) -> str:
    return f"{len(numbers)}{': ' if numbers else ''}{', '.join(numbers)}"


def _lines(report: kle_import.Report) -> Iterator[str]:
    """The report in sentences, for the operator."""
    done = "loaded" if report.stored else "was loaded already; nothing changed"
    yield f"KLE of {report.published}: {report.topics} numbers, {done}."
    if not report.in_use:
        yield "A newer edition is loaded, and stays the one in use."
    if report.before:
        yield f"Against the edition of {report.before}:"
        yield f"  new {_numbers(report.new)}"
        yield f"  gone {_numbers(report.gone)}"
        yield f"  renamed {len(report.renamed)}"
        for renamed in report.renamed:
            yield f"    {renamed.number} {renamed.before} -> {renamed.after}"
    for area, prefixes in report.missing.items():
        yield (
            f"The area {area} points at {', '.join(prefixes)}, which this edition lacks: cases with that number are "
            "still shown, new ones will not come. Correct the area in borgerblik/data/areas.toml."
        )


class Command(BaseCommand):
    help = "Loads an edition of KLE from the XML file that KLE-Online gives out."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="KLE-Online's Emneplan, the full version, as XML")

    def handle(self, *_args: Any, file: Path, **_options: Any) -> None:
        try:
            size = file.stat().st_size
            # disable=None: no bar where nobody looks, such as in a log
            with (
                file.open("rb") as raw,
                tqdm.wrapattr(raw, "read", total=size, desc="KLE", unit="B", unit_scale=True, disable=None) as watched,
            ):
                edition = kle_import.read(watched)
        except OSError as error:
            raise CommandError(f"Nothing was loaded: {file.name} cannot be opened ({error.strerror}).") from error
        except kle_import.KleFileError as error:
            message = f"Nothing was loaded from {file.name}: {error} Fetch it again from KLE-Online."
            raise CommandError(message) from error
        report = kle_import.store(edition, now=timezone.now())
        kle_edition.forget()
        for line in _lines(report):
            self.stdout.write(line)
