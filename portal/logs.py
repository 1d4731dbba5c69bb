"""How a line of the log is written, as text or as JSON (LOG_FORMAT).

Whatever looks like a CPR number is masked, in messages and in tracebacks. Nothing of ours logs one. But an address or
an exception of a library may quote what somebody sent. For the same reason only what the program says begins at the
margin: a line break in a message is written as a code, and a traceback is moved in, so that nobody can write a line of
their own. A line also says which request or which task it is about, by an id that is nobody's.
"""

import json
import logging
import textwrap
from datetime import UTC, datetime
from types import TracebackType

from celery import current_task

from indexes.cpr_numbers import masked
from portal import request_id

MASK = "[number removed]"
_BREAKS = str.maketrans({char: f"\\x{ord(char):02x}" for char in "\r\v\f\x85\u2028\u2029"} | {"\n": "\\n", "\r": "\\r"})
_Error = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class MaskingFormatter(logging.Formatter):
    default_time_format = "%Y-%m-%dT%H:%M:%S%z"  # with its zone: logs of several machines are read together
    default_msec_format = None

    def format(self, record: logging.LogRecord) -> str:
        """The line as it is written, masked."""
        return masked(super().format(record), MASK)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name that logging calls
        """One line, whatever was put into it, and what it is about."""
        about = "".join(f" [{kind} {one}]" for kind, one in _about().items())
        return super().formatMessage(record).translate(_BREAKS) + about

    def formatException(self, ei: _Error) -> str:  # noqa: N802 - as above
        """The traceback, moved in."""
        return textwrap.indent(super().formatException(ei), "  ")


class JsonFormatter(MaskingFormatter):
    """One object a line: time, level, logger, message; where there is one, request, task and error (a traceback).

    Masked before it is written as JSON, so that a mask never breaks an object.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line as it is written."""
        told = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": masked(record.getMessage(), MASK),
            **_about(),
        }
        if record.exc_info:
            told["error"] = masked(logging.Formatter.formatException(self, record.exc_info), MASK)
        return json.dumps(told)


def _about() -> dict[str, str]:
    """The request or the task that is at work here."""
    request = request_id.current()
    found = {} if request is None else {"request": request}
    if current_task and (task := current_task.request.id):
        found["task"] = task
    return found
