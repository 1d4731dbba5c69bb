"""What the answers of both SOAP indexes have in common: a StandardRetur, counts, and objects one after another."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from indexes.errors import BadAnswer, Flaw
from indexes.parse import tags
from indexes.parse.again import Held, Recognition
from indexes.parse.elements import parts_of
from indexes.parse.objects import check_return, count_of
from indexes.parse.ordinary import Spellings
from indexes.records import Answer, Item
from indexes.stream import Found, ObjectStream


class SoapAnswer(ABC):
    """One answer, fed piece by piece and then closed. What its objects give is for each index to say."""

    message: ClassVar[str]
    objects: ClassVar[Sequence[str]]
    count: ClassVar[str]  # the tag of an Antal; ``count_kind`` is that of the word for what it counts
    count_kind: ClassVar[str]
    counted: ClassVar[Mapping[str, str]]  # that word -> our kind
    recognised: ClassVar[Mapping[str, str]]  # the tags of what may be known again -> our kind
    attached: ClassVar[str | None] = None  # the tag of what belongs to these, and is read with them

    def __init__(self, spellings: Spellings, held: Held | None) -> None:
        self._stream = ObjectStream(
            self.message,
            objects=self.objects,
            others=(tags.STANDARD_RETURN, self.count),
            spelled=spellings,
            recogniser=Recognition(held, self.recognised, self.attached) if held else None,
        )
        self._total: dict[str, int] = {}
        self._returned = False

    @abstractmethod
    def _take(self, found: Found) -> None:
        """Read an object."""

    @abstractmethod
    def _items(self) -> Iterable[Item]:
        """What the objects gave, now that all have come."""

    def feed(self, data: bytes) -> None:
        """Take in the next piece.

        Raises:
            SourceRefused: the index answered with another status than 20.
            BadAnswer: the answer as a whole cannot be used.
        """
        for found in self._stream.feed(data):
            self._sort(found)

    def close(self) -> Answer:
        """The answer, in its order, with what it counts by kind.

        Raises:
            SourceRefused, Fault, BadAnswer: as ``feed``; the index answered with a SOAP Fault.
        """
        for found in self._stream.close():
            self._sort(found)
        if not self._returned:
            raise BadAnswer(Flaw.WRONG_SHAPE)
        return Answer(items=tuple(self._items()), total=self._total)

    def _sort(self, found: Found) -> None:
        if found.tag in self.objects:
            self._take(found)
        elif found.tag == self.count:
            count = parts_of(found.element)
            if kind := self.counted.get(count.get(self.count_kind) or ""):
                self._total[kind] = count_of(count.get(self.count))
        elif not self._returned:
            check_return(found.element)
            self._returned = True
