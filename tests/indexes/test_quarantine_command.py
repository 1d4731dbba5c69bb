"""``manage.py quarantine``: what could not be used, in sentences for the operator; nothing of whom."""

import re

import pytest
from django.core.management import call_command

from borgerblik.management.commands.quarantine import sentences
from indexes import quarantine
from indexes.records import RefusalReason, Source
from tests.indexes.makers import METTE, NOW, RANDERS, refused, uuid


def test_every_reason_has_a_sentence_of_what_happened_what_it_means_and_what_to_do() -> None:
    assert set(sentences()) == set(RefusalReason)
    for reason, text in sentences().items():
        assert re.search(r"not shown|nobody sees it|nothing of it is shown|it is not\.", text), reason
        assert re.search(r"Ask the |report it", text), reason


@pytest.mark.django_db
def test_what_lies_there_is_told_by_reason_and_nothing_of_whom(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("quarantine")
    assert capsys.readouterr().out.startswith("Nothing lies in quarantine")
    quarantine.keep(
        [refused(raw=METTE.encode(), cpr=METTE), refused("b", raw=b"2")],
        source=Source.SDI,
        authority_cvr=RANDERS,
        now=NOW,
    )
    quarantine.keep([refused("c", raw=b"3")], source=Source.SDI, authority_cvr="", now=NOW)
    call_command("quarantine")
    said = capsys.readouterr().out
    assert (
        "sdi, Randers Kommune: 2 case (Sagsklasse), first 2026-11-24, last 2026-11-24\n  It has no KLE number" in said
    )
    assert "sdi, one citizen's own reading: 1 case" in said
    call_command("quarantine", "--source", "yi")
    assert capsys.readouterr().out == "Nothing that was asked for lies in quarantine; 3 other messages do.\n"
    assert METTE not in said
    assert str(uuid("case")) not in said
