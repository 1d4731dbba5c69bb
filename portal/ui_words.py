"""The words of the interface itself: headings, buttons, labels. What is said about a person comes in the overview.

``borgerblik/texts/ui.<language>.toml`` holds one table, ``[ui]``. A value is a text or a list of texts. What a language
lacks is said in Danish.
"""

import tomllib
from functools import cache

from borgerblik import languages
from borgerblik.languages import DANISH
from borgerblik.words import TEXTS, filled, plural_form

Text = str | list[str]


class MissingTextError(LookupError):
    """A page asks for words that nobody has written: a defect in the page or in the texts.

    Not a ``KeyError``: templates would take that for an empty text and say nothing.
    """


class UiWords:
    """The interface's words in one language; templates read ``{{ ui.nav_cases }}``."""

    def __init__(self, language: str, texts: dict[str, Text]) -> None:
        self.language = language
        self._of = languages.load()[language]
        self._texts = texts

    def __getitem__(self, key: str) -> Text:
        """The words of a key.

        Raises:
            MissingTextError: the key has no words.
        """
        try:
            return self._texts[key]
        except KeyError:
            raise MissingTextError(
                f"ui.{self.language}.toml has no words for {key!r}, so the page cannot be shown. Add the key there."
            ) from None

    def say(self, key: str, **values: object) -> str:
        """The text of a key with its ``{names}`` filled in.

        Raises:
            MissingTextError: the key has no words.
        """
        return filled(str(self[key]), values, direction=self._of.direction)

    def counted(self, key: str, number: int, **values: object) -> str:
        """The text for a number: ``key_none``, or the one of the form it takes; ``key_many`` where that has none.

        Raises:
            MissingTextError: there are none for this key.
        """
        form = plural_form(number, self._of.locale) if number else "none"
        return self.say(f"{key}_{form}" if f"{key}_{form}" in self._texts else f"{key}_many", number=number, **values)


def written(language: str) -> dict[str, Text]:
    """The interface's words that are written in a language, without those it takes from Danish."""
    found: dict[str, Text] = tomllib.loads((TEXTS / f"ui.{language}.toml").read_text("utf-8"))["ui"]
    return found


@cache
def load(language: str) -> UiWords:
    """The interface's words in a language, once read; what it lacks is said in Danish."""
    return UiWords(language, {**written(DANISH), **written(language)})
