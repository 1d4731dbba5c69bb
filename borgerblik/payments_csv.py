"""All payments a citizen sees as one table for a spreadsheet: as Danish Excel opens it, and harmless when it does."""

import csv
import io
import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from borgerblik.overview.shapes import Overview
from borgerblik.words import Words

BOM: Final = "\N{ZERO WIDTH NO-BREAK SPACE}"  # without it, Excel takes the letters for those of the machine
FORMULA: Final = frozenset("=+-@")  # a spreadsheet calculates what begins so (OWASP: CSV injection)


def payments_csv(shown: Overview, words: Words) -> str:
    """One row for each payment, the newest day first, below a row of headings in the reader's language."""
    table = io.StringIO(newline="")
    writer = csv.writer(table, delimiter=";", lineterminator="\r\n")
    writer.writerow(_headings(words))
    writer.writerows(_rows(shown))
    return BOM + table.getvalue()


def _headings(words: Words) -> list[str]:
    return [
        words("payment/csv/day"),
        words("payment/csv/what"),
        words("payment/csv/period"),
        words("payment/csv/sender"),
        words("payment/csv/status"),
        words("payment/ladder/gross"),
        words("payment/ladder/after_tax"),
        words("payment/ladder/sent"),
        words("payment/ladder/paid"),
    ]


def _rows(shown: Overview) -> Iterable[list[str]]:
    views = shown.money.coming[::-1] + shown.money.payments
    for view, known in zip(views, shown.money.figures(), strict=True):
        texts = (view.title, view.period or "", view.sender, view.status.words)
        amounts = (known.gross, known.after_tax, known.sent, known.paid)
        yield [known.day.isoformat(), *map(harmless, texts), *map(_amount, amounts)]


def harmless(text: str) -> str:
    """A text on one line that no spreadsheet takes for a formula: titles come from registers."""
    line = " ".join(text.split())
    return f"'{line}" if unicodedata.normalize("NFKC", line)[:1] in FORMULA else line


def _amount(value: Decimal | None) -> str:
    """Kroner and øre as a Danish spreadsheet reads a number; empty where the amount is not known."""
    return "" if value is None else f"{value:.2f}".replace(".", ",")
