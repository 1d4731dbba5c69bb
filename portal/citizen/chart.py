"""Where the bars of the money chart stand. Pure geometry: heights in pixels, places across in percent of the width.

Colours and type are the style sheet's; the same numbers stand in a table under the chart.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from borgerblik.overview.shapes import Month, MonthChart
from borgerblik.words import Words, load

TOP, BOTTOM = 24, 224  # pixels from the top edge: room for the sums above, and for the months below
MOST_STEPS = 4
NICE = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
GAP = 8  # pixels between a bar and its sum
LINE = Decimal(14)  # pixels that a sum is high
BAR_SHARE = Decimal("0.62")  # of the room each month has
SERIES = 6  # different fills in the style sheet
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    y: str
    words: str
    zero: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One part of a month's bar."""

    series: int
    y: str
    height: str
    planned: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    label: str
    sum_words: str
    sum_short: str  # the same without kroner, for a narrow screen
    sum_y: str
    short_y: str
    x: str
    width: str
    middle: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One entry of the legend, and one column of the table."""

    series: int
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    words: str | None  # what has been paid; None: nothing of this kind that month
    planned: str | None  # what is on its way


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    month: Month
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    words: str
    first: str  # the first month, with its year
    last: str
    ticks: tuple[Tick, ...]
    bars: tuple[Bar, ...]
    keys: tuple[Key, ...]
    axis: str  # where the amounts beside the bars end
    planned: bool  # whether any month is not paid yet
    table: tuple[TableRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scale:
    low: Decimal
    high: Decimal

    def y(self, value: Decimal) -> Decimal:
        return BOTTOM - (value - self.low) / (self.high - self.low) * (BOTTOM - TOP)


def draw(chart: MonthChart | None, language: str) -> Chart | None:
    """The chart with every place worked out; None when there is none to draw."""
    if chart is None:
        return None
    words = load(language)
    mirrored = words.of.direction == "rtl"  # the first month stands where one begins to read
    series, titles = _series(chart), {part.key: part.title for part in chart.keys}
    step = _step(chart.months)
    scale = _Scale(
        low=-step * _steps_for(step, (-_below(month) for month in chart.months)),
        high=step * max(1, _steps_for(step, (_above(month) for month in chart.months))),
    )
    sums = [scale.y(_above(month)) - GAP for month in chart.months]
    shorts = _apart(sums)
    return Chart(
        words=chart.words,
        first=chart.months[0].long_label,
        last=chart.months[-1].long_label,
        ticks=_ticks(scale, step, words),
        bars=tuple(
            Bar(
                label=month.label,
                sum_words=_sum_words(month, words),
                sum_short=words.whole(_whole(month)) if month.parts else "",
                sum_y=_px(sums[number]),
                short_y=_px(shorts[number]),
                pieces=_pieces(month, scale, series),
                **_place(len(chart.months) - 1 - number if mirrored else number, len(chart.months)),
            )
            for number, month in enumerate(chart.months)
        ),
        axis="0%" if mirrored else "100%",
        keys=tuple(Key(series=fill, title=titles[key]) for key, fill in series.items()),
        planned=any(month.planned for month in chart.months),
        table=tuple(_row(month, series) for month in chart.months),
    )


def _series(chart: MonthChart) -> dict[str, int]:
    """Part -> its fill. The largest comes first and stands at the bottom, where it is easiest to compare."""
    largest = sorted(chart.keys, key=lambda part: part.amount.value, reverse=True)
    return {part.key: number % SERIES for number, part in enumerate(largest)}


def _above(month: Month) -> Decimal:
    """How far a month's bar reaches above nought; money taken back reaches below."""
    return sum((part.amount.value for part in month.parts if part.amount.value > ZERO), ZERO)


def _below(month: Month) -> Decimal:
    return sum((part.amount.value for part in month.parts if part.amount.value < ZERO), ZERO)


def _step(months: tuple[Month, ...]) -> Decimal:
    """The round amount between two lines, so that at most ``MOST_STEPS`` lines stand above nought."""
    tallest = max([*(max(_above(month), -_below(month)) for month in months), Decimal(1)])
    least = tallest / MOST_STEPS
    size = Decimal(10) ** least.adjusted()
    return next(nice * size for nice in NICE if nice * size >= least)


def _steps_for(step: Decimal, reaches: Iterable[Decimal]) -> int:
    """How many steps hold the longest reach."""
    return int((max(reaches) / step).to_integral_value(ROUND_CEILING))


def _ticks(scale: _Scale, step: Decimal, words: Words) -> tuple[Tick, ...]:
    count = int((scale.high - scale.low) / step)
    values = [scale.low + step * number for number in range(count + 1)]
    return tuple(
        Tick(y=_px(scale.y(value)), words=words.amount(value, whole=True).words, zero=value == ZERO) for value in values
    )


def _sum_words(month: Month, words: Words) -> str:
    """The sum above the bar in whole kroner; the table has the øre. Nothing above a month without money."""
    return words.amount(_whole(month), whole=True).words if month.parts else ""


def _whole(month: Month) -> Decimal:
    return month.total.value.to_integral_value(ROUND_HALF_UP)


def _apart(sums: Sequence[Decimal]) -> list[Decimal]:
    """Where sums stand that are as wide as their month: every other one is lifted clear of those beside it."""
    places = list(sums)
    for number in range(1, len(places), 2):
        for beside in sorted((*sums[number - 1 : number], *sums[number + 1 : number + 2]), reverse=True):
            if abs(places[number] - beside) < LINE:
                places[number] = beside - LINE
    return places


def _place(number: int, months: int) -> dict[str, str]:
    """Where a month's bar stands across."""
    room = Decimal(100) / months
    width = room * BAR_SHARE
    start = room * number + (room - width) / 2
    return {"x": _percent(start), "width": _percent(width), "middle": _percent(start + width / 2)}


def _pieces(month: Month, scale: _Scale, series: Mapping[str, int]) -> tuple[Piece, ...]:
    """The parts on top of each other from nought; those taken back hang below it."""
    up, down, pieces = ZERO, ZERO, []
    order = list(series)
    for part in sorted(month.parts, key=lambda part: (part.planned, order.index(part.key))):
        amount = part.amount.value
        base = up if amount > ZERO else down
        upper, lower = scale.y(max(base, base + amount)), scale.y(min(base, base + amount))
        pieces.append(Piece(series=series[part.key], y=_px(upper), height=_px(lower - upper), planned=part.planned))
        up, down = (up + amount, down) if amount > ZERO else (up, down + amount)
    return tuple(pieces)


def _row(month: Month, series: Mapping[str, int]) -> TableRow:
    got = {(part.key, part.planned): part.amount.words for part in month.parts}
    cells = (Cell(words=got.get((key, False)), planned=got.get((key, True))) for key in series)
    return TableRow(month=month, cells=tuple(cells))


def _px(value: Decimal) -> str:
    return f"{value:.1f}"


def _percent(value: Decimal) -> str:
    return f"{value:.2f}%"
