"""``docs/security.md`` names only tests that exist, and leaves no requirement of its standard out."""

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOC = (ROOT / "docs" / "security.md").read_text("utf-8")
NAMED = re.compile(r"(tests/[\w/]+\.py)::(test_\w+)")
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| ([123]) \| ([^|]+) \| ([^|]+) \| (.+) \|$", re.MULTILINE)
STATES = {"met", "partly", "not met", "deployment", "n/a"}
# Requirements of levels 1 and 2 by chapter, as ASVS 5.0.0 counts them; with level 3 in V14 and V16.
IN_CHAPTER = {
    1: 27,
    2: 11,
    3: 19,
    4: 10,
    5: 9,
    6: 35,
    7: 18,
    8: 7,
    9: 7,
    10: 29,
    11: 14,
    12: 9,
    13: 13,
    14: 13,
    15: 13,
    16: 17,
    17: 7,
}


@cache
def functions_in(file: str) -> frozenset[str]:
    if not (ROOT / file).exists():
        return frozenset()
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_every_test_that_is_named_exists() -> None:
    named = NAMED.findall(DOC)
    assert len(named) > 150
    missing = [
        f"{file}::{name}" for file, name in named if not (ROOT / file).exists() or name not in functions_in(file)
    ]
    assert missing == []


def test_every_requirement_has_a_row_and_whatever_is_met_a_test() -> None:
    rows = ROW.findall(DOC)
    ids = [row[0] for row in rows]
    assert len(ids) == len(set(ids))
    assert Counter(int(one.partition(".")[0]) for one in ids) == IN_CHAPTER
    assert {row[3] for row in rows} <= STATES
    assert [row[0] for row in rows if (row[3] == "met") != bool(NAMED.search(row[4])) and row[3] != "partly"] == []


def test_the_numbers_it_gives_are_those_of_the_table() -> None:
    found = Counter(row[3] for row in ROW.findall(DOC))
    told = f"{found['met']} are met, {found['partly']} partly, {found['not met']} not"
    assert told in " ".join(DOC.split())
