"""Where the plan's bars, months and words stand on the time axis. Pure geometry over the overview's percentages.

A bar's words stand in the bar when there is room, else beside it; never where today's line would strike them through.
"""

from dataclasses import dataclass

from borgerblik.overview.shapes import AxisMonth, InterventionView, MeetingView, PlanView, SubGoalView

LETTER = 6.9  # pixels a letter takes on average, semibold 13 px
GAP, END_GAP = 12, 4  # pixels between an edge and words, before and after them
PAGE_WIDTH = 720  # pixels the axis is wide on the narrowest screen where words stand in it (bo.css: 1100)
SHEET_WIDTH = 800  # pixels on the printed sheet
QUARTER = 3
MEETING_WORDS = 11  # percent of the width that a meeting's day takes


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """Words on the axis: ``x`` in percent, ``dx`` in pixels from there."""

    words: str
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
    today_edge: str  # start, middle or end: where its words hang so that they stay inside
    goals: tuple[GoalRows, ...]
    meetings: tuple[MeetingMark, ...]
    states: frozenset[str]  # of the interventions, for the legend


def for_page(plan: PlanView | None) -> Timeline | None:
    """The time axis of the pages: a bar says how far its intervention is."""
    return _lay_out(plan, width=PAGE_WIDTH, titles=False)


def for_sheet(plan: PlanView | None) -> Timeline | None:
    """The time axis of the printed sheet: a bar says what its intervention is called."""
    return _lay_out(plan, width=SHEET_WIDTH, titles=True)


def _lay_out(plan: PlanView | None, *, width: int, titles: bool) -> Timeline | None:
    if plan is None:
        return None

    def row(bar: InterventionView) -> Row:
        words = bar.title.text if titles else bar.status.words
        label = _label(bar, words, plan.today_x, width)
        return Row(intervention=bar, x=_percent(bar.x), width=_percent(bar.width), label=label)

    return Timeline(
        plan=plan,
        ticks=_ticks(plan.axis),
        today=_percent(plan.today_x),
        today_edge=_edge(plan.today_x),
        goals=tuple(GoalRows(goal=goal, rows=tuple(row(bar) for bar in goal.interventions)) for goal in plan.goals),
        meetings=tuple(_meeting(meeting) for meeting in plan.meetings),
        states=frozenset(bar.status.code for goal in plan.goals for bar in goal.interventions),
    )


def _label(bar: InterventionView, words: str, today: float, width: int) -> Label:
    """In the bar, after today's line when that crosses the words; beside the bar when it is too short."""
    gap = GAP / width * 100
    room = (len(words) * LETTER + GAP + END_GAP) / width * 100
    end = bar.x + bar.width
    start = today if bar.x - gap < today < bar.x + room else bar.x
    if end - start >= room:
        return Label(words=words, x=_percent(start), dx=GAP, anchor="start", inside=True)
    if today - bar.x >= room and end - bar.x >= room:
        return Label(words=words, x=_percent(bar.x), dx=GAP, anchor="start", inside=True)
    after = today if end - gap < today < end + room else end
    if after + room <= 100:  # noqa: PLR2004 - percent
        return Label(words=words, x=_percent(after), dx=GAP, anchor="start", inside=False)
    return Label(words=words, x=_percent(bar.x), dx=-GAP, anchor="end", inside=False)


def _ticks(axis: tuple[AxisMonth, ...]) -> tuple[Tick, ...]:
    """Quarters count from January: the first month of a year that is not merely the first on the axis."""
    january = next((place for place, month in enumerate(axis) if month.year and place), 0)
    ends = [month.x for month in axis[1:]] + [100.0]
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
    return "end" if x > 100 - MEETING_WORDS else "middle"


def _meeting(meeting: MeetingView) -> MeetingMark:
    last = meeting.x > 100 - MEETING_WORDS
    x = _percent(meeting.x)
    label = Label(
        words=meeting.short, x=x, dx=-GAP - 4 if last else GAP + 4, anchor="end" if last else "start", inside=False
    )
    return MeetingMark(meeting=meeting, x=x, label=label)


def _percent(value: float) -> str:
    return f"{value:.2f}%"
