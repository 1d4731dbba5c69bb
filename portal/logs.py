"""How a line of the log is written: whatever looks like a CPR number is masked, in messages and in tracebacks.

Nothing of ours logs one. But an address or an exception of a library may quote what somebody sent.
"""

import logging
import re

CPR_LIKE = re.compile(r"(?<!\d)\d{6}[- ]?\d{4}(?!\d)")


class MaskingFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """The line as it is written, masked."""
        return CPR_LIKE.sub("[number removed]", super().format(record))
