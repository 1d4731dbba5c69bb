"""The keys of the overview's texts: each that the code asks for is there, and each that is there is asked for."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from borgerblik import words
from borgerblik.areas import Kind
from borgerblik.overview.access import OWN_REASONS, REASONS, STANDARD_PURPOSES
from borgerblik.overview.attention import CHANGED
from borgerblik.overview.cases import GRANTED, PAID_OUT, RUNNING, UNKNOWN
from borgerblik.overview.elements import State
from borgerblik.overview.money import STATUS_TONES
from indexes.records import CaseStatus, Doer, GoalState, InterventionState, Outcome, Source

CODE = Path(words.__file__).parent
STAGES = [*CaseStatus, GRANTED, RUNNING, PAID_OUT, UNKNOWN]
SENTENCES = [*(State.STALE, State.FAILED, State.OFF, State.EMPTY), "limited", "unseen"]  # when nothing is shown
COUNTED = ["none", "one", "many"]
WAYS = ["less", "more"]
# The keys that are put together from a value, and every value there is. What is asked for must be there.
FAMILIES: Mapping[str, Iterable[str]] = {
    "access/times/{}": ["many"],  # once is not told
    "access/reason/{}": {*OWN_REASONS, *REASONS},
    "area/{}": ["shown", "analysis", "off"],
    "attention/answer/{}": ["report", "objection"],
    "attention/deadline/{}": ["late", "due"],
    "attention/decision/{}": [*Outcome, "told"],
    "attention/money/{}": CHANGED,
    "case/document/{}": [
        *("incoming_letter", "outgoing_letter", "invoice", "note", "report", "agenda", "plan", "other")
    ],
    "case/documents/{}": ["listed", "no_letters", "not_listed"],
    "case/outcome/{}": Outcome,
    "case/status/{}/badge": [*CaseStatus, RUNNING, PAID_OUT, UNKNOWN],  # a granted case says what its outcome is
    "case/status/{}/meaning": STAGES,
    "case/step/{}": CaseStatus,
    "case/step_done/{}": CaseStatus,
    "case/takes/days/{}": COUNTED,
    "case/takes/months/{}": ["many"],  # four of them are counted in weeks
    "case/takes/weeks/{}": ["many"],
    "cases/closed/{}": COUNTED,
    "cases/none/{}": SENTENCES,
    "cases/open/{}": COUNTED,
    "change/{}": ["same", *WAYS],
    "change/before_tax/{}": ["same", *WAYS],
    "change/gross/{}": WAYS,
    "change/kind/{}": [*WAYS, *(f"{kind}{tax}" for kind in ("came", "went", "not_yet") for tax in ("", "_before_tax"))],
    "change/line/{}": [*WAYS, "came", "went"],
    "change/now/{}": ["same", *WAYS],
    "change/tax/{}": WAYS,
    "change/times/{}": ["many"],  # once is what one expects
    "date/days_ago/{}": ["many"],  # yesterday has a word
    "date/in_days/{}": ["many"],
    "figure/cases/{}": ["one", "many"],  # without a case there is no figure
    "figure/todo/{}": ["one", "many"],
    "freshness/{}": ["partly", "failed"],
    "greeting/{}": ["morning", "day", "evening"],
    "lead/{}": COUNTED,
    "looked/{}": COUNTED,
    "money/chart/between{}": ["", "_seen"],
    "money/chart/same{}": ["", "_seen"],
    "money/none/{}": SENTENCES,
    "notice/{}/text": ["limited", "power"],
    "notice/{}/title": ["limited", "power"],
    "notice/off/count/{}": ["many"],  # a few are named
    "notice/off/kind/{}": Kind,
    "notice/off/text/{}": ["one", "many"],
    "payment/difference/after_tax_{}": WAYS,
    "payment/difference/told_{}": WAYS,
    "payment/difference/untold_{}": WAYS,
    "payment/ladder/{}": ["untaxed", "gross", "after_tax", "sent", "paid"],
    "payment/status/{}": STATUS_TONES,
    "plan/goal/{}": GoalState,
    "plan/intervention/{}": InterventionState,
    "plan/none/{}": SENTENCES,
    "plan/who/{}": Doer,
    "source/{}/what": Source,
    "source/state/{}": [*State, "closed", "limited", "unseen"],
}
# Where words need not have been written for a value (``Words.find``): those that have are of these values.
MAYBE: Mapping[str, Iterable[str] | None] = {
    "access/what/{}": [
        "export",
        "overview",
        "cases",
        "payments",
        "plan",
        "log",
        "reports",
        "report",
        "powers",
        "power",
    ],
    "access/why/{}": ["own_page", "consumer", "report", "power", *STANDARD_PURPOSES],
    "case/status/{}/next": STAGES,
    "case/status/{}/we_do": STAGES,
    "case/status/{}/you_do": STAGES,
    "case/step_means/{}": [*CaseStatus, RUNNING, PAID_OUT],
    "grant/frequency/{}": None,  # the index's own words: any
    "payment/reason/{}": None,
}
IN_WORDS = {"{}", "{}/{}", "{}/many"}  # names in ``words`` itself, whose callers are looked at here


def keys() -> set[str]:
    return {key.removeprefix("overview/") for key in words.load("da").texts if key.startswith("overview/")}


def calls() -> Iterator[tuple[str, ast.expr]]:
    """What is called to say something, and the key it is given: ``words(…)``, ``….words(…)``, ``find``, ``counted``."""
    for file in CODE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and node.args):
                continue
            match node.func:
                case ast.Attribute(attr="find" | "counted" | "words" as name) | ast.Name(id="words" | "known" as name):
                    yield name, node.args[0]
                case ast.Name(id="self") if file.name == "words.py":
                    yield "words", node.args[0]


def named(key: ast.expr) -> Iterator[str]:
    """The keys an argument may be: a text, one of two texts, or one put together, with "{}" for what is filled in."""
    match key:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=one, orelse=other):
            yield from named(one)
            yield from named(other)
        case ast.JoinedStr(values=parts):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in parts)


def put_together() -> tuple[set[str], set[str]]:
    """The families of keys that the code asks for, and those it only asks for where they have been written."""
    must, may = set[str](), set[str]()
    for name, argument in calls():
        for key in named(argument):
            if name == "counted":
                must.add(f"{key}/{{}}")
            elif name == "find" and key.startswith("overview/"):
                may.add(key.removeprefix("overview/"))
            elif name != "find" and "{}" in key:
                must.add(key)
    return must - IN_WORDS, may


def said_whole() -> set[str]:
    """Every key that stands whole somewhere in the code."""
    return {
        node.value
        for file in CODE.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    } & keys()


def of(families: Mapping[str, Iterable[str] | None]) -> set[str]:
    return {family.format(value) for family, values in families.items() for value in values or ()}


def test_every_key_that_is_put_together_is_of_a_family_whose_values_are_known() -> None:
    must, may = put_together()
    assert must - {"{}"} == set(FAMILIES)
    assert may == set(MAYBE)


def test_every_text_the_code_asks_for_is_there() -> None:
    said = {key for name, argument in calls() if name == "words" for key in named(argument) if "{}" not in key}
    assert len(said) > 60, "the calls that say something are not found"
    assert said - keys() == set()
    assert of(FAMILIES) - keys() == set()


def test_what_is_written_of_a_topic_is_asked_for() -> None:
    """Of each KLE number: what it is called and is about, and what is said at a stage of it alone."""
    asked = {"title", "lead", "lead_given"}
    asked |= {f"{stage}/{name}" for stage in STAGES for name in ("meaning", "next", "we_do", "you_do")}
    written = {key.split("/", 2)[2] for key in words.load("da").texts if key.startswith("kle/")}
    assert written - asked == set()


def test_every_text_is_asked_for() -> None:
    free = tuple(family.removesuffix("{}") for family, values in MAYBE.items() if values is None)
    assert {key for key in keys() - said_whole() - of(FAMILIES) - of(MAYBE) if not key.startswith(free)} == set()
