"""What is held about a citizen, where it comes from and how long it is kept, in their words. Pure.

Made from the declarations beside the models, so that the page cannot say anything else than the code does.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from borgerblik.words import Words, plural_form
from indexes.personal import About, Declared, Origin, Rule

YEAR: Final = 365
SAME_AS: Final = {"sessions.Session": "session"}  # the table in which a place lies that is told of by itself


@dataclass(frozen=True, slots=True, kw_only=True)
class DataRow:
    """One kind of information, in finished words. ``label`` is the table or place it stands in."""

    label: str
    what: str
    kind: str
    origins: tuple[str, ...]
    kept: str


def rows(places: Mapping[str, Declared], *, days: Mapping[Rule, int], words: Words) -> tuple[DataRow, ...]:
    """What is held about citizens, in the order it was declared in.

    Args:
        places: tables by label, and other places by name.
        days: how long each rule keeps, where it is a matter of days.
        words: of the reader.
    """
    return tuple(_row(label, declared, days, words) for label, declared in of_citizens(places))


def of_citizens(places: Mapping[str, Declared]) -> Iterator[tuple[str, Declared]]:
    """Where something personal about citizens lies."""
    for label, declared in places.items():
        personal = any(datum.personal for datum in declared.fields.values())
        if declared.about is About.CITIZENS and personal and SAME_AS.get(label) not in places:
            yield label, declared


def key_of(label: str) -> str:
    """The name of a table or place in the texts."""
    return label.lower().replace(".", "_").replace(" ", "_")


def _row(label: str, declared: Declared, days: Mapping[Rule, int], words: Words) -> DataRow:
    return DataRow(
        label=label,
        what=_say(words, f"privacy/table/{key_of(label)}"),
        kind=_say(words, f"privacy/kind/{declared.strictest}"),
        origins=tuple(_say(words, f"privacy/origin/{origin}") for origin in _origins(declared)),
        kept=_kept(declared.kept, days, words),
    )


def _origins(declared: Declared) -> list[Origin]:
    """Where it comes from, each once. What we add ourselves is only named when nothing comes from elsewhere."""
    found = list(dict.fromkeys(datum.origin for datum in declared.fields.values() if datum.personal))
    return [origin for origin in found if origin is not Origin.HERE] or found


def _kept(rule: Rule, days: Mapping[Rule, int], words: Words) -> str:
    number = days.get(rule, 0)
    period = (
        _counted(words, "privacy/period/years", number // YEAR)
        if number >= YEAR
        else _counted(words, "privacy/period/days", number)
    )
    return _say(words, f"privacy/kept/{rule}", period=period)


def _counted(words: Words, key: str, number: int) -> str:
    """The text for a number, in the form that it takes in the language."""
    own = f"{key}/{plural_form(number, words.of.locale)}"
    return _say(words, own if own in words.texts else f"{key}/many", number=number)


def _say(words: Words, key: str, **values: object) -> str:
    """The text of a key.

    Raises:
        KeyError: nobody has written it: a defect in the texts.
    """
    return words.texts[key].format(**values)
