"""When what is done again and again was last done."""

from django.db import models


class Done(models.Model):
    """When a task that the clock calls for each minute, or the nightly deleting, last ended well: one row a task.

    An operator wants to know of all together whether the clock goes, and of each by itself whether it is done: a night
    without deleting is told nowhere else. ``purge_expired`` has its row from the beginning, so that one that has never
    been done is late, too.
    """

    task = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.task} {self.at:%Y-%m-%d %H:%M}"
