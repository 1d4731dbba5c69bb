"""A long list of an overview, whose items are put into words when they are looked at.

A citizen may have ten thousand payments, and a page shows fifty of them: the others need no words. What is said of an
item does not depend on when it is looked at, for all that it is made of is frozen.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Container, Mapping, Sequence
from functools import cached_property
from typing import Generic, TypeVar, overload

View = TypeVar("View", covariant=True)  # noqa: PLC0105 - named for what it is
Short = TypeVar("Short", covariant=True)  # noqa: PLC0105


class Item(ABC, Generic[View, Short]):
    """One of a list. ``place`` orders it among the others: of two, the greater stands first."""

    __slots__ = ("_short", "_view")

    def __init__(self) -> None:
        self._view: View | None = None
        self._short: Short | None = None

    @property
    @abstractmethod
    def place(self) -> tuple[str, ...]: ...

    @property
    @abstractmethod
    def uuid(self) -> str: ...

    @abstractmethod
    def worded(self) -> View:
        """The item in words, made anew; ``view`` remembers it."""

    @abstractmethod
    def in_short(self) -> Short:
        """The item in fewer words, made anew; ``short`` remembers it."""

    @property
    def is_worded(self) -> bool:
        return self._view is not None

    @property
    def view(self) -> View:
        if self._view is None:
            self._view = self.worded()
        return self._view

    @property
    def short(self) -> Short:
        if self._short is None:
            self._short = self.in_short()
        return self._short


class Listed(Sequence[View], Generic[View, Short]):
    """The views of ``items``, in their order; a part of it is as lazy as the whole."""

    __slots__ = ("items",)

    def __init__(self, items: Sequence[Item[View, Short]] = ()) -> None:
        self.items = tuple(items)

    def __len__(self) -> int:
        return len(self.items)

    @overload
    def __getitem__(self, index: int) -> View: ...

    @overload
    def __getitem__(self, index: slice) -> "Listed[View, Short]": ...

    def __getitem__(self, index: int | slice) -> "View | Listed[View, Short]":
        return Listed(self.items[index]) if isinstance(index, slice) else self.items[index].view

    def __eq__(self, other: object) -> bool:
        """Two lists are equal when their words are."""
        return tuple(self) == tuple(other) if isinstance(other, Listed) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(item.uuid for item in self.items))

    def __add__(self, other: "Listed[View, Short]") -> "Listed[View, Short]":
        return Listed((*self.items, *other.items))

    def chosen(self, uuids: Container[str]) -> tuple[View, ...]:
        """Those among them with these uuids."""
        return tuple(item.view for item in self.items if item.uuid in uuids)

    def in_short(self) -> tuple[Short, ...]:
        """All of them in fewer words."""
        return tuple(item.short for item in self.items)


class Later(Generic[View]):
    """Words that only some readers need, such as a page: made when they are first asked for, and then remembered.

    Like the items of a list, what is said does not depend on when it is asked for.
    """

    def __init__(self, make: Callable[[], View]) -> None:
        self._make = make

    def __call__(self) -> View:
        return self._made

    @cached_property
    def _made(self) -> View:
        return self._make()

    def __eq__(self, other: object) -> bool:
        """Two are equal when their words are."""
        return self() == other() if isinstance(other, Later) else NotImplemented

    def __hash__(self) -> int:
        """The same of all: to be put in a set is no reason to be put into words."""
        return hash(Later)


class ForSome(Generic[View]):
    """What is said of single items of a long list beside their words: made of those alone that are asked for."""

    def __init__(self, items: Sequence[Item[object, object]], make: Callable[[int], View]) -> None:
        """``make`` is given an item's place in ``items``."""
        self._items, self._make = items, make

    def __call__(self, uuids: Container[str]) -> Mapping[str, View]:
        """By uuid, of the items with these uuids."""
        return {item.uuid: self._make(place) for place, item in enumerate(self._items) if item.uuid in uuids}

    def __eq__(self, other: object) -> bool:
        """Two are equal when what they say of all items is."""
        return self._all() == other._all() if isinstance(other, ForSome) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(item.uuid for item in self._items))

    def _all(self) -> Mapping[str, View]:
        return self({item.uuid for item in self._items})
