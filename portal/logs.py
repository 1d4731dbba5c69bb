"""How a line of the log is written: whatever looks like a CPR number is masked, in messages and in tracebacks.

Nothing of ours logs one. But an address or an exception of a library may quote what somebody sent. For the same reason
only what the program says begins at the margin: a line break in a message is written as a code, and a traceback is
moved in, so that nobody can write a line of their own.
"""

import logging
import textwrap
from types import TracebackType

from indexes.cpr_numbers import masked

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
        """One line, whatever was put into it."""
        return super().formatMessage(record).translate(_BREAKS)

    def formatException(self, ei: _Error) -> str:  # noqa: N802 - as above
        """The traceback, moved in."""
        return textwrap.indent(super().formatException(ei), "  ")
