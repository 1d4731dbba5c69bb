"""How many events came, what became of them, and how long they were on their way."""

from enum import StrEnum

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from indexes.models.promises import one_of


class Fate(StrEnum):
    """What became of an event."""

    APPLIED = "applied"  # what it brought is new or changed
    UNCHANGED = "unchanged"  # we knew as much or more: it was sent again, came late, or is of no area that is shown
    REMOVED = "removed"  # it took a record away, or would have
    FOREIGN = "foreign"  # it was meant for somebody else, and nothing of it is kept
    QUARANTINED = "quarantined"


class EventCount(models.Model):
    """Events of one hour, index and authority ("": it was not told whose) that met one fate.

    ``within`` is how long they were on their way, from Dannelsestidspunkt to our commit: the smallest of
    ``events.tally.BOUNDS`` (seconds) that it was not more than; null when it was more, or not told. Each message is
    counted once among ``events``, however often it comes; ``again`` is how often one came that had been counted. An
    operator wants to know how many are quarantined, whether any come at all, and how long they take: half of them
    within 2 seconds. No citizen is in this table, and it is small.
    """

    hour = models.DateTimeField()
    source = models.CharField(max_length=4, blank=True)  # empty: it was not told which
    authority_cvr = models.CharField(max_length=8, blank=True)
    fate = models.CharField(max_length=12)
    within = models.FloatField(null=True)
    slot = models.IntegerField()  # the database's own process that counted: no two wait for each other's count
    events = models.BigIntegerField()
    again = models.BigIntegerField()

    class Meta:
        # The newest of an index is asked for twice a minute, also of one that has been silent for a year.
        indexes = [models.Index(name="events_by_source", fields=["source", "hour"])]
        constraints = [
            UniqueConstraint(
                name="one_count_of_events",
                fields=["hour", "source", "authority_cvr", "fate", "within", "slot"],
                nulls_distinct=False,
            ),
            one_of("event_fate_known", "fate", Fate),
            CheckConstraint(name="events_of_some", condition=Q(events__gt=0, again__gte=0) | Q(events=0, again__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.hour:%Y-%m-%d %H} {self.source} {self.authority_cvr} {self.fate} {self.events}"


class EventTaken(models.Model):
    """A message that has been taken and counted, by its own id, so that it is not counted once more.

    It is for the counts alone: what a message brings is written by its registration, as often as it comes. Nothing is
    in this table but ids of messages; those of two days.
    """

    message = models.UUIDField(primary_key=True)  # BeskedId; of one that cannot be read, made from its bytes
    taken_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return str(self.message)
