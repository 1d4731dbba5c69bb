"""What can go wrong between us and an index, split by one question: does trying again help?

``SourceError`` is the only thing ``client``, ``soap``, ``parse`` and ``sources`` raise about a source. A record that
cannot be used is not an error: it is a ``records.Refused`` among the answer's items.

Messages are one sentence an operator can act on. They never hold a CPR number, a title or a body; neither does
``repr``, so a traceback may be logged.
"""

import traceback
from enum import StrEnum
from pathlib import Path
from typing import ClassVar, Final

UNFORESEEN: Final = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What a fault of our own raises. It must stop no more than what it is met in, and is told of."""


def where(error: Exception) -> str:
    """A fault of ours by its type and its place in the program: its own words may be a message's."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}, {Path(frame.filename).name}:{frame.lineno}"


class SourceError(Exception):
    """An index could not be read. ``code`` is stable, for states and metrics; ``retryable`` says whether to try again.

    What we already hold stays as it is after any of these.
    """

    code: ClassVar[str] = "source_error"
    retryable: ClassVar[bool] = False


class Temporary(SourceError):  # noqa: N818 - the tree reads as words: SourceError, Temporary, Timeout
    """Trying again later can help."""

    code = "temporary"
    retryable = True


class NotAsked(Temporary):
    """The index was not asked: it failed several calls in a row, or asked to be left alone."""

    code = "not_asked"

    def __init__(self, error: str) -> None:
        super().__init__(
            f"The index has failed several calls in a row (last: {error}) or asked to be left alone, so it was not "
            "asked and nothing new was read: it is tried again by itself, first by one call."
        )


class Permanent(SourceError):  # noqa: N818 - as above
    """Trying the same again gives the same: somebody has to look."""

    code = "permanent"


class Timeout(Temporary):
    """The whole answer was not here in time."""

    code = "timeout"

    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"The index had not answered in full within {seconds:g} s, so nothing new was read: "
            "it is tried again later; raise SOURCE_TIMEOUT if this is the rule and not the exception."
        )


class Unreachable(Temporary):
    """No connection, or the connection broke before the answer was complete."""

    code = "unreachable"

    def __init__(self) -> None:
        super().__init__(
            "The connection to the index could not be made or broke off, so nothing new was read: "
            "it is tried again later; check the address, the certificate and the firewall if it lasts."
        )


class Overloaded(Temporary):
    """The index asks us to come back later (HTTP 429 or 503).

    ``retry_after`` is the seconds it asked for, None if it did not say.
    """

    code = "overloaded"

    def __init__(self, status: int, retry_after: float | None) -> None:
        super().__init__(
            f"The index is too busy (HTTP {status}), so nothing new was read: "
            "it is tried again later; ask its operator if it lasts."
        )
        self.status = status
        self.retry_after = retry_after


class Failing(Temporary):
    """The index failed without saying why (another HTTP 5xx)."""

    code = "failing"

    def __init__(self, status: int) -> None:
        super().__init__(
            f"The index failed without saying why (HTTP {status}), so nothing new was read: "
            "it is tried again later; ask its operator if it lasts."
        )
        self.status = status


class ServerFault(Temporary):
    """The index answered with the SOAP Fault "Server": the same message may succeed later (SOAP 1.1, section 4.4.1)."""

    code = "fault"

    def __init__(self) -> None:
        super().__init__(
            "The index answered that it could not do it just now (SOAP fault Server), so nothing new was read: "
            "it is tried again later; ask its operator if it lasts."
        )


class SourceRefused(Permanent):
    """The index answered that it will not do what we asked.

    ``status`` is the StatusKode of its StandardRetur (two digits) or the HTTP status (three). ``text`` is the index's
    own sentence; it may name a person, so it stands in no message and must not be logged.
    """

    code = "refused"

    def __init__(self, status: int, text: str = "") -> None:
        super().__init__(
            f"The index refused the request with status {status}, so nothing new was read: "
            "check that our agreement with it covers this search, and the address."
        )
        self.status = status
        self.text = text


class Fault(Permanent):
    """The index answered with another SOAP Fault. ``fault_code`` is its faultcode, shortened to a harmless word."""

    code = "fault"

    def __init__(self, fault_code: str) -> None:
        super().__init__(
            f"The index answered with a SOAP fault ({fault_code}), so nothing new was read: "
            "ask its operator, with the time of this message."
        )
        self.fault_code = fault_code


class Flaw(StrEnum):
    """What is wrong with an answer as a whole."""

    NOT_XML = "not_xml"
    WRONG_CONTENT = "wrong_content"
    PACKED = "packed"
    WRONG_SHAPE = "wrong_shape"
    TOO_LARGE = "too_large"
    INCOMPLETE = "incomplete"


_FLAW_SENTENCES = {
    Flaw.NOT_XML: "is not well-formed XML or was cut off",
    Flaw.WRONG_CONTENT: "is not XML by its own content type",
    Flaw.PACKED: "came packed (Content-Encoding), which was not asked for",
    Flaw.WRONG_SHAPE: "is not an answer to what was asked",
    Flaw.TOO_LARGE: "is larger than SOURCE_MAX_BYTES",
    Flaw.INCOMPLETE: "holds fewer objects than the index said there are",
}


class BadAnswer(Permanent):
    """An answer came, and cannot be used as a whole. ``flaw`` says what is wrong with it."""

    code = "bad_answer"

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(
            f"The index's answer {_FLAW_SENTENCES[flaw]}, so nothing in it was believed: "
            "look at the source's latest change, or ask its operator."
        )
        self.flaw = flaw
