"""What is read from KLE-Online's file, and what is refused."""

import datetime as dt
import io

import pytest

from borgerblik.kle_import import KleFileError, Topic, _elements, read
from tests.kle.makers import Emne, emneplan

SYGEDAGPENGE = Emne(nr="32.30.04", title="Penge under sygdom")


def topics(xml: bytes) -> dict[str, Topic]:
    return {topic.number: topic for topic in read(io.BytesIO(xml)).topics}


def test_main_groups_groups_and_topics_are_read_with_their_titles() -> None:
    edition = read(io.BytesIO(emneplan(SYGEDAGPENGE)))
    assert edition.published == dt.date(2025, 5, 1)
    assert [(t.number, t.title) for t in edition.topics] == [
        ("32", "Hovedgruppe 32"),
        ("32.30", "Gruppe 32.30"),
        ("32.30.04", "Penge under sygdom"),
    ]


def test_the_mark_of_a_topic_that_ends_becomes_a_year() -> None:
    found = topics(emneplan(Emne(nr="15.17.22", title="Et forløb [udgår 2026]")))["15.17.22"]
    assert (found.title, found.ends) == ("Et forløb", 2026)


@pytest.mark.parametrize("deletion", ["P1825D", "P10Y", ""])
def test_the_deletion_hint_is_kept(deletion: str) -> None:
    assert topics(emneplan(Emne(nr="32.30.04", title="Penge", deletion=deletion)))["32.30.04"].deletion == deletion


def test_a_topic_that_has_gone_is_not_in_use() -> None:
    gone = Emne(nr="32.30.08", title="Historisk", gone_since="2019-12-31")
    assert "32.30.08" not in topics(emneplan(SYGEDAGPENGE, gone))


WHOLE = emneplan(SYGEDAGPENGE)
ENTITY = b'<!DOCTYPE KLE-Emneplan [<!ENTITY x SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize(
    ("xml", "reason"),
    [
        (b"", "not whole, well-formed XML"),
        (b"not xml at all", "not whole, well-formed XML"),
        (WHOLE[:-40], "not whole, well-formed XML"),
        (b"<Emneplan/>", "outermost element should be KLE-Emneplan"),
        (WHOLE.replace(b"<KLE-Emneplan", ENTITY + b"<KLE-Emneplan", 1), "outermost element should be KLE-Emneplan"),
        (WHOLE.replace(b"2025-05-01", b"May 2025"), "UdgivelsesDato is not a date"),
        (WHOLE.replace(b"<UdgivelsesDato>2025-05-01</UdgivelsesDato>", b""), "no UdgivelsesDato"),
        (b"<KLE-Emneplan><UdgivelsesDato>2025-05-01</UdgivelsesDato></KLE-Emneplan>", "no numbers"),
        (WHOLE.replace(b"32.30.04", b"32.3.4"), "no usable EmneNr"),
        (WHOLE.replace(b"Penge under sygdom", b" "), "32.30.04 has no title"),
        (WHOLE.replace(b"P1825D", b"five years"), "deletion period of 32.30.04"),
        (emneplan(SYGEDAGPENGE, SYGEDAGPENGE), "32.30.04 stands there twice"),
    ],
)
def test_a_file_that_cannot_be_used_says_why_in_one_sentence(xml: bytes, reason: str) -> None:
    with pytest.raises(KleFileError, match=reason) as caught:
        read(io.BytesIO(xml))
    assert "\n" not in str(caught.value)


def test_what_has_been_read_is_let_go() -> None:
    """The real edition has seven million characters, nearly all of it guidance that we do not keep."""
    emner = [Emne(nr=f"32.{group:02d}.{topic:02d}", title="Et emne") for group in range(50) for topic in range(40)]
    most = 0
    for element in _elements(io.BytesIO(emneplan(*emner))):
        if element.tag == "Gruppe":
            most = max(most, sum(1 for _ in element.getroottree().iter()))
    assert most < 3_000  # the group, and what the parser has read ahead; the whole tree has more than 30,000
