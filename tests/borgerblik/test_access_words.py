"""What the access log says, in words: who, what and why; never a code, never a person's name."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest

from borgerblik import contacts, words
from borgerblik.overview.access import (
    OWN_REASONS,
    REASONS,
    STANDARD_PURPOSES,
    Entry,
    Log,
    Looked,
    Objection,
    access_log_view,
    answer_due,
    entry_view,
    grouped,
    looked_view,
)
from borgerblik.overview.shapes import AccessLogView
from tests.borgerblik.makers import NOW, TODAY

RANDERS = contacts.of("0730", "Randers Kommune")
DAY = dt.timedelta(days=1)


def entry(**changes: Any) -> Entry:
    usual = {"actor": "citizen", "organisation": "", "what": "overview", "purpose": "own_page"}
    return Entry(**{"number": 1, "at": NOW, **usual, **changes})


def theirs(**changes: Any) -> Entry:
    return entry(**{"actor": "x", "organisation": "Digitaliseringsstyrelsen", "purpose": "consumer", **changes})


def objection(**changes: Any) -> Objection:
    return Objection(
        **{"entry": theirs(), "receipt": "483920175664", "reason": "unknown", "words": "", "made": NOW, **changes}
    )


def view(entries: Sequence[Entry], language: str = "da", **more: Any) -> AccessLogView:
    log = Log(entries=entries, **{"since": NOW - 30 * DAY, **more})
    return access_log_view(log, authority=RANDERS, words=words.load(language), today=TODAY)


def test_who_looked_at_what_and_why() -> None:
    told = theirs(purpose="Vi viser dit overblik på borger.dk.")
    own, other, unnamed = view([entry(), told, theirs(organisation="")]).entries
    assert (own.when.words, own.who, own.what, own.why) == (
        "i dag kl. 7.45",
        "Dig selv",
        "Dit overblik",
        "Du var logget på.",
    )
    assert (other.who, other.why, other.yours) == (
        "Digitaliseringsstyrelsen",
        "Vi viser dit overblik på borger.dk.",
        False,
    )
    assert unnamed.who == "Et andet system"


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_it_says_since_when_it_is_complete_and_what_is_not_in_it(language: str) -> None:
    some = view([entry()], language)
    assert "25" in some.words
    assert some.nothing is None
    assert "Udbetaling Danmark" in some.elsewhere
    none = view([], language, since=None)
    assert not none.words
    assert "Borgerblik" in str(none.nothing)
    assert view([], language, others=True).nothing != none.nothing


def test_the_citizens_own_visits_of_a_day_are_one_line() -> None:
    yesterday = NOW - DAY
    log = view([entry(), entry(what="log"), entry(), entry(at=yesterday), entry(at=yesterday), entry(at=NOW - 9 * DAY)])
    assert [(line.when.words, line.what, line.times) for line in log.entries] == [
        ("i dag", "Dit overblik og denne liste", "3 gange"),
        ("i går", "Dit overblik", "2 gange"),
        ("15. november kl. 7.45", "Dit overblik", None),
    ]


def test_others_are_one_line_within_the_minute_and_break_the_day() -> None:
    log = view([theirs(), theirs(), theirs(at=NOW - dt.timedelta(minutes=2)), entry(), theirs(), entry()])
    assert [(line.yours, line.times) for line in log.entries] == [
        (False, "2 gange"),
        (False, None),
        (True, None),
        (False, None),
        (True, None),
    ]


def test_older_entries_that_are_left_out_are_told_of() -> None:
    assert view([entry()]).left_out is None
    assert "nyeste 1" in str(view([entry()], whole=False).left_out)


def test_what_was_reported_stands_at_its_line_with_what_comes_next() -> None:
    made = objection(entry=entry(number=2), reason="not_me")
    log = view([entry(number=3), entry(number=2), theirs(number=1)], objections=[made])
    assert [line.receipt for line in log.entries] == ["483 920 175 664", None]
    (told,) = log.objections
    assert told.about == "Dig selv: dit overblik, i dag kl. 7.45"
    assert "24. december" in told.status
    answered = view([], objections=[objection(answer="Det var en fejl.", answered=NOW + DAY)]).objections[0]
    assert (answered.status, answered.answer) == ("Din kommune svarede 25. november:", "Det var en fejl.")


def test_the_page_of_an_entry_offers_what_can_be_wrong_with_it() -> None:
    def reasons(one: Entry) -> tuple[str, ...]:
        shown = entry_view(one, None, authority=RANDERS, words=words.load("da"), today=TODAY)
        return tuple(code for code, _ in shown.reasons)

    assert reasons(entry()) == OWN_REASONS
    assert reasons(theirs()) == REASONS


@pytest.mark.parametrize(
    ("made", "due"),
    [("2026-11-24", "2026-12-24"), ("2026-12-31", "2027-01-31"), ("2027-01-31", "2027-02-28")],
)
def test_an_answer_is_due_within_a_month(made: str, due: str) -> None:
    assert answer_due(dt.date.fromisoformat(made)) == dt.date.fromisoformat(due)


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_the_front_page_says_how_often_others_have_looked(language: str) -> None:
    def told(*newest: Entry) -> str:
        looked = Looked(since=NOW - 30 * DAY, times=len(newest), newest=newest)
        shown = looked_view(looked, words.load(language), TODAY)
        assert [entry.who for entry in shown.entries] == ["Digitaliseringsstyrelsen"] * bool(newest)
        return shown.words

    said = [told(), told(theirs()), told(theirs(), theirs())]
    assert len(set(said)) == 3
    assert all("25" in sentence and "Borgerblik" in sentence for sentence in said)


def test_a_receipt_is_told_in_groups_and_never_looks_like_a_cpr_number() -> None:
    assert grouped("483920175664") == "483 920 175 664"


@pytest.mark.parametrize(("language", "why"), [("da", "Du bad om det."), ("en", "You asked for it.")])
def test_a_consumers_purpose_is_said_as_it_is_registered(language: str, why: str) -> None:
    told = view([theirs(purpose="Du bad om det.\nYou asked for it.")], language)
    assert told.entries[0].why == why


@pytest.mark.parametrize("language", words.LANGUAGES)
@pytest.mark.parametrize("purpose", STANDARD_PURPOSES)
def test_a_standard_purpose_is_said_in_every_language(language: str, purpose: str) -> None:
    """In words of that language, and not in Danish where it is another."""
    danish, said = (view([theirs(purpose=purpose)], one).entries[0].why for one in ("da", language))
    assert said.endswith(".")
    assert (said == danish) == words.load(language).of.is_danish


@pytest.mark.parametrize("language", ["ar", "uk", "de", "pl"])
def test_a_consumers_own_words_are_told_to_be_danish_where_they_are(language: str) -> None:
    told = view([theirs(purpose="Du bad om det.\nYou asked for it.")], language).entries[0].why
    assert "Du bad om det." in told
    assert told != "Du bad om det."
