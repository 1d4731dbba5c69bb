"""Bulk readings that are not over: the plan of each, and the portions that workers share.

No row is about a citizen. Keys begin with the authority or with its reading, so both stay on one machine however the
citizens' rows are distributed; a national load is some thousand portions.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from indexes.models.promises import CVR_SHAPE, one_of, shape
from indexes.models.runs import SyncRun
from indexes.records import Source


class Load(models.Model):
    """A bulk reading of one index for one authority, from its beginning to its conclusion; then it is deleted.

    An operator wants to know how many are open and how many stand (``stopped``), how old the oldest is, and how many
    of its objects have been read (``sync.progress``).
    """

    source = models.CharField(max_length=4)
    authority_cvr = models.CharField(max_length=8)
    run = models.ForeignKey(
        SyncRun, on_delete=models.CASCADE, related_name="+"
    )  # the try that works on it, or the last
    started = models.DateTimeField()  # what it brings is as of then
    stopped = models.BooleanField(default=False)  # something failed: what is done stays done, the next run goes on
    confirmed = models.BooleanField(default=False)  # somebody believes it, whatever it removes
    taken = models.JSONField(default=dict)  # kind -> rows that messages have taken away since a reading was complete
    held_before = models.JSONField()  # kind -> rows of the authority before any of them was

    class Meta:
        constraints = [
            UniqueConstraint(name="one_load_per_authority_and_source", fields=["authority_cvr", "source"]),
            one_of("load_source_known", "source", Source),
            shape("load_authority_is_cvr", "authority_cvr", CVR_SHAPE),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.authority_cvr} since {self.started:%Y-%m-%d %H:%M}"


class Portion(models.Model):
    """The objects of one kind at some places of an index's list, which one worker reads and stores at a time.

    ``before`` and ``after`` are how many places are read beyond its own, so that it can be seen to hang together with
    its neighbours. Whoever takes it puts a ``ticket`` in it; what is stored counts if that is still there at the end.
    Of operators' concern: how many are done, and the ``tries`` of those that are not.
    """

    load = models.ForeignKey(Load, on_delete=models.CASCADE, db_index=False, related_name="portions")
    kind = models.CharField(max_length=10)
    first = models.BigIntegerField()  # place, from 0
    end = models.BigIntegerField()  # the place after its last
    before = models.IntegerField(default=0)
    after = models.IntegerField(default=0)
    tries = models.IntegerField(default=0)
    rounds = models.IntegerField(default=0)  # how often it has been read again because the chain was broken
    ticket = models.UUIDField(null=True)
    taken_at = models.DateTimeField(null=True)  # or when who has it last showed that they are at it
    taken_by = models.IntegerField(null=True)  # the number of the database session, to see whether it is alive
    run = models.ForeignKey(SyncRun, null=True, on_delete=models.CASCADE, related_name="+")  # in which it was done
    done = models.BooleanField(default=False)
    told = models.BigIntegerField(default=0)  # how many of the kind the index said there are
    to_the_end = models.BooleanField(default=False)  # whether it came to the end of the list
    blind = models.BooleanField(default=False)  # none of the objects before its own could be told apart
    met = ArrayField(models.UUIDField(), default=list)  # every object that it received
    edge = ArrayField(models.UUIDField(), default=list)  # of them, those before its own places
    owed = ArrayField(models.UUIDField(), default=list)  # of those, what it left to the portion before
    seen = ArrayField(models.UUIDField(), default=list)  # what may be held as rows: not to be removed
    counts = models.JSONField(null=True)

    class Meta:
        indexes = [  # a worker that looks for the next portion reads past none that is done
            Index(name="portions_to_do", fields=["load", "first"], condition=Q(done=False)),
            Index(name="portions_in_hand", fields=["load"], condition=Q(taken_at__isnull=False)),
        ]
        constraints = [
            UniqueConstraint(name="one_portion_per_place", fields=["load", "kind", "first"]),
            CheckConstraint(name="portion_holds_places", condition=Q(first__gte=0, end__gt=F("first"))),
            CheckConstraint(name="done_portion_is_counted", condition=Q(done=False) | Q(counts__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.first}-{self.end}"
