"""Documents as PDF that a screen reader can read: tagged, in a language, checked against PDF/UA-1 as they are made.

Typst lays them out (docs/adr/0013). It gets the template, a document's words and our letters, and may open nothing
else: no other file, no font of the machine, no package.
"""

import datetime as dt
from functools import cache
from pathlib import Path
from typing import Any, Final

import orjson
import typst

from borgerblik.readable import Document
from borgerblik.words import parted
from portal.pdf import letters

TEMPLATE: Final = Path(__file__).with_name("document.typ")
STANDARD: Final = "ua-1"  # ISO 14289-1


class PdfError(RuntimeError):
    """A document could not be made; the message never holds its words."""


@cache
def _fonts(folder: Path) -> typst.Fonts:
    """Ours alone: the same on every machine.

    Raises:
        PdfError: set-up has not fetched them.
    """
    if away := letters.missing(folder):
        raise PdfError(f"The PDF was not made: the letters {', '.join(away)} are not here. Run make setup.")
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])


def render(document: Document, *, made: dt.datetime, folder: Path = letters.FOLDER) -> bytes:
    """The document as PDF, with the letters in ``folder``. Of a letter that they lack it says what stands for it.

    Raises:
        PdfError: it does not keep PDF/UA-1: a defect in the template; or there are no letters to write it with.
    """
    told = {"document": _told(document)}
    try:
        pdf = typst.compile(
            TEMPLATE,
            root=TEMPLATE.parent,
            font_paths=_fonts(folder),
            sys_inputs=told,
            pdf_standards=STANDARD,
            timestamp=int(made.timestamp()),
        )
    except typst.TypstError as error:
        raise PdfError(
            f"The PDF was not made ({error.message}): it would not be readable for everybody. Mend portal/pdf."
        ) from None
    if not isinstance(pdf, bytes):
        raise PdfError("The PDF was not made: Typst gave no document. Mend portal/pdf.")
    return pdf


def _told(document: Document) -> str:
    """The document's words as JSON, in letters that we have."""
    told = orjson.loads(orjson.dumps(document))
    for section in told["sections"]:
        if table := section["table"]:
            table["rows"] = [[_parts(cell, document) for cell in row] for row in table["rows"]]
    ours = _in_our_letters(told)
    if _stand_ins(ours) != _stand_ins(told):
        ours["paragraphs"].append(document.unshown.format(sign=letters.STAND_IN))
    return orjson.dumps(ours).decode()


def _parts(cell: str, document: Document) -> list[dict[str, Any]]:
    """A cell of a table in parts: which of them a register says in Danish."""
    return [{"words": words, "danish": danish} for words, danish in parted(cell, document.danish)]


def _in_our_letters(told: Any) -> Any:
    if isinstance(told, str):
        return letters.in_ours(told)
    if isinstance(told, list):
        return [_in_our_letters(one) for one in told]
    return {name: _in_our_letters(one) for name, one in told.items()} if isinstance(told, dict) else told


def _stand_ins(told: Any) -> int:
    return orjson.dumps(told).decode().count(letters.STAND_IN)
