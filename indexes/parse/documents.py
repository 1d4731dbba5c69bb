"""Dokument objects of an SDI answer, and the journal entries of a case that lead to them.

A document reaches a case only through a journal entry, and is never an item of its own. What of it cannot be read
makes it hidden, not the case refused.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from lxml.etree import _Element
from msgspec import Struct

from indexes.parse import decisive, tags
from indexes.parse.effect import Span, in_effect, may_cover, readable, span_or_none, stable
from indexes.parse.elements import (
    RELATION,
    Children,
    RelationKind,
    children_of,
    dated_fact,
    parts_of,
    relations_by_role,
    text_of,
)
from indexes.parse.facts import Fact, Parts, Relation, Relations
from indexes.parse.levels import UNTOLD, sensitivity
from indexes.parse.objects import LIVING, Shape, newest, object_uuid, registration_time, required
from indexes.parse.ordinary import OrdinaryObject, is_settled
from indexes.parse.problems import Unusable, undecidable
from indexes.parse.roles import SdiRoles
from indexes.parse.text import clean_title
from indexes.parse.titles import public_properties
from indexes.parse.values import END, day_of, uuid_or_none
from indexes.records import Defect, Document

DOCUMENT = Shape(kind="document", object_type=tags.DOC_TYPE, registration=tags.DOC_REGISTRATION)

_KINDS = {
    "Brev, indgaaende": "incoming_letter",
    "Brev, udgaaende": "outgoing_letter",
    "Brev": "other",  # a letter whose direction is not told
    "Faktura": "invoice",
    "Internt Notat": "note",
    "Eksternt Notat": "note",
    "Rapport": "report",
    "Dagsorden": "agenda",
    "Plan": "plan",
    "Andet": "other",
}
# FremdriftStatusKode of documents that are no longer drafts. The rest is Underudarbejdelse and Underreview.
_FINISHED = frozenset({"Modtaget", "Fordelt", "Publiceret", "Endeligt", "Afleveret"})


class FoundDocument(Struct, frozen=True, kw_only=True):
    """A Dokument of the answer. ``title`` is its public title as written; ``exempt``: another one is kept secret.

    ``spans`` are the periods in which what hides it, and what makes its title secret, stays the same.
    """

    title: str | None = None
    exempt: bool = False
    kind: str | None = None
    day: date | None = None
    hidden: bool = False
    bad_date: bool = False
    spans: tuple[Span, ...] = ()


FoundDocuments = Mapping[UUID, FoundDocument | None]


class DocumentFacts(Protocol):
    """What the newest registration of a document says. Each method raises Unusable."""

    @property
    def lifecycle(self) -> str | None: ...
    def states(self) -> Sequence[Fact]: ...
    def relations(self) -> Relations: ...
    def properties(self) -> Sequence[Fact]: ...


@dataclass(frozen=True, slots=True)
class _DocumentElements:
    """The facts of a document, read element by element."""

    registration: Children
    kinds: Mapping[str, RelationKind]

    @property
    def lifecycle(self) -> str | None:
        return text_of(self.registration, tags.LIFECYCLE)

    def states(self) -> Sequence[Fact]:
        found: list[Fact] = []
        for state in required(self.registration, tags.DOC_STATES):
            if state.tag == tags.DOC_PROGRESS:
                children = children_of(state)
                if len(children) < len(state):
                    found.append((None, {}))  # two words for one state, or two periods: one may be a draft's
                else:
                    found.append((span_or_none(children.get(tags.DOC_EFFECT)), parts_of(state)))
            elif state.tag != tags.EXTENSIONS:
                raise undecidable("TilstandListe")
        return found

    def relations(self) -> Relations:
        return relations_by_role(required(self.registration, tags.DOC_RELATIONS), self.kinds)

    def properties(self) -> Sequence[Fact]:
        listing = required(self.registration, tags.DOC_ATTRIBUTES)
        children = [child for child in listing if child.tag == tags.DOC_PROPERTIES]
        return [dated_fact(child, tags.DOC_EFFECT, tags.DOC_SENSITIVITY) for child in children]


class _Ordinary:
    """The facts of a document in ordinary spelling."""

    def __init__(self, given: OrdinaryObject) -> None:
        self._given = given
        self.lifecycle = given.lifecycle

    def states(self) -> Sequence[Fact]:
        return self._given.facts.get(tags.DOC_PROGRESS, ())

    def relations(self) -> Relations:
        return self._given.related

    def properties(self) -> Sequence[Fact]:
        return self._given.facts.get(tags.DOC_PROPERTIES, ())


def document_kinds(roles: SdiRoles) -> Mapping[str, RelationKind]:
    """How the relations of a document are read."""
    return {
        tags.DOC_CLASS: RelationKind(
            what="Dokumentklasse", roles={str(roles.display_class): "display"}, allowed=RELATION
        ),
        tags.DOC_RELATED: RelationKind(what="Dokumentrelation"),
        tags.DOC_ACTOR: RelationKind(what="Dokumentaktoer"),
        tags.DOC_PARTY: RelationKind(what="Dokumentpart"),
    }


class DocumentReader:
    """Reads the documents of one answer as of ``at``."""

    def __init__(self, roles: SdiRoles, at: datetime) -> None:
        self._at = at
        self._kinds = document_kinds(roles)
        self._newest: dict[UUID, tuple[datetime, bool, int, FoundDocument | None]] = {}

    def read(self, snapshot: _Element, place: int) -> UUID | None:
        """Take in a document, read element by element, that stands in this place of the answer; answers its UUID."""
        try:
            uuid = object_uuid(snapshot, DOCUMENT)
        except Unusable:
            return None  # nothing can point at it
        try:
            registered, registration = newest(snapshot, DOCUMENT, self._at)
        except Unusable:
            self._keep(uuid, END, place, FoundDocument(hidden=True))
        else:
            self._keep(uuid, registered, place, self._seen(_DocumentElements(registration, self._kinds)))
        return uuid

    def ordinary(self, given: OrdinaryObject, place: int) -> bool:
        """Take in a document in ordinary spelling; answers whether the same will be read of it at any later time."""
        uuid = uuid_or_none(given.uuid)
        if uuid is None:
            return False
        try:
            registered = registration_time(given.registered, self._at, "Registrering/Tidspunkt")
        except Unusable:
            self._keep(uuid, END, place, FoundDocument(hidden=True))
            return False
        self._keep(uuid, registered, place, self._seen(_Ordinary(given)))
        return is_settled(given, self._at)

    def found(self) -> dict[UUID, FoundDocument | None]:
        """The documents taken in by UUID; None for drafts and deleted ones, which are joined to no case.

        Of a document that comes twice the newest registration counts; of two at the same time the one that hides, else
        the last.
        """
        return {uuid: document for uuid, (*_, document) in self._newest.items()}

    def _keep(self, uuid: UUID, registered: datetime, place: int, document: FoundDocument | None) -> None:
        found = (registered, document is None or document.hidden, place, document)
        if uuid not in self._newest or found[:3] > self._newest[uuid][:3]:
            self._newest[uuid] = found

    def _seen(self, facts: DocumentFacts) -> FoundDocument | None:
        """What the document is; None for one that is not to be joined."""
        try:
            return self._described(facts)
        except Unusable:
            return FoundDocument(hidden=True)

    def _described(self, facts: DocumentFacts) -> FoundDocument | None:
        if facts.lifecycle not in LIVING or self._is_draft(facts):
            return None
        displays = facts.relations().get("display", ())
        hidden, hidden_span = decisive.hidden(displays, self._at, "Dokumentklasse/Visningsklasse")
        properties = facts.properties()
        above = [(span, True) for span, parts in properties if _is_above_its_case(span, parts)]
        spans = (hidden_span, stable(readable(above), self._at))
        if hidden or any(may_cover(span, self._at) for span, _ in above):
            return FoundDocument(hidden=True, spans=spans)
        public, title_span = public_properties(properties, self._at, title=tags.DOC_TITLE, exempt=tags.DOC_EXEMPT)
        written = public.get(tags.DOC_DATE)
        day = day_of(written)
        return FoundDocument(
            title=public.get(tags.DOC_TITLE),
            exempt=tags.DOC_EXEMPT in public,
            kind=_KINDS.get(public.get(tags.DOC_KIND) or ""),
            day=day,
            bad_date=written is not None and day is None,
            spans=(*spans, title_span),
        )

    def _is_draft(self, facts: DocumentFacts) -> bool:
        """Whether a state in effect is a draft's, or one we do not know. A document without a state is none."""
        return any(
            parts.get(tags.DOC_STATUS) not in _FINISHED and may_cover(span, self._at) for span, parts in facts.states()
        )


def _is_above_its_case(span: Span | None, properties: Parts) -> bool:
    """Whether a level is the highest, one we do not know, or of a period that cannot be read. No level: the case's.

    A case's record has one sensitivity, its documents none: these levels are above it, or may be.
    """
    if tags.DOC_SENSITIVITY not in properties:
        return False
    return span is None or sensitivity(properties.get(tags.DOC_SENSITIVITY)) in UNTOLD


def documents_of_entries(
    entries: Sequence[Relation], documents: FoundDocuments, names: Sequence[str], defects: set[Defect]
) -> tuple[Document, ...]:
    """The documents a case's journal entries lead to, each once, in the entries' order. Notes lead to none."""
    filed: dict[UUID, Parts] = {}
    for entry in entries:
        uuid, properties = uuid_or_none(entry.reference), entry.parts
        if tags.ENTRY_NOTE in properties:
            continue
        if uuid is None or uuid not in documents:
            defects.add(Defect.NO_DOCUMENT)
        elif uuid not in filed or tags.ENTRY_EXEMPT in properties:  # of two entries the one that keeps a title secret
            filed[uuid] = properties
    return tuple(
        _filed(uuid, properties, document, names, defects)
        for uuid, properties in filed.items()
        if (document := documents[uuid])
    )


def _filed(uuid: UUID, entry: Parts, document: FoundDocument, names: Sequence[str], defects: set[Defect]) -> Document:
    if document.hidden:
        return Document(uuid=uuid, title=None, kind=None, date=None, hidden=True)
    title = clean_title(_public_title(entry, document), names, defects)
    if title is None:
        defects.add(Defect.NO_TITLE)
    if document.bad_date:
        defects.add(Defect.BAD_OPTIONAL_DATE)
    return Document(uuid=uuid, title=title, kind=document.kind, date=document.day)


def spans_of_entries(
    entries: Sequence[tuple[Span, Relation]], documents: FoundDocuments, at: datetime
) -> tuple[Span, ...]:
    """The periods in which the documents the entries lead to stay as hidden, or as open, as they are.

    ``entries`` are all of the case's, with their periods: one that begins later may make a title secret.
    """
    uuids = {uuid for entry in in_effect(entries, at) if (uuid := uuid_or_none(entry.reference))}
    exempt = [(span, entry.reference) for span, entry in entries if tags.ENTRY_EXEMPT in entry.parts]
    spans = (span for uuid in uuids if (document := documents.get(uuid)) for span in document.spans)
    return (stable(exempt, at), *spans)


def _public_title(entry: Parts, document: FoundDocument) -> str | None:
    """The title that may be shown: where one side is exempt from publicity, that side's Titel is the public one."""
    entry_exempt = tags.ENTRY_EXEMPT in entry
    if entry_exempt and not document.exempt:
        return entry.get(tags.ENTRY_TITLE)
    if document.title is None and (entry_exempt or not document.exempt):
        return entry.get(tags.ENTRY_TITLE)
    return document.title
