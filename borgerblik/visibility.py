"""The judge: may this record be shown to the citizen it is about? A verdict with a reason, for every record.

Pure: records, policies and the instant are given. Silence means no: an unknown authority, area, sensitivity or
fagsystem hides. Sources of the rules: KOMBIT's documentation of Borgerblikket (fra-dato, fagsystem filter, primary
party), SF1470's filling-in rules (Visningsklasse, Foelsomhed, Virkning), and the stage plan (etapeplan).
"""

from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property, partial
from uuid import UUID

from msgspec import Struct

from borgerblik.areas import Agreement, Area, Areas, Kind
from borgerblik.policy import AreaRule, Policy
from indexes.records import (
    SOURCES,
    Case,
    CaseStatus,
    ConsentState,
    Grant,
    Payment,
    Period,
    Plan,
    Record,
    Sensitivity,
    Source,
)


class Reason(StrEnum):
    SHOWN = "shown"
    # The municipality has not opened it: may be told to the citizen as "not opened".
    NOT_ON_BORGERBLIK = "not_on_borgerblik"
    ETAPE_OFF = "etape_off"
    AREA_OFF = "area_off"
    UNDER_ANALYSIS = "under_analysis"
    # A rule of the municipality hides this one.
    BEFORE_FROM_DATE = "before_from_date"
    FAGSYSTEM_NOT_COUNTED = "fagsystem_not_counted"
    CONSENT_NOT_GIVEN = "consent_not_given"
    # Never told to the citizen, not even that something is hidden.
    EXEMPT_FROM_VIEW = "exempt_from_view"  # Visning undtaget for borger
    VIP = "vip"
    # We do not know enough.
    SENSITIVITY_UNKNOWN = "sensitivity_unknown"
    OUT_OF_DATE = "out_of_date"  # what we read no longer holds today; the next reading decides
    NO_AREA = "no_area"
    UNKNOWN_AUTHORITY = "unknown_authority"
    NOTHING_TO_JUDGE = "nothing_to_judge"  # a payment without lines, a grant without benefits
    CASE_NOT_HELD = "case_not_held"  # a grant names a case that we do not hold: it may be exempt from view
    PARTS_DIFFER = "parts_differ"  # some lines of a payment may be shown and some may not: its sums would tell


ONCE = frozenset({"engangsydelse", "engangsbeløb"})  # Beregningsfrekvens (YI, free text) of what is paid once
HIDES_ITS_GRANTS = frozenset(
    {Reason.EXEMPT_FROM_VIEW, Reason.VIP, Reason.SENSITIVITY_UNKNOWN, Reason.CASE_NOT_HELD},
)
_FURTHEST = {status: place for place, status in enumerate(CaseStatus)}
# As if it did not exist: not even its owner, or that something is hidden, is told.
SECRET = frozenset({Reason.EXEMPT_FROM_VIEW, Reason.VIP})
NOT_OPENED = frozenset({Reason.NOT_ON_BORGERBLIK, Reason.ETAPE_OFF, Reason.AREA_OFF, Reason.UNDER_ANALYSIS})


class Verdict(Struct, frozen=True, kw_only=True):
    reason: Reason
    area: Area | None = None
    rule: AreaRule | None = None

    @property
    def shown(self) -> bool:
        return self.reason is Reason.SHOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What the judge sits with: the areas, the policies by the owner's CVR number, and now (timezone-aware)."""

    areas: Areas
    policies: Mapping[str, Policy]
    now: datetime
    today: date
    _known: dict[tuple[str, str, Kind], Verdict] = field(default_factory=dict, init=False, repr=False, compare=False)

    def opened(self, owner_cvr: str, kle: str, kind: Kind) -> Verdict:
        """Whether the area of a KLE number is opened by its authority; asked of one sitting's many records once."""
        asked = (owner_cvr, kle, kind)
        found = self._known.get(asked)
        if found is None:
            found = self._known[asked] = _opened(self.policies.get(owner_cvr), kle, kind, self)
        return found


def current_status(case: Case, now: datetime) -> CaseStatus | None:
    """The case's state now; of several current states the furthest. None: the history says nothing of now."""
    current = [step.status for step in case.progress if step.period.covers(now)]
    return max(current, key=_FURTHEST.__getitem__, default=None)


def is_active_case(case: Case, now: datetime) -> bool:
    """Active: a current state that is not closed. Without one it is not known, and silence means no."""
    status = current_status(case, now)
    return status is not None and status is not CaseStatus.CLOSED


def is_active_grant(grant: Grant, today: date) -> bool:
    return grant.start is not None and grant.start <= today and (grant.end is None or grant.end >= today)


def is_paid_out(grant: Grant, payments: Iterable[Payment], today: date) -> bool:
    """Whether a grant was paid once and for all, and has been: indexes often give such a grant no end."""
    plans = [plan for benefit in grant.benefits for plan in benefit.plans]
    once = bool(plans) and all((plan.frequency or "").casefold() in ONCE for plan in plans)
    return once and any(
        payment.available <= today and any(line.grant_uuid == grant.uuid for line in payment.lines)
        for payment in payments
    )


def _is_running(grant: Grant, cases: Mapping[UUID, tuple[Case, Verdict]], bench: Bench) -> bool:
    """Whether the from-date can be set aside for a grant: "active cases and their benefits" (KOMBIT, Borgerblikket).

    A grant is as active as its case; one that names no case, as its own period.
    """
    found = cases.get(grant.case_uuid) if grant.case_uuid else None
    return is_active_case(found[0], bench.now) if found else is_active_grant(grant, bench.today)


def _opened(policy: Policy | None, kle: str, kind: Kind, bench: Bench) -> Verdict:
    """Whether the area of a KLE number is opened by its authority."""
    if policy is None:
        return Verdict(reason=Reason.UNKNOWN_AUTHORITY)
    area = bench.areas.of(kle, kind, policy.owner)
    if area is None:
        return Verdict(reason=Reason.NO_AREA)
    rule = policy.rule(area)
    if not policy.is_on(bench.today):
        reason = Reason.NOT_ON_BORGERBLIK
    elif area.agreement is Agreement.ANALYSE:
        reason = Reason.UNDER_ANALYSIS
    elif area.etape not in policy.etaper:
        reason = Reason.ETAPE_OFF
    elif not rule.shown:
        reason = Reason.AREA_OFF
    else:
        reason = Reason.SHOWN
    return Verdict(reason=reason, area=area, rule=rule)


def _facts(holds: Period, sensitivity: Sensitivity, bench: Bench) -> Reason:
    """What the record itself says about being shown."""
    if sensitivity is Sensitivity.VIP:
        return Reason.VIP
    if sensitivity is Sensitivity.UNKNOWN:
        return Reason.SENSITIVITY_UNKNOWN
    if not holds.covers(bench.now):
        return Reason.OUT_OF_DATE
    return Reason.SHOWN


def _ruled(opened: Verdict, *, fagsystem: str | None, made: date | None, active: Callable[[], bool]) -> Verdict:
    """The area is opened: do the authority's from-date and fagsystem filter let this record through?

    Whether the record is ``active`` is only asked when it decides: few have a from-date and lie before it.
    """
    rule = opened.rule
    if not opened.shown or rule is None:
        return opened
    if rule.fagsystemer is not None and fagsystem not in rule.fagsystemer:
        return Verdict(reason=Reason.FAGSYSTEM_NOT_COUNTED, area=opened.area, rule=rule)
    early = rule.from_date is not None and (made is None or made < rule.from_date)
    if early and not (rule.active_regardless and active()):
        return Verdict(reason=Reason.BEFORE_FROM_DATE, area=opened.area, rule=rule)
    return opened


def judge_case(case: Case, bench: Bench) -> Verdict:
    if case.hidden:
        return Verdict(reason=Reason.EXEMPT_FROM_VIEW)
    if (reason := _facts(case.holds, case.sensitivity, bench)) is not Reason.SHOWN:
        return Verdict(reason=reason)
    opened = bench.opened(case.owner_cvr, case.kle, Kind.CASE)
    return _ruled(opened, fagsystem=case.fagsystem, made=case.opened, active=lambda: is_active_case(case, bench.now))


def _together(verdicts: list[Verdict]) -> Verdict:
    """One verdict for a thing of several parts: shown only when every part is."""
    if not verdicts:
        return Verdict(reason=Reason.NOTHING_TO_JUDGE)
    if len(verdicts) == 1:
        return verdicts[0]
    hidden = [verdict for verdict in verdicts if not verdict.shown]
    if not hidden:
        return verdicts[0]
    if len(hidden) < len(verdicts):
        return Verdict(reason=Reason.PARTS_DIFFER, area=hidden[0].area, rule=hidden[0].rule)
    return hidden[0]


def judge_grant(grant: Grant, bench: Bench, *, cases: Mapping[UUID, tuple[Case, Verdict]]) -> Verdict:
    """A grant is shown when each of its benefits is, and its case hides nothing.

    ``cases`` is what was judged of the citizen's cases. A grant takes on that its case is exempt from view, VIP or of
    unknown sensitivity; when the case it names is not held, nobody knows whether it is (docs/adr/0008).
    """
    if grant.case_uuid is not None:
        of_case = cases[grant.case_uuid][1].reason if grant.case_uuid in cases else Reason.CASE_NOT_HELD
        if of_case in HIDES_ITS_GRANTS:
            return Verdict(reason=of_case)
    if (reason := _facts(grant.holds, grant.sensitivity, bench)) is not Reason.SHOWN:
        return Verdict(reason=reason)
    return _together(
        [
            _ruled(
                bench.opened(grant.owner_cvr, benefit.kle, Kind.BENEFIT),
                fagsystem=grant.fagsystem,
                made=grant.start,
                active=partial(_is_running, grant, cases, bench),
            )
            for benefit in grant.benefits
        ],
    )


def judge_payment(
    payment: Payment,
    bench: Bench,
    grants: Mapping[UUID, tuple[Grant, Verdict]],
    cases: Mapping[UUID, tuple[Case, Verdict]],
) -> Verdict:
    """A payment is shown when each of its lines is.

    Payments carry no sensitivity of their own: a line takes that of its grant (YI: Foelsomhed comes from the
    Bevilling), so a line whose grant is held and hidden is hidden with it, and one whose grant we do not hold is hidden
    because its sensitivity is unknown.
    """
    if not payment.holds.covers(bench.now):
        return Verdict(reason=Reason.OUT_OF_DATE)
    verdicts = []
    for line in payment.lines:
        found = grants.get(line.grant_uuid) if line.grant_uuid else None
        if found is None:
            verdicts.append(Verdict(reason=Reason.SENSITIVITY_UNKNOWN))
            continue
        grant, of_grant = found
        if not of_grant.shown and of_grant.reason is not Reason.BEFORE_FROM_DATE:
            verdicts.append(of_grant)
            continue
        opened = bench.opened(payment.owner_cvr, line.kle, Kind.BENEFIT)
        active = partial(_is_running, grant, cases, bench)
        verdicts.append(_ruled(opened, fagsystem=payment.fagsystem, made=payment.available, active=active))
    return _together(verdicts)


def judge_plan(plan: Plan, bench: Bench) -> Verdict:
    """The plan is the citizen's own, shown while the consent to share it stands."""
    if not plan.holds.covers(bench.now):
        return Verdict(reason=Reason.OUT_OF_DATE)
    opened = bench.opened(plan.owner_cvr, plan.kle, Kind.PLAN)
    if opened.shown and plan.consent.state is not ConsentState.GIVEN:
        return Verdict(reason=Reason.CONSENT_NOT_GIVEN, area=opened.area, rule=opened.rule)
    return opened


@dataclass(frozen=True, kw_only=True)  # no slots: what is asked often is gathered once
class Judged:
    """Every record of a citizen with its verdict, in the order given."""

    cases: tuple[tuple[Case, Verdict], ...]
    grants: tuple[tuple[Grant, Verdict], ...]
    payments: tuple[tuple[Payment, Verdict], ...]
    plans: tuple[tuple[Plan, Verdict], ...]

    def all(self) -> tuple[tuple[Record, Verdict], ...]:
        return (*self.cases, *self.grants, *self.payments, *self.plans)

    def by_source(self, source: Source) -> tuple[tuple[Record, Verdict], ...]:
        """What came from one index."""
        if source is Source.SDI:
            return self.cases
        return self.plans if source is Source.PLAN else (*self.grants, *self.payments)

    @cached_property
    def reasons(self) -> Mapping[Source, "Reasons"]:
        """Why what came from each index is shown, or is not."""
        return {source: reasons_of(self.by_source(source)) for source in SOURCES}


Reasons = Mapping[str, AbstractSet[Reason]]
"""CVR number of an authority -> the reasons of the verdicts on its records; only of authorities that have some."""


def reasons_of(judged: Iterable[tuple[Record, Verdict]]) -> Reasons:
    found: dict[str, set[Reason]] = {}
    for record, verdict in judged:
        found.setdefault(record.owner_cvr, set()).add(verdict.reason)
    return found


def judge(
    *,
    cases: Iterable[Case],
    grants: Iterable[Grant],
    payments: Iterable[Payment],
    plans: Iterable[Plan],
    bench: Bench,
) -> Judged:
    """A verdict with a reason for every record."""
    judged_cases = tuple((case, judge_case(case, bench)) for case in cases)
    case_by_uuid = {case.uuid: (case, verdict) for case, verdict in judged_cases}
    judged_grants = tuple((grant, judge_grant(grant, bench, cases=case_by_uuid)) for grant in grants)
    grant_by_uuid = {grant.uuid: (grant, verdict) for grant, verdict in judged_grants}
    return Judged(
        cases=judged_cases,
        grants=judged_grants,
        payments=tuple((payment, judge_payment(payment, bench, grant_by_uuid, case_by_uuid)) for payment in payments),
        plans=tuple((plan, judge_plan(plan, bench)) for plan in plans),
    )
