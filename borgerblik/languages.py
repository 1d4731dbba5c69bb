"""The languages that citizens can read in, and which texts are written in which: ``data/languages.toml``."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, cast

DATA = Path(__file__).parent / "data" / "languages.toml"
DANISH = "da"  # what is not written in a language is shown in this one


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """One language. ``files``: those of the texts that are written in it."""

    code: str
    name: str
    tag: str
    locale: str
    direction: Literal["ltr", "rtl"]
    keeps_capitals: bool
    files: frozenset[str]

    @property
    def is_danish(self) -> bool:
        """Whether who reads it reads Danish: easy Danish is Danish, too."""
        return self.tag == DANISH

    def tag_of(self, file: str) -> str:
        """The language a file's texts are shown in to who reads this one."""
        return self.tag if file in self.files else DANISH


@cache
def load() -> Mapping[str, Language]:
    """Every language by its code, in the order they are offered; Danish is the first."""
    table = tomllib.loads(DATA.read_text("utf-8"))
    files: Mapping[str, str | list[str]] = table["files"]
    return {
        code: Language(
            code=code,
            name=one["name"],
            tag=one["tag"],
            locale=one["locale"],
            direction=cast("Literal['ltr', 'rtl']", one.get("direction", "ltr")),
            keeps_capitals=one.get("keeps_capitals", False),
            files=frozenset(
                one.get("files") or (file for file, written in files.items() if written == "every" or code in written)
            ),
        )
        for code, one in table["languages"].items()
    }
