"""What the tables promise in the same words: a shape, or one of some values."""

from enum import StrEnum

from django.db.models import CheckConstraint, Q

CVR_SHAPE = r"^[0-9]{8}$"
KLE_SHAPE = r"^[0-9]{2}[.][0-9]{2}[.][0-9]{2}$"


def one_of(name: str, field: str, values: type[StrEnum]) -> CheckConstraint:
    return CheckConstraint(name=name, condition=Q(**{f"{field}__in": [value.value for value in values]}))


def shape(name: str, field: str, pattern: str) -> CheckConstraint:
    return CheckConstraint(name=name, condition=Q(**{f"{field}__regex": pattern}))
