"""How a line of the log is written: whatever looks like a CPR number is masked, in messages and in tracebacks.

Nothing of ours logs one. But an address or an exception of a library may quote what somebody sent.
"""

import logging
import re

# What people and addresses put between the digits: white space, full stop, slash, underscore, plus, hyphens and dashes
# of every length, minus, soft hyphen, what cannot be seen, or any of them percent-encoded.
_BETWEEN = r"(?:[\s./_+\-\u00ad\u2010-\u2015\u2212\ufe58\ufe63\uff0d\u200b-\u200f\u2060\ufeff]|%[0-9A-Fa-f]{2})"
_CPR = rf"(?<!\d)\d\d{_BETWEEN}{{0,2}}\d\d{_BETWEEN}{{0,2}}\d\d{_BETWEEN}{{0,3}}\d{{4}}(?!\d)"
# Ids must stay: now and then the digits of one stand as those of a CPR number do.
_ID = r"(?<![0-9A-Fa-f])[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}(?![0-9A-Fa-f])"
_ID_OR_CPR = re.compile(rf"(?P<id>{_ID})|{_CPR}")

MASK = "[number removed]"


class MaskingFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """The line as it is written, masked."""
        return _ID_OR_CPR.sub(lambda found: found["id"] or MASK, super().format(record))
