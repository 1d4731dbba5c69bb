"""One Sag of Sags- og Dokumentindeks as its primary party may see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from lxml.etree import _Element
from msgspec import Struct
from msgspec.structs import replace

from indexes.parse import decisive, tags
from indexes.parse.documents import FoundDocuments, documents_of_entries, spans_of_entries
from indexes.parse.effect import Span, common, in_effect, period, readable
from indexes.parse.elements import RELATION, Children, RelationKind, dated_fact, relations_by_role, state_fact
from indexes.parse.facts import Fact, Parts, Relation, Relations, current, current_unit, the_one, urn_of
from indexes.parse.levels import UNTOLD, level_span, strictest_sensitivity
from indexes.parse.objects import Shape, check_lifecycle, named, required
from indexes.parse.ordinary import OrdinaryObject, is_settled
from indexes.parse.problems import Gone
from indexes.parse.roles import SdiRoles
from indexes.parse.text import Cleaner
from indexes.parse.titles import public_properties
from indexes.parse.values import facet_or_none, optional_day, uuid_or_none
from indexes.records import Case, CaseStatus, Defect, Outcome, Parsed, Step, Withdrawn

CASE = Shape(kind="case", object_type=tags.CASE_TYPE, registration=tags.CASE_REGISTRATION)

_STATUSES = {
    "Opstaaet": CaseStatus.RECEIVED,
    "Oplyst": CaseStatus.INFORMED,
    "Afgjort": CaseStatus.DECIDED,
    "Afsluttet": CaseStatus.CLOSED,
}
_ORDER = {status: number for number, status in enumerate(CaseStatus)}
_SHORTEST_INITIALS = 2


class CaseFacts(Protocol):
    """What the newest registration of a case says. Each method raises Unusable."""

    def relations(self) -> Relations: ...
    def properties(self) -> Sequence[Fact]:
        """Egenskaber."""

    def index_properties(self) -> Sequence[Fact]:
        """SagIndeksEgenskaber."""

    def states(self) -> Sequence[Fact]:
        """Fremdrift."""


@dataclass(frozen=True, slots=True)
class _CaseElements:
    """The facts of a case, read element by element."""

    registration: Children
    kinds: Mapping[str, RelationKind]

    def relations(self) -> Relations:
        return relations_by_role(required(self.registration, tags.CASE_RELATIONS), self.kinds)

    def properties(self) -> Sequence[Fact]:
        children = [child for child in self._attributes() if child.tag == tags.CASE_PROPERTIES]
        return [dated_fact(child, tags.CASE_EFFECT, tags.CASE_TITLE) for child in children]

    def index_properties(self) -> Sequence[Fact]:
        extensions = (child for child in self._attributes() if child.tag == tags.EXTENSIONS)
        children = [child for listing in extensions for child in listing if child.tag == tags.INDEX_PROPERTIES]
        return [dated_fact(child, tags.EFFECT, tags.CASE_SENSITIVITY) for child in children]

    def states(self) -> Sequence[Fact]:
        listing = required(self.registration, tags.CASE_STATES)
        return [state_fact(child, tags.CASE_EFFECT) for child in listing if child.tag == tags.CASE_PROGRESS]

    def _attributes(self) -> _Element:
        return required(self.registration, tags.CASE_ATTRIBUTES)


class _Ordinary:
    """The facts of a case in ordinary spelling."""

    def __init__(self, given: OrdinaryObject) -> None:
        self._given = given

    def relations(self) -> Relations:
        return self._given.related

    def properties(self) -> Sequence[Fact]:
        return self._given.facts.get(tags.CASE_PROPERTIES, ())

    def index_properties(self) -> Sequence[Fact]:
        return self._given.facts.get(tags.INDEX_PROPERTIES, ())

    def states(self) -> Sequence[Fact]:
        return self._given.facts.get(tags.CASE_PROGRESS, ())


class Filed(Struct, frozen=True, kw_only=True):
    """A case that lacks its documents: they come after it in the answer."""

    case: Case
    defects: set[Defect]
    entries: Sequence[tuple[Span, Relation]]
    names: tuple[str, ...]
    spans: Sequence[Span]
    fingerprint: bytes | None = None


class _Shown(Struct, frozen=True, kw_only=True):
    """What a hidden case does not carry."""

    title: str | None = None
    number: str | None = None
    status_text: str | None = None
    unit: str | None = None
    outcome: Outcome | None = None
    progress: tuple[Step, ...] = ()
    related: tuple[UUID, ...] = ()
    entries: Sequence[tuple[Span, Relation]] = ()  # with their periods; they lead to its documents
    names: tuple[str, ...] = ()  # to be taken out of titles
    spans: tuple[Span, ...] = ()  # in which the titles stay public


class CaseReader:
    """Reads the cases of one answer as of ``at``. Their documents come later: ``with_documents``."""

    def __init__(self, roles: SdiRoles, at: datetime) -> None:
        self._at = at
        self._outcomes = {str(uuid): outcome for uuid, outcome in roles.outcomes.items()}
        self._kinds = case_kinds(roles)
        self._user = str(roles.user_type)
        self._texts = Cleaner()
        self._no_person = {str(roles.organisation_type), str(roles.unit_type)}

    def build(self, uuid: UUID, registered: datetime, registration: Children) -> Filed:
        """A living case, read element by element.

        Raises:
            Unusable: a deciding field cannot be read.
            Gone: it has no primary party who is a person.
        """
        return self._filed(uuid, registered, _CaseElements(registration, self._kinds))

    def ordinary(self, given: OrdinaryObject, fingerprint: bytes | None) -> Filed | Withdrawn:
        """A case in ordinary spelling, of bytes with this fingerprint. Raises Unusable as ``build``."""
        uuid, registered = named(given, self._at)
        try:
            check_lifecycle(given.lifecycle)
            filed = self._filed(uuid, registered, _Ordinary(given))
            return replace(filed, fingerprint=fingerprint) if is_settled(given, self._at) else filed
        except Gone as gone:
            return Withdrawn(kind=CASE.kind, uuid=uuid, registered=registered, reason=gone.reason)

    def with_documents(self, filed: Filed, documents: FoundDocuments, fingerprint: bytes | None) -> Parsed:
        """The record, with the documents of the same answer that its journal entries lead to.

        ``fingerprint`` tells of the documents too.
        """
        if not filed.entries:
            return Parsed(record=filed.case, defects=tuple(sorted(filed.defects)), fingerprint=fingerprint)
        defects = set(filed.defects)
        entries = in_effect(filed.entries, self._at)
        case = replace(
            filed.case,
            documents=documents_of_entries(entries, documents, filed.names, defects),
            holds=common((*filed.spans, *spans_of_entries(filed.entries, documents, self._at))),
        )
        return Parsed(record=case, defects=tuple(sorted(defects)), fingerprint=fingerprint)

    def _filed(self, uuid: UUID, registered: datetime, facts: CaseFacts) -> Filed:
        at = self._at
        relations = facts.relations()
        cpr, party_span = decisive.party(relations.get("party", ()), at, "Sagspart")
        owner_cvr, owner_span = decisive.owner(relations.get("owner", ()), at, "Sagsaktoer/Ejer", _actor_cvr)
        kle, kle_span = decisive.kle(relations.get("kle", ()), at, "Sagsklasse/Primær klasse", _class_key)
        hidden, hidden_span = decisive.hidden(relations.get("display", ()), at, "Sagsklasse/Visningsklasse")
        properties, index_properties, states = facts.properties(), facts.index_properties(), facts.states()
        defects: set[Defect] = set()
        index = _merged(index_properties, at)
        shown = _Shown() if hidden else self._shown(relations, properties, index, states, defects)
        level = level_span(index_properties, tags.CASE_SENSITIVITY, at)
        spans = (party_span, owner_span, kle_span, hidden_span, level, *shown.spans)
        case = Case(
            uuid=uuid,
            registered=registered,
            holds=common(spans),
            owner_cvr=owner_cvr,
            cpr=cpr,
            kle=kle,
            facet=self._facet(relations),
            fagsystem=self._fagsystem(relations, defects),
            sensitivity=strictest_sensitivity(index_properties, tags.CASE_SENSITIVITY, at, defects),
            hidden=hidden,
            opened=optional_day(index.get(tags.OPENED), defects),
            title=shown.title,
            number=shown.number,
            status_text=shown.status_text,
            unit=shown.unit,
            outcome=shown.outcome,
            progress=shown.progress,
            related=shown.related,
        )
        return Filed(case=case, defects=defects, entries=shown.entries, names=shown.names, spans=spans)

    def about(self, registration: Children) -> str | None:
        """The primary party of a case that cannot be used, None if the case is hidden or of a level nobody is told of.

        Raises:
            Unusable: the party, or what may hide the case, cannot be read.
            Gone: it has no primary party who is a person.
        """
        facts = _CaseElements(registration, self._kinds)
        relations = facts.relations()
        cpr, _ = decisive.party(relations.get("party", ()), self._at, "Sagspart")
        hidden, _ = decisive.hidden(relations.get("display", ()), self._at, "Sagsklasse/Visningsklasse")
        level = strictest_sensitivity(facts.index_properties(), tags.CASE_SENSITIVITY, self._at, set())
        return None if hidden or level in UNTOLD else cpr

    def _shown(
        self,
        relations: Relations,
        properties: Sequence[Fact],
        index: Parts,
        states: Sequence[Fact],
        defects: set[Defect],
    ) -> _Shown:
        names = self._caseworker_names(relations)
        public, title_span = public_properties(properties, self._at, title=tags.CASE_TITLE, exempt=tags.CASE_EXEMPT)
        title = self._texts.title(public.get(tags.CASE_TITLE), names, defects)
        if title is None:
            defects.add(Defect.NO_TITLE)
        related = (uuid_or_none(relation.reference) for relation in current(relations, "related", self._at))
        return _Shown(
            title=title,
            number=self._texts.title(public.get(tags.CASE_NUMBER), names, defects),
            status_text=self._texts.title(index.get(tags.STATUS_TEXT), names, defects),
            unit=self._unit(relations, names, defects),
            outcome=self._outcome(relations),
            progress=progress_of(states, self._at, defects),
            related=tuple(dict.fromkeys(uuid for uuid in related if uuid)),
            entries=readable(relations.get("entry", ())),
            names=names,
            spans=(title_span,),
        )

    def _unit(self, relations: Relations, names: tuple[str, ...], defects: set[Defect]) -> str | None:
        """The department to turn to: the name of the Ansvarlig, without a caseworker in it.

        What is known as a unit by its type is called so, though its whole name should be somebody's initials too.
        """
        responsible = current_unit(relations, "responsible", self._at, self._user)
        written = responsible.parts.get(tags.ACTOR_NAME) if responsible else None
        unit = self._texts.title(written, names, defects)
        if unit is None and responsible and responsible.type in self._no_person:
            unit = self._texts.name(written, defects)
        if unit is None:
            defects.add(Defect.NO_UNIT)
        return unit

    def _caseworker_names(self, relations: Relations) -> tuple[str, ...]:
        """Initials and full names of everyone who works or worked on the case: full names first.

        That is every Sagsaktoer but the owner and the unit, whatever its role ("Andre behandlere" has no public UUID),
        unless its type says that it is no person.
        """
        told: set[Defect] = set()  # these texts go no further: what is wrong in them is not worth counting
        people = [actor for _, actor in relations.get("caseworker", ()) if actor.type not in self._no_person]
        people += [actor for _, actor in relations.get("responsible", ()) if actor.type == self._user]
        names = {
            self._texts.name(actor.parts.get(tag), told)
            for actor in people
            for tag in (tags.ACTOR_NAME, tags.ACTOR_KEY)
        }
        return tuple(
            sorted((name for name in names if name and len(name) >= _SHORTEST_INITIALS), key=len, reverse=True)
        )

    def _facet(self, relations: Relations) -> str | None:
        return the_one(facet_or_none(_class_key(one)) for one in current(relations, "facet", self._at))

    def _outcome(self, relations: Relations) -> Outcome | None:
        return the_one(self._outcomes.get(one.reference.lower()) for one in current(relations, "outcome", self._at))

    def _fagsystem(self, relations: Relations, defects: set[Defect]) -> str | None:
        system = the_one(
            self._texts.name(one.parts.get(tags.CASE_SYSTEM_NAME), defects)
            for one in current(relations, "master", self._at)
        )
        if system is None:
            defects.add(Defect.NO_FAGSYSTEM)
        return system


class WholeCaseReader:
    """Reads cases whose documents are known before them."""

    def __init__(self, roles: SdiRoles, at: datetime, documents: FoundDocuments) -> None:
        self._cases = CaseReader(roles, at)
        self._documents = documents
        self.about = self._cases.about

    def build(self, uuid: UUID, registered: datetime, registration: Children) -> Parsed:
        """The record of a living case. Raises as ``CaseReader.build``."""
        return self._cases.with_documents(self._cases.build(uuid, registered, registration), self._documents, None)


def case_kinds(roles: SdiRoles) -> Mapping[str, RelationKind]:
    actors = {
        str(roles.owner): "owner",
        str(roles.responsible): "responsible",
        str(roles.caseworker): "caseworker",
    }
    classes = {
        str(roles.primary_class): "kle",
        str(roles.facet): "facet",
        str(roles.display_class): "display",
        str(roles.outcome_class): "outcome",
    }
    return {
        tags.CASE_ACTOR: RelationKind(
            what="Sagsaktoer", roles=actors, otherwise="caseworker", allowed=RELATION, inner=tags.ACTOR_DETAILS
        ),
        tags.CASE_PARTY: RelationKind(what="Sagspart", roles={str(roles.primary_party): "party"}, allowed=RELATION),
        tags.CASE_CLASS: RelationKind(what="Sagsklasse", roles=classes, allowed=RELATION, inner=tags.CLASS_DETAILS),
        tags.CASE_RELATED: RelationKind(what="Sagsrelation", any_role="related"),
        tags.CASE_OBJECT: RelationKind(what="Sagsgenstande"),
        tags.JOURNAL_ENTRY: RelationKind(what="Journalpost", any_role="entry", inner=tags.ENTRY_PROPERTIES),
        tags.CASE_SYSTEM: RelationKind(what="SagsitsystemRelation", roles={str(roles.master): "master"}),
    }


def _actor_cvr(actor: Relation) -> str | None:
    """The CVR number of a Sagsaktoer: in its extension, or as the reference itself."""
    return actor.parts.get(tags.ACTOR_CVR) or urn_of(actor)


def _class_key(relation: Relation) -> str | None:
    return relation.parts.get(tags.CLASS_KEY)


def _merged(index: Sequence[Fact], at: datetime) -> Parts:
    """The fields of every SagIndeksEgenskaber in effect; where two give the same, the one that started last."""
    merged: dict[str, str | None] = {}
    for parts in in_effect(readable(index), at):
        merged.update(parts)
    return merged


def progress_of(states: Sequence[Fact], at: datetime, defects: set[Defect]) -> tuple[Step, ...]:
    """The case's history by start, with what is odd in it told: gaps, several current states, none at all."""
    steps = set()
    for span, parts in states:
        status = _STATUSES.get(parts.get(tags.CASE_STATUS) or "")
        if status is None:
            defects.add(Defect.UNKNOWN_STEP)
        elif span is None:
            defects.add(Defect.BAD_OPTIONAL_DATE)
        elif span[0] < span[1]:
            steps.add((span, status))
    ordered = sorted(steps, key=_by_start) if len(steps) > 1 else list(steps)
    _look_at_progress(ordered, at, defects)
    return tuple(Step(status=status, period=period(span)) for span, status in ordered)


def _by_start(step: tuple[Span, CaseStatus]) -> tuple[Span, int]:
    return step[0], _ORDER[step[1]]


def _look_at_progress(ordered: Sequence[tuple[Span, CaseStatus]], at: datetime, defects: set[Defect]) -> None:
    if not ordered:
        defects.add(Defect.NO_PROGRESS)
        return
    if len({status for (start, end), status in ordered if start <= at < end}) > 1:
        defects.add(Defect.SEVERAL_CURRENT_STATES)
    reached = ordered[0][0][1]
    for (start, end), _ in ordered[1:]:
        if start > reached:
            defects.add(Defect.GAP_IN_PROGRESS)
        reached = max(reached, end)
    if reached <= at:
        defects.add(Defect.GAP_IN_PROGRESS)  # nothing is said of now
