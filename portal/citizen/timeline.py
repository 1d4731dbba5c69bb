"""Where the plan's bars, months and words stand on the time axis. Pure geometry over the overview's percentages.

A bar's words stand in the bar when there is room, else beside it; never where today's line would strike them through.
From right to left every place is mirrored; that words hang from their start or end then means the other side by itself.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from borgerblik.overview.shapes import AxisMonth, InterventionView, MeetingView, PlanView, SubGoalView
from borgerblik.words import isolated

LETTER = 6.9  # pixels a letter takes on average, semibold 13 px
GAP, END_GAP = 12, 4  # pixels between an edge and words, before and after them
PAGE_WIDTH = 720  # pixels the axis is wide on the narrowest screen where words stand in it (bo.css: 1100)
SHEET_WIDTH = 800  # pixels on the printed sheet
SHEET_LETTER = 7.2  # semibold 13.5 px
QUARTER = 3
WHOLE = 100.0  # percent
MEETING_WORDS = 11  # percent of the width that a meeting's day takes
YEAR_GAP = 4  # pixels between where a year begins and its number
OTHER_EDGE = {"start": "end", "middle": "middle", "end": "start"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """Words on the axis: ``x`` in percent, ``dx`` in pixels from there."""

    lines: tuple[str, ...]
    x: str
    dx: int
    anchor: str  # start or end, as SVG names them
    inside: bool  # of a bar


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    intervention: InterventionView
    x: str
    width: str
    label: Label


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalRows:
    goal: SubGoalView
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """Where a month begins, and its middle."""

    month: AxisMonth
    x: str
    middle: str
    quarter: bool  # the only ones named on a small screen


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingMark:
    meeting: MeetingView
    x: str
    label: Label


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    plan: PlanView
    ticks: tuple[Tick, ...]
    today: str
    today_edge: str  # start, middle or end, from the left: where its words hang so that they stay inside
    year_dx: int  # pixels
    goals: tuple[GoalRows, ...]
    meetings: tuple[MeetingMark, ...]
    states: frozenset[str]  # of the interventions, for the legend


@dataclass(frozen=True, slots=True, kw_only=True)
class _Type:
    """How wide words are on an axis of a width, in percent of it."""

    width: int
    letter: float

    @property
    def gap(self) -> float:
        return GAP / self.width * 100

    def room(self, words: str) -> float:
        return (len(words) * self.letter + GAP + END_GAP) / self.width * 100


PAGE = _Type(width=PAGE_WIDTH, letter=LETTER)
SHEET = _Type(width=SHEET_WIDTH, letter=SHEET_LETTER)


def for_page(plan: PlanView | None, direction: str = "ltr") -> Timeline | None:
    """The time axis of the pages: a bar says how far its intervention is."""
    if plan is None:
        return None
    found = _lay_out(plan, lambda bar: _label(bar, (bar.status.words,), plan.today_x, PAGE))
    return _mirrored(found) if direction == "rtl" else found


def for_sheet(plan: PlanView, direction: str = "ltr") -> Timeline:
    """The time axis of the printed sheet: a bar says what its intervention is called, in two lines if long."""
    found = _lay_out(plan, lambda bar: _title(bar, plan.today_x))
    return _mirrored(found) if direction == "rtl" else found


def _mirrored(timeline: Timeline) -> Timeline:
    return replace(
        timeline,
        ticks=tuple(replace(tick, x=_other(tick.x), middle=_other(tick.middle)) for tick in timeline.ticks),
        today=_other(timeline.today),
        today_edge=OTHER_EDGE[timeline.today_edge],
        year_dx=-timeline.year_dx,
        goals=tuple(replace(goal, rows=tuple(map(_mirrored_row, goal.rows))) for goal in timeline.goals),
        meetings=tuple(
            replace(mark, x=_other(mark.x), label=_mirrored_label(mark.label)) for mark in timeline.meetings
        ),
    )


def _mirrored_row(row: Row) -> Row:
    return replace(row, x=_other(row.x, row.width), label=_mirrored_label(row.label))


def _mirrored_label(label: Label) -> Label:
    return replace(label, lines=tuple(map(isolated, label.lines)), x=_other(label.x), dx=-label.dx)


def _other(x: str, width: str = "0%") -> str:
    """The same place from the other side."""
    return _percent(WHOLE - float(x.rstrip("%")) - float(width.rstrip("%")))


def _lay_out(plan: PlanView, label: Callable[[InterventionView], Label]) -> Timeline:
    return Timeline(
        plan=plan,
        ticks=_ticks(plan.axis),
        today=_percent(plan.today_x),
        today_edge=_edge(plan.today_x),
        year_dx=YEAR_GAP,
        goals=tuple(
            GoalRows(
                goal=goal,
                rows=tuple(
                    Row(intervention=bar, x=_percent(bar.x), width=_percent(bar.width), label=label(bar))
                    for bar in goal.interventions
                ),
            )
            for goal in plan.goals
        ),
        meetings=tuple(_meeting(meeting) for meeting in plan.meetings),
        states=frozenset(bar.status.code for goal in plan.goals for bar in goal.interventions),
    )


def _title(bar: InterventionView, today: float) -> Label:
    """The title in one line in the bar if that can be, else in two lines wherever there is room."""
    one = _label(bar, (bar.title.text,), today, SHEET)
    return one if one.inside else _label(bar, _halved(bar.title.text), today, SHEET)


def _halved(words: str) -> tuple[str, ...]:
    """Words in two lines of nearly the same length, broken between words; one line when there is only one word."""
    breaks = [place for place, letter in enumerate(words) if letter == " "]
    if not breaks:
        return (words,)
    middle = min(breaks, key=lambda place: abs(place - len(words) / 2))
    return words[:middle], words[middle + 1 :]


def _label(bar: InterventionView, lines: tuple[str, ...], today: float, kind: _Type) -> Label:
    """In the bar before or after today's line, which must not strike the words through; beside a bar that is short."""
    room = max(kind.room(line) for line in lines)
    end = bar.x + bar.width

    def clear(start: float) -> bool:
        return not start + kind.gap / 2 < today < start + room

    for start in (bar.x, max(today, bar.x)):
        if clear(start) and start + room <= end:
            return Label(lines=lines, x=_percent(start), dx=GAP, anchor="start", inside=True)
    after = end if clear(end) else max(today, end)
    if after + room <= WHOLE:
        return Label(lines=lines, x=_percent(after), dx=GAP, anchor="start", inside=False)
    return Label(lines=lines, x=_percent(bar.x), dx=-GAP, anchor="end", inside=False)


def _ticks(axis: tuple[AxisMonth, ...]) -> tuple[Tick, ...]:
    """Quarters count from January: the first month of a year that is not merely the first on the axis."""
    january = next((place for place, month in enumerate(axis) if month.year and place), 0)
    ends = [month.x for month in axis[1:]] + [WHOLE]
    return tuple(
        Tick(
            month=month,
            x=_percent(month.x),
            middle=_percent((month.x + end) / 2),
            quarter=(place - january) % QUARTER == 0,
        )
        for place, (month, end) in enumerate(zip(axis, ends, strict=True))
    )


def _edge(x: float) -> str:
    if x < MEETING_WORDS:
        return "start"
    return "end" if x > WHOLE - MEETING_WORDS else "middle"


def _meeting(meeting: MeetingView) -> MeetingMark:
    last = meeting.x > WHOLE - MEETING_WORDS
    x = _percent(meeting.x)
    label = Label(
        lines=(meeting.short,), x=x, dx=-GAP - 4 if last else GAP + 4, anchor="end" if last else "start", inside=False
    )
    return MeetingMark(meeting=meeting, x=x, label=label)


def _percent(value: float) -> str:
    return f"{value:.2f}%"
