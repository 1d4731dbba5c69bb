"""What the access log says, in words: who, what and why; never a code, never a person's name."""

import datetime as dt

import pytest

from borgerblik import contacts, words
from borgerblik.overview.access import Entry, access_log_view
from tests.borgerblik.makers import NOW, TODAY


def entry(**changes: str) -> Entry:
    return Entry(
        **{"actor": "citizen", "organisation": "", "what": "overview", "purpose": "own_page", **changes},
        at=NOW,
    )


def test_who_looked_at_what_and_why() -> None:
    theirs = entry(actor="x", organisation="Digitaliseringsstyrelsen", purpose="Vi viser dit overblik på borger.dk.")
    own, other, unnamed = access_log_view(
        [entry(), theirs, entry(actor="y", purpose="consumer")],
        since=NOW,
        authority=contacts.of("0730", "Randers Kommune"),
        words=words.load("da"),
        today=TODAY,
    ).entries
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
def test_it_says_since_when_it_is_complete(language: str) -> None:
    since = NOW - dt.timedelta(days=30)
    some = access_log_view(
        [entry()],
        since=since,
        authority=contacts.of("0730", "Randers Kommune"),
        words=words.load(language),
        today=TODAY,
    )
    assert "25" in some.words
    assert (
        "Borgerblik"
        in access_log_view(
            [], since=None, authority=contacts.of("0730", "Randers Kommune"), words=words.load(language), today=TODAY
        ).words
    )


def test_the_same_again_within_the_minute_is_told_once() -> None:
    log = access_log_view(
        [entry(), entry(), entry(what="log"), entry()],
        since=NOW,
        authority=contacts.of("0730", "Randers Kommune"),
        words=words.load("da"),
        today=TODAY,
    )
    assert [(each.what, each.times) for each in log.entries] == [
        ("Dit overblik", "2 gange"),
        ("Denne liste", None),
        ("Dit overblik", None),
    ]
