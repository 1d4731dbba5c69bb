"""What can be searched for, and why a request is not answered."""

from dataclasses import dataclass

DEFAULT_PAGE = 500  # objects, when the request does not say how many
LARGEST_PAGE = 1000  # objects: a larger number is lowered to this, and Paginering says so
LARGEST_UUID_LIST = 1000


class NotUnderstood(Exception):  # noqa: N818  it is what the caller did, not a failure of ours
    """The bytes are no XML, or not the envelope or the operation that lives at this address."""


class Refused(Exception):  # noqa: N818  it is an answer: status 40
    """The request is readable but cannot be answered; the message is Danish, for FejlbeskedTekst."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """What the objects must have in common. At least one of ``cpr`` and ``cvr`` is given."""

    cpr: str | None = None
    cvr: str | None = None
    kle: str = ""  # the beginning of a KLE number
    first: int = 0
    most: int = DEFAULT_PAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class SdiSearch:
    case_uuids: tuple[str, ...]
    document_uuids: tuple[str, ...]
    criteria: Criteria | None
    show_case: frozenset[str]
    show_document: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class YiSearch:
    grant_uuids: tuple[str, ...]
    payment_uuids: tuple[str, ...]
    grants: Criteria | None
    payments: Criteria | None
    show_grant: frozenset[str]
    show_payment: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSearch:
    uuids: tuple[str, ...]
    criteria: Criteria | None


def constrained(*conditions: object) -> None:
    """Raises Refused when there is no condition at all: nobody may ask for all of Denmark."""
    if not any(conditions):
        raise Refused("Søgningen er uden afgrænsning. Angiv en parts CPR-nummer, ejerens CVR-nummer eller UUID'er.")
