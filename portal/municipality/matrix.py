"""The matrix of areas and etaper in finished words: what one authority's citizens see, and what it may change.

Pure: policies, the KLE edition and the day are given. Templates only lay it out.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from borgerblik.areas import Agreement, Area, Areas, Owner
from borgerblik.policy import Policy, TitleChoice
from borgerblik.words import Words
from portal.login.reach import WHOLE, Reach
from portal.municipality.kle_in_use import KleInUse
from portal.municipality.words import counted, day, listed, say

ETAPER = (1, 2, 3, 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One area in one etape. ``mark`` is kommune, udk, analyse or none: letter, shape and colour follow it."""

    etape: int
    name: str
    mark: str
    letter: str
    words: str
    on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One area.

    ``locked`` says why it cannot be changed here, ``waiting`` what a chosen area still lacks, ``notes`` what else is
    decided about it, and ``also`` who else decides.
    """

    key: str
    title: str
    numbers: str
    cells: tuple[Cell, ...]
    from_date: str
    shown: bool
    locked: str | None
    waiting: str | None
    notes: tuple[str, ...]
    also: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The areas of one KLE main group."""

    number: str
    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EtapeHead:
    number: int
    name: str
    year: str
    on: bool
    locked: str | None  # why it cannot be switched here


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    value: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    since: str
    figures: tuple[Figure, ...]
    etaper: tuple[EtapeHead, ...]
    groups: tuple[Group, ...]
    missing: tuple[str, ...]
    edition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What the matrix is made from.

    ``udk`` is Udbetaling Danmark's policy: it decides for everybody's citizens. ``reach`` is how far the role goes of
    whoever looks at it.
    """

    areas: Areas
    policy: Policy
    udk: Policy
    kle: KleInUse
    words: Words
    today: date
    reach: Reach = WHOLE

    def title(self, area: Area) -> str:
        return self.words.area(area.key)

    def is_ours(self, area: Area) -> bool:
        return area.decided_by(self.policy.owner)

    def citizens_see(self, area: Area) -> bool:
        """Whether anything of the area is open: by this authority, or by Udbetaling Danmark for everybody."""
        decider = self.policy if self.policy.owner in area.owners else self.udk
        return decider.opens(area, self.today)


def _mark(area: Area, etape: int) -> str:
    return area.agreement.value if area.etape == etape else "none"


def _cells(area: Area, desk: Desk) -> tuple[Cell, ...]:
    marks = [(etape, _mark(area, etape)) for etape in ETAPER]
    return tuple(
        Cell(
            etape=etape,
            name=say("etape.name", number=etape),
            mark=mark,
            letter=say(f"letter.{mark}"),
            words=say(f"legend.{mark}"),
            on=etape in desk.policy.etaper,
        )
        for etape, mark in marks
    )


def _locked(area: Area, desk: Desk) -> str | None:
    if area.agreement is Agreement.ANALYSE:
        return say("locked.analyse")
    if desk.is_ours(area):
        return None if desk.reach.holds(area.kle) else _outside(area, desk)
    if desk.policy.owner is Owner.UDK:
        return say("locked.kommune")
    return say("locked.udk_shown" if desk.udk.opens(area, desk.today) else "locked.udk_hidden")


def _outside(area: Area, desk: Desk) -> str:
    return say("locked.reach_shown" if desk.policy.rule(area).shown else "locked.reach_hidden")


def _waiting(area: Area, desk: Desk) -> str | None:
    if not desk.is_ours(area) or not desk.policy.rule(area).shown or desk.policy.opens(area, desk.today):
        return None
    if not desk.policy.is_on(desk.today):
        return say("note.not_on")
    return say("note.etape_off", etape=area.etape)


def _notes(area: Area, desk: Desk) -> Iterable[str]:
    """What has been decided about an area besides whether it shows."""
    rule = desk.policy.rule(area)
    if rule.from_date and rule.active_regardless:
        yield say("note.active_regardless")
    if rule.title is TitleChoice.CASE:
        yield say("note.case_title")
    if rule.fagsystemer is not None:
        yield counted("note.fagsystemer", len(rule.fagsystemer))
    if rule.document_titles:
        yield say("note.document_titles")


def _also(area: Area, desk: Desk) -> str | None:
    if not desk.is_ours(area) or len(area.owners) == 1:
        return None
    return say("note.udk_too" if desk.policy.owner is Owner.KOMMUNE else "note.kommune_too")


def _row(area: Area, desk: Desk) -> Row:
    rule = desk.policy.rule(area)
    return Row(
        key=area.key,
        title=desk.title(area),
        numbers=say("matrix.kle", numbers=listed(area.kle)),
        cells=_cells(area, desk),
        from_date=day(rule.from_date) if rule.from_date else say("matrix.no_from_date"),
        shown=rule.shown,
        locked=_locked(area, desk),
        waiting=_waiting(area, desk),
        notes=tuple(_notes(area, desk)),
        also=_also(area, desk),
    )


def _main_group(area: Area) -> str:
    return area.kle[0][:2]


def _fits(area: Area, desk: Desk, search: str, etape: int | None) -> bool:
    """Whether an area is among those searched for: by its name, its main group's or one of its numbers."""
    if etape is not None and area.etape != etape:
        return False
    name = desk.kle.main_group(_main_group(area), desk.words)
    text = search.strip().casefold()
    return text in f"{desk.title(area)} {name}".casefold() or any(
        prefix.startswith(text) or text.startswith(prefix) for prefix in area.kle
    )


def _groups(desk: Desk, search: str, etape: int | None) -> tuple[Group, ...]:
    fitting = [area for area in desk.areas.all if _fits(area, desk, search, etape)]
    ordered = sorted(fitting, key=lambda area: (_main_group(area), area.etape, area.kle))
    return tuple(
        Group(number=number, name=desk.kle.main_group(number, desk.words), rows=tuple(_row(a, desk) for a in rows))
        for number, rows in groupby(ordered, key=_main_group)
    )


def _figures(desk: Desk) -> tuple[Figure, ...]:
    ours = [area for area in desk.areas.all if desk.is_ours(area)]
    concerned = ours if desk.policy.owner is Owner.UDK else desk.areas.all
    seen = sum(desk.citizens_see(area) for area in concerned)
    waiting = sum(_waiting(area, desk) is not None for area in ours)
    return (
        Figure(value=say("figure.shown_value", number=seen, total=len(concerned)), words=say("figure.shown")),
        Figure(
            value=say("figure.etaper_value", number=len(desk.policy.etaper), total=len(ETAPER)),
            words=say("figure.etaper"),
        ),
        Figure(value=str(len(ours)), words=say("figure.own")),
        Figure(value=str(waiting), words=say("figure.waiting")),
    )


def since_words(policy: Policy, today: date) -> str:
    if policy.since is None:
        return say("since.off")
    return say("since.on" if policy.is_on(today) else "since.coming", date=day(policy.since))


def decidable(etape: int, areas: Areas, owner: Owner) -> bool:
    """Whether the etape holds anything that this kind of authority decides about."""
    return any(area.etape == etape and area.decided_by(owner) for area in areas.all)


def _etape_locked(etape: int, desk: Desk) -> str | None:
    if not decidable(etape, desk.areas, desk.policy.owner):
        return say("etape.locked")
    if desk.reach.whole:
        return None
    return say("locked.reach_on" if etape in desk.policy.etaper else "locked.reach_off")


def build(desk: Desk, *, search: str = "", etape: int | None = None) -> Matrix:
    """The matrix, cut down to the areas that fit a search and an etape. The figures are of all areas."""
    published = day(desk.kle.published) if desk.kle.published else None
    return Matrix(
        since=since_words(desk.policy, desk.today),
        figures=_figures(desk),
        etaper=tuple(
            EtapeHead(
                number=number,
                name=say("etape.name", number=number),
                year=say(f"etape.year_{number}"),
                on=number in desk.policy.etaper,
                locked=_etape_locked(number, desk),
            )
            for number in ETAPER
        ),
        groups=_groups(desk, search, etape),
        missing=tuple(
            say("missing.text", area=desk.title(area), numbers=listed(desk.kle.missing[area.key]), date=published)
            for area in desk.areas.all
            if area.key in desk.kle.missing
        ),
        edition=say("matrix.edition", date=published) if published else say("matrix.no_edition"),
    )
