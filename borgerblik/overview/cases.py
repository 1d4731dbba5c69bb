"""Cases in words: what it is, how far it is, what happens next, who to call."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Literal

from msgspec.structs import replace

from borgerblik.areas import Area, Kind
from borgerblik.overview.elements import Badge, Contact, Link, RegisterText, Tone
from borgerblik.overview.listed import Item, Listed
from borgerblik.overview.material import Material
from borgerblik.overview.shapes import CaseInShort, CaseSection, CaseView, DocumentView, ProgressStep
from borgerblik.overview.sources import Standing, standing
from borgerblik.policy import AreaRule, TitleChoice
from borgerblik.visibility import current_status, is_active_grant, is_paid_out
from indexes.records import Case, CaseStatus, Grant, Outcome, Payment, Source

TONES: Mapping[str, Tone] = {
    CaseStatus.RECEIVED: "info",
    CaseStatus.INFORMED: "info",
    CaseStatus.DECIDED: "success",
    CaseStatus.CLOSED: "neutral",
}
OUTCOME_TONES: Mapping[Outcome, Tone] = {
    Outcome.GRANTED: "success",
    Outcome.PARTLY: "warning",
    Outcome.REFUSED: "error",
    Outcome.ANNULLED: "neutral",
}
GIVEN = frozenset({Outcome.GRANTED, Outcome.PARTLY})
REFUSED = frozenset({Outcome.REFUSED, Outcome.ANNULLED})
# Where a case is, besides the four statuses an index knows.
RUNNING, PAID_OUT, GRANTED, UNKNOWN = "running", "paid_out", "granted", "unknown"
MOST_PAYMENTS = 12  # payments listed on a case: a year of months
NEWS_DAYS = 14  # how long a decision is news


class CaseItem(Item[CaseView, CaseInShort]):
    """A case that may be shown; its place is by when something last happened, the open ones before the ended."""

    __slots__ = ("area", "case", "changed", "is_open", "material", "rule", "status")

    def __init__(self, material: Material, case: Case, area: Area, rule: AreaRule) -> None:
        super().__init__()
        self.material, self.case, self.area, self.rule = material, case, area, rule
        self.status = current_status(case, material.now)
        self.is_open = self.status is not CaseStatus.CLOSED
        self.changed = _changed(case)

    @property
    def place(self) -> tuple[str, ...]:
        changed = self.changed.astimezone(dt.UTC).isoformat(timespec="microseconds")
        return ("open" if self.is_open else "closed", changed, self.uuid)

    @property
    def uuid(self) -> str:
        return str(self.case.uuid)

    @property
    def area_title(self) -> str:
        return self.material.area_title(self.area)

    @property
    def began(self) -> Mapping[CaseStatus, dt.date]:
        """The day on which each step first began, as far as it has."""
        return {status: _local(at, self.material) for status, at in _began(self.case, self.material.now).items()}

    @property
    def years(self) -> range:
        """The years in which the case was under way; one that is still open is so this year too."""
        first = self.case.opened or min(self.began.values(), default=_local(self.case.registered, self.material))
        last = self.material.today if self.is_open else _local(self.changed, self.material)
        return range(min(first, last).year, last.year + 1)

    @property
    def outcome(self) -> Badge | None:
        """What was decided."""
        if self.case.outcome is None:
            return None
        tone = OUTCOME_TONES[self.case.outcome]
        return Badge(
            words=self.material.words(f"case/outcome/{self.case.outcome}"), tone=tone, code=self.case.outcome.value
        )

    def decided_lately(self) -> bool:
        """Whether a decision is news."""
        decided = self.began.get(CaseStatus.DECIDED)
        return decided is not None and (self.material.today - decided).days <= NEWS_DAYS

    def worded(self) -> CaseView:
        return _case_view(self)

    def in_short(self) -> CaseInShort:
        return CaseInShort(**_in_short(self, _stage(self.material, self.case, self.status, *_money(self))))


def case_section(material: Material) -> CaseSection:
    """The cases that may be shown, open ones first; newest change first within each."""
    how = standing(material, Source.SDI, material.judged.reasons[Source.SDI], Kind.CASE)
    items = [CaseItem(material, *each) for each in material.shown_cases]
    items.sort(key=lambda item: (item.changed, item.case.uuid.int), reverse=True)
    still, ended = [item for item in items if item.is_open], [item for item in items if not item.is_open]
    return CaseSection(
        state=how.state,
        complete=how.complete,
        notices=how.notices,
        words=_section_words(material, how, len(still), len(ended)),
        open=Listed(still),
        closed=Listed(ended),
        decided=tuple(item.view for item in (*still, *ended) if item.decided_lately()),
    )


def _section_words(material: Material, how: Standing, still: int, ended: int) -> str:
    words = material.words
    if still or ended:
        going_on = words.counted("cases/open", still) if still or how.complete else words("cases/open/none_seen")
        return words("cases/both", open=going_on, closed=words.counted("cases/closed", ended)).strip()
    return words(f"cases/none/{how.key}", authority=how.authority)


def _changed(case: Case) -> dt.datetime:
    """When something last happened: the newest step that has begun by the registration; else the registration."""
    starts = [step.period.start for step in case.progress if step.period.start and step.period.start <= case.registered]
    return max(starts, default=case.registered)


def _local(instant: dt.datetime, material: Material) -> dt.date:
    return instant.astimezone(material.now.tzinfo).date()


def _stage(material: Material, case: Case, status: CaseStatus | None, grants: list[Grant], paid: list[Payment]) -> str:
    """How far a case is, as its texts are kept: its status, but for one that was decided in the citizen's favour.

    A case whose money runs has been decided, whatever its fagsystem says of it; one that was refused has no money.
    """
    if status is CaseStatus.CLOSED or case.outcome in REFUSED:
        return status.value if status else UNKNOWN
    open_grants = [grant for grant in grants if is_active_grant(grant, material.today)]
    if any(not is_paid_out(grant, paid, material.today) for grant in open_grants):
        return RUNNING
    if open_grants:
        return PAID_OUT
    if status is CaseStatus.DECIDED and case.outcome in GIVEN:
        return PAID_OUT if _all_over(grants, paid, material.today) else GRANTED
    return status.value if status else UNKNOWN


def _all_over(grants: list[Grant], paid: list[Payment], today: dt.date) -> bool:
    """Whether every grant of a case has ended, and money of them has come."""
    ended = bool(grants) and all(grant.end is not None and grant.end < today for grant in grants)
    return ended and any(payment.available <= today and (payment.paid or 0) > 0 for payment in paid)


def _lead(material: Material, case: Case, area: Area, stage: str) -> str:
    """What the case is about; that the citizen gets something is only said of one where it was granted."""
    words = material.words
    given = material.kle.text(case.kle, "lead_given", words) if stage in {RUNNING, GRANTED} else None
    ended = stage == CaseStatus.CLOSED or case.outcome in REFUSED
    told = None if ended else material.kle.text(case.kle, "lead", words)
    return given or told or words("case/lead", title=words.in_a_sentence(material.kle_title(case.kle, area)))


def of_topic(material: Material, number: str, name: str) -> str | None:
    """What is said of a case of this topic ("running/you_do") instead of what is said of every one."""
    return material.kle.text(number, name, material.words)


def _money(item: CaseItem) -> tuple[list[Grant], list[Payment]]:
    """The grants that hang on a case, and what has been paid of them, newest first."""
    material = item.material
    grants = material.grants_of_case.get(item.case.uuid, [])
    of_grants = {p.uuid: p for grant in grants for p in material.payments_of_grant.get(grant.uuid, [])}
    return grants, sorted(of_grants.values(), key=lambda payment: payment.available, reverse=True)


def _in_short(item: CaseItem, stage: str) -> dict[str, Any]:
    """The fields of ``CaseInShort``."""
    material, case, area = item.material, item.case, item.area
    own_title = case.title if item.rule.title is TitleChoice.CASE else None
    uuid = item.uuid
    return {
        "uuid": uuid,
        "href": f"/sager/{uuid}/",
        "area": area.key,
        "area_title": material.area_title(area),
        "icon": area.icon,
        "kle": case.kle,
        "title": own_title or material.kle_title(case.kle, area),
        "register_title": RegisterText(text=own_title) if own_title else None,
        "lead": _lead(material, case, area, stage),
        "status": _badge(material, case, item.status, stage),
        "you_do": of_topic(material, case.kle, f"{stage}/you_do")
        or material.words.find(f"overview/case/status/{stage}/you_do"),
        "sender": material.authority(case.owner_cvr).name,
        "changed": material.words.when(_local(item.changed, material), today=material.today),
        "is_open": item.is_open,
    }


def _case_view(item: CaseItem) -> CaseView:
    material, case, rule, status = item.material, item.case, item.rule, item.status
    words, (grants, paid) = material.words, _money(item)
    stage = _stage(material, case, status, grants, paid)
    documents = _documents(material, case, rule)
    return CaseView(
        **_in_short(item, stage),
        number=case.number,
        meaning=of_topic(material, case.kle, f"{stage}/meaning") or words(f"case/status/{stage}/meaning"),
        next=of_topic(material, case.kle, f"{stage}/next") or words.find(f"overview/case/status/{stage}/next"),
        steps=_steps(material, case, status, stage),
        outcome=item.outcome,
        contact=contact(material, case.owner_cvr, case.unit),
        opened=words.when(case.opened, today=material.today) if case.opened else None,
        documents=documents,
        documents_words=words(f"case/documents/{_documents_key(rule, documents)}"),
        grants=tuple(str(grant.uuid) for grant in grants),
        payments=tuple(str(payment.uuid) for payment in paid[:MOST_PAYMENTS]),
        related=tuple(
            Link(text=material.case_titles[uuid], href=f"/sager/{uuid}/")
            for uuid in case.related
            if uuid in material.case_titles
        ),
    )


def _badge(material: Material, case: Case, status: CaseStatus | None, stage: str) -> Badge:
    """How far the case is: a decided one says what was decided, or that the money runs or has been paid."""
    words, code = material.words, status.value if status else UNKNOWN
    if stage in {RUNNING, PAID_OUT}:
        return Badge(words=words(f"case/status/{stage}/badge"), tone="success", code=code)
    if status is CaseStatus.DECIDED and case.outcome:
        return Badge(words=words(f"case/outcome/{case.outcome}"), tone=OUTCOME_TONES[case.outcome], code=code)
    return Badge(words=words(f"case/status/{code}/badge"), tone=TONES.get(code, "neutral"), code=code)


def contact(material: Material, cvr: str, unit: str | None) -> Contact:
    """Who to call about a record: the authority's contact with the record's own unit; never a person."""
    known = material.authority(cvr).contact
    return known if unit is None else replace(known, unit=unit)


def _steps(material: Material, case: Case, status: CaseStatus | None, stage: str) -> tuple[ProgressStep, ...]:
    """The steps of a case, each with the day it began. A step that was passed over is left out.

    Money that runs, or has been paid, is the step after the decision, and nothing is said to come after it: a pension
    does not end because its case might.
    """
    order = list(CaseStatus)
    reached = order.index(status) if status else -1
    began = _began(case, material.now)
    if stage not in {RUNNING, PAID_OUT}:
        return tuple(
            _step(material, case, code, order.index(code) - reached, began.get(code))
            for code in order
            if code in began or order.index(code) >= reached
        )
    before = [code for code in order[: order.index(CaseStatus.CLOSED)] if code in began]
    done = tuple(_step(material, case, code, -1, began[code]) for code in before)
    now = ProgressStep(
        title=material.words(f"case/status/{stage}/badge"), words=None, when=None, state="now", code=stage
    )
    return (*done, now)


def _began(case: Case, now: dt.datetime) -> Mapping[CaseStatus, dt.datetime]:
    """When each step first began, as far as it has."""
    began: dict[CaseStatus, dt.datetime] = {}
    for step in case.progress:
        start = step.period.start
        if start and start <= now and (step.status not in began or start < began[step.status]):
            began[step.status] = start
    return began


def _step(material: Material, case: Case, code: CaseStatus, ahead: int, began: dt.datetime | None) -> ProgressStep:
    """One step; ``ahead`` is how many steps it lies after the current one."""
    words = material.words
    done_at_once = code is CaseStatus.CLOSED and ahead == 0
    state: Literal["done", "now", "later"] = "later" if ahead > 0 else "done" if ahead < 0 or done_at_once else "now"
    if code is CaseStatus.DECIDED and ahead <= 0 and case.outcome:
        title = words(f"case/outcome/{case.outcome}")
    else:
        over = state == "done" or (code is CaseStatus.DECIDED and ahead <= 0)  # a decision is made in a moment
        title = words(f"case/step_done/{code}" if over else f"case/step/{code}")
    when = None
    if began and ahead <= 0:
        when = words.when(_local(began, material), today=material.today)
    return ProgressStep(title=title, words=when.words if when else None, when=when, state=state, code=code.value)


def _documents_key(rule: AreaRule, documents: tuple[DocumentView, ...]) -> str:
    if not rule.document_titles:
        return "not_listed"
    return "listed" if documents else "no_letters"


def _documents(material: Material, case: Case, rule: AreaRule) -> tuple[DocumentView, ...]:
    """Documents by title, newest first, when the authority shows titles; hidden and untitled ones never."""
    if not rule.document_titles:
        return ()
    words = material.words
    told = [document for document in case.documents if not document.hidden and document.title]
    told.sort(key=lambda document: (document.date or dt.date.min, str(document.uuid)), reverse=True)
    return tuple(
        DocumentView(
            title=RegisterText(text=document.title or ""),
            kind=words(f"case/document/{document.kind or 'other'}"),
            when=words.when(document.date, today=material.today) if document.date else None,
        )
        for document in told
    )
