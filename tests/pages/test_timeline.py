"""Where words stand on the plan's time axis: in a bar or beside it, inside the picture, never under today's line."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from borgerblik.overview.shapes import AxisMonth, InterventionView, PlanView
from portal.citizen import timeline
from portal.citizen.timeline import GAP, PAGE_WIDTH, SHEET, Label
from tests.sample_overview import rich


def the_plan() -> PlanView:
    plan = rich().plan.plan
    assert plan is not None
    return plan


def bar(x: float, width: float, title: str = "Mentor") -> InterventionView:
    first = the_plan().goals[0].interventions[0]
    return replace(first, x=x, width=width, title=replace(first.title, text=title))


def label_of(intervention: InterventionView, today: float, *, sheet: bool = False) -> Label:
    plan = the_plan()
    plan = replace(plan, today_x=today, goals=(replace(plan.goals[0], interventions=(intervention,)),))
    laid = timeline.for_sheet(plan) if sheet else timeline.for_page(plan)
    assert laid is not None
    return laid.goals[0].rows[0].label


def test_no_plan_no_axis() -> None:
    assert timeline.for_page(None) is None


def test_words_stand_in_a_long_bar() -> None:
    label = label_of(bar(10, 50), today=90)
    assert (label.x, label.dx, label.anchor, label.inside) == ("10.00%", GAP, "start", True)


def test_words_move_past_todays_line() -> None:
    label = label_of(bar(28, 50), today=31)
    assert (label.x, label.inside) == ("31.00%", True)


def test_words_stand_after_a_short_bar() -> None:
    label = label_of(bar(10, 2), today=90)
    assert (label.x, label.anchor, label.inside) == ("12.00%", "start", False)


def test_words_stand_before_a_short_bar_at_the_end() -> None:
    label = label_of(bar(97, 3), today=10)
    assert (label.x, label.dx, label.anchor) == ("97.00%", -GAP, "end")


def test_a_long_title_stands_in_two_lines_on_the_sheet() -> None:
    label = label_of(bar(40, 30, "Genoptræning af ryg to gange om ugen"), today=90, sheet=True)
    assert label.lines == ("Genoptræning af ryg", "to gange om ugen")
    assert label.inside


def test_one_long_word_is_not_broken() -> None:
    label = label_of(bar(10, 5, "Virksomhedspraktik"), today=90, sheet=True)
    assert label.lines == ("Virksomhedspraktik",)


@given(st.floats(0, 99), st.floats(0.5, 100), st.floats(0, 100), st.text("abcdefgh ", min_size=1, max_size=60))
def test_words_are_never_struck_through_inside_a_bar(x: float, width: float, today: float, title: str) -> None:
    width = min(width, 100 - x)
    label = label_of(bar(x, width, title), today, sheet=True)
    assert label.anchor in {"start", "end"}
    if label.inside:
        start = float(label.x.rstrip("%"))
        words = max(len(line) for line in label.lines) * SHEET.letter / SHEET.width * 100
        begins = start + GAP / SHEET.width * 100
        assert begins + words <= x + width + 0.02
        assert not begins < today < begins + words


def test_quarters_count_from_january() -> None:
    laid = timeline.for_page(the_plan())
    assert laid is not None
    assert [tick.month.label for tick in laid.ticks if tick.quarter] == ["okt.", "jan.", "apr.", "jul."]


def test_an_axis_within_one_year_has_quarters_from_its_start() -> None:
    months = tuple(AxisMonth(label=str(n), year="2026" if n == 0 else None, x=n * 25.0) for n in range(4))
    laid = timeline.for_page(replace(the_plan(), axis=months))
    assert laid is not None
    assert [tick.quarter for tick in laid.ticks] == [True, False, False, True]
    assert [tick.middle for tick in laid.ticks] == ["12.50%", "37.50%", "62.50%", "87.50%"]


def test_todays_words_stay_inside_the_picture() -> None:
    edges = [timeline.for_page(replace(the_plan(), today_x=x)) for x in (0.0, 50.0, 99.0)]
    assert [laid.today_edge for laid in edges if laid] == ["start", "middle", "end"]


def test_the_page_is_wide_enough_for_the_commonest_words() -> None:
    """Three months of a year hold "Begynder senere" at the narrowest width where words stand in bars."""
    planned = next(i for goal in the_plan().goals for i in goal.interventions if i.status.code == "planned")
    assert label_of(replace(planned, x=10, width=120 / PAGE_WIDTH * 100), today=90).inside


def test_from_right_to_left_every_place_is_mirrored_and_words_hang_from_the_other_side() -> None:
    here, there = timeline.for_page(the_plan()), timeline.for_page(the_plan(), "rtl")
    assert here is not None
    assert there is not None
    for left, right in zip(here.goals[0].rows, there.goals[0].rows, strict=True):
        width = float(left.width.rstrip("%"))
        assert right.width == left.width
        assert abs(float(left.x.rstrip("%")) + width + float(right.x.rstrip("%")) - 100) < 0.02
        assert (right.label.dx, right.label.anchor) == (-left.label.dx, left.label.anchor)
    assert there.today == f"{100 - float(here.today.rstrip('%')):.2f}%"
    assert there.ticks[0].x == "100.00%"
    assert there.year_dx == -here.year_dx
    edges = [timeline.for_page(replace(the_plan(), today_x=x), "rtl") for x in (0.0, 99.0)]
    assert [edge.today_edge for edge in edges if edge] == ["end", "start"]
