"""Sound messages, as the mock indexes write them: events of each kind of object, and a short answer of each index."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final, Protocol

from indexes.mock.__main__ import arguments_of, build
from indexes.mock.answers import Source as MockSource
from indexes.parse.plan import PlanAnswer
from indexes.parse.roles import SdiRoles, YiRoles
from indexes.parse.sdi import SdiAnswer, SdiSpellings
from indexes.parse.yi import YiAnswer, YiSpellings
from indexes.records import Answer, Source
from indexes.requests import SdiRequests, YiRequests, plan_by_owner
from tests.events.makers import a_case, a_grant, a_payment, instant, minutes, told
from tests.indexes.makers import RANDERS

_SDI, _YI = SdiSpellings(SdiRoles()), YiSpellings(YiRoles())


class Reading(Protocol):
    def feed(self, data: bytes, /) -> None: ...
    def close(self) -> Answer: ...


READERS: Final[Mapping[Source, Callable[[datetime], Reading]]] = {
    Source.SDI: lambda at: SdiAnswer(at=at, spellings=_SDI),
    Source.YI: lambda at: YiAnswer(at=at, spellings=_YI),
    Source.PLAN: lambda at: PlanAnswer(at=at),
}


def events() -> list[bytes]:
    """Of a case, a grant and a payment: new, hidden, deleted, removed."""
    later = instant(minutes(1))
    return [
        told(a_case()),
        told(a_case(registered=later, hidden=True)),
        told(a_case(registered=later, lifecycle="Slettet")),
        told(a_grant()),
        told(a_payment()),
        told(a_payment(), removed=minutes(2)),
    ]


def answers() -> list[tuple[Source, bytes]]:
    """A few objects of one authority from each index."""
    answerer = build(arguments_of(["--citizens=600", "--seed=78"])).answerer
    return [
        (Source.SDI, answerer.answer(MockSource.SDI, SdiRequests(SdiRoles()).by_owner(RANDERS, first=0, most=3))),
        (
            Source.YI,
            answerer.answer(
                MockSource.YI, YiRequests(YiRoles()).by_owner(RANDERS, first={"grant": 0, "payment": 0}, most=3)
            ),
        ),
        (Source.PLAN, answerer.answer(MockSource.PLAN, plan_by_owner(RANDERS, first=0, most=3))),
    ]
