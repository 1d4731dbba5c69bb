"""The holistic plan (HOI) in words, with the places of its bars on the time axis in percent."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from msgspec.structs import replace

from borgerblik.areas import Kind
from borgerblik.local_time import months_after
from borgerblik.overview.cases import contact
from borgerblik.overview.elements import Badge, Contact, RegisterText, Tone
from borgerblik.overview.material import Material
from borgerblik.overview.shapes import (
    AgreementView,
    AxisMonth,
    InterventionView,
    MeetingView,
    PlanSection,
    PlanView,
    SubGoalView,
)
from borgerblik.overview.sources import standing
from borgerblik.visibility import Reason, reasons_of
from indexes.records import (
    Agreement,
    ConsentState,
    Doer,
    GoalState,
    Intervention,
    InterventionState,
    Meeting,
    Plan,
    Source,
    SubGoal,
)

GOAL_TONES: Mapping[GoalState, Tone] = {
    GoalState.PLANNED: "neutral",
    GoalState.ONGOING: "info",
    GoalState.REACHED: "success",
    GoalState.GIVEN_UP: "neutral",
}
INTERVENTION_TONES: Mapping[InterventionState, Tone] = {
    InterventionState.PLANNED: "neutral",
    InterventionState.ONGOING: "info",
    InterventionState.ENDED: "success",
    InterventionState.STOPPED: "neutral",
}
MOST_MONTHS = 24  # more would make the months unreadable


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """The months a plan spans: whole months, both ends included in the picture."""

    start: dt.date
    end: dt.date  # the day after the last month

    def place(self, day: dt.date) -> float:
        """Where a day lies, in percent of the width, held inside the picture."""
        share = (day - self.start).days / (self.end - self.start).days
        return round(min(max(share, 0.0), 1.0) * 100, 2)


def plan_section(material: Material) -> PlanSection:
    """The plan, or in words why there is none to see."""
    found = material.plan()
    # The newest plan that is spoken of stands for all: an older one is no longer the citizen's plan.
    spoken = reasons_of([found]) if found else material.judged.reasons[Source.PLAN]
    how = standing(material, Source.PLAN, spoken, Kind.PLAN)
    view = None
    if found is None:
        words = material.words(f"plan/none/{how.key}", authority=how.authority)
    elif found[1].reason is Reason.CONSENT_NOT_GIVEN:
        words = _no_consent(material, found[0])
    else:
        view = _plan_view(material, found[0])
        words = view.words
    return PlanSection(state=how.state, complete=how.complete, notices=how.notices, words=words, plan=view)


def _no_consent(material: Material, plan: Plan) -> str:
    words, consent = material.words, plan.consent
    if consent.state is ConsentState.WITHDRAWN and consent.withdrawn:
        return words("plan/consent/withdrawn", day=words.day(consent.withdrawn, today=material.today))
    return words("plan/consent/missing")


def _axis(plan: Plan, today: dt.date) -> Axis:
    """From the first month anything happens to the last, today's month included, at most two years from the start."""
    bars = [i for goal in plan.sub_goals for i in goal.interventions]
    days = [day for i in bars for day in (i.start, i.end) if day]
    days += [meeting.start.date() for meeting in plan.meetings]
    first = min([*days, today]).replace(day=1)
    last = max([*days, today])
    span = (last.year - first.year) * 12 + last.month - first.month + 1
    if span > MOST_MONTHS:
        first = max(first, months_after(today.replace(day=1), -MOST_MONTHS // 2))
        span = min((last.year - first.year) * 12 + last.month - first.month + 1, MOST_MONTHS)
    return Axis(start=first, end=months_after(first, span))


def _axis_months(material: Material, axis: Axis) -> tuple[AxisMonth, ...]:
    months, day = [], axis.start
    while day < axis.end:
        year = str(day.year) if day == axis.start or day.month == 1 else None
        months.append(AxisMonth(label=material.words.short_month(day), year=year, x=axis.place(day)))
        day = months_after(day, 1)
    return tuple(months)


def _plan_view(material: Material, plan: Plan) -> PlanView:
    words, today = material.words, material.today
    axis = _axis(plan, today)
    in_order = sorted(plan.meetings, key=lambda meeting: meeting.start)
    meetings = tuple(_meeting(material, meeting, axis) for meeting in in_order)
    coming = [
        view
        for meeting, view in zip(in_order, meetings, strict=True)
        if not meeting.held and meeting.start >= material.now
    ]
    return PlanView(
        uuid=str(plan.uuid),
        goal=RegisterText(text=plan.goal or words("plan/no_goal")),
        words=_made(material, plan),
        reached=sum(goal.state is GoalState.REACHED for goal in plan.sub_goals),
        goals=tuple(_goal(material, goal, number, axis) for number, goal in enumerate(plan.sub_goals, start=1)),
        axis=_axis_months(material, axis),
        today_x=axis.place(today),
        today_label=words("plan/today", day=words.short_day(today)),
        meetings=meetings,
        next_meeting=coming[0] if coming else None,
        agreements=tuple(_agreement(material, agreement) for agreement in _by_urgency(plan)),
        family=_family(material, plan),
        contact=_contact(material, plan),
    )


def _contact(material: Material, plan: Plan) -> Contact:
    known = contact(material, plan.owner_cvr, plan.unit)
    if not plan.phone:
        return known
    return replace(known, phone=plan.phone, phone_href=f"tel:+45{plan.phone.replace(' ', '')}")


def _made(material: Material, plan: Plan) -> str:
    words, today = material.words, material.today
    said = []
    if plan.made:
        said.append(words("plan/made", day=words.day(plan.made, today=today)))
    if plan.changed and plan.changed != plan.made:
        said.append(words("plan/changed", day=words.day(plan.changed, today=today)))
    return " ".join(said)


def _goal(material: Material, goal: SubGoal, number: int, axis: Axis) -> SubGoalView:
    words = material.words
    badge = Badge(words=words(f"plan/goal/{goal.state}"), tone=GOAL_TONES[goal.state], code=goal.state.value)
    return SubGoalView(
        id=goal.id,
        number=number,
        text=RegisterText(text=goal.text),
        status=badge,
        interventions=tuple(_intervention(material, intervention, axis) for intervention in goal.interventions),
    )


def _intervention(material: Material, intervention: Intervention, axis: Axis) -> InterventionView:
    words, state = material.words, intervention.state
    start = axis.place(intervention.start or axis.start)
    end = axis.place(intervention.end + dt.timedelta(days=1)) if intervention.end else 100.0
    details = [part for part in (intervention.amount, intervention.description) if part]
    if len(details) > 1 and details[0].casefold() in details[1].casefold():  # registers often say the amount twice
        details = details[1:]
    return InterventionView(
        id=intervention.id,
        title=RegisterText(text=intervention.title),
        unit=intervention.unit,
        period=words.period(intervention.start, intervention.end, today=material.today),
        detail=" · ".join(details) or None,
        status=Badge(
            words=words(f"plan/intervention/{state}"),
            tone=INTERVENTION_TONES[state],
            code=state.value,
        ),
        x=start,
        width=round(max(end - start, 0.5), 2),  # a bar of one day is still seen
    )


def _meeting(material: Material, meeting: Meeting, axis: Axis) -> MeetingView:
    words = material.words
    start = meeting.start.astimezone(material.now.tzinfo)
    times = [words.clock(at.astimezone(material.now.tzinfo)) for at in (meeting.start, meeting.end) if at]
    when = words.when(start.date(), today=material.today, weekday=True)
    return MeetingView(
        id=meeting.id,
        title=words("plan/meeting_held" if meeting.held else "plan/meeting"),
        when=replace(when, iso=start.isoformat(timespec="minutes")),
        time_words=words("date/at", clock="–".join(times)),
        short=words.short_day(start.date()),
        place=meeting.place,
        topic=RegisterText(text=meeting.topic) if meeting.topic else None,
        held=meeting.held,
        x=axis.place(start.date()),
    )


def _by_urgency(plan: Plan) -> list[Agreement]:
    """What is not done first, soonest due first; then what is done."""
    return sorted(plan.agreements, key=lambda agreement: (agreement.done, agreement.due or dt.date.max, agreement.id))


def _agreement(material: Material, agreement: Agreement) -> AgreementView:
    words, today, due = material.words, material.today, agreement.due
    who = agreement.who_name if agreement.who in {Doer.OTHER, Doer.MENTOR} and agreement.who_name else None
    # "Mette og mentor": the citizen among others. A mentor may have the same given name, and is not the citizen.
    among_others = agreement.who is Doer.OTHER and material.person.given_name in (agreement.who_name or "").split()
    if agreement.done:
        badge = Badge(words=words("plan/agreement/done"), tone="success", code="done")
    elif due is None:
        badge = Badge(words=words("plan/agreement/no_date"), tone="neutral", code="open")
    elif due < today:
        badge = Badge(words=words("plan/agreement/late", day=words.day(due, today=today)), tone="warning", code="late")
    else:
        badge = Badge(words=words("plan/agreement/due", day=words.day(due, today=today)), tone="info", code="open")
    return AgreementView(
        id=agreement.id,
        text=RegisterText(text=agreement.text),
        who=who or words(f"plan/who/{agreement.who}"),
        yours=agreement.who is Doer.CITIZEN or among_others,
        due=words.when(due, today=today) if due else None,
        status=badge,
    )


def _family(material: Material, plan: Plan) -> str | None:
    if not plan.family:
        return None
    return material.words("plan/family", names=material.words.listed([member.given_name for member in plan.family]))
