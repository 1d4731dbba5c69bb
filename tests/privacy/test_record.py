"""The record of processing follows the code, and says of each purpose, rule and measure what it rests on."""

import tomllib
from pathlib import Path

import pytest
from django.core.management import call_command

from indexes.personal import Purpose, Rule
from portal.management.commands.privacy_record import PLACE, ROOT, TOLD, as_it_is

HOW = (
    "The record in docs/privacy does not follow the code: run DEMO=1 .venv/bin/python manage.py privacy_record, commit."
)


def test_the_record_that_is_committed_follows_the_code() -> None:
    assert PLACE.read_text("utf-8") == as_it_is(), HOW


def test_the_command_says_whether_anything_has_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = tmp_path / "new" / "record.md"
    for _ in range(2):
        call_command("privacy_record", "--to", str(place))
    assert capsys.readouterr().out.splitlines() == [
        f"{place} was written anew.",
        f"{place} says the same as before.",
    ]
    assert place.read_text("utf-8") == as_it_is()


def test_every_purpose_and_rule_has_its_ground_and_every_measure_its_test() -> None:
    told = tomllib.loads(TOLD.read_text("utf-8"))
    assert set(told["purpose"]) == set(Purpose)
    assert set(told["rule"]) == set(Rule)
    assert [measure["test"] for measure in told["measure"] if not (ROOT / measure["test"]).is_file()] == []
