"""No line of the log holds a CPR number, whoever wrote it there."""

import json
import logging
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from portal.logs import JsonFormatter, MaskingFormatter

ROOT = Path(__file__).parents[2]


def written(message: str, *, error: BaseException | None = None) -> dict[str, str]:
    """The line as JSON, read again."""
    info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("django.request", logging.ERROR, "", 0, message, None, info)
    text = JsonFormatter().format(record)
    assert len(text.splitlines()) == 1
    assert text.isascii()
    found: dict[str, str] = json.loads(text)
    return found


def line(message: str, *, error: BaseException | None = None) -> str:
    info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("django.request", logging.ERROR, "", 0, message, None, info)
    return MaskingFormatter("{message}", style="{").format(record)


@pytest.mark.parametrize(
    "number",
    [
        "6113011234",
        "611301-1234",
        "611301 1234",
        "611301\u20101234",
        "611301\u20131234",
        "611301 - 1234",
        "611301\u00a01234",
        "611301\u200b1234",
        "611301.1234",
        "611301/1234",
        "611301_1234",
        "611301+1234",
        "611301%201234",
        "611301%E2%80%8B1234",
        "611301%252D1234",
        "6113\u200b01\u00ad-1234",
        "\uff16\uff11\uff11\uff13\uff10\uff11-1234",
        "61.13.01-1234",
        "61 13 01 1234",
        "61/13/01 1234",
        "61-13-01-1234",
    ],
)
def test_a_cpr_number_is_masked(number: str) -> None:
    assert line(f"Forbidden: /api/v1/citizens/{number}/") == "Forbidden: /api/v1/citizens/[number removed]/"
    assert number not in line("Internal Server Error", error=ValueError(f"no citizen {number}"))
    assert written(f"Forbidden: /{number}/")["message"] == "Forbidden: /[number removed]/"
    assert "no citizen [number removed]" in written("It failed", error=ValueError(f"no citizen {number}"))["error"]


@pytest.mark.parametrize(
    "harmless",
    [
        "12345678901234",
        "2026-11-24",
        "2026-11-24 12:30:05,123",
        "33236239",
        "13412",
        "127.0.0.1:8000",
        "0.012345678900000001",
        "6a10b5ab-cd61-4301-9234-b3a0a0a0a0a0",
        "6a10b5ab-cd6b-4301-9234-ab6113011234",
    ],
)
def test_other_numbers_stay(harmless: str) -> None:
    assert line(f"It took {harmless}.") == f"It took {harmless}."


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x85", "\u2028", "\x0b"])
def test_nobody_can_write_a_line_of_their_own(end: str) -> None:
    forged = f"x{end}2026-11-24 12:30:05,123 ERROR borgerblik all entries were removed"
    for written in (line(f"Bad Request: /{forged}"), line("Failed", error=ValueError(forged))):
        at_the_margin = [one for one in written.splitlines() if one[:1] not in {" ", ""}]
        assert len(at_the_margin) == 1, at_the_margin


def test_nothing_invisible_reaches_the_operators_terminal() -> None:
    assert line("a\x1b[2Jb\u202ec\x00d") == "a[2Jbcd"


def test_a_line_says_in_which_zone_its_time_is() -> None:
    record = logging.LogRecord("x", logging.ERROR, "", 0, "It failed.", None, None)
    written = MaskingFormatter("{asctime} {message}", style="{").format(record)
    when, _, message = written.partition(" ")
    assert message == "It failed."
    assert datetime.fromisoformat(when).tzinfo is not None


def test_an_object_says_when_how_grave_and_who_and_nothing_more() -> None:
    found = written('It "failed" for Æbeltoft.\ud800\nx')
    assert found.keys() == {"time", "level", "logger", "message"}
    assert (found["level"], found["logger"]) == ("ERROR", "django.request")
    assert found["message"] == 'It "failed" for Æbeltoft.\ud800\nx'
    assert datetime.fromisoformat(found["time"]).tzinfo is not None


WORKER = """
import logging
from portal.celery import app
app.log.setup(loglevel="INFO", redirect_stdouts=True)
log = logging.getLogger("celery.app.trace")
log.error("Task failed for 611301-1234")
try:
    raise ValueError("no citizen 6113015678")
except ValueError:
    log.exception("Task failed")
"""


@pytest.mark.parametrize("logger", ["celery.app.trace", "celery.task", "borgerblik.tasks"])
def test_the_worker_masks_too(logger: str) -> None:
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", WORKER.replace("celery.app.trace", logger)],
        env={"PATH": os.environ["PATH"], "DEMO": "1"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == ""
    assert done.stderr.count("[number removed]") == 2
    assert "61130" not in done.stderr
    assert f"ERROR {logger} Task failed for [number removed]" in done.stderr


def said_by_a_program(program: str, **environment: str) -> list[dict[str, str]]:
    """What a process with LOG_FORMAT=json has written: nothing but objects."""
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program],
        env={"PATH": os.environ["PATH"], "DEMO": "1", "LOG_FORMAT": "json", **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(one) for one in done.stderr.splitlines()]


TASK = """
import django
django.setup()
from celery import shared_task
from portal.celery import app
import logging
app.log.setup(loglevel="INFO", redirect_stdouts=True)

@app.task
def work():
    logging.getLogger("borgerblik.tasks").info("Done")

logging.getLogger("borgerblik.tasks").info("Begun")
work.apply(task_id="0a1b2c3d-0000-4000-8000-000000000001")
"""


def test_a_line_of_a_task_says_which() -> None:
    outside, inside = (
        one
        for one in said_by_a_program(TASK, DJANGO_SETTINGS_MODULE="portal.settings")
        if one["logger"] == "borgerblik.tasks"
    )
    assert "task" not in outside
    assert (inside["message"], inside["task"]) == ("Done", "0a1b2c3d-0000-4000-8000-000000000001")
