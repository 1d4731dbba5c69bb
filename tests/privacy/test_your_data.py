"""The citizen's page about their data: from the declarations, every kind of it, in words of every language."""

from pathlib import Path

import pytest
from django.test import Client

from borgerblik import readable, words
from borgerblik.your_data import key_of, of_citizens, rows
from indexes.personal import About, Declared, Kind, Origin, Purpose, Rule, ordinary
from portal.declared import EVERYWHERE
from portal.retention import days


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_everything_held_about_citizens_has_its_words(language: str) -> None:
    texts = words.load(language).texts
    missing = [label for label, _ in of_citizens(EVERYWHERE) if f"privacy/table/{key_of(label)}" not in texts]
    assert not missing, (
        f"Citizens would not be told that we hold {', '.join(missing)}: add a line {key_of(missing[0])} = "
        f'"what it is, in their words" under [table] in borgerblik/texts/privacy.{language}.toml.'
    )
    shown = rows(EVERYWHERE, days=days(), words=words.load(language))
    assert len({row.what for row in shown}) == len(shown)


READABLE = Path(readable.__file__).read_text("utf-8")


def asked_as(key: str) -> str:
    """How ``readable`` asks for a text of the copy."""
    return f"copy/{key}" if key in {"page", "unshown"} else key.removeprefix("head/")


def test_no_words_are_left_over() -> None:
    there = {key.removeprefix("privacy/") for key in words.load("da").texts if key.startswith("privacy/")}
    told = [declared for _, declared in of_citizens(EVERYWHERE)]
    used = {f"table/{key_of(label)}" for label, _ in of_citizens(EVERYWHERE)} | {
        f"period/{unit}/{form}" for unit in ("years", "days") for form in ("one", "many")
    }
    used |= {f"kept/{declared.kept}" for declared in told} | {
        f"kind/{kind}" for kind in set(Kind) - {Kind.NOT_PERSONAL}
    }
    used |= {f"origin/{origin}" for origin in set(Origin) - {Origin.KL}}
    assert there == used


def test_no_words_of_the_copy_are_left_over() -> None:
    there = {key.removeprefix("copy/") for key in words.load("da").texts if key.startswith("copy/")}
    assert {key for key in there if f'"{asked_as(key)}"' not in READABLE} == set()


def test_a_row_says_what_where_from_and_how_long() -> None:
    told = Declared(
        about=About.CITIZENS,
        purpose=Purpose.ACCOUNT,
        kept=Rule.LOG,
        fields={"at": ordinary(Origin.HERE, "when"), "organisation": ordinary(Origin.CONSUMER, "who")},
    )
    (row,) = rows({"borgerblik.AccessEntry": told}, days={Rule.LOG: 1826}, words=words.load("da"))
    assert (row.kind, row.origins, row.kept) == ("Almindelig", ("Det system, der spørger",), "5 år")


def test_the_page_tells_it(client: Client) -> None:
    page = client.get("/om-dine-data/").content.decode()
    for row in rows(EVERYWHERE, days=days(), words=words.load("da")):
        assert row.what in page
        assert row.kept in page
