"""How far a role reaches in an authority, with the limits its organisation has set. What is not kept grants nothing.

A limit of topic (KLE) is kept by the console: an area is reached when all of its KLE numbers lie inside. No page keeps
a limit of sensitivity, unit or it-system, for what is decided here holds for every case of an area; so a privilege with
one of those grants nothing, as if it had not been given. Several privileges of a role reach as far as all together.
Plain Python: who has which role is for ``claims``, what is reached for the console.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from indexes.records import Sensitivity
from portal.login.privileges import Limits, Privilege, limits_of

# The roles that decide about areas can be limited to some; what a coordinator sees of a plan cannot be split so.
ADMINISTRATORS: Final = frozenset({"administrator", "udk_administrator"})
_EVERY_LEVEL: Final = frozenset(Sensitivity) - {Sensitivity.UNKNOWN}
_ALL: Final = "*"
_BELOW: Final = ".*"


class KeptPrivilegesError(ValueError):
    """What is kept with an employee cannot be read. The message holds nothing of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """``kle`` are the numbers below which everything is reached; None: all there is."""

    kle: frozenset[str] | None = None

    @property
    def whole(self) -> bool:
        """Whether it reaches what is about no area alone: an etape, the day on Borgerblik."""
        return self.kle is None

    def holds(self, numbers: Iterable[str]) -> bool:
        """Whether all these KLE numbers, an area's, lie inside."""
        return self.kle is None or all(_inside(number, self.kle) for number in numbers)


WHOLE: Final = Reach()


def _inside(number: str, limits: frozenset[str]) -> bool:
    """A number is inside itself and whatever it stands below: 15.17.30 inside 15.17.30, 15.17 and 15."""
    return any(number == limit or number.startswith(f"{limit}.") for limit in limits)


def is_kept(role: str, limits: Limits) -> bool:
    """Whether all that narrows a role of ours is kept here. All levels of sensitivity together narrow nothing."""
    levels = not limits.sensitivity or set(limits.sensitivity) >= _EVERY_LEVEL
    topics = role in ADMINISTRATORS or _topics(limits) is None
    return levels and topics and not limits.units and not limits.systems


def _topics(limits: Limits) -> frozenset[str] | None:
    """The numbers below which a role reaches; None when it is not limited by topic.

    ``32`` and ``32.*`` are the same: nothing is filed under a main group or a group itself.
    """
    if not limits.kle or _ALL in limits.kle:
        return None
    return frozenset(topic.removesuffix(_BELOW) for topic in limits.kle)


def reach_of(role: str, privileges: Iterable[Privilege], cvr: str) -> Reach | None:
    """How far these privileges, all of one role of ours, reach in an organisation; None: not at all."""
    kept = [_topics(one.limits) for one in privileges if one.cvr == cvr and is_kept(role, one.limits)]
    if not kept:
        return None
    narrow = [topics for topics in kept if topics is not None]
    return WHOLE if len(narrow) < len(kept) else Reach(kle=frozenset().union(*narrow))


class _Limits(BaseModel):
    """As ``Limits.as_json`` writes them: with each part, or somebody else has written it."""

    model_config = ConfigDict(extra="forbid")
    kle: list[str]
    sensitivity: list[str]
    units: list[str]
    systems: list[str]


class _Privilege(BaseModel):
    """As ``Privilege.as_json`` writes it."""

    model_config = ConfigDict(extra="forbid")
    role: str
    cvr: str
    limits: _Limits


_KEPT = TypeAdapter(list[_Privilege])


def read_kept(stored: object) -> tuple[Privilege, ...]:
    """The privileges that are kept with an employee.

    Raises:
        KeptPrivilegesError: something in it is not as we write it: then none of it counts.
    """
    try:
        return tuple(
            Privilege(role=one.role, cvr=one.cvr, limits=limits_of(**one.limits.model_dump()))
            for one in _KEPT.validate_python(stored)
        )
    except (ValidationError, ValueError) as error:
        raise KeptPrivilegesError(
            f"The privileges that are kept cannot be read ({type(error).__name__}), so none of them counts: they are "
            "written anew at the next sign-in."
        ) from None
