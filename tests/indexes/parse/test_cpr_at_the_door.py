"""A CPR number in any text of any message stops at the door.

Every element of every golden message that holds a text gets a number in its place, one after the other: a field that is
added to a parser is covered by its first golden pair.
"""

import json
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from lxml.etree import _Element
from msgspec import structs

from indexes.errors import SourceError
from indexes.parse.text import MASK
from indexes.records import Answer, Defect, Parsed
from tests.indexes.parse.test_golden import PAIRS, PARSERS, plain_item

NUMBER = "7513804321"
SPELLINGS = (
    NUMBER,
    "751380-4321",
    "751380 4321",
    "751380\u20134321",  # an en dash
    "751380\u00a04321",  # a hard space
    "75.13.80-4321",
    "75\u200b1380\u200d-43\u20602\ufeff1",  # split by characters nobody sees
    "7513\u00ad804321",
    "\uff17\uff15\uff11\uff13\uff18\uff10\uff0d\uff14\uff13\uff12\uff11",  # as wide as Chinese characters
    "\u0667\u0665\u0661\u0663\u0668\u0660\u0664\u0663\u0662\u0661",  # in Arabic digits
)
CONTEXTS = ("{}", "Om {} og bolig", "Sag({})", "cpr:{}.", "CPR{}x")


def _digits(text: str) -> str:
    """The digits of a text as one row, in whichever script they were."""
    return "".join(str(int(char)) for char in text if char.isdecimal())


def _texts(value: Any) -> Iterator[str]:
    """Every text in a record, but the field that is the citizen's CPR number: it is kept sealed, and only there."""
    if isinstance(value, dict):
        for name, given in value.items():
            if name != "cpr":
                yield from _texts(given)
    elif isinstance(value, list):
        for given in value:
            yield from _texts(given)
    else:
        yield str(value)


def _leaves(root: _Element) -> Iterator[_Element]:
    return (element for element in root.iter() if isinstance(element.tag, str) and not len(element))


def _read(source: str, message: bytes) -> Answer | SourceError:
    """The answer, or what is said of one that is not believed as a whole."""
    try:
        return PARSERS[source](message)
    except SourceError as error:
        return error


def _judge(answer: Answer | SourceError, where: str) -> None:
    if isinstance(answer, SourceError):
        assert NUMBER not in _digits(f"{answer} {answer!r}"), f"{where} is told"
        return
    for item in answer.items:
        for text in _texts(plain_item(item)):
            assert NUMBER not in _digits(text), f"{where} is kept: {text}"
        if isinstance(item, Parsed) and MASK in json.dumps(plain_item(item)):
            assert Defect.CPR_IN_TEXT in item.defects, f"{where} is masked and not reported"


@pytest.mark.parametrize("context", CONTEXTS)
@pytest.mark.parametrize("source", sorted(PARSERS))
def test_a_cpr_number_in_any_element_is_not_kept(source: str, context: str) -> None:
    spellings, tried = cycle(SPELLINGS), set()
    for given in PAIRS:
        if given.parent.name != source:
            continue
        root = etree.fromstring(given.read_bytes())
        for element in _leaves(root):
            before, element.text = element.text, context.format(next(spellings))
            where = f"{etree.QName(element).localname} in {given.name}"
            _judge(_read(source, etree.tostring(root)), where)
            element.text = before
            tried.add(element.tag)
    assert len(tried) > 20


@pytest.mark.parametrize("given", [path for path in PAIRS if "cpr_in" in path.stem], ids=lambda path: Path(path).stem)
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_masked_number_is_reported(given: Path, spelling: str) -> None:
    written = given.read_text("utf-8").replace("751380-4321", spelling)
    answer = PARSERS[given.parent.name](written.encode())
    assert [Defect.CPR_IN_TEXT in item.defects for item in answer.items if isinstance(item, Parsed)].count(True)
    _judge(answer, given.name)


def test_the_judge_sees_a_number_that_was_kept() -> None:
    kept = PARSERS["sdi"](next(path for path in PAIRS if path.stem == "plain").read_bytes())
    with pytest.raises(AssertionError, match="is kept"):
        _judge(Answer(items=tuple(_with_number(item) for item in kept.items), total={}), "a title")


def _with_number(item: Any) -> Any:
    return structs.replace(item, record=structs.replace(item.record, title=f"Om {SPELLINGS[6]}"))
