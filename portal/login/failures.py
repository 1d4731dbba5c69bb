"""Why somebody could not be signed in. Each has a page that says what it means and what to do.

The message is for the log: one sentence for whoever runs the site, without a word about the person.
"""

from enum import StrEnum


class Reason(StrEnum):
    """What the page tells the person; ``templates/login/failed.html`` has the words."""

    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    LEVEL = "level"
    NO_CPR = "no_cpr"
    NO_MUNICIPALITY = "no_municipality"
    NO_PRIVILEGES = "no_privileges"
    LIMITED = "limited"


STATUS = {
    Reason.UNREACHABLE: 503,
    Reason.REFUSED: 400,
    Reason.CANCELLED: 200,  # nothing is wrong: that is what the person wanted
    Reason.LEVEL: 403,
    Reason.NO_CPR: 403,
    Reason.NO_MUNICIPALITY: 403,
    Reason.NO_PRIVILEGES: 403,
    Reason.LIMITED: 403,
}


class SignInError(Exception):
    """Nobody was signed in."""

    def __init__(self, reason: Reason, message: str, *, employee: str = "") -> None:
        """``employee`` is the key of one who has no role here any more."""
        super().__init__(message)
        self.reason = reason
        self.employee = employee

    @property
    def status(self) -> int:
        """The HTTP status of the page that says so."""
        return STATUS[self.reason]


def refused(message: str) -> SignInError:
    """What came back cannot be trusted, or does not belong to what was asked here."""
    return SignInError(Reason.REFUSED, message)
