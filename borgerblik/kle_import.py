"""Loading an edition of KLE from KLE-Online's XML (KLE-REST-Emneplan-fuld-version-1-3): reading, storing, reporting.

KLE is KL's and is not shipped with us; the municipality fetches the file. Looking a number up is ``kle.py``'s work.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from django.db import transaction
from lxml import etree

from borgerblik import areas
from borgerblik.kle import without_ending
from borgerblik.models import KleEdition, KleTopic

_ROOT = "KLE-Emneplan"
_PUBLISHED = "UdgivelsesDato"
_LEVELS = ("Hovedgruppe", "Gruppe", "Emne")
_DELETION = "SletningJaevnfoerPersondataloven"
_NUMBER = {
    "Hovedgruppe": re.compile(r"[0-9]{2}"),
    "Gruppe": re.compile(r"[0-9]{2}\.[0-9]{2}"),
    "Emne": re.compile(r"[0-9]{2}\.[0-9]{2}\.[0-9]{2}"),
}
_DURATION = re.compile(r"(P[0-9YMWD]{2,11})?")  # ISO 8601; KLE gives days: P1825D
_LONGEST_TITLE = 400


class Readable(Protocol):
    """All we ask of a file: it may be wrapped in a progress bar."""

    def read(self, size: int = ..., /) -> bytes: ...


class KleFileError(ValueError):
    """The file cannot be used; the message says why, in one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A number in use. ``ends`` is the year of its mark "[udgår 2026]"; ``deletion`` an ISO 8601 duration or ""."""

    number: str
    title: str
    ends: int | None
    deletion: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    published: dt.date
    topics: tuple[Topic, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Renamed:
    number: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What loading an edition did, against the edition published before it (None: there was none)."""

    published: dt.date
    topics: int
    stored: bool  # False: it was here already, word for word
    in_use: bool  # False: a newer edition is loaded
    before: dt.date | None
    new: tuple[str, ...]
    gone: tuple[str, ...]
    renamed: tuple[Renamed, ...]
    missing: Mapping[str, tuple[str, ...]]  # area -> its KLE prefixes that the edition lacks


def _text(element: etree._Element, name: str) -> str:
    return (element.findtext(name) or "").strip()


def _topic(element: etree._Element) -> Topic:
    """One main group, group or topic.

    Raises:
        KleFileError: its number, title or deletion period is not of KLE's form.
    """
    level = str(element.tag)
    number, (title, ends) = _text(element, f"{level}Nr"), without_ending(_text(element, f"{level}Titel"))
    deletion = _text(element, _DELETION)
    if not _NUMBER[level].fullmatch(number):
        raise KleFileError(f"a {level} on line {element.sourceline} has no usable {level}Nr.")
    if not 0 < len(title) <= _LONGEST_TITLE:
        raise KleFileError(f"{number} has no title, or one longer than {_LONGEST_TITLE} characters.")
    if not _DURATION.fullmatch(deletion):
        raise KleFileError(f"the deletion period of {number} is not an ISO 8601 duration.")
    return Topic(number=number, title=title, ends=ends, deletion=deletion)


def _elements(file: Readable) -> Iterator[etree._Element]:
    """The elements that matter, each complete, in a stream: what has been read is let go at once.

    The parser opens nothing from elsewhere, and a file that declares entities is refused before any is used.
    """
    parser = etree.iterparse(
        file,
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    root = None
    for event, element in parser:
        if root is None:
            root = element
            if root.getroottree().docinfo.doctype or root.tag != _ROOT:
                raise KleFileError(f"it is not an Emneplan from KLE-Online; its outermost element should be {_ROOT}.")
        if event == "end" and element.tag in {_PUBLISHED, *_LEVELS}:
            yield element
            if element.tag in _LEVELS:
                element.clear()


def _is_historic(element: etree._Element) -> bool:
    return bool(_text(element, f"{element.tag}AdministrativInfo/Historisk/UdgaaetDato"))


def read(file: Readable) -> Edition:
    """The edition in a file, read as a stream.

    Raises:
        KleFileError: the file is not a whole, usable Emneplan.
    """
    published: dt.date | None = None
    topics: dict[str, Topic] = {}
    try:
        for element in _elements(file):
            if element.tag == _PUBLISHED:
                published = dt.date.fromisoformat((element.text or "").strip())
            elif not _is_historic(element):
                topic = _topic(element)
                if topic.number in topics:
                    raise KleFileError(f"{topic.number} stands there twice.")
                topics[topic.number] = topic
    except etree.XMLSyntaxError as error:
        raise KleFileError(f"it is not whole, well-formed XML (line {error.lineno}).") from error
    except ValueError as error:
        raise error if isinstance(error, KleFileError) else KleFileError(f"its {_PUBLISHED} is not a date.") from error
    if published is None or not topics:
        raise KleFileError(f"it has no {_PUBLISHED}, or no numbers.")
    return Edition(published=published, topics=tuple(sorted(topics.values(), key=lambda topic: topic.number)))


def _stored(edition: KleEdition | None) -> dict[str, Topic]:
    """The topics of a stored edition by number; none when there is no edition."""
    if edition is None:
        return {}
    rows = edition.topics.values("number", "title", "ends", "deletion")
    return {row["number"]: Topic(**row) for row in rows}


def _replace(edition: KleEdition, topics: tuple[Topic, ...]) -> None:
    edition.topics.all().delete()
    KleTopic.objects.bulk_create(
        [KleTopic(edition=edition, number=t.number, title=t.title, ends=t.ends, deletion=t.deletion) for t in topics],
        batch_size=1000,
    )


@transaction.atomic
def store(edition: Edition, *, now: dt.datetime) -> Report:
    """Store an edition. Doing it twice equals doing it once; the newest edition is the one in use."""
    row, _ = KleEdition.objects.select_for_update().get_or_create(published=edition.published, defaults={"loaded": now})
    topics = {topic.number: topic for topic in edition.topics}
    changed = _stored(row) != topics
    if changed:
        _replace(row, edition.topics)
    earlier = KleEdition.objects.filter(published__lt=edition.published).order_by("-published").first()
    before = _stored(earlier)
    return Report(
        published=edition.published,
        topics=len(topics),
        stored=changed,
        in_use=not KleEdition.objects.filter(published__gt=edition.published).exists(),
        before=earlier.published if earlier else None,
        new=tuple(sorted(topics.keys() - before.keys())) if earlier else (),
        gone=tuple(sorted(before.keys() - topics.keys())),
        renamed=tuple(
            Renamed(number=number, before=before[number].title, after=topics[number].title)
            for number in sorted(topics.keys() & before.keys())
            if before[number].title != topics[number].title
        ),
        missing=areas.load().missing_from(topics),
    )
