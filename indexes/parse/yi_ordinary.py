"""How payments are ordinarily written: in the order of OekonomiskEffektueringIndeks 6."""

from typing import Final

from indexes.parse import tags
from indexes.parse.shapes import ObjectShape, Row

ORDINARY_PAYMENT: Final = ObjectShape(
    tag=tags.PAYMENT,
    object_type=tags.PAYMENT_TYPE,
    registration=tags.PAYMENT_REGISTRATION,
    attribute_list=tags.PAYMENT_ATTRIBUTES,
    state_list=tags.PAYMENT_STATES,
    relation_list=tags.PAYMENT_RELATIONS,
    effect=tags.PAYMENT_EFFECT,
    attributes=[
        Row(
            tag=tags.PAYMENT_PROPERTIES,
            leaves=[
                tags.PAYMENT_KEY,
                tags.PAYMENT_START,
                tags.PAYMENT_END,
                tags.PAYMENT_GROSS,
                tags.PAYMENT_AVAILABLE,
                tags.PAYMENT_AFTER_TAX,
                tags.PAYMENT_SENT,
                tags.PAYMENT_PAID,
                tags.PAYMENT_DEPARTMENT,
                tags.PAYMENT_SENT_TEXT,
                tags.PAYMENT_PAID_TEXT,
            ],
            unused=frozenset({tags.PAYMENT_KEY}),
        )
    ],
    states=(),
    relations=[
        Row(
            tag=tags.LINE,
            relation=True,
            leaves=[tags.LINE_START, tags.LINE_END, tags.LINE_AMOUNT, tags.LINE_KLE],
            inner=[tags.LINE_BENEFIT],
            inner_leaves=[tags.UUID_ID, tags.LINE_BENEFIT_ID],
        ),
        Row(
            tag=tags.PAYMENT_ACTOR,
            relation=True,
            leaves=[tags.PAYMENT_KEY, tags.PAYMENT_ACTOR_NAME, tags.PAYMENT_ACTOR_CVR],
            repeats=True,
        ),
        Row(
            tag=tags.PAYMENT_SYSTEM,
            relation=True,
            leaves=[tags.PAYMENT_SYSTEM_NAME, tags.PAYMENT_SYSTEM_URI],
            repeats=True,
        ),
        Row(
            tag=tags.PAYMENT_PARTY,
            relation=True,
            leaves=[tags.PAYMENT_KEY, tags.PAYMENT_ACTOR_NAME],
            unused=frozenset({tags.PAYMENT_KEY, tags.PAYMENT_ACTOR_NAME}),
        ),
    ],
)
