"""What only the page of a case says: what each step means, how long such cases take, which others belong with it."""

from collections.abc import Callable, Sequence
from typing import Final, cast

from msgspec import Struct

from borgerblik.overview.cases import GIVEN, GRANTED, UNKNOWN, CaseItem, of_topic
from borgerblik.overview.shapes import CaseInShort, CaseSection, CaseView, ProgressStep
from borgerblik.overview.usual import UsualTime
from borgerblik.words import Words
from indexes.records import CaseStatus

MOST_OF_A_TOPIC: Final = 5  # cases of the same topic that are listed on the page of one
WEEK, MONTH = 7, 30.44  # days
MOST_IN_DAYS, MOST_IN_WEEKS = 20, 120  # days, up to which they are counted in days, and in weeks
WAITING: Final = frozenset({CaseStatus.RECEIVED, CaseStatus.INFORMED, UNKNOWN})
Look = Callable[[str, str], Sequence[UsualTime]]  # an authority's CVR number and a KLE number -> newest year first


class ExplainedStep(Struct, frozen=True, kw_only=True):
    step: ProgressStep
    meaning: str | None


class Takes(Struct, frozen=True, kw_only=True):
    """How long cases of the topic take, in sentences."""

    usual: str  # "Hver anden sag fik svar efter 3 til 7 uger."
    yours: str  # how long this one has taken
    hint: str | None  # what to do when it takes long; that it is no promise
    how: str  # from how many cases, whose and when it is counted


class ExplainedCase(Struct, frozen=True, kw_only=True):
    case: CaseView
    we_do: str | None
    steps: tuple[ExplainedStep, ...]
    takes: Takes | None
    linked: tuple[CaseInShort, ...]  # the index says that they belong together, by one of them or the other
    same_topic: tuple[CaseInShort, ...]  # the newest few of the others with the same KLE number
    same_topic_total: int


def explained(cases: CaseSection, uuid: str, look: Look) -> ExplainedCase | None:
    """A case with all that its page says of it; None when it is not among the shown ones."""
    # the lists of a case section are made of these (overview/cases.py)
    items = cast("Sequence[CaseItem]", (cases.open + cases.closed).items)
    item = next((item for item in items if item.uuid == uuid), None)
    if item is None:
        return None
    case, material = item.view, item.material
    linked = [other for other in items if _belong_together(item, other)]
    same = [other for other in items if other.case.kle == item.case.kle and other not in (item, *linked)]
    stage = _stage(case)
    return ExplainedCase(
        case=case,
        we_do=of_topic(material, case.kle, f"{stage}/we_do")
        or material.words.find(f"overview/case/status/{stage}/we_do"),
        steps=tuple(
            ExplainedStep(step=step, meaning=material.words.find(f"overview/case/step_means/{step.code}"))
            for step in case.steps
        ),
        takes=_takes(item, look),
        linked=tuple(other.short for other in linked),
        same_topic=tuple(other.short for other in same[:MOST_OF_A_TOPIC]),
        same_topic_total=len(same),
    )


def _belong_together(one: CaseItem, other: CaseItem) -> bool:
    """An index tells of a relation at one of the two cases only; it holds for both."""
    return other is not one and (other.case.uuid in one.case.related or one.case.uuid in other.case.related)


def _stage(case: CaseView) -> str:
    """How far the case is, as its texts are kept."""
    now = next((step.code for step in case.steps if step.state == "now"), case.status.code)
    given = now == CaseStatus.DECIDED and case.outcome is not None and case.outcome.code in GIVEN
    return GRANTED if given else now


def _takes(item: CaseItem, look: Look) -> Takes | None:
    """How long such cases take: of the year in which this one was decided; while it is not, of the newest year.

    None: there are too few of them, or it is not known when this one began or was decided. One whose money runs has
    been, whatever its fagsystem says.
    """
    material, case, began = item.material, item.case, item.began
    words, today = material.words, material.today
    first = case.opened or min(began.values(), default=None)
    decided = began.get(CaseStatus.DECIDED)
    if first is None or (decided is None and (case.outcome or _stage(item.view) not in WAITING)):
        return None
    years = {decided.year} if decided else {today.year, today.year - 1}
    usual = next((one for one in look(case.owner_cvr, case.kle) if one.year in years), None)
    days = ((decided or today) - first).days
    if usual is None or days < 0:
        return None
    return Takes(
        usual=_range(words, usual),
        yours=words("case/takes/decided" if decided else "case/takes/so_far", length=_length(words, days)),
        hint=None if decided else words("case/takes/slow" if days > usual.high else "case/takes/no_promise"),
        how=words(
            "case/takes/how",
            number=usual.cases,
            title=words.in_a_sentence(material.kle_title(case.kle, item.area)),
            authority=material.authority(case.owner_cvr).name,
            year=usual.year,
        ),
    )


def _unit(days: int) -> float:
    """How many days the unit has that a length is counted in."""
    if days <= MOST_IN_DAYS:
        return 1
    return WEEK if days <= MOST_IN_WEEKS else MONTH


def _counted(words: Words, number: int, unit: float) -> str:
    if unit == WEEK:
        return words.counted("case/takes/weeks", number)
    return words.counted("case/takes/days" if unit < WEEK else "case/takes/months", number)


def _length(words: Words, days: int) -> str:
    unit = _unit(days)
    return _counted(words, round(days / unit), unit)


def _range(words: Words, usual: UsualTime) -> str:
    """The middle half of them, in the unit of the longest: "3 til 7 uger", "omkring 4 uger", "inden for 2 uger"."""
    unit = _unit(usual.high)
    low, high = round(usual.low / unit), round(usual.high / unit)
    if not high:
        return words("case/takes/usual/same_day")
    longest = _counted(words, high, unit)
    if low in {0, high}:
        return words("case/takes/usual/about" if low else "case/takes/usual/within", length=longest)
    return words("case/takes/usual/between", low=low, length=longest)
