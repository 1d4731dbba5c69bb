"""Documents as PDF that a screen reader can read: tagged, in a language, checked against PDF/UA-1 as they are made.

Typst lays them out (docs/adr/0012). It gets the template and a document's words and may open nothing else: no other
file, no font of the machine, no package.
"""

import datetime as dt
from functools import cache
from pathlib import Path
from typing import Final

import orjson
import typst

from borgerblik.readable import Document

TEMPLATE: Final = Path(__file__).with_name("document.typ")
STANDARD: Final = "ua-1"  # ISO 14289-1


class PdfError(RuntimeError):
    """A document could not be made; the message never holds its words."""


@cache
def _fonts() -> typst.Fonts:
    """Those inside the library alone: the same on every machine."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)


def render(document: Document, *, made: dt.datetime) -> bytes:
    """The document as PDF.

    Raises:
        PdfError: it does not keep PDF/UA-1: a defect in the template.
    """
    told = {"document": orjson.dumps(document).decode()}
    try:
        pdf = typst.compile(
            TEMPLATE,
            root=TEMPLATE.parent,
            font_paths=_fonts(),
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
