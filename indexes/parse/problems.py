"""How the readers of single fields say that an object cannot be used, or that nobody may see it.

Both end inside ``objects.read_object``, which turns them into a ``Refused`` or a ``Withdrawn`` item.
"""

from indexes.records import RefusalReason, WithdrawalReason


class Unusable(Exception):  # noqa: N818 - it names the object's state; it is no failure of the program
    """A field that decides cannot be read. ``what`` names the field, never its content."""

    def __init__(self, reason: RefusalReason, what: str) -> None:
        super().__init__(f"{reason}: {what}")
        self.reason = reason
        self.what = what


class Gone(Exception):  # noqa: N818 - as above
    """A well-formed object that nobody may see."""

    def __init__(self, reason: WithdrawalReason) -> None:
        super().__init__(reason)
        self.reason = reason


def undecidable(what: str) -> Unusable:
    """A field that decides who may see the object is missing or cannot be read."""
    return Unusable(RefusalReason.BAD_DECIDING_FIELD, what)
