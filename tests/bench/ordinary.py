"""How a bulk load is ordinarily written, to compare with: findtext by path, pydantic models, Django's bulk_create.

A table for cases and one for each kind of part, as one models them first; it takes out what our own parser does of a
case, without any of its rules on who may see what.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final, TypeVar
from uuid import UUID

from django.db import connection, models, transaction
from lxml import etree
from lxml.etree import _Element
from pydantic import BaseModel

from indexes.identity import citizens_for
from indexes.parse import tags
from indexes.parse.roles import SdiRoles

ROLES = SdiRoles()
BATCH: Final = 1000
M = TypeVar("M", bound=BaseModel)


class CaseRow(models.Model):
    uuid = models.UUIDField(primary_key=True)
    citizen_id = models.UUIDField(db_index=True)
    registered = models.DateTimeField()
    owner_cvr = models.CharField(max_length=8, db_index=True)
    kle = models.CharField(max_length=8)
    facet = models.CharField(max_length=3, default="")
    fagsystem = models.TextField(default="")
    sensitivity = models.CharField(max_length=40)
    opened = models.DateField(null=True)
    title = models.TextField(default="")
    number = models.TextField(default="")
    status_text = models.TextField(default="")
    unit = models.TextField(default="")

    class Meta:
        app_label = "ordinary"

    def __str__(self) -> str:
        return str(self.uuid)


class Part(models.Model):
    """Something of a case."""

    case = models.ForeignKey(CaseRow, on_delete=models.CASCADE, related_name="+")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self._meta.model_name} {self.pk}"


class StepRow(Part):
    status = models.CharField(max_length=20)
    start = models.DateTimeField(null=True)
    end = models.DateTimeField(null=True)

    class Meta:
        app_label = "ordinary"


class PartyRow(Part):
    citizen_id = models.UUIDField(db_index=True)
    role = models.UUIDField()

    class Meta:
        app_label = "ordinary"


class DocumentRow(Part):
    uuid = models.UUIDField(db_index=True)
    title = models.TextField(default="")
    kind = models.TextField(default="")
    day = models.DateField(null=True)

    class Meta:
        app_label = "ordinary"


MODELS: Final = (CaseRow, StepRow, PartyRow, DocumentRow)


def make_tables() -> None:
    """Anew and empty."""
    drop_tables()
    with connection.schema_editor() as editor:
        for model in MODELS:
            editor.create_model(model)


def drop_tables() -> None:
    with connection.cursor() as cursor:
        for model in MODELS:
            cursor.execute(f"DROP TABLE IF EXISTS {model._meta.db_table} CASCADE")


class Step(BaseModel):
    status: str
    start: datetime | None
    end: datetime | None


class Party(BaseModel):
    cpr: str
    role: UUID


class Document(BaseModel):
    uuid: UUID
    title: str
    kind: str
    day: date | None


class Read(BaseModel):
    """A case as it was read."""

    uuid: UUID
    registered: datetime
    owner_cvr: str
    kle: str
    facet: str
    fagsystem: str
    sensitivity: str
    opened: date | None
    title: str
    number: str
    status_text: str
    unit: str
    progress: list[Step]
    parties: list[Party]
    documents: list[Document]

    def primary(self) -> str | None:
        return next((party.cpr for party in self.parties if party.role == ROLES.primary_party), None)


def _text(element: _Element | None, *path: str) -> str:
    return "" if element is None else element.findtext("/".join(path)) or ""


def _by_role(relations: _Element | None, tag: str, role: UUID) -> _Element | None:
    found = [] if relations is None else relations.findall(tag)
    return next((relation for relation in found if _text(relation, tags.ROLE, tags.UUID_ID) == str(role)), None)


def _documents(root: _Element) -> Mapping[str, Document]:
    found = {}
    for document in root.iter(tags.DOCUMENT):
        own = (tags.DOC_REGISTRATION, tags.DOC_ATTRIBUTES, tags.DOC_PROPERTIES)
        uuid = _text(document, tags.DOC_TYPE, tags.UUID_ID)
        found[uuid] = _model(
            Document,
            uuid=uuid,
            title=_text(document, *own, tags.DOC_TITLE),
            kind=_text(document, *own, tags.DOC_KIND),
            day=_text(document, *own, tags.DOC_DATE) or None,
        )
    return found


def _case(element: _Element, documents: Mapping[str, Document]) -> Read:
    registration = element.find(tags.CASE_REGISTRATION)
    relations = None if registration is None else registration.find(tags.CASE_RELATIONS)
    actor, named = (tags.EXTENSIONS, tags.ACTOR_DETAILS), (tags.EXTENSIONS, tags.CLASS_DETAILS, tags.CLASS_KEY)
    own = (tags.CASE_ATTRIBUTES, tags.CASE_PROPERTIES)
    index = (tags.CASE_ATTRIBUTES, tags.EXTENSIONS, tags.INDEX_PROPERTIES)
    entries = [_text(entry, tags.REFERENCE, tags.UUID_ID) for entry in _all(relations, tags.JOURNAL_ENTRY)]
    return _model(
        Read,
        uuid=_text(element, tags.CASE_TYPE, tags.UUID_ID),
        registered=_text(registration, tags.REGISTERED),
        owner_cvr=_text(_by_role(relations, tags.CASE_ACTOR, ROLES.owner), *actor, tags.ACTOR_CVR),
        kle=_text(_by_role(relations, tags.CASE_CLASS, ROLES.primary_class), *named),
        facet=_text(_by_role(relations, tags.CASE_CLASS, ROLES.facet), *named),
        fagsystem=_text(relations, tags.EXTENSIONS, tags.CASE_SYSTEM, tags.CASE_SYSTEM_NAME),
        sensitivity=_text(registration, *index, tags.CASE_SENSITIVITY),
        opened=_text(registration, *index, tags.OPENED)[:10] or None,
        title=_text(registration, *own, tags.CASE_TITLE),
        number=_text(registration, *own, tags.CASE_NUMBER),
        status_text=_text(registration, *index, tags.STATUS_TEXT),
        unit=_text(_by_role(relations, tags.CASE_ACTOR, ROLES.responsible), *actor, tags.ACTOR_NAME),
        progress=[
            _model(
                Step,
                status=_text(step, tags.CASE_STATUS),
                start=_text(step, tags.CASE_EFFECT, tags.FROM, tags.TIMESTAMP) or None,
                end=_text(step, tags.CASE_EFFECT, tags.UNTIL, tags.TIMESTAMP) or None,
            )
            for step in _all(registration, f"{tags.CASE_STATES}/{tags.CASE_PROGRESS}")
        ],
        parties=[
            _model(
                Party,
                cpr=_text(party, tags.REFERENCE, tags.URN_ID).removeprefix("urn:oio:cpr-nr:"),
                role=_text(party, tags.ROLE, tags.UUID_ID),
            )
            for party in _all(relations, tags.CASE_PARTY)
        ],
        documents=[documents[entry] for entry in entries if entry in documents],
    )


def _all(element: _Element | None, path: str) -> list[_Element]:
    return [] if element is None else element.findall(path)


def _model(model: type[M], **texts: Any) -> M:
    """A pydantic model of texts, which it reads as its fields' types."""
    return model(**texts)


def load(page: bytes) -> None:
    """Read a page and save its cases with all their parts."""
    root = etree.fromstring(page)
    documents = _documents(root)
    read = {case.uuid: case for case in (_case(element, documents) for element in root.iter(tags.CASE))}
    primary = {case.uuid: case.primary() or "" for case in read.values()}
    cases = [case for case in read.values() if primary[case.uuid].isdigit() and case.kle]
    citizens = citizens_for({party.cpr for case in cases for party in case.parties if party.cpr.isdigit()})
    rows = [
        CaseRow(
            citizen_id=citizens[primary[case.uuid]], **case.model_dump(exclude={"progress", "parties", "documents"})
        )
        for case in cases
    ]
    changed = [field.name for field in CaseRow._meta.concrete_fields if not field.primary_key]
    with transaction.atomic():
        CaseRow._default_manager.bulk_create(
            rows, batch_size=BATCH, update_conflicts=True, unique_fields=["uuid"], update_fields=changed
        )
        for part in (StepRow, PartyRow, DocumentRow):
            part._default_manager.filter(case_id__in=[row.uuid for row in rows]).delete()
        StepRow._default_manager.bulk_create(
            [StepRow(case_id=case.uuid, **step.model_dump()) for case in cases for step in case.progress],
            batch_size=BATCH,
        )
        PartyRow._default_manager.bulk_create(
            [
                PartyRow(case_id=case.uuid, citizen_id=citizens[party.cpr], role=party.role)
                for case in cases
                for party in case.parties
                if party.cpr in citizens
            ],
            batch_size=BATCH,
        )
        DocumentRow._default_manager.bulk_create(
            [DocumentRow(case_id=case.uuid, **document.model_dump()) for case in cases for document in case.documents],
            batch_size=BATCH,
        )
