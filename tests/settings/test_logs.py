"""No line of the log holds a CPR number, whoever wrote it there."""

import logging

import pytest

from portal.logs import MaskingFormatter


def line(message: str, *, error: BaseException | None = None) -> str:
    info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("django.request", logging.ERROR, "", 0, message, None, info)
    return MaskingFormatter("{message}", style="{").format(record)


@pytest.mark.parametrize("number", ["6113011234", "611301-1234", "611301 1234"])
def test_a_cpr_number_is_masked(number: str) -> None:
    assert line(f"Forbidden: /api/v1/citizens/{number}/") == "Forbidden: /api/v1/citizens/[number removed]/"
    assert number not in line("Internal Server Error", error=ValueError(f"no citizen {number}"))


@pytest.mark.parametrize("harmless", ["12345678901234", "2026-11-24", "33236239", "13412"])
def test_other_numbers_stay(harmless: str) -> None:
    assert line(f"It took {harmless}.") == f"It took {harmless}."
