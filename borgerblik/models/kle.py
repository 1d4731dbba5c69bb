"""The editions of KLE that were loaded. No citizen's data stands in these tables."""

from django.db import models


class KleEdition(models.Model):
    """A loaded edition of KLE; the newest published one is in use."""

    published = models.DateField(unique=True)
    loaded = models.DateTimeField()

    def __str__(self) -> str:
        return self.published.isoformat()


class KleTopic(models.Model):
    """A number of an edition: main group NN, group NN.NN or topic NN.NN.NN, with its official title."""

    edition = models.ForeignKey(KleEdition, on_delete=models.CASCADE, related_name="topics")
    number = models.CharField(max_length=8)
    title = models.CharField(max_length=400)
    ends = models.SmallIntegerField(null=True)  # "[udgår 2026]"
    deletion = models.CharField(max_length=12, blank=True)  # ISO 8601 duration: KLE's own retention hint

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_topic_per_edition_and_number", fields=["edition", "number"]),
            models.CheckConstraint(
                name="kle_number_shape",
                condition=models.Q(number__regex=r"^\d{2}(\.\d{2}(\.\d{2})?)?$"),
            ),
        ]

    def __str__(self) -> str:
        return self.number
