"""What was taken away, so that an older version of it does not come back."""

from django.db import models
from django.db.models import CheckConstraint, Q


class Tombstone(models.Model):
    """The newest word by which a record was taken away, or by which it shows less; nothing of the record itself.

    Not keyed by citizen: a deletion does not say whose record it was, and the row that could tell is gone. It is small:
    what was deleted or hidden within ``store.tombstones.KEPT``. To an operator a sudden growth says that an index, or
    the events, take much away.
    """

    pk = models.CompositePrimaryKey("uuid", "kind")
    uuid = models.UUIDField()
    kind = models.CharField(max_length=10)
    registered = models.DateTimeField()  # what was registered before does not come back
    strictness = models.SmallIntegerField()  # ``store.tombstones.Strictness``: how little it shows
    final = (
        models.BooleanField()
    )  # deleted by its own registration: what was registered at the same time stays away too
    noted_at = models.DateTimeField()

    class Meta:
        constraints = [CheckConstraint(name="tombstone_strictness", condition=Q(strictness__range=(0, 3)))]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"
