"""How cases and documents are ordinarily written: in the order of Sag 6, SagIndeks 6 and DokumentIndeks 6."""

from typing import Final

from indexes.parse import tags
from indexes.parse.shapes import Mark, ObjectShape, Row

_SECRET: Final = (tags.SECRET_TITLE, tags.EXEMPTION)

ORDINARY_CASE: Final = ObjectShape(
    tag=tags.CASE,
    object_type=tags.CASE_TYPE,
    registration=tags.CASE_REGISTRATION,
    attribute_list=tags.CASE_ATTRIBUTES,
    state_list=tags.CASE_STATES,
    relation_list=tags.CASE_RELATIONS,
    effect=tags.CASE_EFFECT,
    attributes=[
        Row(
            tag=tags.CASE_PROPERTIES,
            leaves=[
                tags.CASE_KEY,
                tags.CASE_DELIVERED,
                tags.CASE_DESCRIPTION,
                tags.CASE_LEGAL_BASIS,
                tags.CASE_DISCARD,
                Mark(tags.CASE_EXEMPT, _SECRET),
                tags.CASE_PRINCIPAL,
                tags.CASE_NUMBER,
                tags.CASE_TITLE,
            ],
            unused=frozenset(
                {
                    tags.CASE_KEY,
                    tags.CASE_DELIVERED,
                    tags.CASE_DESCRIPTION,
                    tags.CASE_LEGAL_BASIS,
                    tags.CASE_DISCARD,
                    tags.CASE_PRINCIPAL,
                }
            ),
        )
    ],
    extension=Row(
        tag=tags.INDEX_PROPERTIES,
        leaves=[tags.STATUS_TEXT, tags.CASE_CATEGORY, tags.CASE_SENSITIVITY, tags.CASE_LOCATION, tags.OPENED],
        unused=frozenset({tags.CASE_CATEGORY, tags.CASE_LOCATION}),
    ),
    states=[Row(tag=tags.CASE_PROGRESS, leaves=[tags.CASE_STATUS], repeats=True)],
    relations=[
        Row(
            tag=tags.CASE_ACTOR,
            relation=True,
            inner=[tags.EXTENSIONS, tags.ACTOR_DETAILS],
            inner_leaves=[tags.ACTOR_KEY, tags.ACTOR_NAME, tags.ACTOR_CVR],
            repeats=True,
        ),
        Row(
            tag=tags.CASE_CLASS,
            relation=True,
            inner=[tags.EXTENSIONS, tags.CLASS_DETAILS],
            inner_leaves=[tags.CLASS_FACET, tags.CLASS_TITLE, tags.CLASS_KEY],
            repeats=True,
        ),
        Row(
            tag=tags.CASE_PARTY,
            relation=True,
            inner=[tags.EXTENSIONS, tags.PARTY_DETAILS],
            inner_leaves=[tags.PARTY_KEY, tags.PARTY_NAME],
            unused=frozenset({tags.PARTY_KEY, tags.PARTY_NAME}),
        ),
        Row(tag=tags.CASE_RELATED, relation=True),
        Row(
            tag=tags.JOURNAL_ENTRY,
            relation=True,
            inner=[tags.ENTRY_PROPERTIES],
            inner_leaves=[
                tags.ENTRY_TITLE,
                Mark(tags.ENTRY_EXEMPT, _SECRET),
                Mark(tags.ENTRY_NOTE, (tags.NOTE_TITLE, tags.NOTE_TEXT, tags.NOTE_FORMAT)),
            ],
        ),
    ],
    extra_relation=Row(
        tag=tags.CASE_SYSTEM, relation=True, leaves=[tags.CASE_SYSTEM_NAME, tags.CASE_SYSTEM_URI], repeats=True
    ),
)

ORDINARY_DOCUMENT: Final = ObjectShape(
    tag=tags.DOCUMENT,
    object_type=tags.DOC_TYPE,
    registration=tags.DOC_REGISTRATION,
    attribute_list=tags.DOC_ATTRIBUTES,
    state_list=tags.DOC_STATES,
    relation_list=tags.DOC_RELATIONS,
    effect=tags.DOC_EFFECT,
    attributes=[
        Row(
            tag=tags.DOC_PROPERTIES,
            leaves=[
                tags.DOC_KEY,
                tags.DOC_TITLE,
                tags.DOC_DESCRIPTION,
                tags.DOC_DATE,
                Mark(tags.DOC_EXEMPT, _SECRET),
                tags.DOC_VERSION,
                tags.DOC_SUBVERSION,
                tags.DOC_DISCARD,
                tags.DOC_NUMBER,
                tags.DOC_SENSITIVITY,
                tags.DOC_KIND,
            ],
            unused=frozenset(
                {
                    tags.DOC_KEY,
                    tags.DOC_DESCRIPTION,
                    tags.DOC_VERSION,
                    tags.DOC_SUBVERSION,
                    tags.DOC_DISCARD,
                    tags.DOC_NUMBER,
                }
            ),
        )
    ],
    states=[Row(tag=tags.DOC_PROGRESS, leaves=[tags.DOC_STATUS], repeats=True)],
    relations=[
        Row(tag=tags.DOC_RELATED, relation=True),
        Row(
            tag=tags.DOC_ACTOR,
            relation=True,
            inner=[tags.EXTENSIONS, tags.DOC_ACTOR_DETAILS],
            inner_leaves=[tags.DOC_KEY, tags.DOC_NAME, tags.DOC_CVR],
            repeats=True,
        ),
        Row(
            tag=tags.DOC_PARTY,
            relation=True,
            inner=[tags.EXTENSIONS, tags.DOC_PARTY_DETAILS],
            inner_leaves=[tags.DOC_KEY, tags.DOC_NAME],
        ),
        Row(
            tag=tags.DOC_CLASS,
            relation=True,
            inner=[tags.EXTENSIONS, tags.DOC_CLASS_DETAILS],
            inner_leaves=[tags.DOC_CLASS_TITLE, tags.DOC_KEY],
            repeats=True,
        ),
    ],
    extra_relation=Row(
        tag=tags.DOC_SYSTEM, relation=True, leaves=[tags.DOC_SYSTEM_NAME, tags.DOC_SYSTEM_URI], repeats=True
    ),
)
