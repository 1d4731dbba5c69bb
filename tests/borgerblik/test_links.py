"""Where one can read more: every address is well formed and at borger.dk; the nearest topic of a case wins."""

import tomllib
from urllib.parse import urlsplit

import pytest

from borgerblik import areas, languages, links

ROWS = tomllib.loads(links.DATA.read_text("utf-8"))["link"]
OURS = {"www.borger.dk", "post.borger.dk"}
FIELDS = {"kle", "href", "do"}


@pytest.mark.parametrize("address", [links.post(), *(row["href"] for row in ROWS)])
def test_every_address_is_at_borger_dk_over_https(address: str) -> None:
    parts = urlsplit(address)
    assert (parts.scheme, parts.netloc in OURS, parts.query, parts.fragment) == ("https", True, "", "")
    assert parts.path.startswith("/")
    assert address.isascii()
    assert " " not in address


def test_every_prefix_is_one_of_a_topic_that_is_shown() -> None:
    shown = {prefix for area in areas.load().all for prefix in area.kle}
    for row in ROWS:
        for prefix in row["kle"]:
            assert len(prefix) in areas.PREFIX_LENGTHS
            assert any(prefix.startswith(one) or one.startswith(prefix) for one in shown), prefix


def test_every_link_has_words_in_each_language_and_in_none_that_is_not() -> None:
    """Easy Danish says the Danish ones."""
    written = {code for code, language in languages.load().items() if code == "da" or not language.is_danish}
    for row in ROWS:
        assert written <= set(row), row["href"]
        assert all(row[code] for code in written)
        assert set(row) - FIELDS <= set(languages.load())


def test_the_nearest_topic_wins_and_what_one_can_do_comes_first() -> None:
    assert [lead.text.text for lead in links.of("32.24.04", "da")] == ["Om kontanthjælp"]
    assert [lead.text.text for lead in links.of("32.24.99", "da")] == ["Om penge at leve for, når du ikke kan arbejde"]
    assert [(lead.text.text, lead.does) for lead in links.of("32.06.12", "da")] == [
        ("Søg boligstøtte", True),
        ("Om boligstøtte", False),
    ]
    assert links.of("99.99.99", "da") == ()


def test_what_has_no_words_in_a_language_is_danish_and_says_so() -> None:
    assert {lead.text.lang for lead in links.of("32.06.12", "en")} == {"en"}
    assert {lead.text.lang for lead in links.of("32.06.12", "xx")} == {"da"}
