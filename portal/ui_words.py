"""The words of the interface itself: headings, buttons, labels. What is said about a person comes in the overview.

``borgerblik/texts/ui.<language>.toml`` holds one table, ``[ui]``. A value is a text or a list of texts.
"""

import tomllib
from functools import cache

from borgerblik.words import TEXTS

Text = str | list[str]


class MissingTextError(LookupError):
    """A page asks for words that nobody has written: a defect in the page or in the texts.

    Not a ``KeyError``: templates would take that for an empty text and say nothing.
    """


class UiWords:
    """The interface's words in one language; templates read ``{{ ui.nav_cases }}``."""

    def __init__(self, language: str, texts: dict[str, Text]) -> None:
        self.language = language
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
        return str(self[key]).format(**values)


@cache
def load(language: str) -> UiWords:
    """The interface's words in a language."""
    table = tomllib.loads((TEXTS / f"ui.{language}.toml").read_text("utf-8"))["ui"]
    return UiWords(language, table)
