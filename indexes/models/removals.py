"""How many rows were taken away, and why."""

from enum import StrEnum

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from indexes.models.promises import one_of


class Cause(StrEnum):
    """Why rows of citizens were taken away."""

    MESSAGE = "message"  # a reading brought it as withdrawn, unusable, or of a number that is not wanted
    EVENT = "event"  # an event said so
    ABSENT = "absent"  # a complete reading no longer brought it
    OVER = "over"  # it ended longer ago than it is kept
    LEFT = "left"  # its authority is on Borgerblik no more
    RETIRED = "retired"  # its authority no longer uses the fagsystem


class Removal(models.Model):
    """Rows of one kind that were taken away in one hour for one cause, of one authority ("": it was not told whose).

    An operator wants to know the rows of each hour by cause: a sudden many is a source that is ill, or a decision. No
    citizen is in this table, and it is small. ``slot`` is the number of the database's own process that counted: two at
    once then never wait for each other's count.
    """

    hour = models.DateTimeField()
    authority_cvr = models.CharField(max_length=8, blank=True)
    kind = models.CharField(max_length=10)
    cause = models.CharField(max_length=10)
    slot = models.IntegerField()
    rows = models.BigIntegerField()

    class Meta:
        constraints = [
            UniqueConstraint(name="one_count_of_removals", fields=["hour", "authority_cvr", "kind", "cause", "slot"]),
            one_of("removal_cause_known", "cause", Cause),
            CheckConstraint(name="removal_of_something", condition=Q(rows__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.hour:%Y-%m-%d %H} {self.authority_cvr} {self.kind} {self.cause} {self.rows}"
