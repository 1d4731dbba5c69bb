"""How long cases usually take. Of many people together: no citizen's data stands in this table."""

from django.db import models

from borgerblik.overview.usual import FEWEST_CASES


class UsualTime(models.Model):
    """How long cases of one topic take at one authority: from the day they begin until they are decided.

    Of those decided in one year, the quartiles in days. Counted by ``usual_times`` from the cases of many people, and
    never kept of few: nobody can be found in it, and the pages may read all of it.
    """

    owner_cvr = models.CharField(max_length=8)
    kle = models.CharField(max_length=8)
    year = models.SmallIntegerField()
    cases = models.IntegerField()
    low = models.IntegerField()  # a quarter of the cases took this many days or fewer
    high = models.IntegerField()  # a quarter took this many or more

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_usual_time_per_topic_and_year", fields=["owner_cvr", "kle", "year"]),
            models.CheckConstraint(name="usual_time_is_of_many", condition=models.Q(cases__gte=FEWEST_CASES)),
            models.CheckConstraint(
                name="usual_time_is_in_order", condition=models.Q(low__gte=0, high__gte=models.F("low"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.owner_cvr} {self.kle} {self.year}"
