"""The three indexes as ``sync`` sees them: answers of records, a page at a time for an authority, all for a citizen.

Client, request and parser meet here. An answer about a citizen is only given when all the index told of has come.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import ClassVar, Protocol
from uuid import UUID

from indexes.client import IndexClient
from indexes.errors import BadAnswer, Flaw
from indexes.parse.again import Held
from indexes.parse.plan import PlanAnswer
from indexes.parse.roles import SdiRoles, YiRoles
from indexes.parse.sdi import SdiAnswer, SdiSpellings
from indexes.parse.yi import YiAnswer, YiSpellings
from indexes.records import Answer, Item, Parsed, Source
from indexes.requests import SDI_ACTION, YI_ACTION, SdiRequests, YiRequests, plan_by_cpr, plan_by_owner
from indexes.stream import Reading

Clock = Callable[[], datetime]

Firsts = dict[str, int]
"""For each kind still to be read, the number (from 0) of the first object wanted."""


def _now() -> datetime:
    return datetime.now(UTC)


class IndexSource(Protocol):
    """One index. Both methods raise ``errors.SourceError``.

    That a reading of an authority is complete is known only when its pages hang together (``sync.chain``).
    """

    @property
    def source(self) -> Source: ...

    def page_of_owner(self, cvr: str, *, kind: str, first: int, most: int, held: Held | None = None) -> Answer:
        """Objects of one kind that the authority owns, from place ``first`` on: ``most``, or a page if that is less.

        What ``held`` knows again is not read.
        """
        ...

    def of_citizen(self, cpr: str) -> Answer:
        """Everything the citizen is the primary party of."""
        ...


class _SoapSource(ABC):
    """What the two SOAP indexes have in common: pages are asked for until every kind is exhausted."""

    kinds: ClassVar[tuple[str, ...]]
    action: ClassVar[str]

    def __init__(self, client: IndexClient, *, clock: Clock = _now, page_size: int = 2000) -> None:
        self._client = client
        self._clock = clock
        self._page_size = page_size

    @abstractmethod
    def _by_owner(self, cvr: str, first: Firsts, most: int) -> bytes: ...

    @abstractmethod
    def _by_citizen(self, cpr: str, first: Firsts) -> bytes: ...

    @abstractmethod
    def _reading(self, at: datetime, held: Held | None) -> Reading[Answer]: ...

    def page_of_owner(self, cvr: str, *, kind: str, first: int, most: int, held: Held | None = None) -> Answer:
        request = self._by_owner(cvr, {kind: first}, min(most, self._page_size))
        return self._ask(request, self._clock(), held)

    def of_citizen(self, cpr: str) -> Answer:
        return _together(self._pages(lambda first: self._by_citizen(cpr, first)))

    def _pages(self, request: Callable[[Firsts], bytes]) -> Iterator[Answer]:
        at = self._clock()
        return _read_all(lambda first: self._ask(request(first), at), self.kinds)

    def _ask(self, request: bytes, at: datetime, held: Held | None = None) -> Answer:
        return _timed(self._client, request, self.action, lambda: self._reading(at, held))


class SdiSource(_SoapSource):
    """Cases with their documents."""

    source = Source.SDI
    kinds = ("case",)
    action = SDI_ACTION

    def __init__(
        self, client: IndexClient, *, roles: SdiRoles | None = None, clock: Clock = _now, page_size: int = 2000
    ) -> None:
        super().__init__(client, clock=clock, page_size=page_size)
        self._spellings = SdiSpellings(roles or SdiRoles())
        self._requests = SdiRequests(self._spellings.roles)

    def _by_owner(self, cvr: str, first: Firsts, most: int) -> bytes:
        return self._requests.by_owner(cvr, first=first["case"], most=most)

    def _by_citizen(self, cpr: str, first: Firsts) -> bytes:
        return self._requests.by_cpr(cpr, first=first["case"], most=self._page_size)

    def _reading(self, at: datetime, held: Held | None) -> Reading[Answer]:
        return SdiAnswer(at=at, spellings=self._spellings, held=held)


class YiSource(_SoapSource):
    """Grants and payments."""

    source = Source.YI
    kinds = ("grant", "payment")
    action = YI_ACTION

    def __init__(
        self, client: IndexClient, *, roles: YiRoles | None = None, clock: Clock = _now, page_size: int = 2000
    ) -> None:
        super().__init__(client, clock=clock, page_size=page_size)
        self._spellings = YiSpellings(roles or YiRoles())
        self._requests = YiRequests(self._spellings.roles)

    def _by_owner(self, cvr: str, first: Firsts, most: int) -> bytes:
        return self._requests.by_owner(cvr, first=first, most=most)

    def _by_citizen(self, cpr: str, first: Firsts) -> bytes:
        return self._requests.by_cpr(cpr, first=first, most=self._page_size)

    def _reading(self, at: datetime, held: Held | None) -> Reading[Answer]:
        return YiAnswer(at=at, spellings=self._spellings, held=held)


class PlanSource:
    """The holistic plans."""

    source = Source.PLAN

    def __init__(self, client: IndexClient, *, clock: Clock = _now, page_size: int = 2000) -> None:
        self._client = client
        self._clock = clock
        self._page_size = page_size

    def page_of_owner(self, cvr: str, *, kind: str, first: int, most: int, held: Held | None = None) -> Answer:
        del kind, held  # all are plans, and each is read
        request = plan_by_owner(cvr, first=first, most=min(most, self._page_size))
        return self._ask(request)

    def of_citizen(self, cpr: str) -> Answer:
        answer = self._ask(plan_by_cpr(cpr))
        if len(_received(answer, "plan")) < answer.total["plan"]:
            raise BadAnswer(Flaw.INCOMPLETE)
        return answer

    def _ask(self, request: bytes) -> Answer:
        at = self._clock()
        return _timed(self._client, request, None, lambda: PlanAnswer(at=at))


def _timed(client: IndexClient, request: bytes, action: str | None, reader: Callable[[], Reading[Answer]]) -> Answer:
    answer = client.ask(request, action=action, reader=reader)
    return replace(answer, seconds=client.waited)


@dataclass(slots=True)
class Cursor:
    """How far one kind has been read: ``first`` is asked for next, and ``overlap`` must come with it."""

    first: int = 0
    told: int = 0
    overlap: UUID | None = None

    def advance(self, received: Sequence[UUID | None], told: int) -> bool:
        """Take in a page's objects; whether there is more to ask for.

        The last object is asked for again. If it does not come again, objects before it have gone while we read, and
        others may have slipped past us.

        Raises:
            BadAnswer: INCOMPLETE.
        """
        if self.overlap is not None and self.overlap not in received:
            raise BadAnswer(Flaw.INCOMPLETE)
        self.told = max(self.told, told)
        reached = self.first + len(received)
        if reached >= self.told:
            return False
        if len(received) <= (self.overlap is not None):
            raise BadAnswer(Flaw.INCOMPLETE)
        known = [number for number, uuid in enumerate(received) if uuid]
        self.first, self.overlap = (self.first + known[-1], received[known[-1]]) if known else (reached, None)
        return True


def _read_all(page: Callable[[Firsts], Answer], kinds: Iterable[str]) -> Iterator[Answer]:
    """Pages until every kind is exhausted.

    The next page begins with the last object received: an index may give fewer objects than asked for. If objects come
    while we read, the total grows and we read on; if some go, the reading is incomplete.

    Raises:
        BadAnswer: INCOMPLETE if a page brings nothing new while an index told of more, if it lacks the object that was
            asked for again, or if the index told no total.
    """
    cursors = {kind: Cursor() for kind in kinds}
    given: Sequence[Item] = ()
    while cursors:
        answer = page({kind: cursor.first for kind, cursor in cursors.items()})
        left = {}
        for kind, cursor in cursors.items():
            if kind not in answer.total:
                raise BadAnswer(Flaw.INCOMPLETE)
            if cursor.advance(_received(answer, kind), answer.total[kind]):
                left[kind] = cursor
        yield replace(answer, items=tuple(item for item in answer.items if item not in given))
        again = {cursor.overlap for cursor in left.values() if cursor.overlap}
        given, cursors = [item for item in answer.items if _identity(item) in again], left


def _received(answer: Answer, kind: str) -> list[UUID | None]:
    """The different objects of ``kind`` that a page holds, in its order. One without a UUID counts for itself."""
    different = ((uuid or object(), uuid) for uuid in (_identity(item) for item in answer.items if _kind(item) == kind))
    return list(dict(different).values())


def _kind(item: Item) -> str:
    """The word for it in ``Answer.total``: a record's is its class's name."""
    return type(item.record).__name__.lower() if isinstance(item, Parsed) else item.kind


def _identity(item: Item) -> UUID | None:
    return item.record.uuid if isinstance(item, Parsed) else item.uuid


def _together(pages: Iterable[Answer]) -> Answer:
    """All pages as one answer, with the first page's totals."""
    answers = list(pages)
    return Answer(items=tuple(item for answer in answers for item in answer.items), total=answers[0].total)
