"""Pages of a list: a cursor says after which place the next page begins, so that nothing is told twice or left out.

The cursor holds the place itself, signed: nothing is kept between two calls, and what is new or gone in the meantime
moves no other. It says nothing of whom a list is about, and no time: a page that is as it was has the tag it had.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from django.core import signing

Item = TypeVar("Item")
Place = tuple[str, ...]

USUAL: Final = 50
MOST: Final = 100


class CursorError(ValueError):
    """It is no cursor of this list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Which part of a list is asked for. ``after`` None: from the beginning."""

    limit: int = USUAL
    after: Place | None = None


def cursor_of(place: Place, *, of: str) -> str:
    """``of`` names the list: a cursor counts for its own alone."""
    return _signer(of).sign_object(place)


def place_of(cursor: str, *, of: str) -> Place:
    """The place that a cursor says.

    Raises:
        CursorError: it is not one that we have made for this list.
    """
    try:
        return tuple(map(str, _signer(of).unsign_object(cursor)))
    except (signing.BadSignature, ValueError, TypeError):
        raise CursorError from None


def _signer(of: str) -> signing.Signer:
    return signing.Signer(salt=f"portal.api.paging.{of}")


def page_of(
    items: Sequence[Item], window: Window, *, of: str, place: Callable[[Item], Place], upwards: bool = False
) -> tuple[tuple[Item, ...], str | None]:
    """The items of a page, highest place first or ``upwards``; and the cursor of the next one, None after the last."""
    placed = sorted(((place(each), number) for number, each in enumerate(items)), reverse=not upwards)
    after = window.after
    left = [number for at, number in placed if after is None or (at > after if upwards else at < after)]
    shown = tuple(items[number] for number in left[: window.limit])
    return shown, cursor_of(place(shown[-1]), of=of) if len(left) > len(shown) else None
