"""How the sources stand, in words; and from that what a section may say. "Nothing" is only said when it is known."""

import datetime as dt
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache

from msgspec import Struct

from borgerblik.areas import Area, Areas, Kind
from borgerblik.overview.elements import Link, Notice, State, When
from borgerblik.overview.material import Authority, Material, SourceReading
from borgerblik.overview.shapes import AreaStatus, SourceStatus
from borgerblik.policy import AreaRule, Policy
from borgerblik.visibility import NOT_OPENED, SECRET, Reason, Reasons
from borgerblik.words import Words
from indexes.records import Source

KIND_OF = {Source.SDI: Kind.CASE, Source.YI: Kind.BENEFIT, Source.PLAN: Kind.PLAN}

MOST_NAMED = 4  # areas named in a notice; of more it is said how many, and a page lists them
SPOKEN_OF = frozenset({Reason.SHOWN, Reason.CONSENT_NOT_GIVEN})  # of a plan not shared the page says why


def source_statuses(material: Material) -> tuple[SourceStatus, ...]:
    """One sentence for each source and authority."""
    return tuple(_status(reading, material) for reading in material.readings)


def _authority(reading: SourceReading, material: Material) -> Authority:
    return material.by_code[reading.authority]


def _status(reading: SourceReading, material: Material) -> SourceStatus:
    words, authority = material.words, _authority(reading, material)
    state, key = reading.state, reading.state.value
    reasons = material.judged.reasons[reading.source].get(authority.cvr, frozenset())
    if state is State.FRESH and SPOKEN_OF.isdisjoint(reasons):
        limited = KIND_OF[reading.source] in material.limited
        state, key = _nothing_to_show(reasons - SECRET, unusable=material.has_unusable(reading.source), limited=limited)
    as_of = words.moment(reading.as_of, today=material.today) if reading.as_of else None
    what = words(f"source/{reading.source}/what")
    return SourceStatus(
        source=reading.source,
        authority=reading.authority,
        authority_name=authority.name,
        state=state,
        words=words(f"source/state/{key}", when=as_of.words if as_of else "", what=what, authority=authority.name),
        as_of=as_of,
        reason=reading.reason,
    )


def _nothing_to_show(reasons: AbstractSet[Reason], *, unusable: bool, limited: bool) -> tuple[State, str]:
    """The state of a source that was read and shows nothing, with the key of its sentence."""
    if reasons & NOT_OPENED:
        return State.OFF, "closed"
    if limited:
        return State.OFF, "limited"
    return (State.OFF, "unseen") if reasons or unusable else (State.EMPTY, "empty")


def fetched(sources: Iterable[SourceStatus], source: Source, words: Words, *, name: str | None = None) -> str | None:
    """When the oldest reading of one kind was made, and from whom; None when one is old or missing, or none was made.

    ``name`` asks for those of one authority. For pages: a summary says it of everything at once.
    """
    some = [one for one in sources if one.source == source and name in {None, one.authority_name}]
    oldest = _oldest(some)
    if oldest is None or any(one.state in {State.STALE, State.FAILED} for one in some):
        return None
    names = list(dict.fromkeys(one.authority_name for one in some if one.as_of))
    return words("freshness/all", when=oldest.words, authority=words.listed(names))


def read_on(sources: Iterable[SourceStatus], source: Source, generated: When, words: Words) -> str | None:
    """The day of the oldest reading of one kind, for paper: "today" is not said there. None when none was made."""
    oldest = _oldest(one for one in sources if one.source == source)
    return words.day(_day(oldest), today=_day(generated)) if oldest else None


def _oldest(sources: Iterable[SourceStatus]) -> When | None:
    return min((one.as_of for one in sources if one.as_of), key=lambda when: when.iso, default=None)


def _day(when: When) -> dt.date:
    return dt.datetime.fromisoformat(when.iso).date()


class Standing(Struct, frozen=True, kw_only=True):
    """What a section may say: its state, the notices that go with it, and the key and authority of its sentence.

    ``complete``: every index has answered lately, and of all that is held nothing is kept back without a word; only
    then is "nothing more" known.
    """

    state: State
    complete: bool
    notices: tuple[Notice, ...]
    key: str
    authority: str


def standing(material: Material, source: Source, judged: Reasons, *kinds: Kind) -> Standing:
    """The state of a section fed by one source, of which ``judged`` is spoken.

    FRESH: something is shown and every reading is fresh. STALE: something is shown, or was known to be nothing, but a
    reading is old. FAILED: nothing is shown and a reading has never succeeded. OFF: nothing is shown, and there may be
    something that an authority has not opened, that a rule hides or that the reader does not reach. EMPTY: all is
    known, and there is nothing.
    """
    spoken = set[Reason]().union(*judged.values()) - SECRET
    readings = material.readings_of(source)
    failed = [r for r in readings if r.state is State.FAILED]
    stale = [r for r in readings if r.state is State.STALE]
    closed = _closed(material, readings, judged)
    shown = Reason.SHOWN in spoken
    unusable, limited = material.has_unusable(source), not material.limited.isdisjoint(kinds)
    ruled = unusable or not spoken <= SPOKEN_OF | NOT_OPENED
    notices = [*_old(material, source, stale), *_missing(material, source, failed)]
    if closed:
        notices.append(_not_opened(material, closed, *kinds))
    if ruled and shown:
        notices.append(_unseen(material))
    if limited:
        notices.append(_limited(material))
    if shown:
        state = State.STALE if failed or stale else State.FRESH
    elif failed or stale:
        state = State.FAILED if failed else State.STALE
    else:
        state = State.OFF if spoken or closed or unusable or limited else State.EMPTY
    return Standing(
        state=state,
        complete=not (failed or stale or closed or ruled or limited),
        notices=tuple(notices),
        key=_key(state, closed=bool(closed), limited=limited, unseen=bool(spoken) or unusable),
        authority=material.words.listed([authority.name for authority in closed] or [material.home.name]),
    )


def _key(state: State, *, closed: bool, limited: bool, unseen: bool) -> str:
    """The key of a section's sentence when nothing is shown: an old reading does not make a closed area nothing."""
    if state is State.FAILED:
        return state.value
    return "off" if closed else "limited" if limited else "unseen" if unseen else state.value


def _closed(material: Material, readings: Iterable[SourceReading], judged: Reasons) -> list[Authority]:
    """The authorities that are not on Borgerblik, or hold something in an area they have not opened."""
    codes = {reading.authority for reading in readings if reading.state is State.OFF}
    owners = {cvr for cvr, reasons in judged.items() if not NOT_OPENED.isdisjoint(reasons)}
    return [a for cvr, a in material.authorities.items() if a.code in codes or cvr in owners]


def _names(material: Material, readings: list[SourceReading]) -> str:
    codes = {reading.authority for reading in readings}
    return material.words.listed([a.name for a in material.authorities.values() if a.code in codes])


def _old(material: Material, source: Source, stale: list[SourceReading]) -> list[Notice]:
    if not stale:
        return []
    words = material.words
    oldest = min(reading.as_of for reading in stale if reading.as_of)
    values = {
        "what": words(f"source/{source}/what"),
        "authority": _names(material, stale),
        "when": words.moment(oldest, today=material.today).words,
    }
    return [
        Notice(
            state=State.STALE, title=words("notice/stale/title", **values), text=words("notice/stale/text", **values)
        ),
    ]


def _missing(material: Material, source: Source, failed: list[SourceReading]) -> list[Notice]:
    if not failed:
        return []
    words = material.words
    values = {"what": words(f"source/{source}/what"), "authority": _names(material, failed)}
    action = to_call(_authority(failed[0], material), material)
    return [
        Notice(
            state=State.FAILED,
            title=words("notice/failed/title", **values),
            text=words("notice/failed/text", **values),
            action=action,
        ),
    ]


def to_call(authority: Authority, material: Material) -> Link | None:
    """The way to ask an authority; None where its number is not known."""
    known = authority.contact
    if not known.phone or not known.phone_href:
        return None
    phone = known.phone.replace(" ", "\N{NO-BREAK SPACE}")  # a number is read in one piece
    return Link(text=material.words("action/call", name=authority.name, phone=phone), href=known.phone_href)


def _not_opened(material: Material, closed: Sequence[Authority], *kinds: Kind) -> Notice:
    words = material.words
    not_opened = material.areas_not_opened(*kinds)
    areas = list(dict.fromkeys(material.area_title(area) for area, authority in not_opened if authority in closed))
    names = words.listed([authority.name for authority in closed])
    if len(areas) > MOST_NAMED:
        told = words.counted("notice/off/count", len(areas))
    else:
        # their names hold commas and "and" themselves
        told = words.counted("notice/off/text", len(areas), areas="; ".join(areas))
    return Notice(
        state=State.OFF,
        title=words("notice/off/title", authority=names),
        text=" ".join([told, *(words(f"notice/off/kind/{kind}") for kind in kinds)]),
        action=to_call(closed[0], material),
    )


def _unseen(material: Material) -> Notice:
    """Beside what is shown: a rule hides some, or the index sent something that could not be used."""
    words = material.words
    return Notice(
        state=State.OFF,
        title=words("notice/unseen/title"),
        text=words("notice/unseen/text"),
        action=to_call(material.home, material),
    )


def _limited(material: Material) -> Notice:
    """Said whether or not there is something outside the reader's reach: otherwise its absence would tell."""
    words, key = material.words, "power" if material.by_power else "limited"
    return Notice(state=State.OFF, title=words(f"notice/{key}/title"), text=words(f"notice/{key}/text"))


def area_statuses(material: Material) -> tuple[AreaStatus, ...]:
    """Every area of every authority concerned: shown, or not opened and when it is planned."""
    return tuple(
        status
        for cvr, policy in material.policies.items()
        for status in _areas_of(policy, material.authority(cvr).name, material.areas, material.words, material.today)
    )


@lru_cache(maxsize=1_000)  # each authority in each language, that day: the same for everybody
def _areas_of(policy: Policy, name: str, areas: Areas, words: Words, today: dt.date) -> tuple[AreaStatus, ...]:
    return tuple(_area(area, policy, name, words, today) for area in areas.all if policy.owner in area.owners)


def _area(area: Area, policy: Policy, name: str, words: Words, today: dt.date) -> AreaStatus:
    stands = policy.stands(area, today)
    opened = stands == "shown"
    return AreaStatus(
        key=area.key,
        title=words.area(area.key),
        state=State.FRESH if opened else State.OFF,
        words=words(f"area/{stands}", authority=name, etape=area.etape),
        etape=area.etape,
        authority_name=name,
        rules=_rules(policy.rule(area), words, today) if opened else (),
        undecided=stands == "analysis",
    )


def _rules(rule: AreaRule, words: Words, today: dt.date) -> tuple[str, ...]:
    """What an authority has decided that hides some of an area it shows, a sentence each."""
    told = []
    if rule.from_date is not None:
        key = "area/rule/from_date_but_running" if rule.active_regardless else "area/rule/from_date"
        told.append(words(key, day=words.day(rule.from_date, today=today)))
    if rule.fagsystemer is not None:
        told.append(words("area/rule/some_systems"))
    return tuple(told)
