"""An answer's tag: the same as long as the answer is, whenever it was made; and the body beside it is the answer."""

from msgspec import Struct

from borgerblik.overview.elements import When
from portal.api.conditional import rendered
from portal.api.paging import cursor_of
from portal.api.rendering import dumps


class _Meta(Struct, frozen=True, kw_only=True):
    generated: When
    freshness: str = "Fresh"


class _Answer(Struct, frozen=True, kw_only=True):
    meta: _Meta
    items: tuple[str, ...] = ("Æble", '"')
    next: str | None = None


EARLY = _Meta(generated=When(words="27 November, 5.20", iso="2026-11-27T05:20:00+01:00"))
LATE = _Meta(generated=When(words="28 November, 5.20", iso="2026-11-28T05:20:00+01:00"))


def test_the_body_is_the_answer() -> None:
    answer = _Answer(meta=EARLY)
    body, _ = rendered(answer)
    assert body == dumps(answer)


def test_the_time_is_left_out_of_the_tag_and_not_of_the_body() -> None:
    early, late = rendered(_Answer(meta=EARLY)), rendered(_Answer(meta=LATE))
    assert early[1] == late[1]
    assert dumps(early[0]) != dumps(late[0])


def test_everything_else_is_in_the_tag() -> None:
    stale = _Meta(generated=EARLY.generated, freshness="Stale")
    answers = [
        _Answer(meta=EARLY),
        _Answer(meta=stale),
        _Answer(meta=EARLY, items=("Æble",)),
        _Answer(meta=EARLY, items=()),
        _Answer(meta=EARLY, next="a"),
    ]
    assert len({rendered(answer)[1] for answer in answers}) == len(answers)


def test_an_answer_about_nobody_has_a_tag_too() -> None:
    answer = EARLY  # it has no ``meta``, so its time counts
    assert rendered(answer)[1] != rendered(LATE)[1]
    assert rendered(answer)[1].startswith('W/"')


def test_a_cursor_says_a_place_and_no_time() -> None:
    """Signed with the second in which it was made, it would give the same page another tag in the next."""
    place, *signature = cursor_of(("0101", "aeldreomsorg"), of="areas").split(":")
    assert place
    assert len(signature) == 1
