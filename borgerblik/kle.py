"""KLE numbers and what they are called: our own plain words first, then the loaded edition's title, then the parent's.

Plain Python. The edition is loaded by ``kle_import.py`` (``manage.py import_kle``) and handed in as a mapping.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from borgerblik.areas import PREFIX_LENGTHS
from borgerblik.languages import DANISH
from borgerblik.words import Words, load

_ENDS = re.compile(r"\s*\[udgår\s*(\d{4})?\]\s*$", re.IGNORECASE)


def without_ending(title: str) -> tuple[str, int | None]:
    """A KLE title without its mark "[udgår 2026]", and the year of that mark."""
    found = _ENDS.search(title)
    if not found:
        return title.strip(), None
    return title[: found.start()].strip(), int(found[1]) if found[1] else None


@lru_cache(maxsize=20_000)  # the same few numbers are asked for in every overview
def _text(number: str, name: str, words: Words) -> str | None:
    for length in PREFIX_LENGTHS:
        if found := words.find(f"kle/{number[:length]}/{name}"):
            return found
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kle:
    """The edition in use: number -> official title, and number -> how long after its end a case is kept."""

    titles: Mapping[str, str] = field(default_factory=dict)
    deletions: Mapping[str, str] = field(default_factory=dict)  # ISO 8601 durations, where KLE gives one

    def title(self, number: str, words: Words) -> str | None:
        """What a number is called, in the reader's language where we have words; else the nearest known parent's.

        Where only the edition has a name for it, which is Danish, our word for the parent stands before it for whoever
        reads no Danish. None when not even the main group is known.
        """
        for length in PREFIX_LENGTHS:
            prefix = number[:length]
            if plain := words.find(f"kle/{prefix}/title"):
                return plain
            if official := self.titles.get(prefix):
                danish = without_ending(official)[0]
                ours = None if words.of.is_danish else self.text(prefix, "title", words)
                return words.beside(ours, danish) if ours else danish
        return None

    def own_name(self, number: str, own: str, words: Words) -> tuple[str, str | None]:
        """A register's own name of something with this number, and what of it stays as the register wrote it.

        In another language than Danish the part that is the number's name is said in that language, and the rest is the
        register's ("Child and youth benefit, Noah"); our name stands before one that has no such part.
        """
        ours = self.title(number, words)
        if words.of.is_danish or ours is None:
            return own, None
        known = self.title(number, load(DANISH)) or ""
        rest = own[len(known) :]
        if not own.casefold().startswith(known.casefold()) or rest[:1].isalnum():
            return words.beside(ours, own), own
        return f"{ours}{rest}", rest.strip(" ,:–-()") or None

    def text(self, number: str, name: str, words: Words) -> str | None:
        """A written text about a number ("lead", "running/you_do" …), or about its nearest parent."""
        return _text(number, name, words)
