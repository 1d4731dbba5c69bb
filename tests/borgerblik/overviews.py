"""An overview for the tests: made of a few records, with every source fresh unless a test says otherwise."""

import datetime as dt
from typing import Any

from borgerblik import areas, contacts, words
from borgerblik.kle import Kle
from borgerblik.overview.access import Looked
from borgerblik.overview.build import build
from borgerblik.overview.elements import State
from borgerblik.overview.material import Authority, Material, Person, SourceReading
from borgerblik.overview.shapes import Overview
from borgerblik.visibility import Bench, judge
from indexes.records import (
    Source,
)
from tests.borgerblik.makers import (
    CPH,
    HOME,
    NOW,
    UDK,
    bench,
)

AUTHORITIES = {
    HOME: Authority(code="0730", cvr=HOME, name="Randers Kommune", contact=contacts.of("0730", "Randers Kommune")),
    UDK: Authority(code="UDK", cvr=UDK, name="Udbetaling Danmark", contact=contacts.of("UDK", "Udbetaling Danmark")),
}
AS_OF = dt.datetime(2026, 11, 24, 6, 30, tzinfo=CPH)


def readings(off: str | None = None, **states: State) -> tuple[SourceReading, ...]:
    """All readings fresh, but for the sources named, and for the authority that is off Borgerblik."""
    return tuple(
        SourceReading(
            source=source,
            authority=authority.code,
            state=(state := State.OFF if authority.code == off else states.get(source.value, State.FRESH)),
            as_of=None if state in {State.FAILED, State.OFF} else AS_OF,
        )
        for source in Source
        for authority in AUTHORITIES.values()
    )


def overview(  # noqa: PLR0913 - each test says only what it cares about
    *,
    language: str = "da",
    the_bench: Bench | None = None,
    birth: dt.date | None = None,
    reads: tuple[SourceReading, ...] | None = None,
    now: dt.datetime = NOW,
    unusable: frozenset[Source] = frozenset(),
    looked: Looked | None = None,
    **records: Any,
) -> Overview:
    sitting = the_bench or bench()
    given = {"cases": [], "grants": [], "payments": [], "plans": [], **records}
    return build(
        Material(
            person=Person(name="Mette Lund", given_name="Mette", birth_date=birth, municipality="0730"),
            judged=judge(bench=sitting, **given),
            readings=readings() if reads is None else reads,
            unusable=unusable,
            authorities=AUTHORITIES,
            policies=sitting.policies,
            areas=areas.load(),
            kle=Kle(),
            words=words.load(language),
            now=now,
            looked=looked,
        ),
    )
