"""People, as everything else knows them."""

from django.db import models
from django.db.models import UniqueConstraint
from django.db.models.functions import Now


class KeyMark(models.Model):
    """By what a key of CPR_KEYS is known again, while somebody is sealed with it (``keys``)."""

    key = models.TextField(primary_key=True)  # its id
    mark = models.BinaryField()

    def __str__(self) -> str:
        return self.key


class Citizen(models.Model):
    """A person. Everything else knows them by ``id``; the CPR number stands here once, sealed (``identity``)."""

    id = models.UUIDField(primary_key=True)
    cpr_hmac = models.BinaryField()
    cpr_sealed = models.BinaryField()
    key_id = models.TextField()
    made = models.DateTimeField(db_default=Now())
    refreshed_at = models.DateTimeField(null=True)  # when a refresh of their rows was last begun
    answered = models.JSONField(default=dict)  # source -> when that index last answered for them alone

    class Meta:
        constraints = [
            UniqueConstraint(name="one_citizen_per_cpr", fields=["cpr_hmac"]),
        ]

    def __str__(self) -> str:
        return str(self.pk)
